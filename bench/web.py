"""The web process under readers: pages a second, bytes on the wire, memory. Peer: granian answering one fixed text.

The load comes from one process of its own with keep-alive connections on the loopback; server and load share the two cores, so the
figures are what both together leave room for.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
LOAD_S = 5
CONNECTIONS = 16


def run() -> list[Figure]:
    """Measure the home page as a stranger's first visit (200) and as a returning phone's question (304)."""
    from config.run import collect_static
    from config.seeding.world import use_world

    use_world(os.environ.get("BENCH_SCALE", "M"))
    collect_static(dict(os.environ))
    with serve("bench.web:hello") as (port, _server):
        limit = _load(port, "/", {})
    with serve("config.wsgi:application") as (port, server):
        asked = {"Accept-Encoding": "br, gzip", "Cookie": home_cookie()}
        body, headers = _get(port, "/", asked)
        first = _load(port, "/", asked)
        again = _load(port, "/", {**asked, "If-None-Match": headers["etag"]})
        resident_mb = memory_mb(server.pid)
    return [
        figure(
            "citizen home, first visit (200)", first, "pages/s", target="≥ 1,000/s from two cores", met=first >= 1000,
            peer="granian answering one fixed text", peer_value=limit,
        ),
        figure(
            "citizen home, unchanged (304)", again, "pages/s", target="≥ 1,000/s from two cores", met=again >= 1000,
            peer="granian answering one fixed text", peer_value=limit,
        ),
        figure("citizen home, document on the wire", len(body) / 1000, "kB", target="≤ 60 kB with its critical files", met=len(body) <= 60_000),
        figure("web process, resident after load", resident_mb, "MB", target="≤ 250 MB", met=resident_mb <= 250),
    ]  # fmt: skip


def home_cookie() -> str:
    """Return the cookie of a phone whose reader chose a commune."""
    from config.seeding.world import LAST_DAY
    from smarthd.places import selectors as places

    return f"smarthd_xa={places.units_on(LAST_DAY, 'commune')[0].uid.hex}"


def hello(environ: dict[str, object], start_response: object) -> list[bytes]:
    """The peer: the least a Python web process can do."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])  # type: ignore[operator]
    return [b"ok"]


@contextmanager
def serve(target: str, *more: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Serve a WSGI application from two workers on a free port; ``more`` are granian's own arguments."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "2", "--blocking-threads", "2", "--no-ws", "--log-level", "error", *more, target,
        ],
        cwd=ROOT, start_new_session=True,
    )  # fmt: skip
    try:
        _wait_until_answering(port, server)
        yield port, server
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _wait_until_answering(port: int, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(900):
        if server.poll() is not None:
            raise RuntimeError(f"the web server ended with code {server.returncode}")
        try:
            _get(port, "/", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server did not answer in 90 seconds")


def request_of(path: str, headers: dict[str, str], *, method: str = "GET") -> bytes:
    """Return the bytes of a request on a connection that stays open."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name}: {value}" for name, value in headers.items()),
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


def read_answer(connection: socket.socket, rest: bytes) -> tuple[bytes, bytes, bytes]:
    """Return (head, body, rest) of one answer with a Content-Length or none."""
    while b"\r\n\r\n" not in rest:
        chunk = connection.recv(65536)
        if not chunk:
            raise ConnectionError
        rest += chunk
    head, rest = rest.split(b"\r\n\r\n", 1)
    length = next(
        (int(row.split(b":")[1]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")), 0
    )
    while len(rest) < length:
        rest += connection.recv(65536)
    return head, rest[:length], rest[length:]


def _get(port: int, path: str, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request_of(path, headers))
        head, body, _rest = read_answer(connection, b"")
    rows = [row.split(":", 1) for row in head.decode("latin-1").split("\r\n")[1:]]
    return body, {name.lower().strip(): value.strip() for name, value in rows}


def _load(port: int, path: str, headers: dict[str, str]) -> float:
    """Return answers a second over a few seconds, asked by a process of its own."""
    code = f"from bench.web import _hammer; print(_hammer({port}, {path!r}, {headers!r}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _hammer(port: int, path: str, headers: dict[str, str]) -> float:
    import selectors

    request = request_of(path, headers)
    chosen = selectors.DefaultSelector()
    for _each in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(request)
        chosen.register(connection, selectors.EVENT_READ)
    for warm in (True, False):
        answers, started = 0, time.perf_counter()
        while time.perf_counter() - started < (1 if warm else LOAD_S):
            for key, _events in chosen.select(timeout=1):
                connection = key.fileobj  # type: ignore[assignment]
                head, _body, _rest = read_answer(connection, b"")
                if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304")):
                    raise RuntimeError(head.decode("latin-1"))
                answers += 1
                connection.sendall(request)
        rate = answers / (time.perf_counter() - started)
    return rate


def memory_mb(parent: int) -> float:
    """Return the resident memory of the largest worker of a server."""
    largest = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            rows = dict(row.split(":\t", 1) for row in status.read_text().splitlines() if ":\t" in row)
        except OSError:
            continue
        if rows.get("PPid", "").strip() == str(parent):
            largest = max(largest, int(rows.get("VmRSS", "0 kB").split()[0]))
    return largest / 1024
