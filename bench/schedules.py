"""Two hundred sources on schedule with one worker: real servers on loopback, forty-two of which hang, drip or fail, and three of which are
large; all due in the same minute, every five minutes (the worst a schedule can do). When was each begun, and what did it cost?

Runs on an embedded server of its own that is thrown away, the departments and the worker each in a process of their own.
``BENCH_MINUTES=11`` goes on for longer.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench import _departments
from bench.figures import Figure, figure
from config import postgres

ROOT = Path(__file__).resolve().parent.parent
MINUTES = int(os.environ.get("BENCH_MINUTES") or 6)
EVERY = 5
PROMISE_S = 90.0
"""The schedule is looked at every minute; half a minute more is what a lane may add."""


def run() -> list[Figure]:
    """Measure in children on a fresh server."""
    with tempfile.TemporaryDirectory(prefix="smarthd-bench-schedules-") as folder:
        environ = {
            **os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR",
            "CONNECTOR_INSIDE_HOSTS": "127.0.0.1",
        }  # fmt: skip
        postgres.start(Path(folder))
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=True)
            seen = _measured(Path(folder), environ)
        finally:
            postgres.stop(Path(folder))
    return as_figures(seen)


def _measured(folder: Path, environ: dict[str, str]) -> dict[str, float]:
    files = folder / "sftp"
    files.mkdir()
    line = postgres.socket_dir(folder) / ".s.PGSQL.5432"
    served = subprocess.Popen(
        [sys.executable, "-m", "bench._departments", str(files), str(line)],
        env=environ, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert served.stdout
    try:
        (folder / "served.json").write_bytes(served.stdout.readline())
        planted = _child("plant", folder, environ)
        bare = _child("bare", folder, environ)
        at = _child("due", folder, environ)["at"]
        (folder / "began.json").write_text(json.dumps({"at": at}))
        seconds = (datetime.fromisoformat(at) - datetime.now(UTC)).total_seconds() + MINUTES * 60 + 45
        worker = subprocess.Popen([sys.executable, "-m", "config.worker"], env=environ, cwd=ROOT)
        watched: dict[str, float] = {}
        try:
            watched = _watched(worker.pid, seconds, str(line))
        finally:
            worker.terminate()
            begun = time.monotonic()
            worker.wait(120)
            watched["leaves_s"] = time.monotonic() - begun
        return {**planted, **bare, **watched, **_child("told", folder, environ)}
    finally:
        served.kill()
        served.wait()


def _child(step: str, folder: Path, environ: dict[str, str]) -> Any:
    """Return what a step says, done in a process of its own."""
    command = [sys.executable, "-m", "bench.schedules", step, str(folder)]
    done = subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout.splitlines()[-1])


def _watched(pid: int, seconds: float, line: str) -> dict[str, float]:
    """Return how much processor time, memory, threads and connections to the database a process had until then."""
    until, threads, connections = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        time.sleep(2)
        held = subprocess.run(
            ["ss", "-xH", "state", "established", "src", line], capture_output=True, text=True, check=False
        )
        connections = max(connections, len(held.stdout.splitlines()))
        status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        threads = max(threads, int(status["Threads"]))
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return {
        "worker_cpu_s": sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
        "worker_mb": int(status["VmHWM"].split()[0]) / 1024,
        "threads": threads,
        "connections": connections,
        "watched_s": seconds,
    }


def as_figures(seen: dict[str, float]) -> list[Figure]:
    """Name what was measured and put it beside its promise."""
    seconds = seen["watched_s"]
    return [
        figure("readings due, of 200 sources with one worker", seen["due"], "readings"),
        figure("of these begun within 90 s of their minute", seen["in_time"], "readings", target="all", met=seen["in_time"] == seen["due"]),
        figure("delay of sound sources, median", seen["sound_p50"], "s", target="≤ 60 s", met=seen["sound_p50"] <= 60),
        figure("delay of sound sources, p95", seen["sound_p95"], "s", target="≤ 90 s", met=seen["sound_p95"] <= PROMISE_S),
        figure("delay of sources that hang, drip or fail, p95", seen["failing_p95"], "s"),
        figure("from being due to being public, sound sources, p95", seen["public_p95"], "s"),
        figure("readings of sound sources that failed", seen["broken"], "readings", target="0", met=not seen["broken"]),
        figure("processor share of the worker", seen["worker_cpu_s"] / seconds, "cores"),
        figure("processor time of a reading, checked and published", seen["worker_cpu_s"] * 1000 / seen["ended"], "ms",
               peer="fetching the same bytes with httpx, nothing done with them", peer_value=seen["bare_ms"]),
        figure("memory of the worker at its peak", seen["worker_mb"], "MB"),
        figure("worker told to leave while departments hang: gone after", seen["leaves_s"], "s"),
        figure("threads of the worker at most", seen["threads"], ""),
        figure("connections to the database at most", seen["connections"], ""),
    ]  # fmt: skip


# --- the steps, each in a process with Django ----------------------------------------------------------------------------
def plant(folder: Path) -> dict[str, float]:
    """Make two hundred sources; the sound ones mapped, read and public."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.connectors.rules.mapping import suggest
    from smarthd.connectors.services import publishing, pulling, sources
    from smarthd.kernel import clock
    from smarthd.kernel.actor import system

    told = json.loads((folder / "served.json").read_text())
    _tables(_departments.SOUND["postgres"])
    now, actor = clock.now(), system("bench")
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Công Thương", code="sct")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    for sort, number, kind, place, secret in _places(told):
        source = sources.make_source(
            sources.NewSource(
                title=f"Nguồn {sort} {number}",
                agency_id=agency,
                kind=kind,
                place=place,
                secret=secret,
                every_minutes=EVERY,
            ),
            actor=actor,
            now=now,
        )
        if sort in _departments.FAILING:
            continue
        found = pulling.connector_of(source).sample(50)
        source.mapping = suggest(found.columns, [list(line.cells) for line in islice(found.lines, 50)]).as_json()
        source.save()
        run_ = pulling.pull(source, actor=actor, now=now)
        assert run_.state in {"checked", "held"}, (sort, run_.state, run_.words)
        publishing.publish(uid=source.uid, number=int(run_.counts["version"]), actor=actor, now=now, reason="Đo tốc độ")
    return {"sources": float(sum(_departments.COUNTS.values()))}


