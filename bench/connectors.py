"""Departments' data: a table of 100,000 lines with 2% faulty ones checked, staged and published, beside a raw COPY of the clean rows with
their key; a second reading with 2% changed; an Excel of 100,000 rows; search and list pages over what is public.

Runs on an embedded server of its own that is thrown away, in a child process whose peak memory the kernel counts.
"""

from __future__ import annotations

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
LINES, EVERY_FAULTY = 100_000, 50
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HEADS = ("Mã", "Tên", "Địa chỉ", "Giá", "Ngày", "Vĩ độ", "Kinh độ", "Điện thoại")
FAULTS = ((3, "12a"), (4, "31/02/2026"), (5, "106.3"), (7, "abc"), (1, ""))


def rows(*, changed: bool = False) -> list[list[str]]:
    """Return the lines: every fiftieth faulty in one of five ways; ``changed`` alters another fiftieth."""
    rng = random.Random(7)
    made = []
    for n in range(1, LINES + 1):
        row = [
            f"M{n:06}", f"Cửa hàng số {n}", f"Số {n % 900} đường Nguyễn Trãi", f"{rng.randrange(10, 900)}.000", "24/11/2026",
            f"{20.8 + rng.random() / 3:.5f}", f"{106.2 + rng.random() / 3:.5f}", "0220 3123 456",
        ]  # fmt: skip
        if n % EVERY_FAULTY == 0:
            place, written = FAULTS[n // EVERY_FAULTY % len(FAULTS)]
            row[place] = written
        elif changed and n % 50 == 1:
            row[1] += " mới"
        made.append(row)
    return made


def run() -> list[Figure]:
    """Measure in a child on a fresh server."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-connectors-") as folder:
        place = Path(folder)
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        postgres.start(place)
        try:
            step = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(step, env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.connectors", folder]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(place)
    return as_figures(json.loads(done.stdout.splitlines()[-1]))


def as_figures(seen: dict[str, float]) -> list[Figure]:
    """Name what was measured and put it beside its peer or limit."""
    rate, copy = LINES / (seen["check_s"] + seen["publish_s"]), LINES / seen["copy_s"]
    wanted = LINES // EVERY_FAULTY
    return [
        figure(
            "lines checked, staged and published", rate, "lines/s", target="≥ 0.4 × raw COPY", met=rate >= 0.4 * copy,
            peer="raw COPY of the clean rows with their key", peer_value=copy,
        ),
        figure("faulty lines told", seen["faulty"], "lines", target=f"{wanted}", met=seen["faulty"] == wanted),
        figure("second reading, 2% changed, published", seen["again_s"], "s"),
        figure("Excel of 100,000 rows read", seen["excel_s"], "s", target="≤ 10 s", met=seen["excel_s"] <= 10),
        figure("search page over what is public, p95", seen["search_ms"], "ms", target="≤ 50 ms", met=seen["search_ms"] <= 50),
        figure("list page, p95", seen["list_ms"], "ms", target="≤ 40 ms", met=seen["list_ms"] <= 40),
        figure("peak memory of the process before the Excel", seen["peak_mb"], "MB"),
    ]  # fmt: skip


def measure(folder: Path) -> dict[str, float]:
    """Do the work of the child."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    settings.MEDIA_ROOT = folder / "files"
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.connectors.rules.mapping import suggest
    from smarthd.connectors.rules.sources import SourceKind
    from smarthd.connectors.services import publishing, reading, sources
    from smarthd.kernel.actor import system

    actor = system("bench")
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Công Thương", code="sct")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    source = sources.make_source(
        sources.NewSource(title="Cửa hàng", agency_id=agency, kind=SourceKind.UPLOAD), actor=actor, now=NOW
    )
    lines = rows()
    source.mapping = suggest(HEADS, [row for row in lines[:200] if row[1]]).as_json()
    source.save()
    seen: dict[str, float] = {"copy_s": raw_copy(lines)}
    started = time.perf_counter()
    run_, version = reading.take_lines(source, table(lines), actor=actor, now=NOW)
    seen["check_s"] = time.perf_counter() - started
    seen["faulty"] = float(run_.counts["faulty"])
    started = time.perf_counter()
    publishing.publish(uid=source.uid, number=version.number if version else 0, actor=actor, now=NOW)
    seen["publish_s"] = time.perf_counter() - started
    started = time.perf_counter()
    source.refresh_from_db()
    _, version = reading.take_lines(source, table(rows(changed=True)), actor=actor, now=NOW)
    publishing.publish(uid=source.uid, number=version.number if version else 0, actor=actor, now=NOW)
    seen["again_s"] = time.perf_counter() - started
    seen["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seen |= pages(source.key)
    seen["excel_s"] = excel(lines)
    return seen


def table(lines: list[list[str]]) -> Any:
    from smarthd.connectors.ports import Table
    from smarthd.connectors.rules.checking import Line

    return Table(HEADS, [Line(number, row) for number, row in enumerate(lines, start=2)], decimal=",")


def raw_copy(lines: list[list[str]]) -> float:
    """Return the seconds of a COPY of the clean rows into typed columns with a primary key: the limit."""
    from django.db import connection

    out = io.StringIO()
    writer = csv.writer(out)
    for row in lines:
        if row[0] and int(row[0][1:]) % EVERY_FAULTY:
            writer.writerow([row[0], row[1], row[2], row[3].replace(".", ""), "2026-11-24", row[5], row[6], row[7]])
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE raw (ma text PRIMARY KEY, ten text, dc text, gia bigint, ngay date, lat float8, lon float8, dt text)"
        )
        started = time.perf_counter()
        with cursor.copy("COPY raw FROM STDIN (FORMAT csv)") as into:
            into.write(out.getvalue())
        return time.perf_counter() - started


def pages(key: str) -> dict[str, float]:
    """Return p95 of search and list pages as selectors answer them."""
    from django.db import connection

    from smarthd.connectors.selectors import public

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE connectors_datarow")
    shown = public.dataset(key, now=NOW)
    rng = random.Random(3)
    asked = [public.Query(words=f"cua hang {rng.randrange(1, LINES)}") for _ in range(60)]
    asked += [public.Query(words="nguyen trai"), public.Query(words="so moi")] * 10
    return {"search_ms": p95(shown, asked), "list_ms": p95(shown, [public.Query()] * 60)}


def p95(shown: Any, queries: list[Any]) -> float:
    from smarthd.connectors.selectors import public

    times = []
    for query in queries:
        started = time.perf_counter()
        public.rows_page(shown, query, now=NOW)
        times.append((time.perf_counter() - started) * 1_000)
    return sorted(times)[int(len(times) * 0.95)]


def excel(lines: list[list[str]]) -> float:
    import xlsxwriter

    from smarthd.connectors.adapters import uploads

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        for index, row in enumerate([list(HEADS), *lines]):
            page.write_row(index, 0, row)
    started = time.perf_counter()
    read, _ = uploads.read_file(out.getvalue(), file_name="b.xlsx")
    assert sum(1 for _ in read.lines) == LINES
    return time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
