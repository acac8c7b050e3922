"""Departments' data: a register of a million lines, one in fifty faulty in one of thirteen ways, read from its file, checked, staged and
published, beside a raw COPY of its sound lines with their key; a second reading with two in a hundred changed; an Excel of 100,000 lines;
the whole pages citizens open over what is public, by Django's own client.

Runs on an embedded server of its own that is thrown away; each reading in a child process whose peak memory the kernel counts.
``BENCH_SIZE=50000`` reads a smaller file. dlt with pydantic reads the first 100,000 lines in an environment of its own
(``BENCH_DLT`` names one that has it).
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import _shops
from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
LINES = int(os.environ.get("BENCH_SIZE") or 1_000_000)
EXCEL_LINES = min(LINES, 100_000)
PEER_LINES = min(LINES, 100_000)
PEER = ("dlt[postgres]==1.31.0", "pydantic>=2")
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def run() -> list[Figure]:
    """Measure in children on a fresh server."""
    from config import postgres

    seen: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="smarthd-bench-connectors-") as folder:
        place = Path(folder)
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        postgres.start(place)
        try:
            step = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(step, env=environ, cwd=ROOT, check=True)
            for name in STEPS:
                step = [sys.executable, "-m", "bench.connectors", name, folder]
                done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
                seen |= json.loads(done.stdout.splitlines()[-1])
                print(
                    f"   {round(os.getloadavg()[0], 1)} {name}: {done.stdout.decode().splitlines()[-1]}",
                    file=sys.stderr,
                )
            seen |= peer(place)
        finally:
            postgres.stop(place)
    return as_figures(seen)


def peer(folder: Path) -> dict[str, float]:
    """Return what dlt with pydantic takes for the same lines and the same server; nothing where it cannot be had."""
    from config import postgres

    given = os.environ.get("BENCH_DLT")
    place = Path(given) if given else folder / "dlt"
    python, uv = place / "bin" / "python", ROOT / ".tools" / "bin" / "uv"
    _shops.write(folder / "peer.csv", PEER_LINES)
    step = [
        python,
        ROOT / "bench" / "_dlt_peer.py",
        folder / "peer.csv",
        postgres.socket_dir(folder),
        folder / "dlt-work",
    ]
    try:
        if not python.exists():
            subprocess.run([uv, "venv", "-q", "--python", "3.11", place], check=True)
            subprocess.run([uv, "pip", "install", "-q", "--python", python, *PEER], check=True)
        done = subprocess.run(step, cwd=folder, check=True, stdout=subprocess.PIPE)
    except (OSError, subprocess.CalledProcessError) as why:
        print(f"   dlt was not measured: {why}", file=sys.stderr)
        return {}
    told = done.stdout.decode().splitlines()[-1]
    print(f"   {round(os.getloadavg()[0], 1)} dlt, {PEER_LINES:,} lines: {told}", file=sys.stderr)
    found: dict[str, float] = json.loads(told)
    return found


def as_figures(seen: dict[str, float]) -> list[Figure]:
    """Name what was measured and put it beside its peer or limit."""
    rate, copy = LINES / (seen["check_s"] + seen["publish_s"]), LINES / seen["copy_s"]
    wanted = LINES // _shops.EVERY_FAULTY
    ours, theirs = (seen[f"check_{who}"] + seen[f"publish_{who}"] for who in ("cpu", "server_cpu"))
    limit = seen["copy_cpu"] + seen["copy_server_cpu"]
    peers = [
        figure(
            "the same beside dlt with pydantic", rate, "lines/s", target="≥ 5 × dlt", met=rate >= 5 * PEER_LINES / seen["dlt_s"],
            peer=f"dlt 1.31 with pydantic, {PEER_LINES:,} of the lines, same server", peer_value=PEER_LINES / seen["dlt_s"],
        ),
    ] if "dlt_s" in seen else []  # fmt: skip
    return [
        figure(
            f"{LINES:,} lines read, checked, staged and published", rate, "lines/s", target="≥ 0.4 × raw COPY",
            met=rate >= 0.4 * copy, peer="raw COPY of the sound lines with their key", peer_value=copy,
        ),
        *peers,
        figure("processor for that, ours and the server's", ours + theirs, "s", peer="raw COPY", peer_value=limit),
        figure("of it the server's", theirs, "s"),
        figure("check", seen["check_s"], "s"),
        figure("publish", seen["publish_s"], "s"),
        figure("memory the reading adds to its process, at its peak", seen["first_mb"], "MB", target="≤ 150 MB", met=seen["first_mb"] <= 150),
        figure("that process before it reads: Django and its libraries", seen["before_mb"], "MB"),
        figure("faulty lines told, of thirteen kinds", seen["faulty"], "lines", target=f"{wanted}, none wrongly",
               met=seen["faulty"] == wanted and not seen["wrongly"]),
        figure("second reading, 2% changed, checked and published", seen["again_s"], "s", target="≤ 3 s", met=seen["again_s"] <= 3),
        figure("the next one, 2% changed back", seen["later_s"], "s", target="≤ 3 s", met=seen["later_s"] <= 3),
        figure("memory the second reading adds", seen["again_mb"], "MB", target="≤ 150 MB", met=seen["again_mb"] <= 150),
        figure("third reading of the same bytes", seen["same_s"], "s"),
        figure("words of all rows written by the queue", seen["words_s"], "s"),
        figure("index of the class readers choose by, made by the queue", seen["indexes_s"], "s"),
        figure("processor to understand a line with four columns in ways of their own", seen["own_us"], "µs", peer="a plain line", peer_value=seen["plain_us"]),
        figure(f"Excel of {EXCEL_LINES:,} rows read", seen["excel_s"], "s", target="≤ 10 s", met=seen["excel_s"] <= 10),
        figure("whole page of what a search in the dataset finds, p95", seen["search_ms"], "ms", target="≤ 50 ms", met=seen["search_ms"] <= 50),
        figure("whole page of the list: plain, by class, near me, p95", seen["list_ms"], "ms", target="≤ 40 ms", met=seen["list_ms"] <= 40),
        figure("statements of such a page, the most", seen["list_statements"], "", target="≤ 8", met=seen["list_statements"] <= 8),
    ]  # fmt: skip


def first(folder: Path) -> dict[str, float]:
    """Read, check and publish the file; then let PostgreSQL take the sound lines raw."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.connectors.models import FaultyLine
    from smarthd.connectors.rules.sources import SourceKind
    from smarthd.connectors.services import publishing, reading, sources
    from smarthd.kernel.actor import system

    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Công Thương", code="sct")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    actor = system("bench")
    told = sources.NewSource(title="Cửa hàng", agency_id=agency, kind=SourceKind.UPLOAD)
    source = sources.make_source(told, actor=actor, now=NOW)
    source.mapping = _shops.mapping()
    source.save()
    path = _shops.write(folder / "a.csv", LINES)
    seen = {"before_mb": peak_mb()}
    with path.open("rb") as stream:
        uid = source.uid
        took, run_ = counted(
            folder,
            "check",
            lambda: reading.hand_in(uid=uid, raw=stream, file_name="a.csv", encoding="", actor=actor, now=NOW),
        )
    version = int(run_.counts["version"])
    published, _ = counted(
        folder, "publish", lambda: publishing.publish(uid=source.uid, number=version, actor=actor, now=NOW)
    )
    seen |= took | published
    seen["first_mb"] = peak_mb() - seen["before_mb"]
    numbers = set(FaultyLine.objects.values_list("number", flat=True))
    wanted = _shops.faulty_numbers(LINES)
    return seen | {"faulty": float(len(numbers)), "wrongly": float(len(numbers - wanted))}