def _tables(count: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for number in range(count):
            cursor.execute(f"CREATE TABLE public.so_{number:d} (ma text PRIMARY KEY, ten text, gio text, ngay text)")
            cursor.executemany(
                f"INSERT INTO so_{number:d} VALUES (%s, %s, %s, %s)",
                [_departments.values(at, 0) for at in range(_departments.ROWS)],
            )


def _places(told: dict[str, Any]) -> Iterator[tuple[str, int, Any, dict[str, object], dict[str, str]]]:
    from django.db import connection

    from smarthd.connectors.rules.sources import SourceKind
    from smarthd.connectors.tests.sftp import PASSWORD, USER

    kinds = {
        "json": SourceKind.API, "geojson": SourceKind.GEOJSON, "rss": SourceKind.FEED, "ics": SourceKind.CALENDAR,
        "ckan": SourceKind.CKAN, "sftp": SourceKind.SFTP, "postgres": SourceKind.POSTGRES,
    }  # fmt: skip
    said = connection.settings_dict
    for sort, count in _departments.COUNTS.items():
        for number in range(count):
            place: dict[str, object] = {"url": f"http://127.0.0.1:{told['http']}/{sort}/{number}"}
            secret: dict[str, str] = {}
            if sort == "refused":
                place = {"url": f"http://127.0.0.1:{told['refused']}/{number}"}
            elif sort == "json":
                place |= {"rows": "items", "paging": "page", "size_param": "limit", "size": _departments.PAGE}
            elif sort == "ckan":
                place |= {"resource": f"r{number}"}
            elif sort == "sftp":
                place = {
                    "host": "127.0.0.1",
                    "port": told["sftp"],
                    "user": USER,
                    "host_key": told["sftp_print"],
                    "path": f"{number}.csv",
                }
                secret = {"password": PASSWORD}
            elif sort == "postgres":
                place = {
                    "host": "127.0.0.1",
                    "port": told["postgres"],
                    "database": said["NAME"],
                    "user": said["USER"],
                    "table": f"public.so_{number}",
                }
                secret = {"password": "x"}
            yield sort, number, kinds.get(sort, SourceKind.FILE), place, secret


def bare(folder: Path) -> dict[str, float]:
    """Return the processor time of fetching one sound document and doing nothing with it."""
    import httpx

    told = json.loads((folder / "served.json").read_text())
    begun, count = time.process_time(), 0
    for sort in ("csv", "geojson", "rss", "ics", "large"):
        for number in range(_departments.COUNTS[sort]):
            httpx.get(f"http://127.0.0.1:{told['http']}/{sort}/{number}").read()
            count += 1
    return {"bare_ms": (time.process_time() - begun) * 1000 / count}


def due(folder: Path) -> dict[str, str]:
    """Let all be due at the next full minute."""
    from smarthd.connectors.models import Source

    at = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(minutes=1)
    Source.objects.update(next_run_at=at)
    return {"at": at.isoformat()}


def told(folder: Path) -> dict[str, float]:
    """Return how late each reading was begun, and what became of it."""
    from smarthd.connectors.models import Run, Source

    first = datetime.fromisoformat(json.loads((folder / "began.json").read_text())["at"])
    runs: dict[int, list[Any]] = {}
    for one in Run.objects.filter(began_at__gte=first).order_by("began_at"):
        runs.setdefault(one.source_id, []).append(one)
    late: dict[str, list[float]] = {"sound": [], "failing": [], "public": []}
    owed = broken = ended = in_time = 0
    for source in Source.objects.all():
        sort = source.title.split()[1]
        for turn in range((MINUTES - 1) // EVERY + 1):
            at = first + timedelta(minutes=EVERY * turn)
            owed += 1
            found = next((one for one in runs.get(source.pk, []) if one.began_at >= at), None)
            delay = (found.began_at - at).total_seconds() if found else 9_999.0
            in_time += delay <= PROMISE_S
            late["failing" if sort in _departments.FAILING else "sound"].append(delay)
            ended += bool(found and found.ended_at)
            if sort in _departments.FAILING:
                continue
            good = found and found.state in {"published", "unchanged"}
            broken += not good
            if good and found.ended_at:
                late["public"].append((found.ended_at - at).total_seconds())
    return {
        "due": float(owed), "in_time": float(in_time), "broken": float(broken), "ended": float(ended),
        "sound_p50": _p(late["sound"], 50), "sound_p95": _p(late["sound"], 95), "failing_p95": _p(late["failing"], 95),
        "public_p95": _p(late["public"], 95),
    }  # fmt: skip


def _p(found: list[float], percent: int) -> float:
    return quantiles(found, n=100, method="inclusive")[percent - 1]


STEPS = {"plant": plant, "bare": bare, "due": due, "told": told}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]))))
