"""Two hundred sources of departments on loopback, in a process of their own: most answer, some hang, some drip, some fail, some are large.

``python -m bench._departments <folder> <socket of PostgreSQL>`` prints where they listen as JSON and serves until its input ends. Each time a sound source is
read, a tenth of its rows say something new.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROWS, LARGE_ROWS, PAGE = 200, 50_000, 100
SOUND = {"csv": 50, "json": 35, "geojson": 15, "rss": 12, "ics": 8, "ckan": 10, "sftp": 10, "postgres": 15}
LARGE = {"large": 3}
FAILING = {"hang": 14, "drip": 8, "500": 10, "404": 5, "refused": 5}
COUNTS = {**SOUND, **LARGE, **FAILING}


def values(index: int, times: int) -> tuple[str, str, str, str]:
    """Return one row: code, name, hours, day."""
    told = times if index % 10 == 0 else 0
    return f"M{index}", f"Cơ sở số {index}", f"{6 + told % 4}h–21h", f"{1 + index % 28:02}/11/2026"


def csv_of(rows: int, times: int) -> bytes:
    """Return a table of text."""
    return ("Mã;Tên;Giờ mở cửa;Ngày\n" + "".join(";".join(values(at, times)) + "\n" for at in range(rows))).encode()


def _objects(times: int) -> list[dict[str, object]]:
    return [dict(zip(("ma", "ten", "gio", "ngay"), values(at, times), strict=True)) for at in range(ROWS)]


def _geojson(times: int) -> bytes:
    features = [
        {"type": "Feature", "id": at, "properties": one, "geometry": {"type": "Point", "coordinates": [106.3, 20.9]}}
        for at, one in enumerate(_objects(times))
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _rss(times: int) -> bytes:
    items = "".join(
        f"<item><title>{name} {hours}</title><guid>{code}</guid><link>https://so.example.vn/{code}</link></item>"
        for code, name, hours, _day in (values(at, times) for at in range(ROWS))
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Sở</title>{items}</channel></rss>'.encode()


def _ics(times: int) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{code}@so.vn\r\nSUMMARY:{name} {hours}\r\nDTSTART;VALUE=DATE:202611{1 + at % 28:02}\r\nEND:VEVENT\r\n"
        for at, (code, name, hours, _day) in ((at, values(at, times)) for at in range(ROWS))
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n".encode()


_WHOLE = {"geojson": _geojson, "rss": _rss, "ics": _ics}


class Department(BaseHTTPRequestHandler):
    """Answers as its path says: /<sort>/<number>."""

    protocol_version = "HTTP/1.1"
    times: Counter[str] = Counter()

    def log_message(self, *_args: object) -> None:
        return

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        sort, number = parts.path.split("/")[1:3]
        query = {name: told[0] for name, told in parse_qs(parts.query).items()}
        start = int(query.get("offset", 0)) or (int(query.get("page", 1)) - 1) * PAGE
        if not start:
            self.times[f"{sort}/{number}"] += 1
        times = self.times[f"{sort}/{number}"]
        with suppress(OSError):
            if sort == "hang":
                time.sleep(600)
            elif sort == "drip":
                self._drip()
            elif sort.isdigit():
                self._say(b"{}", int(sort))
            elif sort in {"csv", "large"}:
                self._say(csv_of(ROWS if sort == "csv" else LARGE_ROWS, times))
            elif sort in _WHOLE:
                self._say(_WHOLE[sort](times))
            else:
                some = _objects(times)[start : start + int(query.get("limit", PAGE))]
                told = (
                    {"success": True, "result": {"records": some, "total": ROWS}} if sort == "ckan" else {"items": some}
                )
                self._say(json.dumps(told).encode())

    def _say(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _second in range(600):
            self.wfile.write(b";")
            self.wfile.flush()
            time.sleep(1)


class Server(ThreadingHTTPServer):
    """Takes all two hundred at once."""

    daemon_threads, request_queue_size = True, 256

    def handle_error(self, *_args: object) -> None:
        return


def main(folder: Path, postgres_socket: str) -> None:
    """Serve until the input ends."""
    from smarthd.connectors.tests.servers import tcp_to
    from smarthd.connectors.tests.sftp import sftp_server

    for number in range(SOUND["sftp"]):
        (folder / f"{number}.csv").write_bytes(csv_of(ROWS, 0))
    server = Server(("127.0.0.1", 0), Department)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as unused:
        refused = unused.getsockname()[1]
    with sftp_server(folder) as sftp, tcp_to(postgres_socket) as postgres:
        told = {
            "http": server.server_address[1],
            "refused": refused,
            "sftp": sftp.port,
            "sftp_print": sftp.print,
            "postgres": postgres,
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
