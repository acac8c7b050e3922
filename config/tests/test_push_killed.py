"""The database killed while a public message is sent: the sending process waits for it, nobody is lost, few are told twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import psycopg
import pytest

from config import postgres
from smarthd.messaging import rules
from smarthd.messaging.adapters.sink.server import Sink
from tests.environment import ROOT

pytestmark = pytest.mark.slow
MANY = 30_000


def until(happened, patience_s: float = 150) -> None:
    ends = monotonic() + patience_s
    while not happened():
        assert monotonic() < ends, "it did not happen"
        sleep(0.05)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of its own: pytest's are closed to PostgreSQL's user whenever another pytest begins on the machine."""
    with tempfile.TemporaryDirectory(prefix="smarthd-push-killed-") as made:
        yield Path(made)


PLANT = """
import sys; from pathlib import Path
import django; django.setup()
from datetime import timedelta
from smarthd.kernel import clock
from smarthd.messaging.tests import make
from smarthd.places.tests import make as places
units = places.small_land(Path(sys.argv[1]))
communes = [units[f"c{number}"].id for number in range(6)]
make.many_phones(communes, int(sys.argv[3]), origin=sys.argv[2])
make.begun(communes, now=clock.now(), expires_in=timedelta(hours=1))
"""


def test_a_database_killed_in_the_midst_comes_back_and_nobody_is_lost(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SMARTHD_TEST")},
        "SMARTHD_MODE": "demo", "DATA_DIR": str(data), "PUSH_LOOPBACK": "true", "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    postgres.start(data)
    try:
        with Sink(data / "push-sink") as sink:
            _do(environ, "manage.py", "migrate", "--verbosity=0")
            _do(environ, "-c", PLANT, str(folder), sink.origin, str(MANY))
            sender = subprocess.Popen(
                [sys.executable, "-m", "config.cli", "messaging", "send"],
                cwd=ROOT,
                env=environ,
                stderr=subprocess.DEVNULL,
            )
            try:
                until(lambda: sink.box.accepted > MANY * 0.3)
                server = int((postgres.folder(data) / "postmaster.pid").read_text().split("\n", 1)[0])
                os.kill(server, signal.SIGKILL)
                sleep(1)
                postgres.start(data)
                until(lambda: _counts(data)[1:] == (0, MANY))
            finally:
                sender.terminate()
                sender.wait(60)
            accepted, _waiting, _all = _counts(data)
            assert len(sink.box.got) == accepted == MANY
            assert sink.box.duplicates <= rules.MOST_UNCERTAIN
    finally:
        postgres.stop(data)


def _do(environ: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _counts(data: Path) -> tuple[int, int, int]:
    """Return phones accepted, phones not yet known, all phones."""
    with psycopg.connect(host=str(postgres.socket_dir(data)), user="postgres", dbname="smarthd") as there:
        row = there.execute(
            "SELECT sum(accepted_count), sum(size - accepted_count - gone_count - failed_count), sum(size) FROM messaging_fanoutchunk"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1]), int(row[2])
