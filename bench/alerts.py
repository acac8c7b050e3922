"""Warnings: one CAP message built, checked against OASIS's schema and signed; a commune's file handed out as a static file.

The file's peer is the same server handing out a fixed text from Python. Load and server share the two cores.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import web
from bench.figures import Figure, figure

COMMUNES, ROUNDS = 30, 60
FILE = {"commune": "11050", "name": "Phường Thành Đông", "alerts": [{"code": "CB-ABC234", "headline": {"vi": "Lũ sông Thái Bình lên nhanh: rời bãi ngoài đê ngay", "en": "Thai Binh river rising fast"}, "instruction": {"vi": "Rời vùng bãi ngoài đê. " * 8, "en": "Leave. " * 20}}]}  # fmt: skip


def run() -> list[Figure]:
    """Measure the message and the file."""
    built, whole, checked = message()
    with web.serve("bench.web:hello") as (port, _server):
        limit = web._load(port, "/", {})
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "11050.json").write_text(json.dumps(FILE, ensure_ascii=False), encoding="utf-8")
        with web.serve("bench.web:hello", "--static-path-route", "/canh-bao/xa", "--static-path-mount", name) as (
            port,
            _server,
        ):
            served = _load(port)
    return [
        figure("CAP of 30 communes and a polygon of 100 points: built, checked, signed", whole, "ms", target="≤ 20 ms", met=whole <= 20, peer="built alone", peer_value=built),
        figure("CAP: signature verified against a pinned certificate", checked, "ms"),
        figure("a commune's file, static", served, "files/s", target="≥ 10,000/s from two cores", met=served >= 10_000, peer="granian answering one fixed text", peer_value=limit),
    ]  # fmt: skip


def message() -> tuple[float, float, float]:
    """Return the medians, in milliseconds, of building; of building, checking and signing; of verifying."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from lxml import etree

    from smarthd.alerts.cap import building, keys, reading, signing
    from smarthd.alerts.rules.hazards import Hazard
    from smarthd.alerts.rules.messages import Kind, Status

    now = datetime(2024, 9, 6, 19, tzinfo=UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = keys.certificate_for(key, "bench", now=now)
    words = ("Lũ sông Thái Bình lên nhanh", "Mực nước lúc 1 giờ là 5,2 m. " * 12, "Rời vùng bãi ngoài đê. " * 15)
    one = building.Message(
        identifier="x.20240907.1", sender="canh-bao@x.example", sent=now, status=Status.ACTUAL, kind=Kind.ALERT, incident="i", references=(),
        hazard=Hazard.RIVER_FLOOD, level=4, urgency="Immediate", severity="Severe", certainty="Observed", responses=["Evacuate"],
        texts={"vi": words, "en": words}, sender_name="UBND tỉnh", contact="0220", effective=now, expires=now + timedelta(hours=8), web="https://x.example/",
        places=[f"Xã {number}" for number in range(COMMUNES)], codes=[("2025-07-01", f"{11000 + number}") for number in range(COMMUNES)],
        ring=[[106.0 + number / 1000, 20.0 + (number % 7) / 1000] for number in range(100)],
    )  # fmt: skip
    times: dict[str, list[float]] = {"built": [], "whole": [], "checked": []}
    for _round in range(ROUNDS):
        start = time.perf_counter()
        element = building.element(one)
        times["built"].append(time.perf_counter() - start)
        signed = signing.sign(element, key=key, certificate=certificate)
        reading.check_shape(etree.fromstring(signed))
        times["whole"].append(time.perf_counter() - start)
        start = time.perf_counter()
        signing.verify(reading.parse(signed), certificate=certificate, now=now)
        times["checked"].append(time.perf_counter() - start)
    built, whole, checked = (statistics.median(times[name]) * 1000 for name in ("built", "whole", "checked"))
    return built, whole, checked


def read_chunked(connection: socket.socket, rest: bytes) -> tuple[bytes, bytes, bytes]:
    """Return (head, body, rest) of one answer sent in chunks, as granian sends files."""
    while b"\r\n0\r\n\r\n" not in rest:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError
        rest += piece
    answer, rest = rest.split(b"\r\n0\r\n\r\n", 1)
    head, body = answer.split(b"\r\n\r\n", 1)
    return head, body, rest


def _load(port: int) -> float:
    """Return files a second over a few seconds, asked by a process of its own."""
    code = f"from bench import alerts, web; web.read_answer = alerts.read_chunked; print(web._hammer({port}, '/canh-bao/xa/11050.json', {{}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=web.ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)