def copied(folder: Path) -> dict[str, float]:
    """Return the seconds of a COPY of the sound lines into typed columns with a primary key: the limit."""
    from django.db import connection

    path = folder / "raw.csv"
    path.write_text(_shops.raw_csv(LINES), encoding="utf-8")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE raw (ma text PRIMARY KEY, ten text, dia_chi text, loai text, gia bigint, dien_tich numeric, ngay date, "
            "luc timestamp, dien_thoai text, lat float8, lon float8, web text)"
        )

        def copy() -> None:
            with path.open("rb") as stream, cursor.copy("COPY raw FROM STDIN (FORMAT csv)") as into:
                while piece := stream.read(1 << 18):
                    into.write(piece)

        took, _ = counted(folder, "copy", copy)
        cursor.execute("DROP TABLE raw")
    return took


def again(folder: Path) -> dict[str, float]:
    """Read the file with 2% of its lines changed, publish; hand in the very same bytes; then change the 2% back, as on any later day."""
    from smarthd.connectors.models import Source
    from smarthd.connectors.services import publishing, reading
    from smarthd.kernel.actor import system

    source, actor = Source.objects.get(title="Cửa hàng"), system("bench")
    path = _shops.write(folder / "b.csv", LINES, changed=True)
    now = NOW + timedelta(days=1)

    def read(place: Path) -> Any:
        with place.open("rb") as stream:
            return reading.hand_in(uid=source.uid, raw=stream, file_name="b.csv", encoding="", actor=actor, now=now)

    def read_and_publish(place: Path) -> None:
        run_ = read(place)
        assert run_.state == "checked", run_.words
        publishing.publish(uid=source.uid, number=int(run_.counts["version"]), actor=actor, now=now)

    before = peak_mb()
    took, _ = counted(folder, "again", lambda: read_and_publish(path))
    memory = peak_mb() - before
    same, _ = timed(lambda: read(path))
    later, _ = timed(lambda: read_and_publish(folder / "a.csv"))
    return took | {"again_mb": memory, "same_s": same, "later_s": later}


