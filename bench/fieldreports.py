"""Field reports at 300,000: the officials' queue, the category tree, map clusters, search, duplicates, taking in, photos.

Runs on an embedded server of its own that is thrown away: the province's real units and committees, reports by COPY
(config/seeding/report_load.py), once at 10,000 and once at 300,000. Peers' numbers are those the issue names for a Django peer on the same
kind of machine: 268 statements and 670 ms for an officer's list of 50, 339 statements for its category tree, 147 ms to create.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
FIRST, LAST = date(2025, 7, 2), date(2026, 11, 27)
NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)  # Friday 27/11/2026, 15:00 in Hải Dương
SMALL, LARGE = 10_000, 300_000


def run() -> list[Figure]:
    """Measure in a child on a fresh server."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-fieldreports-") as folder:
        place = Path(folder)
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR",
                   "SMARTHD_NOW": NOW.isoformat(), "WEB_THREADS": "8"}  # fmt: skip
        postgres.start(place)
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.fieldreports"]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(place)
    return as_figures(json.loads(done.stdout.splitlines()[-1]))


def as_figures(seen: dict[str, Any]) -> list[Figure]:
    """Name what was measured."""
    small, large = seen["small"], seen["large"]
    made = []

    def add(name: str, value: float, unit: str, target: str = "", *, met: bool | None = None, **peer: Any) -> None:
        made.append(figure(f"fieldreports: {name}", value, unit, target=target, met=met, **peer))

    for key, words, limit in LIMITS:
        p95 = large[key]["p95"]
        add(f"{words}, 300,000 reports, p95", p95, "ms", f"≤ {limit} ms", met=p95 <= limit)
        add(f"{words}, growth from 10,000 to 300,000 (p50)", large[key]["p50"] / max(small[key]["p50"], 0.05), "×")
    count = large["queue, whole province"]["statements"]
    add(
        "statements of an official's list of 50", count, "", "≤ 10", met=count <= 10, peer="Django peer", peer_value=268
    )
    tree = large["category tree with counts"]["statements"]
    add("statements of the category tree", tree, "", "≤ 2", met=tree <= 2, peer="Django peer", peer_value=339)
    p50 = large["create without photo"]["p50"]
    add("create without photo, p50", p50, "ms", "≤ 50 ms", met=p50 <= 50, peer="Django peer", peer_value=147)
    add(
        "create without photo, sustained by 4 threads", seen["sustained"], "/s", "≥ 100/s", met=seen["sustained"] >= 100
    )
    photo = seen["photo"]["p50"]
    add("photo pipeline, 12 megapixels, p50", photo, "ms", "≤ 400 ms", met=photo <= 400)
    add("photo pipeline, 12 megapixels, worst of 8", seen["photo"]["worst"], "ms")
    add("loading by COPY", seen["loaded_per_s"], "reports/s")
    return made


LIMITS = (
    ("queue, whole province", "queue of a province's leader", 50),
    ("queue, one commune", "queue of one commune", 50),
    ("queue, page 40", "queue of a province's leader, 40th page", 50),
    ("queue with words", "queue with words and category", 50),
    ("queue counts", "counts above the queue", 50),
    ("public list", "public list", 50),
    ("category tree with counts", "category tree with counts", 50),
    ("clusters, province", "map clusters of the province (zoom 9)", 50),
    ("clusters, town", "map clusters of a town (zoom 13)", 50),
    ("clusters, street", "map of a street (zoom 17)", 50),
    ("clusters, one category", "map clusters of one category (zoom 9)", 50),
    ("clusters, last 30 days", "map clusters of the last 30 days (zoom 9)", 50),
    ("clusters, commune official", "map clusters of a commune's official (zoom 12)", 50),
    ("search, common words", "text search, common words", 50),
    ("search, a street and a matter", "text search, rare together", 50),
    ("search, by code", "search by code", 50),
    ("duplicates", "duplicate suggestion", 30),
    ("figures of all agencies, 90 days", "figures of all agencies over 90 days", 200),
)


