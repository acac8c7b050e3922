"""Services of others on loopback: MapServer (live, or its recorded answers), a SensorThings server, an NGSI-LD broker, a SOAP service."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

DATA = Path(__file__).parent / "data"
Asked = dict[str, str]
Answered = tuple[int, str, bytes]
Answer = Callable[[str, Asked, bytes, dict[str, str]], Answered]
"""From path, query, body and headers (names in small letters) to status, type and body."""


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Run a server that answers so; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            return

        def _do(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, said = answer(parts.path, dict(parse_qsl(parts.query)), body, headers)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _do  # noqa: N815 - the standard library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


# --- MapServer ---------------------------------------------------------------------------------------------------------
RECORDED = DATA / "mapserver" / "answers.json"


def mapserver_found() -> bool:
    return shutil.which("mapserv") is not None


def mapserver(_path: str, asked: Asked, _body: bytes, _headers: dict[str, str]) -> Answered:
    """Answer as MapServer does, by running it (Debian's cgi-mapserver)."""
    from urllib.parse import urlencode

    folder = DATA / "mapserver"
    environ = {
        **os.environ, "MAPSERVER_CONFIG_FILE": str(folder / "ms.conf"), "MS_MAPFILE": str(folder / "wfs.map"),
        "REQUEST_METHOD": "GET", "QUERY_STRING": urlencode(asked),
    }  # fmt: skip
    out = subprocess.run(["mapserv"], env=environ, capture_output=True, check=True, timeout=60).stdout
    head, _, body = out.partition(b"\r\n\r\n")
    told = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
    return int(told.get("Status", "200").split()[0]), told["Content-Type"], body


def _mark(asked: Asked) -> str:
    return json.dumps(asked, sort_keys=True)


def recorded(_path: str, asked: Asked, _body: bytes, _headers: dict[str, str]) -> Answered:
    """Answer as MapServer 8.0 did when it was asked the same."""
    status, kind, body = json.loads(RECORDED.read_text())[_mark(asked)]
    return status, kind, body.encode()


def recording(into: dict[str, list[object]]) -> Answer:
    """Answer as MapServer does, and keep what it said."""

    def answer(path: str, asked: Asked, body: bytes, headers: dict[str, str]) -> Answered:
        status, kind, said = mapserver(path, asked, body, headers)
        into[_mark(asked)] = [status, kind, said.decode()]
        return status, kind, said

    return answer