def pages(folder: Path) -> dict[str, float]:
    """Write the words and the indexes, then return p95 of the whole pages a citizen opens, and how many statements the greediest asks."""
    from django.db import connection

    from smarthd.connectors.models import Source
    from smarthd.connectors.services import indexes, words

    source = Source.objects.get(title="Cửa hàng")
    for field in source.mapping["fields"]:
        field["filtered"] = field["key"] == "loai"
    source.save()
    words_s, _ = timed(lambda: words.bring_up(source.pk))
    indexes_s, kept = timed(lambda: indexes.keep(source.pk))
    assert kept
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE connectors_rowwords")
        cursor.execute("VACUUM ANALYZE connectors_datarow")
    rng = random.Random(3)
    near = [{"lat": f"{20.8 + rng.random() / 3:.5f}", "lon": f"{106.2 + rng.random() / 3:.5f}"} for _ in range(20)]
    lists = (
        [{}, {"loai": "Nhà thuốc"}, {"loai": "Không có loại này"}] * 20
        + near
        + [one | {"loai": "Quán ăn"} for one in near]
    )
    searches = [{"q": f"cua hang so {rng.randrange(1, LINES)}"} for _ in range(60)]
    typed = ("nguyen trai", "so moi", "nha thuoc", "cua hang", "cua h", "le thanh nghi 7")
    searches += [{"q": word} for word in typed] * 4
    list_ms, list_statements = _opened(source.key, lists)
    search_ms, search_statements = _opened(source.key, searches)
    return {
        "words_s": words_s,
        "indexes_s": indexes_s,
        "search_ms": search_ms,
        "list_ms": list_ms,
        "list_statements": max(list_statements, search_statements),
    }


