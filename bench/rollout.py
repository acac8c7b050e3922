"""The roll-out at scale: headline, league table, laggards, history; counting it all anew, one day of it; an event until it is seen.

Reads are measured twice: over HTTP, as a signed-in official waits for it (the page, and the same table as a file), and as the selector answers
inside the process. Peers answer the same question from the raw rows, without roll-ups.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.figures import Figure, figure
from bench.web import ROOT, memory_mb, serve

PAGES, READS = 60, 40
TABLE = "/can-bo/toan-tinh/?cap=commune"
FILE = "/can-bo/toan-tinh/bang.csv?cap=commune"
LADDER = (
    "SELECT home_id, count(*), count(*) FILTER (WHERE activated_on <= %(day)s), count(*) FILTER (WHERE used_on <= %(day)s), "
    "(SELECT count(DISTINCT account_id) FROM rollout_activity_day WHERE actions <> 0 AND day > %(day)s - 28 AND day <= %(day)s) "
    "FROM rollout_participant WHERE installed_on <= %(day)s AND erased_on IS NULL GROUP BY home_id"
)
ACTIVE = (
    "SELECT a.atom_id, count(DISTINCT a.account_id) FROM rollout_activity_day a "
    "WHERE a.actions <> 0 AND a.day BETWEEN %(day)s - 27 AND %(day)s GROUP BY a.atom_id"
)


def run() -> list[Figure]:
    """Measure in the world of one scale (M unless BENCH_SCALE says otherwise)."""
    from config.run import collect_static
    from config.seeding.world import use_world

    use_world(os.environ.get("BENCH_SCALE", "M"))
    collect_static(dict(os.environ))
    return [*counting(), *reading(), *seeing()]


def counting() -> list[Figure]:
    """Count everything anew, then what one day's events and a week's late events make untrue."""
    from config.seeding.world import LAST_DAY, NOW
    from smarthd.rollout import services

    whole = seconds(lambda: services.rebuild_rollups(now=NOW))
    today = statistics.median(seconds(lambda: _refresh(LAST_DAY)) for _ in range(3))
    week = seconds(lambda: _refresh(LAST_DAY - timedelta(days=8)))
    raw = seconds(lambda: _raw(ACTIVE, LAST_DAY))
    days = _raw("SELECT covers_to - covers_from + 1 FROM rollout_rollup_state", LAST_DAY)[0][0]
    rows = _raw("SELECT count(*) FROM rollout_activity_day", LAST_DAY)[0][0]
    return [
        figure(
            f"all roll-ups rebuilt from {rows:,} days of use", whole, "s", target="≤ 120 s", met=whole <= 120,
            peer=f"one column of {days} days counted day by day from raw rows (one day × {days})", peer_value=raw * days,
        ),
        figure("one-day increment, 21 + 13 columns", today, "s", target="≤ 60 s", met=today <= 60, peer="all rebuilt", peer_value=whole),
        figure("increment over eight late days", week, "s", target="≤ 60 s", met=week <= 60, peer="all rebuilt", peer_value=whole),
    ]  # fmt: skip


def reading() -> list[Figure]:
    """Time what officials read, over HTTP and inside, warm and first after a count."""
    from bench._desk import answer_times, official_cookie, p95
    from config.seeding.world import LAST_DAY
    from smarthd.places import selectors as places
    from smarthd.rollout import selectors

    old = min(view.as_of for view in places.boundary_sets() if view.kind == "official")
    new, first = LAST_DAY, LAST_DAY - timedelta(days=449)
    raw = seconds(lambda: _raw(LADDER, LAST_DAY)) * 1000
    inside: list[tuple[str, float, Callable[[], Any]]] = [
        ("province headline", 30, lambda: selectors.headline(LAST_DAY, new)),
        ("league table of all communes", 50, lambda: selectors.table("commune", LAST_DAY, new)),
        ("league table under old boundaries", 100, lambda: selectors.table("commune", LAST_DAY, old)),
        ("laggards", 50, lambda: selectors.laggards("commune", LAST_DAY, new)),
    ]
    found = []
    for name, limit, ask in inside:
        cold = statistics.median(_first_after_a_count(ask) for _ in range(3)) * 1000
        warm = p95(seconds(ask) for _ in range(READS)) * 1000
        found += [
            _within(f"{name}: selector, p95", warm, limit, "the same from raw rows, four columns", raw),
            _within(f"{name}: selector, first after a count", cold, limit, "the same from raw rows, four columns", raw),
        ]
    headers = {"Cookie": official_cookie(), "Accept-Encoding": "br, gzip"}
    with serve("config.wsgi:application") as (port, server):
        floor = p95(answer_times(port, "/healthz", {}, times=PAGES)) * 1000
        for name, limit, address in (
            ("league table of all communes as a file", 50, FILE),
            ("league table under old boundaries as a file", 100, f"{FILE}&dia-gioi={old.isoformat()}"),
            ("officials' page with headline, league table, trend and map", 50, TABLE),
            ("the same page under old boundaries", 100, f"{TABLE}&dia-gioi={old.isoformat()}"),
        ):
            took = p95(answer_times(port, address, headers, times=PAGES)) * 1000
            found.append(_within(f"{name}: over HTTP, p95", took, limit, "the least page over HTTP, /healthz", floor))
        memory = memory_mb(server.pid)
    count = 0

    def tell() -> None:
        nonlocal count
        count = sum(1 for _ in selectors.history("commune", first, LAST_DAY, new))

    took = seconds(tell)
    found += [
        figure("web process, resident after officials' pages", memory, "MB", target="≤ 250 MB", met=memory <= 250),
        figure(
            f"450 days × 12 metrics under new boundaries ({count:,} rows)", took, "s", target="≤ 10 s", met=took <= 10,
            peer="one metric of 450 days from raw rows (one day × 450)", peer_value=450 * seconds(lambda: _raw(ACTIVE, LAST_DAY)),
        ),
    ]  # fmt: skip
    return found


def seeing() -> list[Figure]:
    """Send an event, and look every tenth of a second until the officials' figures show it; a worker counts as it always does."""
    from config.seeding.world import LAST_DAY
    from smarthd.kernel import clock
    from smarthd.rollout import rules, services
    from smarthd.rollout.selectors import trend

    quiet = _raw(
        "SELECT p.account_id FROM rollout_participant p JOIN people_consent c USING (account_id) "
        "WHERE p.activated_on < %(day)s - 60 AND p.erased_on IS NULL AND NOT EXISTS (SELECT 1 FROM rollout_activity_day a "
        "WHERE a.account_id = p.account_id AND a.day = %(day)s) LIMIT 3",
        LAST_DAY,
    )
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker", "--queues", "rollout", "--concurrency", "1"],
        cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    waited = []
    try:
        time.sleep(5)
        for (account_id,) in quiet:
            before = trend(LAST_DAY, LAST_DAY, LAST_DAY, columns=("active_1",))[-1].counts["active_1"]
            started = time.perf_counter()
            services.report_value_action(account_id, rules.ValueAction.READ_NOTICE, None, clock.now())
            while trend(LAST_DAY, LAST_DAY, LAST_DAY, columns=("active_1",))[-1].counts["active_1"] == before:
                if time.perf_counter() - started > 180:
                    raise TimeoutError("an event was not seen in three minutes")
                time.sleep(0.1)
            waited.append(time.perf_counter() - started)
    finally:
        worker.terminate()
        worker.wait(30)
    return [
        figure(
            "an event until it is in the figures, worst of three",
            max(waited),
            "s",
            target="≤ 60 s",
            met=max(waited) <= 60,
        )
    ]


def seconds(work: Callable[[], Any]) -> float:
    """Return how long one go took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _within(name: str, took_ms: float, limit_ms: float, peer: str, peer_ms: float) -> Figure:
    return figure(
        name, took_ms, "ms", target=f"≤ {limit_ms:g} ms", met=took_ms <= limit_ms, peer=peer, peer_value=peer_ms
    )


def _refresh(day: date) -> None:
    """Say that a day's counts are untrue, and count again."""
    from config.seeding.world import NOW
    from smarthd.rollout import services
    from smarthd.rollout.models import DirtyDay

    DirtyDay.objects.create(day=day)
    services.refresh_rollups(now=NOW)


def _first_after_a_count(ask: Callable[[], Any]) -> float:
    """Touch the row that every count rewrites, and time the answer that finds nothing remembered."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE rollout_rollup_state SET refreshed_at = refreshed_at")
    return seconds(ask)


def _raw(statement: str, day: date) -> list[Any]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, {"day": day})
        return list(cursor.fetchall())
