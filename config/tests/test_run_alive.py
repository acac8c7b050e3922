"""``smarthd run`` as a process: cut short, with parts of it killed, stopped, on a server of its own and on an outside one."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from config import postgres
from config.env import ROOT

pytestmark = pytest.mark.slow
PATIENCE_S = 900  # a shared machine may need minutes for what takes seconds


@contextmanager
def _a_folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="smarthd-alive-"))
    yield place
    postgres.stop(place)
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A data folder that tests hand on to each other, in whatever order they come."""
    with _a_folder() as place:
        yield place


@pytest.fixture
def new_dir() -> Iterator[Path]:
    """A data folder in which nothing was ever started."""
    with _a_folder() as place:
        yield place


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, port: int, **more: str) -> subprocess.Popen[bytes]:
    environ = {
        **os.environ, "SMARTHD_MODE": "demo", "DATA_DIR": str(data_dir), "PORT": str(port), **more,
    }  # fmt: skip
    with (data_dir / "run.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "config.cli", "run", "--no-demo-data"], env=environ, cwd=ROOT, stdout=log, stderr=log
        )


def eventually(ask: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not ask():
        if time.monotonic() > until:
            pytest.fail(f"did not come true: {what}")
        time.sleep(0.1)


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def processes_of(data_dir: Path) -> dict[int, str]:
    """Return number and command of every process of a data folder, its database included."""
    mark, found = f"DATA_DIR={data_dir}".encode(), {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            environ, command = (place / "environ").read_bytes(), (place / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in environ.split(b"\0") or str(postgres.folder(data_dir)).encode() in command:
            found[int(place.name)] = command.replace(b"\0", b" ").decode()
    return found


def said(data_dir: Path) -> str:
    return (data_dir / "run.log").read_text(errors="replace")


@contextmanager
def running(data_dir: Path, port: int, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run until ready; Ctrl-C at the end must leave code 0 and no process behind."""
    process = start(data_dir, port, **more)
    try:
        eventually(lambda: is_ready(port) or process.poll() is not None, "the site answers")
        assert process.poll() is None, said(data_dir)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 0, said(data_dir)
    assert processes_of(data_dir) == {}
    assert said(data_dir).rstrip().endswith("Đã dừng sạch sẽ. Dữ liệu được giữ nguyên.")


def migrations_done(data_dir: Path) -> int:
    sockets = str(postgres.socket_dir(data_dir))
    try:
        with psycopg.connect(host=sockets, user="postgres", dbname=postgres.DATABASE) as connection:
            row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
    except psycopg.Error:
        return 0
    return int(row[0]) if row else 0


def test_a_start_killed_in_the_midst_of_its_tables_goes_on_the_next_time(new_dir: Path, port: int) -> None:
    process = start(new_dir, port)
    eventually(lambda: migrations_done(new_dir) > 5 or process.poll() is not None, "some tables are made")
    assert process.poll() is None, said(new_dir)
    process.kill()
    process.wait()
    assert not (new_dir / "migrated.stamp").exists()
    with running(new_dir, port):
        assert "đang chạy sẵn" in said(new_dir)  # the database outlived its supervisor and is taken over
    assert (new_dir / "migrated.stamp").exists()


@pytest.mark.parametrize("part", ["granian", "config.worker", "postgres -D"])
def test_a_killed_part_comes_back_and_leaves_nothing_behind(data_dir: Path, port: int, part: str) -> None:
    with running(data_dir, port) as supervisor:
        before = processes_of(data_dir)
        victim = min(pid for pid, command in before.items() if part in command and pid != supervisor.pid)
        os.kill(victim, signal.SIGKILL)
        eventually(
            lambda: any(part in command and pid not in before for pid, command in processes_of(data_dir).items()),
            f"another {part} runs",
        )
        eventually(lambda: is_ready(port), "the site answers again")


def test_a_killed_supervisor_leaves_a_folder_and_a_port_that_serve_again(data_dir: Path, port: int) -> None:
    process = start(data_dir, port)
    eventually(lambda: is_ready(port), "the site answers")
    process.kill()
    process.wait()
    eventually(lambda: not any("config" in command for command in processes_of(data_dir).values()), "its children end")
    with running(data_dir, port):
        pass


def test_an_outside_server_serves_as_well(data_dir: Path, port: int) -> None:
    """A second embedded server stands for the data centre's: it is reached over TCP with a name and a password."""
    place = Path(tempfile.mkdtemp(prefix="smarthd-outside-"))
    try:
        postgres.start(place)
        with psycopg.connect(
            host=str(postgres.socket_dir(place)), user="postgres", dbname="postgres", autocommit=True
        ) as own:
            own.execute("CREATE ROLE trung_tam LOGIN PASSWORD 'rất bí mật'")
            own.execute("CREATE DATABASE tinh OWNER trung_tam")
        postgres.stop(place)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            theirs = int(probe.getsockname()[1])
        own_settings = postgres.folder(place) / "postgresql.conf"
        own_settings.write_text(own_settings.read_text() + f"\nport = {theirs}\nlisten_addresses = '127.0.0.1'\n")
        postgres._run(
            "pg_ctl", "-D", str(postgres.folder(place)), "-w", "-l", str(postgres.folder(place) / "server.log"), "start"
        )
        url = f"postgresql://trung_tam:r%E1%BA%A5t%20b%C3%AD%20m%E1%BA%ADt@127.0.0.1:{theirs}/tinh"
        with running(data_dir, port, DATABASE_URL=url):
            with psycopg.connect(url) as connection:
                row = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
            assert row is not None
            assert row[0] > 100
            assert not postgres.is_alive(data_dir)
    finally:
        postgres.stop(place)
        shutil.rmtree(place, ignore_errors=True)
