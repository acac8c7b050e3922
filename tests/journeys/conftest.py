"""A real site for stories: granian, a worker and PostgreSQL, planted with the demonstration's data, on a free port.

All journeys share one site and one test process (tests/environment.py), because starting it costs as much as ten stories.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from config import postgres
from tests.environment import DATA_DIR, ROOT
from tests.journeys import acts
from tests.journeys.postbox import Postbox, open_postbox

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, StorageState

DATABASE = "journeys"


@dataclass
class Site:
    """A running site; ``command`` runs ``smarthd …`` against its database and returns what it printed."""

    url: str
    environ: dict[str, str]

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "config.cli", *arguments],
            env=self.environ, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def sql(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Read the database, to see what the site wrote."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            return connection.execute(statement, values).fetchall()  # type: ignore[call-overload,no-any-return]

    def sql_write(self, statement: str, *values: object) -> None:
        """Change what only another office could: a person who left an office the stories do not play."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            connection.execute(statement, values)  # type: ignore[call-overload]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            if (
                "STORIES_TWICE" in os.environ
            ):  # make test and make check: a busy machine; the summary counts what was told again
                item.add_marker(pytest.mark.flaky(reruns=1))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postbox() -> Iterator[Postbox]:
    """The mail server of the site all stories share."""
    with open_postbox() as box:
        yield box


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, postbox: Postbox) -> Iterator[Site]:
    more = {"MAIL_URL": postbox.url, "MAIL_FROM": "Smart-HaiDuong <khong-tra-loi@haiduong.example>"}
    with running_site(DATABASE, tmp_path_factory.mktemp("site"), more=more) as running:
        yield running


@contextmanager
def running_site(
    database: str,
    data: Path,
    *,
    more: Mapping[str, str] | None = None,
    plant: Callable[[dict[str, str]], None] | None = None,
    arguments: Sequence[str] = (),
) -> Iterator[Site]:
    """Run a site on a fresh copy of the migrated template; ``plant`` puts something into it before it starts."""
    sockets = postgres.socket_dir(DATA_DIR)
    with psycopg.connect(host=str(sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{os.environ["SMARTHD_TEST_TEMPLATE"]}"')
    port = free_port()
    environ = {
        **{
            key: value
            for key, value in os.environ.items()
            if key not in {"SMARTHD_TEST_DATABASE", "SMARTHD_TEST_TEMPLATE"}
        },
        "SMARTHD_MODE": "demo",
        "PLAY_PORT": "0",
        "DATABASE_URL": f"postgresql://postgres@/{database}?host={sockets}",
        "DATA_DIR": str(data),
        "PORT": str(port),
        "ORIGIN": f"http://127.0.0.1:{port}",
        "WEB_WORKERS": "1",
        "PUSH_LOOPBACK": "true",
        "CONNECTOR_INSIDE_HOSTS": "localhost",
        "LOG_LEVEL": "WARNING",
        **(more or {}),
    }
    running = Site(url=environ["ORIGIN"], environ=environ)
    if plant is not None:
        plant(environ)
    with (data / "site.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "run", *arguments],
            env=environ, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait(running, process, data / "site.log")
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _wait(running: Site, process: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(2400):  # ten minutes: a busy machine plants the demonstration slowly
        assert process.poll() is None, log.read_text(errors="replace")[-3000:]
        try:
            with urllib.request.urlopen(f"{running.url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(log.read_text(errors="replace")[-3000:])


@pytest.fixture(scope="session")
def _sessions() -> dict[str, StorageState]:
    return {}


@pytest.fixture
def as_role(
    site: Site, new_context: Callable[..., BrowserContext], _sessions: dict[str, StorageState]
) -> Callable[..., BrowserContext]:
    """Make browsers in which the demonstration's account of a role is signed in: ``as_role("head", viewport=…)``.

    A person signs in once a session, second factor included; codes may be asked for four times in a quarter of an hour.
    """

    def make(name: str, **wishes: Any) -> BrowserContext:
        if name not in _sessions:
            context = new_context()
            acts.sign_in(context.new_page(), site, acts.role(name).phone)
            _sessions[name] = context.storage_state()
        return new_context(storage_state=_sessions[name], **wishes)

    return make
