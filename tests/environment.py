"""The ground tests stand on: settings of mode ``test`` and a PostgreSQL of their own, with a migrated template database.

Loaded by pytest before Django's settings are read. The template is made anew when any migration changes; each test process gets
a copy of it, so that no process runs migrations twice.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
_MARK = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
DATA_DIR = Path(os.environ.get("TEST_DATA_DIR") or Path(tempfile.gettempdir()) / f"smarthd-test-{_MARK}")

for name in ("DATABASE_URL", "SMARTHD_NOW", "ORIGIN", "PORT", "OIDC_ISSUER", "OIDC_CLIENT_ID", "MAIL_URL"):
    os.environ.pop(name, None)
os.environ.update(
    SMARTHD_MODE="test", DATA_DIR=str(DATA_DIR), DJANGO_SETTINGS_MODULE="config.settings", LOG_LEVEL="ERROR"
)


def template_name() -> str:
    """Return the template database's name for the present migrations."""
    mark = hashlib.sha256()
    for path in sorted([*ROOT.glob("smarthd/*/migrations/*.py"), ROOT / "uv.lock"]):
        mark.update(path.read_bytes())
    return f"template_{mark.hexdigest()[:12]}"


os.environ["SMARTHD_TEST_TEMPLATE"] = template_name()


def _connect():  # type: ignore[no-untyped-def]
    import psycopg

    from config import postgres

    return psycopg.connect(host=str(postgres.socket_dir(DATA_DIR)), user="postgres", dbname="postgres", autocommit=True)


def _make_template(name: str) -> None:
    with _connect() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        for (old,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%%'"
        ).fetchall():
            connection.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
        making = f"making_{name}"
        connection.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{making}"')
    subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"],
        check=True,
        env={**os.environ, "SMARTHD_TEST_DATABASE": making},
        cwd=ROOT,
    )
    with _connect() as connection:
        connection.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput") or config.getoption("collectonly"):
        return
    from config import postgres

    DATA_DIR.mkdir(parents=True, exist_ok=True)
    config.stash[STARTED] = postgres.start(DATA_DIR, durable=False)
    _make_template(os.environ["SMARTHD_TEST_TEMPLATE"])


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(STARTED, False):
        from config import postgres

        postgres.stop(DATA_DIR)


OWN_SITE = ("tests/journeys/test_order_of_march_2024.py",)
HEAVY = ("tests/journeys/", "config/seeding/tests/test_demo.py", "tests/conformance/")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what takes longest first, so that no process ends up waiting for the other; the rest stays in its random order."""
    items.sort(key=lambda item: next((n for n, start in enumerate(HEAVY) if item.nodeid.startswith(start)), len(HEAVY)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give whole files to whichever process is free: what a module plants once is planted once. All journeys share one running site."""
    from xdist.scheduler import LoadScopeScheduling

    class FilesTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return "journeys" if file.startswith("tests/journeys/") and file not in OWN_SITE else file

    config.option.loadscopereorder = False  # the order is that of pytest_collection_modifyitems
    return FilesTogether(config, log)


STARTED = pytest.StashKey[bool]()