def _opened(key: str, asked: list[dict[str, str]]) -> tuple[float, float]:
    """Open a dataset's page with each of these questions, through the whole of Django; return p95 in milliseconds and the most statements."""
    from django.core.signals import request_started
    from django.db import connection, reset_queries
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    request_started.disconnect(reset_queries)
    client = Client(SERVER_NAME="localhost")
    statements = 0

    def opened(question: dict[str, str]) -> None:
        response = client.get(f"/du-lieu/{key}/", question, secure=True)
        assert response.status_code == 200, response.status_code

    for question in asked[:: max(1, len(asked) // 12)]:
        opened(question)
        with CaptureQueriesContext(connection) as queries:
            opened(question)
        statements = max(statements, len(queries))
    return p95(opened, asked), float(statements)


def excel(folder: Path) -> dict[str, float]:
    """Return the seconds to read an Excel file."""
    import xlsxwriter

    from smarthd.connectors.adapters import uploads

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for index, row in enumerate([list(_shops.HEADS), *_shops.lines(EXCEL_LINES)]):
            page.write_row(index, 0, row)
    seconds, count = timed(lambda: sum(1 for _ in uploads.read_file(out.getvalue(), file_name="b.xlsx")[0].lines))
    assert count == EXCEL_LINES
    return {"excel_s": seconds}


class _Swallow:
    """A stage that keeps nothing: what a line costs until it is understood."""

    def __init__(self) -> None:
        self.reserved, self.doubted_rows, self.sound_count = bytearray(), bytearray(), 0

    def sound(self, _record: bytes) -> None:
        self.sound_count += 1

    def sounds(self, _pieces: Any, count: int) -> None:
        self.sound_count += count

    def faulty(self, _found: Any) -> bytes:
        return b""

    def doubt(self, _found: Any) -> None: ...

    def doubted(self) -> list[Any]:
        return []

    def close(self) -> None: ...


def ways(_folder: Path) -> dict[str, float]:
    """Return the microseconds of processor a sound line takes to be understood: plainly written, and with four columns in ways of their own."""
    import csv

    from smarthd.connectors.adapters import delimited
    from smarthd.connectors.rules import mapping
    from smarthd.connectors.rules.fields import Place
    from smarthd.connectors.services.taking import Taking
    from smarthd.connectors.services.understanding import Reader

    told = mapping.mapping_of(_shops.mapping())
    seen: dict[str, float] = {}
    for name, own in (("plain_us", False), ("own_us", True)):
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(_shops.HEADS)
        for row in _shops.lines(PEER_LINES, clean=True):
            if own:
                row[4], row[8] = f"{row[4]} đ", f"+84{row[8][1:]}"
                row[9], row[10] = row[9].replace(".", ","), row[10].replace(".", ",")
            writer.writerow(row)
        stream, width = io.BytesIO(out.getvalue().encode()), len(_shops.HEADS)
        reader = Reader(told, _shops.HEADS, lambda _cell: Place(0, ""), decimal=",", title="ten", seed=1)
        taking = Taking(reader, _Swallow())  # type: ignore[arg-type]
        before = time.process_time()
        taking.by_columns(delimited.Delimited(stream, delimiter=",", top=1, head=1, width=width))
        sound = taking.told().sound
        seen[name] = (time.process_time() - before) / sound * 1e6
    return seen


def spent(folder: Path) -> tuple[float, float]:
    """Return the seconds of processor this process and the embedded server with all its processes have taken."""
    root = (folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]
    server = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # ended meanwhile
        if path.parent.name == root:
            server += sum(map(int, told[11:15]))  # those of its processes that ended too
        elif told[1] == root:
            server += sum(map(int, told[11:13]))
    return time.process_time(), server / os.sysconf("SC_CLK_TCK")


def counted(folder: Path, name: str, act: Callable[[], Any]) -> tuple[dict[str, float], Any]:
    """Return the seconds of an act by the clock, and of processor: ours and the server's; and its result."""
    ours, theirs = spent(folder)
    seconds, result = timed(act)
    after = spent(folder)
    return {f"{name}_s": seconds, f"{name}_cpu": after[0] - ours, f"{name}_server_cpu": after[1] - theirs}, result


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Return seconds and result."""
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def p95(act: Callable[[Any], Any], told: list[Any]) -> float:
    """Return the 95th percentile of the milliseconds of an act."""
    times = sorted(timed(lambda one=one: act(one))[0] for one in told)
    return times[int(len(times) * 0.95)] * 1_000


def peak_mb() -> float:
    """Return the greatest memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS: dict[str, Callable[[Path], dict[str, float]]] = {
    "first": first, "copied": copied, "again": again, "pages": pages, "excel": excel, "ways": ways,
}  # fmt: skip


def main(name: str, folder: Path) -> None:
    """Do one step in a process of its own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    settings.MEDIA_ROOT = folder / "files"
    print(json.dumps(STEPS[name](folder)))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
