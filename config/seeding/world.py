"""The world benchmarks measure in: an embedded PostgreSQL of its own with the load data, made once and kept.

``use_world("M")`` at the top of a bench module's ``run()`` is all it needs: the server is started, the data planted if missing
(minutes, once), and Django set up upon it. All modules of one process share one world; asking for another scale is refused. The
world lies in ``.data/bench-M`` beside the installation's own data, never in it. Its last day is fixed, so that figures of
different days of measuring can be compared: pass ``LAST_DAY`` as ``as_of``.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from config import postgres, run
from config.env import ROOT, Env
from config.seeding import record

LAST_DAY = date(2025, 7, 31)  # the last day with data: a month after the second reorganisation
NOW = datetime(2025, 7, 31, 14, 0, tzinfo=UTC)  # 21:00 in Hải Dương on that day


class WorldProblem(Exception):
    """The world cannot be made or used; the message says why."""


def folder(scale: str) -> Path:
    """Return the data folder of one scale's world."""
    return ROOT / ".data" / f"bench-{scale}"


def ensure_world(scale: str = "M") -> dict[str, Any]:
    """Start the world's server, plant it if missing, and return Django's connection settings for it."""
    place = folder(scale)
    place.mkdir(parents=True, exist_ok=True)
    if postgres.start(place):
        atexit.register(postgres.stop, place)
    env = Env.model_validate({"DATA_DIR": place})
    run.migrate(env, {**os.environ, **_environ(place)})
    if not _planted(place, scale):
        _step(place, "-m", "config.cli", "seed-load", "--scale", scale)
    return postgres.django_settings(env)


def use_world(scale: str = "M") -> None:
    """Set Django up in this process upon the world of one scale."""
    from django.conf import settings

    wanted = ensure_world(scale)
    if settings.configured:
        if settings.DATABASES["default"]["HOST"] != wanted["HOST"]:
            msg = "this process is already set up upon another database"
            raise WorldProblem(msg)
        return
    os.environ.update(_environ(folder(scale)))
    import django

    django.setup()


def _environ(place: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SMARTHD_MODE": "demo",
        "DATA_DIR": str(place),
        "DATABASE_URL": "",
        "SMARTHD_NOW": NOW.isoformat(),
        "LOG_LEVEL": "WARNING",
    }


def _planted(place: Path, scale: str) -> bool:
    import psycopg

    with psycopg.connect(
        host=str(postgres.socket_dir(place)), user=postgres.SUPERUSER, dbname=postgres.DATABASE
    ) as connection:
        row = connection.execute("SELECT to_regclass('kernel_systemrecord')").fetchone()
        if row is None or row[0] is None:
            return False
        found = connection.execute(
            "SELECT value ->> 'scale' FROM kernel_systemrecord WHERE key = %s", [record.LOAD]
        ).fetchone()
        return found is not None and found[0] == scale


def _step(place: Path, *arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env={**os.environ, **_environ(place)}, check=False)
    if done.returncode != 0:
        msg = f"{' '.join(arguments)} ended with code {done.returncode}"
        raise WorldProblem(msg)
