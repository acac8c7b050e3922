"""An urgent bulletin to every loudspeaker of a province: from taking it to every cluster's yes written down, one cluster hanging; words
spoken, the frame of a portal. Beside the limit: the same requests by the same number of threads with no outbox at all.

Runs in a child process on an embedded server of its own that is thrown away; the clusters are another process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
CLUSTERS = int(os.environ.get("BENCH_CLUSTERS", "300"))
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def run() -> list[Figure]:
    """Measure in a child on a fresh server."""
    from config import postgres

    with tempfile.TemporaryDirectory(prefix="smarthd-bench-channels-") as folder:
        environ = {**os.environ, "DATA_DIR": folder, "SMARTHD_MODE": "demo", "DATABASE_URL": "", "LOG_LEVEL": "ERROR"}
        postgres.start(Path(folder))
        try:
            subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], env=environ, cwd=ROOT, check=True)
            done = subprocess.run(
                [sys.executable, "-m", "bench.channels"], env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE
            )
        finally:
            postgres.stop(Path(folder))
    seen = json.loads(done.stdout.splitlines()[-1])
    name = f"an urgent bulletin to {CLUSTERS} loudspeaker clusters over HTTP, one of them hanging"
    whole = seen["sent"] == CLUSTERS - 1 and seen["waiting"] == 1
    return [
        figure(
            f"{name}: every other cluster's yes written down", seen["others_s"], "s", target="≤ 30 s, none lost",
            met=seen["others_s"] <= 30 and whole, peer="the same requests without an outbox", peer_value=seen["bare_s"],
        ),
        figure(f"{name}: the first yes", seen["first_s"], "s"),
        figure("a bulletin spelled out for the voice", seen["read_ms"], "ms"),
        figure(
            "the same bulletin spoken to MP3, real time over time taken", seen["speech_ratio"], "×", target="≥ 20", met=seen["speech_ratio"] >= 20
        ),
        figure("radio script (docx)", seen["docx_ms"], "ms"),
        figure("poster (PDF)", seen["pdf_ms"], "ms"),
    ]  # fmt: skip


def measure() -> dict[str, float]:
    """Make a province with its clusters, carry one bulletin, then speak and draw it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    with subprocess.Popen(
        [sys.executable, "-m", "bench.channels", "clusters"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as sink:
        try:
            assert sink.stdout is not None
            base = sink.stdout.readline().strip()
            seen = _carried(base)
            seen["bare_s"] = _bare(base)
        finally:
            sink.terminate()
    return seen | _files()


def _carried(base: str) -> dict[str, float]:
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind as AgencyKind
    from smarthd.channels.models import Dispatch
    from smarthd.channels.rules.outlets import Kind
    from smarthd.channels.services import dispatching, outlets, roads, speaking
    from smarthd.channels.services.outlets import OutletWishes
    from smarthd.kernel.actor import system
    from smarthd.places import selectors as places
    from smarthd.places import services as place_services

    actor = system("bench")
    place_services.import_all(actor=actor, now=NOW)
    communes = places.units_on(date(2026, 11, 1), "commune")
    new = agencies.NewAgency(kind=AgencyKind.PROVINCE_COMMITTEE, name="UBND", code="ubnd-x")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    for number in range(CLUSTERS):
        address = f"{base}/{'treo' if number == 7 else f'cum-{number}'}"
        wishes = OutletWishes(
            kind=Kind.LOUDSPEAKER, name=f"Cụm {number}", address=address, agency_id=agency, commune_id=communes[number % len(communes)].id
        )  # fmt: skip
        outlets.add_outlet(wishes, actor=actor, now=NOW)
    from smarthd.channels.services import bulletins

    bulletins.take_bulletin(_bulletin(), actor=actor, now=NOW)
    ended: list[tuple[float, bool]] = []
    speaking.make_recording(_words(), now=NOW)
    began = time.perf_counter()

    def carry(parcel: roads.Parcel) -> object:
        try:
            taken = roads.carry(parcel)
        except Exception:
            ended.append((time.perf_counter() - began, False))
            raise
        ended.append((time.perf_counter() - began, True))
        return taken

    dispatching.send_due(now=NOW, carry=carry)  # type: ignore[arg-type]
    states = list(Dispatch.objects.values_list("state", flat=True))
    yes = [at for at, good in ended if good]
    return {"others_s": max(yes), "first_s": min(yes), "sent": states.count("sent"), "waiting": states.count("waiting")}


def _bare(base: str) -> float:
    """Return how long the same posts take by as many threads, nothing written down."""
    import httpx

    from smarthd.channels.services.dispatching import THREADS

    with httpx.Client() as client, ThreadPoolExecutor(THREADS) as pool:
        body = {"key": "k", "round": 1, "text": "x" * 900, "not_before": NOW.isoformat(), "not_after": NOW.isoformat()}
        began = time.perf_counter()
        list(
            pool.map(
                lambda number: client.post(f"{base}/cum-{number}", json=body | {"key": f"b{number}"}),
                range(CLUSTERS - 1),
            )
        )
        return time.perf_counter() - began


def _bulletin() -> object:
    from smarthd.channels.rules.bulletins import Priority, Source
    from smarthd.channels.values import NewBulletin

    return NewBulletin(
        source=Source.ALERT, key="bench", title="Bão số 3 vào đất liền đêm nay", sender="Ban Chỉ huy PCTT&TKCN tỉnh", priority=Priority.URGENT,
        body="Gió cấp 8–9, giật cấp 11. Mưa 100–200 mm, có nơi trên 250 mm. Lưu lượng 12.500 m³/s. " * 4,
        instruction="Không ra khỏi nhà từ 20h ngày 24/11/2026. Gọi 112 khi cần cứu.", contact="0220 3853 333",
        valid_from=NOW, valid_until=NOW + timedelta(hours=12), path="/canh-bao/CB-1/",
    )  # fmt: skip


def _words() -> object:
    from smarthd.channels.models import Bulletin
    from smarthd.channels.selectors.wording import words_of

    return words_of(Bulletin.objects.get())


def _files() -> dict[str, float]:
    from smarthd.channels.rules import saying, spoken
    from smarthd.channels.services import papers, speaking

    words = _words()
    seen: dict[str, float] = {}
    for name, suffix in (("docx_ms", "docx"), ("pdf_ms", "pdf")):
        papers.made(words, suffix, code="x", now=NOW)
        began = time.perf_counter()
        papers.made(words, suffix, code="x", now=NOW)
        seen[name] = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    said = spoken.read(saying.loudspeaker(words))
    seen["read_ms"] = (time.perf_counter() - began) * 1000
    began = time.perf_counter()
    made = speaking.voice().speak(said)
    seen["speech_ratio"] = made.milliseconds / 1000 / (time.perf_counter() - began)
    return seen


def clusters() -> None:
    """Play every cluster from one address until ended; the one called ``treo`` never answers."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Desk(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.endswith("/treo"):
                time.sleep(60)
            raw = b'{"reference": "x"}'
            self.send_response(202)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_told: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

    with Server(("127.0.0.1", 0), Desk) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    if sys.argv[1:] == ["clusters"]:
        clusters()
    else:
        print(json.dumps(measure()))
