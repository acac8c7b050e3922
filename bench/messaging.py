"""Web push at the size of a province: sealing, the whole send over HTTP/2 and TLS, the audience, a message to a million phones.

An embedded server of its own, thrown away; phones by SQL; the push service (``smarthd messaging sink``) in a process of its own on the other
core, the sender (``smarthd messaging send``) as it runs in production. Beside it: the whole message in C on libcrypto, and pywebpush.
``BENCH_PHONES`` makes the million smaller.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import _push_peers
from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
PHONES = int(os.environ.get("BENCH_PHONES", "1000000"))
SOME = min(50_000, PHONES)
STEPS = tuple(size for size in (10_000, 100_000) if size < PHONES)
PORT = 9473


def run() -> list[Figure]:
    """Measure in a child on a fresh server."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-messaging-") as folder:
        place = Path(folder)
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR",
                   "DJANGO_SETTINGS_MODULE": "config.settings", "PUSH_LOOPBACK": "true", "PUSH_CONTACT": "mailto:a@haiduong.gov.vn"}  # fmt: skip
        postgres.start(place)
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.messaging"]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        finally:
            postgres.stop(place)
    return as_figures(json.loads(done.stdout.splitlines()[-1]))


def as_figures(seen: dict[str, Any]) -> list[Figure]:
    """Name what was measured."""
    made: list[Figure] = []

    def add(name: str, value: float, unit: str, target: str = "", *, met: bool | None = None, **peer: Any) -> None:
        made.append(figure(f"messaging: {name}", value, unit, target=target, met=met, **peer))

    limit, usual = seen["c"], seen["pywebpush"]
    for kind, times in (("pool", 8.0), ("direct", 0.8)):
        rate = seen[f"seal_{kind}"]
        met = None if not limit else rate >= times * limit
        add(
            f"sealing, {kind}",
            rate,
            "messages/s",
            f"≥ {times:g} × C",
            met=met,
            peer="whole message in C on libcrypto",
            peer_value=limit,
        )
    for kind, least, times in (("pool", 12_000, 12.0), ("direct", 4_000, 0.0)):
        rate = seen[f"send_{kind}"]["per_core"]
        met = rate >= least and (not usual or rate >= times * usual)
        target = f"≥ {least:,}/s a core" + (f", ≥ {times:g} × pywebpush" if times else "")
        add(f"whole send, {kind}, by the sender's own time", rate, "messages/s", target, met=met,
            peer="pywebpush, asynchronous, one session", peer_value=usual)  # fmt: skip
        add(f"whole send, {kind}, by the clock", seen[f"send_{kind}"]["per_second"], "messages/s")
    full = seen["full"]
    words = f"{PHONES:,} phones"
    add(f"audience of 30 communes of {words}", seen["audience_ms"], "ms", "≤ 100 ms", met=seen["audience_ms"] <= 100)
    add(f"{words}, audience fixed and ledger written", full["begin_s"], "s")
    add(f"{words}, approval to the last acceptance", full["wall_s"], "s", "≤ 120 s", met=full["wall_s"] <= 120)
    add(
        f"{words}, the sender's share of a core",
        full["cpu_s"] / full["send_s"],
        "cores",
        "≤ 1",
        met=full["cpu_s"] <= full["send_s"],
    )
    for share in ("p50", "p95", "p99"):
        add(f"{words}, approval to acceptance, {share}", full[share], "s")
    add(f"{words}, memory of a sending process", full["rss_mb"], "MB", "≤ 400 MB", met=full["rss_mb"] <= 400)
    add(f"{words}, lost", full["lost"], "messages", "0", met=full["lost"] == 0)
    add(f"{words}, sent twice", full["twice"], "messages", "0", met=full["twice"] == 0)
    small = seen["steps"][0]["us"] if seen["steps"] else full["us"]
    add(
        f"sender's time a message, {words} against {STEPS[0] if STEPS else PHONES:,}",
        full["us"] / small,
        "×",
        "≤ 1.3",
        met=full["us"] / small <= 1.3,
    )
    return made


# --- in the child -----------------------------------------------------------------------------------------------------
def measure() -> dict[str, Any]:
    """Measure all; print nothing but the last line."""
    import django

    django.setup()
    from django.conf import settings

    from smarthd.messaging.adapters.sink.server import identify

    folder = Path(settings.DATA_DIR) / "push-sink"
    identify(folder)
    seen: dict[str, Any] = {"c": _push_peers.whole_message_in_c(folder)}
    seen |= sealing_rates()
    seen["pywebpush"] = usual_rate(folder)
    communes = land(Path(settings.DATA_DIR))
    with sink():
        plant(communes, SOME)
        seen["send_direct"] = sent("direct", communes)
        fill_pool()
        seen["send_pool"] = sent("pool", communes)
        seen["steps"] = []
        for size in STEPS:
            replant(communes, size)
            seen["steps"].append(sent(f"step {size}", communes))
        replant(communes, PHONES)
        seen["audience_ms"] = audience_ms(communes)
        seen["full"] = sent("full", communes)
    return seen


