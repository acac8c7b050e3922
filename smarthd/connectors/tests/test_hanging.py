"""Servers that take the call and say nothing: others are read meanwhile, and who presses “Dừng” has the place free again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.kinds import connector
from smarthd.connectors.adapters.mysql import MySqlTable
from smarthd.connectors.adapters.postgres import PostgresTable
from smarthd.connectors.adapters.stopping import Stop, Stopped
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import SourceUnavailable
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import pulling
from smarthd.connectors.tests import make
from smarthd.connectors.tests.servers import web_server
from smarthd.kernel import clock

INSIDE = ["127.0.0.1"]
PATIENCE_S = 60
"""Far more than any of it takes: what hangs beyond this was not broken off."""


@contextmanager
def silent(first: bytes = b"") -> Iterator[tuple[int, threading.Event]]:
    """Listen, say ``first`` to each that calls, and nothing more; yield the port and what tells that somebody called."""
    listener, called, held = socket.create_server(("127.0.0.1", 0)), threading.Event(), []

    def take() -> None:
        try:
            while True:
                held.append(listener.accept()[0])
                if first:
                    held[-1].recv(65_536)
                    held[-1].sendall(first)
                called.set()
        except OSError:
            return

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    yield listener.getsockname()[1], called
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(PATIENCE_S)
    for one in held:
        one.close()


def stopped(read: Callable[[], object], called: threading.Event) -> BaseException | None:
    """Return how a reading ended that was told to stop once its server was called."""
    stop, ends = Stop(), []

    def work() -> None:
        with stopping.under(stop):
            try:
                read()
            except BaseException as end:  # noqa: BLE001 - whatever it is, the test looks at it
                ends.append(end)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert called.wait(PATIENCE_S)
    stop.ask()
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), "still waiting"
    return ends[0] if ends else None


HEADERS = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc"
WITHOUT_END = b"HTTP/1.1 200 OK\r\n\r\nabc"


@pytest.mark.parametrize(
    "first", [b"", HEADERS, WITHOUT_END], ids=["nothing", "a half body", "a body without its length"]
)
def test_a_web_server_that_is_silent_is_let_go_of(first):
    with silent(first) as (port, called):
        end = stopped(lambda: Web(inside=INSIDE).get(f"http://127.0.0.1:{port}/"), called)
    assert isinstance(end, Stopped)


@contextmanager
def dripping(first: bytes) -> Iterator[int]:
    """Say ``first``, then a byte at a time without end; yield the port."""
    listener, over = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def drip() -> None:
        try:
            with listener.accept()[0] as line:
                line.sendall(first)
                while not over.wait(0.02):
                    line.sendall(b"a")
        except OSError:
            return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    over.set()
    listener.close()
    thread.join(PATIENCE_S)


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-A: ", HEADERS.replace(b"100", b"100000"), WITHOUT_END])
def test_however_steadily_bytes_drip_a_reading_ends(first):
    with dripping(first) as port, pytest.raises(SourceUnavailable, match="quá chậm"):
        Web(inside=INSIDE, whole_s=0.3).get(f"http://127.0.0.1:{port}/")


def test_a_pause_a_server_asked_for_is_broken_off():
    with web_server() as (address, _asked):
        called = threading.Event()

        def wait(seconds: float) -> None:
            called.set()
            stopping.current().wait(seconds)

        end = stopped(lambda: Web(inside=INSIDE, wait=wait).get(f"{address}/doi/19"), called)
    assert isinstance(end, Stopped)


def test_an_sftp_server_that_is_silent_is_let_go_of():
    with silent() as (port, called):
        place = {"host": "127.0.0.1", "port": port, "user": "x", "host_key": "SHA256:" + "a" * 43, "path": "a.csv"}
        reader = connector(SourceKind.SFTP, place, {"password": "x"}, inside=INSIDE)
        end = stopped(reader.read, called)
    assert isinstance(end, Stopped)


class Held:
    """A database's connection over a socket at which the driver waits."""

    def __init__(self) -> None:
        self.line, self.far = socket.socketpair()
        self._sock, self.closed = self.line, False

    def fileno(self) -> int:
        return self.line.fileno()

    def close(self) -> None:
        self.line.close()
        self.far.close()


@pytest.mark.parametrize("kind", [PostgresTable, MySqlTable])
def test_a_database_that_hangs_is_let_go_of(kind, monkeypatch):
    called, held = threading.Event(), Held()
    monkeypatch.setattr(kind, "connected", lambda *_told: held)

    def waits(_self: Any, _connection: Any, _name: str) -> list[str]:
        called.set()
        held.line.recv(1)
        raise ConnectionError

    monkeypatch.setattr(kind, "_columns", waits)
    reader = kind({"host": "127.0.0.1", "table": "a"}, secret={}, inside=INSIDE)
    assert isinstance(stopped(reader.read, called), Stopped)


def test_nothing_that_was_stopped_before_it_began_is_begun():
    stop = Stop()
    stop.ask()
    with stopping.under(stop), web_server() as (address, asked), pytest.raises(Stopped):
        Web(inside=INSIDE).get(f"{address}/bang.csv")
    assert asked == []


@pytest.mark.django_db(transaction=True)
def test_sources_that_hang_leave_another_on_time_and_are_stopped_at_once(tmp_path, settings):
    """Three readings wait for a silent server; a fourth source is read and public; whoever presses “Dừng” has the places free."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind

    settings.MEDIA_ROOT, settings.CONNECTOR_INSIDE_HOSTS = tmp_path / "files", INSIDE
    clock.set_now(make.NOW)
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Y tế", code="syt")
    agency = agencies.found_agency(new, valid_from=clock.today()).pk
    with silent() as (port, _called), web_server() as (address, _asked):
        hung = [_file(agency, f"Nguồn treo {n}", f"http://127.0.0.1:{port}/{n}") for n in range(3)]
        threads = [threading.Thread(target=_pull, args=[one], daemon=True) for one in hung]
        for thread in threads:
            thread.start()
        _wait_until(lambda: Run.objects.filter(state=RunState.RUNNING).count() == 3)
        sound = pulling.pull(_file(agency, "Chợ", f"{address}/bang.csv"), actor=make.SYSTEM, now=make.NOW)
        assert sound.state == RunState.UNMAPPED, sound.words
        assert Run.objects.filter(state=RunState.RUNNING).count() == 3, "nobody waited for the others"
        for source in hung:
            pulling.cancel(uid=source.uid, actor=make.SYSTEM, now=make.NOW)
        for thread in threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()
    assert list(Run.objects.filter(source__in=hung).values_list("state", flat=True)) == [RunState.CANCELLED] * 3
    assert set(Source.objects.values_list("failures", flat=True)) == {0}, "being stopped is no failure"
    clock.set_now(None)


def _file(agency: int, title: str, url: str) -> Source:
    return make.source(agency, SourceKind.FILE, title=title, place={"url": url}, every_minutes=5)


def _pull(source: Source) -> None:
    try:
        pulling.pull(source, actor=make.SYSTEM, now=make.NOW)
    finally:
        connection.close()


def _wait_until(true: Callable[[], bool]) -> None:
    waiting = threading.Event()
    for _attempt in range(PATIENCE_S * 20):
        if true():
            return
        waiting.wait(0.05)
    pytest.fail("it never came")