def measure() -> dict[str, Any]:
    """Plant, ask, count; in the child."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import numpy as np
    from django.db import connection

    from config.seeding import report_load

    _land()
    rng = np.random.default_rng(300_000)
    report_load.plant_reports(SMALL, rng=rng, first=FIRST, last=LAST)
    _settle(connection)
    small = _ask_all()
    started = time.perf_counter()
    report_load.plant_reports(LARGE - SMALL, rng=rng, first=FIRST, last=LAST)
    loaded = (LARGE - SMALL) / (time.perf_counter() - started)
    _settle(connection)
    large = _ask_all()
    large["create without photo"] = _timed(_create(), 60)
    return {
        "small": small,
        "large": large,
        "sustained": _sustained(),
        "photo": _photos(),
        "loaded_per_s": loaded,
    }


def _land() -> None:
    from smarthd.agencies import services as agencies
    from smarthd.fieldreports.services import categories
    from smarthd.kernel.actor import system
    from smarthd.places import services as places

    who = system("bench")
    places.import_all(actor=who, now=NOW)
    agencies.establish_committees(on=FIRST, actor=who, now=NOW)
    categories.seed_categories(actor=who, now=NOW)


def _settle(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _timed(call: Callable[[], object], times: int = 40) -> dict[str, float]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as asked:
        call()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return {"p50": took[len(took) // 2], "p95": took[int(len(took) * 0.95)], "statements": len(asked)}


def _ask_all() -> dict[str, dict[str, float]]:
    from smarthd.agencies import selectors as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.fieldreports.models import Report
    from smarthd.fieldreports.selectors import categories, lists, maps, searching, statistics, suggestions
    from smarthd.fieldreports.selectors.filters import Query
    from smarthd.kernel.actor import Actor, Grant

    committees = agencies.agencies_on(LAST, kinds=[Kind.PROVINCE_COMMITTEE])
    top = committees[0].id
    leader = Actor(account_id=1, grants=(Grant("head", top, agencies.below([top], LAST)),))
    some = Report.objects.filter(lat__isnull=False).order_by("-id")[0]
    clerk = Actor(account_id=2, grants=(Grant("dispatcher", some.holder_id, frozenset({some.holder_id})),))
    lat, lon = some.lat or 0.0, some.lon or 0.0
    far = lists.queue(leader, Query(), now=NOW, limit=50)
    for _ in range(39):
        far = lists.queue(leader, Query(), now=NOW, limit=50, cursor=far.next_cursor or "")
        if not far.next_cursor:
            break
    cursor = far.next_cursor

    def window(span: float) -> dict[str, float]:
        return {"west": lon - span, "south": lat - span * 0.7, "east": lon + span, "north": lat + span * 0.7}

    province = {"west": 105.9, "south": 20.5, "east": 107.2, "north": 21.3}
    recent = Query(since=LAST - timedelta(days=30))
    newest = lists.Order.NEWEST
    calls: dict[str, Callable[[], object]] = {
        "queue, whole province": lambda: lists.queue(leader, Query(), now=NOW),
        "queue, one commune": lambda: lists.queue(clerk, Query(), now=NOW),
        "queue, page 40": lambda: lists.queue(leader, Query(), now=NOW, cursor=cursor),
        "queue with words": lambda: lists.queue(leader, Query(words="đèn đường", category_keys=("chieu-sang",)), now=NOW),
        "queue counts": lambda: lists.queue_counts(leader, now=NOW),
        "public list": lambda: lists.public_list(Query(), now=NOW),
        "category tree with counts": lambda: categories.tree_with_counts(leader),
        "clusters, province": lambda: maps.clusters(**province, zoom=9, query=Query(), now=NOW),
        "clusters, town": lambda: maps.clusters(**window(0.06), zoom=13, query=Query(), now=NOW),
        "clusters, street": lambda: maps.clusters(**window(0.004), zoom=17, query=Query(), now=NOW),
        "clusters, one category": lambda: maps.clusters(**province, zoom=9, query=Query(category_keys=("den-duong",)), now=NOW),
        "clusters, last 30 days": lambda: maps.clusters(**province, zoom=9, query=recent, now=NOW),
        "clusters, commune official": lambda: maps.clusters(**window(0.1), zoom=12, query=Query(), now=NOW, actor=clerk),
        "search, common words": lambda: searching.search("đèn đường", now=NOW),
        "search, a street and a matter": lambda: lists.queue(leader, Query(words="trạm y tế nước mùi lạ"), now=NOW, order=newest),
        "search, by code": lambda: searching.search(some.code, now=NOW),
        "duplicates": lambda: suggestions.duplicates_for(
            lat=lat, lon=lon, commune_id=some.commune_id, category_key="den-duong", words="Đèn đường tắt trước cổng chợ", at=NOW, now=NOW
        ),
        "figures of all agencies, 90 days": lambda: statistics.by_agency(LAST - timedelta(days=90), LAST, now=NOW),
    }  # fmt: skip
    return {name: _timed(call) for name, call in calls.items()}


def _create() -> Callable[[], object]:
    from smarthd.fieldreports.rules.intake import PlaceSource
    from smarthd.fieldreports.services import intake
    from smarthd.fieldreports.services.intake import NewReport
    from smarthd.fieldreports.values import Caller
    from smarthd.places import selectors as places

    units = [unit for unit in places.units_on(LAST, "commune") if unit.lat is not None]
    turn = iter(range(10**9))

    def send() -> object:
        number = next(turn)
        unit = units[number % len(units)]
        new = NewReport(
            words=f"Đèn đường tắt trước cổng chợ, lần {number}",
            category_key="den-duong",
            lat=unit.lat,
            lon=unit.lon,
            place_source=PlaceSource.GPS,
        )
        address = f"198.51.{number // 200 % 250}.{number % 200}"
        return intake.send_report(new, caller=Caller(token=intake.new_token()), address=address, now=NOW)

    return send


def _sustained(seconds: float = 8.0, threads: int = 4) -> float:
    from django.db import connection

    send, stop = _create(), time.perf_counter() + seconds
    counts = [0] * threads

    def work(which: int) -> None:
        while time.perf_counter() < stop:
            send()
            counts[which] += 1
        connection.close()

    started = time.perf_counter()
    workers = [threading.Thread(target=work, args=(which,)) for which in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(counts) / (time.perf_counter() - started)


def _photos() -> dict[str, float]:
    """Return how long one photo of 12 megapixels takes from sealed bytes to kept pictures, on one core, drawn as rough as a street is."""
    from PIL import Image

    from smarthd.fieldreports.rules.attachments import Kind, Part
    from smarthd.fieldreports.services import intake, photos, uploads
    from smarthd.fieldreports.values import Caller

    took = []
    for number in range(9):
        rough = (
            Image.effect_noise((500 + number, 375), 40).convert("RGB").resize((4000, 3000), Image.Resampling.BICUBIC)
        )
        out = io.BytesIO()
        rough.save(out, "JPEG", quality=88)
        raw, caller = out.getvalue(), Caller(token=intake.new_token())
        view = uploads.begin_upload(kind=Kind.PHOTO, size=len(raw), caller=caller, now=NOW)
        for offset in range(0, len(raw), 1 << 20):
            uploads.append_piece(view.uid, offset=offset, raw=raw[offset : offset + (1 << 20)], caller=caller, now=NOW)
        uid = uploads.finish_upload(view.uid, part=Part.CITIZEN, caller=caller, now=NOW)
        started = time.perf_counter()
        photos.process(uid, now=NOW)
        took.append((time.perf_counter() - started) * 1000)
    took = sorted(took[1:])
    return {"p50": took[len(took) // 2], "worst": took[-1]}


if __name__ == "__main__":
    print(json.dumps(measure()))
