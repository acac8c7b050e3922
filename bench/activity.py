"""What phones tell: durable events a second over HTTP, the burst of activations after a loudspeaker slot, and its facts delivered.

Limits stand beside: commits that reach the disk with the same number of connections, and a plain INSERT of the same rows.
"""

from __future__ import annotations

import json
import os
import selectors as waiting
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.figures import Figure, figure
from bench.web import ROOT, read_answer, request_of, serve

PHONES, CONNECTIONS, PER_BATCH = 2_000, 16, 12  # 1.1 M events of 95,000 daily users are 12 a phone and day
LOAD_S, BURST_S, BURST_RATE = 10, int(os.environ.get("BENCH_BURST_S", "60")), 20


def run() -> list[Figure]:
    """Measure in the world of one scale (M unless BENCH_SCALE says otherwise)."""
    from config.seeding.world import use_world

    use_world(os.environ.get("BENCH_SCALE", "M"))
    return [*events(), *activations()]


def events() -> list[Figure]:
    """Send batches of signed-in phones over HTTP; an answer means that the events are on the disk."""
    from bench._desk import cookies_of, p95
    from smarthd.kernel import clock

    accounts = [row[0] for row in _ask("SELECT account_id FROM people_consent ORDER BY account_id LIMIT %s", [PHONES])]
    at = clock.now()
    acts = ("read_notice", "directory_used", "launch")
    figures = []
    commits = _with_connections(lambda: _commit_one, LOAD_S / 2)
    plain = _with_connections(_plain_insert, LOAD_S / 2) * PER_BATCH
    for per_batch in (PER_BATCH, 1):
        told = [{"action": acts[n % 3], "at": (at - timedelta(hours=7 * n)).isoformat()} for n in range(per_batch)]
        with (
            serve("config.wsgi:application") as (port, _server),
            tempfile.NamedTemporaryFile("w", suffix=".json") as file,
        ):
            json.dump({"port": port, "cookies": cookies_of(accounts), "body": json.dumps({"events": told})}, file)
            file.flush()
            done = subprocess.run(
                [sys.executable, "-m", "bench.activity", file.name], cwd=ROOT, stdout=subprocess.PIPE, check=True
            )
        seconds = json.loads(done.stdout)
        rate = len(seconds) / LOAD_S * per_batch
        limit = {"target": "≥ 2,000 events/s", "met": rate >= 2000} if per_batch > 1 else {}
        figures += [
            figure(
                f"durable events over HTTP, {per_batch} a request", rate, "events/s", **limit,
                peer=f"plain INSERT, {per_batch} rows a commit" if per_batch > 1 else "commits that reach the disk",
                peer_value=plain if per_batch > 1 else commits,
            ),
            figure(f"durable events over HTTP, {per_batch} a request, p95 of an answer", p95(seconds) * 1000, "ms"),
        ]  # fmt: skip
    return [*figures, figure(f"commits that reach the disk, {CONNECTIONS} connections", commits, "commits/s")]


def activations() -> list[Figure]:
    """Let phones install, ask for a code, prove it and agree, at the rate of the burst; then deliver what was announced."""
    from bench._desk import p95
    from smarthd.kernel import events as kernel_events

    kernel_events.deliver_owed(100_000)
    late = _at_rate(BURST_RATE, BURST_S, _activate)
    started = time.perf_counter()
    owed = kernel_events.deliver_owed(100_000)
    delivered = owed / (time.perf_counter() - started)
    needed = owed / BURST_S
    most = _as_fast_as_possible(_activate, LOAD_S)
    kernel_events.deliver_owed(100_000)
    return [
        figure(
            f"activations at {BURST_RATE}/s for {BURST_S} s, p95 from install to consent", p95(late) * 1000, "ms",
            target="≤ 1,000 ms and none late", met=p95(late) <= 1 and len(late) >= BURST_RATE * BURST_S * 0.99,
        ),
        figure("activations sustained, four at once in one process", most, "activations/s", target=f"≥ {BURST_RATE}/s", met=most >= BURST_RATE),
        figure(
            "facts of the burst delivered by one worker", delivered, "deliveries/s", target="≥ what the burst announces",
            met=delivered >= needed, peer="announced by the burst, a second", peer_value=needed,
        ),
    ]  # fmt: skip


_numbers = count(int(time.time() * 10) % 8_000_000)