def sealing_rates(rounds: int = 20_000) -> dict[str, float]:
    """Return sealed messages a second of one core, keys prepared and not."""
    from smarthd.messaging.adapters.webpush import sealing
    from smarthd.messaging.tests.make import phone

    mine, text = phone(), b"x" * 200
    prepared = [sealing.prepare(mine.public, mine.auth) for _ in range(200)]
    rates: dict[str, float] = {"seal_pool": 0.0, "seal_direct": 0.0}
    for _ in range(3):
        started = time.process_time()
        for n in range(rounds):
            sealing.seal(text, prepared=prepared[n % 200], salt=secrets.token_bytes(16))
        rates["seal_pool"] = max(rates["seal_pool"], rounds / (time.process_time() - started))
        started = time.process_time()
        for _n in range(rounds // 10):
            made = sealing.prepare(mine.public, mine.auth)
            sealing.seal(text, prepared=made, salt=secrets.token_bytes(16))
        rates["seal_direct"] = max(rates["seal_direct"], rounds // 10 / (time.process_time() - started))
    return rates


def usual_rate(folder: Path, many: int = 2000) -> float | None:
    """Return what pywebpush does."""
    from smarthd.messaging.tests.make import b64, phone

    mine = phone()
    told = {"keys": {"p256dh": b64(mine.public), "auth": b64(mine.auth)}}
    return _push_peers.pywebpush_rate(folder, [told] * many, b"x" * 200)


def land(folder: Path) -> list[int]:
    """Return 265 communes."""
    from smarthd.places.tests import make as places

    return [unit.id for key, unit in places.small_land(folder, 265).items() if key.startswith("c")]


@contextmanager
def sink() -> Iterator[None]:
    """Run the push service."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "messaging", "sink", "--port", str(PORT)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        time.sleep(3)
        yield
    finally:
        process.terminate()
        process.wait()


def ask(path: str) -> dict[str, Any]:
    """Ask the push service."""
    import io

    import pycurl
    from django.conf import settings

    out, curl = io.BytesIO(), pycurl.Curl()
    curl.setopt(pycurl.URL, f"https://127.0.0.1:{PORT}{path}")
    curl.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
    curl.setopt(pycurl.CAINFO, str(Path(settings.DATA_DIR) / "push-sink/identity.pem"))
    curl.setopt(pycurl.NOPROXY, "*")
    curl.setopt(pycurl.WRITEDATA, out)
    curl.perform()
    curl.close()
    return dict(json.loads(out.getvalue()))


def plant(communes: list[int], many: int) -> None:
    """Plant phones."""
    from django.db import connection

    from smarthd.messaging.tests import make

    make.many_phones(communes, many, origin=f"https://127.0.0.1:{PORT}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE messaging_pushsubscription")
        cursor.execute("VACUUM ANALYZE messaging_pushplace")


def replant(communes: list[int], many: int) -> None:
    """Plant that many phones anew, with keys prepared for all."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE messaging_pushsubscription, messaging_pushplace, messaging_fanout, messaging_fanoutchunk"
        )
    plant(communes, many)
    fill_pool()


def fill_pool() -> None:
    """Prepare keys for all."""
    command = [sys.executable, "-m", "config.cli", "messaging", "pool", "--seconds", "600"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def audience_ms(communes: list[int]) -> float:
    """Return the median of counting 30 communes."""
    from smarthd.messaging import selectors

    took = []
    for at in range(9):
        started = time.perf_counter()
        found = selectors.audience(communes[at * 8 : at * 8 + 30], "alerts")
        took.append((time.perf_counter() - started) * 1000)
        assert found.phones
    return sorted(took)[4]


def sent(key: str, communes: list[int]) -> dict[str, Any]:
    """Send to all phones and return what it cost: from approval to the last acceptance."""
    from smarthd.kernel import clock
    from smarthd.messaging import rules, selectors, services
    from smarthd.messaging.tests import make

    ask("/forget")
    started = time.monotonic()
    services.start_fanout(
        key=key, lane=rules.Lane.LIFE, communes=communes, topic="alerts", payloads=make.words(body="x" * 60),
        expires_at=clock.now() + timedelta(hours=6), replaces=None, test_accounts=None, now=clock.now(),
    )  # fmt: skip
    begun = time.monotonic()
    said = Path(tempfile.gettempdir()) / f"bench-messaging-{os.getpid()}.txt"
    with said.open("wb") as out:
        sender = subprocess.Popen(
            [sys.executable, "-m", "config.cli", "messaging", "send", "--once"], cwd=ROOT, stdout=out
        )
    curve: list[tuple[float, int]] = []
    while not (gone := os.wait4(sender.pid, os.WNOHANG))[0]:
        curve.append((time.monotonic() - started, int(ask("/counts")["accepted"])))
        time.sleep(0.2)
    ended, used = time.monotonic(), gone[2]
    sender.returncode = gone[1]
    counts, view = ask("/counts"), selectors.fanout(key)
    assert view.accepted == counts["accepted"], (view.accepted, counts)
    total, cpu = view.targeted, used.ru_utime + used.ru_stime
    busy = float(said.read_text().rsplit("CPU ", 1)[1].split()[0])
    said.unlink()

    def when(share: float) -> float:
        return next((at for at, many in curve if many >= total * share), ended - started)

    return {
        "begin_s": begun - started, "wall_s": ended - started, "send_s": ended - begun, "cpu_s": cpu,
        "per_core": total / busy, "per_second": counts["per_second"], "us": busy / total * 1e6,
        "p50": when(0.5), "p95": when(0.95), "p99": when(0.99), "rss_mb": used.ru_maxrss / 1024,
        "lost": total - counts["subscriptions"], "twice": counts["duplicates"],
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure()))