def _activate() -> None:
    """Do what one new phone does, through the services its pages and calls use."""
    from smarthd.kernel import clock
    from smarthd.kernel.ids import uuid7
    from smarthd.people import rules
    from smarthd.people import services as people

    number = next(_numbers)
    install: UUID = uuid7()
    address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    people.record_first_open(
        install, platform="android", standalone=True, atom_id=None, opened_at=None, team_code="", now=clock.now()
    )
    ticket = people.request_code(f"09{80_000_000 + number}", address=address, now=clock.now())
    account = people.verify_code(
        ticket.phone, code=ticket.shown_code, install_uid=install, address=address, now=clock.now()
    )
    wording = rules.wording_in_force(rules.Purpose.USAGE, clock.today())
    people.give_consent(account.pk, purpose=rules.Purpose.USAGE, wording_version=wording.version, now=clock.now())


def _at_rate(rate: int, seconds: int, act: Callable[[], None]) -> list[float]:
    """Begin ``rate`` acts a second whatever becomes of them; return how long each took since it should have begun."""
    took: list[float] = []
    begun = time.perf_counter()
    slots = iter([begun + number / rate for number in range(rate * seconds)])
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                slot = next(slots, None)
            if slot is None or time.perf_counter() > begun + seconds + 5:
                break
            time.sleep(max(0.0, slot - time.perf_counter()))
            act()
            took.append(time.perf_counter() - slot)
        _hang_up()

    _threads(work, 4)  # as many as a web process has
    return took


def _as_fast_as_possible(act: Callable[[], None], seconds: float, at_once: int = 4) -> float:
    """Return acts a second of some threads that never wait."""
    done, until = count(), time.perf_counter() + seconds

    def work() -> None:
        while time.perf_counter() < until:
            act()
            next(done)
        _hang_up()

    _threads(work, at_once)
    return next(done) / seconds


def _threads(work: Callable[[], None], at_once: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _hang_up() -> None:
    from django.db import connection

    connection.close()


def _with_connections(act_of: Callable[[], Callable[[Any, int], None]], seconds: float) -> float:
    """Return commits a second of as many connections as the load has."""
    import psycopg

    from config.seeding.world import ensure_world

    target = ensure_world(os.environ.get("BENCH_SCALE", "M"))
    where = {"host": target["HOST"], "user": target["USER"], "dbname": target["NAME"]}
    with psycopg.connect(**where) as connection:
        connection.execute("DROP TABLE IF EXISTS bench_events")
        connection.execute(
            "CREATE TABLE bench_events (account_id bigint, day date, atom_id bigint, launched bool, actions int, n bigserial, "
            "PRIMARY KEY (account_id, day, atom_id, n))"
        )
    done, until, act = count(), time.perf_counter() + seconds, act_of()

    def work() -> None:
        with psycopg.connect(**where, autocommit=True) as connection:
            while time.perf_counter() < until:
                act(connection, next(done))

    _threads(work, CONNECTIONS)
    with psycopg.connect(**where) as connection:
        connection.execute("DROP TABLE bench_events")
    return next(done) / seconds


def _commit_one(connection: Any, number: int) -> None:
    connection.execute("INSERT INTO bench_events VALUES (%s, '2025-07-31', 1, TRUE, 1)", [number])


def _plain_insert() -> Callable[[Any, int], None]:
    rows = ", ".join(f"(%s, DATE '2025-07-31' - {n}, 1, TRUE, 1)" for n in range(PER_BATCH))

    def insert(connection: Any, number: int) -> None:
        connection.execute(f"INSERT INTO bench_events VALUES {rows}", [number] * PER_BATCH)

    return insert


def _ask(statement: str, parameters: list[Any]) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def hammer(port: int, cookies: list[str], body: str) -> list[float]:
    """Post the same body as many phones in turn, from a process of its own; return the seconds of each answer."""
    post = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    requests = cycle(
        [request_of("/api/v1/activity", {**post, "Cookie": one}, method="POST") + body.encode() for one in cookies]
    )
    chosen = waiting.DefaultSelector()
    sent: dict[int, float] = {}
    for _each in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(next(requests))
        sent[connection.fileno()] = time.perf_counter()
        chosen.register(connection, waiting.EVENT_READ)
    seconds: list[float] = []
    until = time.perf_counter() + LOAD_S
    while time.perf_counter() < until:
        for key, _events in chosen.select(timeout=1):
            connection = key.fileobj  # type: ignore[assignment]
            head, answer, _rest = read_answer(connection, b"")
            if not head.startswith(b"HTTP/1.1 200") or b'"accepted": 0' in answer:
                raise RuntimeError(f"{head.decode('latin-1')}\n{answer[:300]!r}")
            seconds.append(time.perf_counter() - sent[connection.fileno()])
            connection.sendall(next(requests))
            sent[connection.fileno()] = time.perf_counter()
    return seconds


if __name__ == "__main__":
    print(json.dumps(hammer(**json.loads(Path(sys.argv[1]).read_text()))))
