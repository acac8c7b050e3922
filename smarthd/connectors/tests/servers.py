"""Real servers on loopback: an HTTP server of documents, a REST API in pages behind OAuth2, a CKAN datastore, one that misbehaves."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ITEMS = [
    {"ma": f"A{n}", "ten": f"Điểm số {n}", "so": n * 1.5, "vi_tri": {"lat": 20.9, "lon": 106.3}} for n in range(1, 8)
]
CSV = "Mã;Tên;Ngày\nA1;Chợ Phú Yên;24/11/2026\nA2;Chợ Con;31/12/2026\n"
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Sở</title>
<item><title>Tin một</title><link>https://so.example.vn/1</link><guid>1</guid><pubDate>Tue, 24 Nov 2026 01:00:00 GMT</pubDate><description>&lt;p&gt;Nội dung&lt;/p&gt;</description></item>
<item><title>Tin hai</title><link>https://so.example.vn/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title>Tin</title>
<link rel="self" href="https://x.vn/self"/><link href="https://x.vn/1"/><updated>2026-11-24T08:00:00+07:00</updated></entry></feed>"""
BOMB = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><item><title>&b;</title></item></rss>'
XXE = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><item><title>&x;</title></item></rss>'
ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1@so.vn\r
SUMMARY:Khám sức khỏe\\, miễn phí\r
DTSTART:20261124T010000Z\r
DTEND;TZID=Asia/Ho_Chi_Minh:20261124T110000\r
LOCATION:Trạm y tế\r
 Thành Đông\r
BEGIN:VALARM\r
DESCRIPTION:nhắc\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@so.vn\r
SUMMARY:Tiêm chủng\r
DTSTART;VALUE=DATE:20261125\r
RRULE:FREQ=WEEKLY;COUNT=2\r
END:VEVENT\r
END:VCALENDAR\r
"""
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": 1,
            "properties": {"ten": "Nhà văn hóa"},
            "geometry": {"type": "Point", "coordinates": [106.3, 20.9]},
        },
        {
            "type": "Feature",
            "properties": {"ten": "Công viên"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[106.0, 20.0], [106.2, 20.0], [106.2, 20.2], [106.0, 20.0]]],
            },
        },
        {"type": "Feature", "properties": {"ten": "Không rõ"}, "geometry": None},
    ],
}


def gtfs() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "stops.txt", "stop_id,stop_name,stop_lat,stop_lon\nS1,Bến xe Hải Dương,20.94,106.32\nS2,Ga,20.95,106.33\n"
        )
        archive.writestr("routes.txt", "route_id,route_short_name,route_type\nR1,02,3\n")
        archive.writestr("trips.txt", "route_id,service_id,trip_id,trip_headsign\nR1,W,T1,Nam Sách\n")
        archive.writestr(
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT1,05:00:00,05:00:00,S1,1\nT1,25:10:00,25:10:00,S2,2\n",
        )
        archive.writestr("calendar_dates.txt", "service_id,date,exception_type\nW,20270101,2\n")
        archive.writestr(
            "calendar.txt",
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nW,1,1,1,1,1,1,1,20260101,20271231\n",
        )
    return out.getvalue()


DOCUMENTS: dict[str, bytes] = {
    "/bang.csv": CSV.encode(),
    "/tcvn3.csv": b"M\xb7;T\xaan\nA1;Ch\xee Ph\xf3 Y\xaan\n",
    "/muc.json": json.dumps({"data": {"items": ITEMS}}).encode(),
    "/tin.rss": RSS.encode(),
    "/tin.atom": ATOM.encode(),
    "/bom.rss": BOMB.encode(),
    "/xxe.rss": XXE.encode(),
    "/lich.ics": ICS.encode(),
    "/diem.geojson": json.dumps(GEOJSON).encode(),
    "/xe.zip": gtfs(),
    "/trang.html": b"<!doctype html><html><body>404</body></html>",
    "/nua.ics": ICS[:200].encode(),
    "/rong.csv": b"",
}


class Handler(BaseHTTPRequestHandler):
    """Answers as its path says; remembers what it was asked with."""

    asked: list[tuple[str, dict[str, str]]]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        return

    def _answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        good = form.get("client_id") == ["so"] and form.get("client_secret") == ["bi-mat"]
        told = {"access_token": "the-token", "token_type": "bearer"} if good else {"error": "invalid_client"}
        self._answer(json.dumps(told).encode(), 200 if good else 401)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        type(self).asked.append((self.path, dict(self.headers)))
        if parts.path in DOCUMENTS:
            self._answer(DOCUMENTS[parts.path], Last_Modified="Tue, 24 Nov 2026 01:00:00 GMT")
        elif parts.path == "/vao":
            self._answer(b"", 302, Location=query["toi"])
        elif parts.path.startswith("/doi/"):
            before = sum(path == self.path for path, _headers in type(self).asked)
            if before <= int(query.get("lan", 1)):
                self._answer(b"{}", 429, Retry_After=parts.path.rpartition("/")[2])
            else:
                self._answer(json.dumps(ITEMS).encode())
        elif parts.path.startswith("/loi/"):
            self._answer(b"{}", int(parts.path.rpartition("/")[2]))
        elif parts.path == "/cham":
            time.sleep(1.5)
            with suppress(ConnectionError):
                self._answer(b"[]")
        elif parts.path == "/to":
            with suppress(ConnectionError):
                self._answer(b"x" * (3 << 20))
        else:
            self._list(parts.path, query)

    def _list(self, path: str, query: dict[str, str]) -> None:
        if path.startswith("/kin/") and self.headers.get("Authorization") != "Bearer the-token":
            self._answer(b"{}", 401)
            return
        size = int(query.get("limit", 3))
        start = int(query.get("offset", 0)) or (int(query.get("page", 1)) - 1) * size or int(query.get("cursor", 0))
        items = ITEMS[start : start + size]
        onward = start + size if start + size < len(ITEMS) else None
        if path == "/api/3/action/datastore_search":
            told: object = {"success": True, "result": {"records": items, "total": len(ITEMS)}}
        elif path == "/quanh":
            told = {"items": items, "next": "/quanh"}
        elif path == "/ngoai":
            told = {"items": items, "next": "https://noi-khac.example.vn/ngoai"}
        else:
            link = f"{path}?offset={onward}" if onward else None
            told = {"items": items, "meta": {"next": onward, "link": link}}
            if path == "/tieu-de" and link:
                self._answer(json.dumps(told).encode(), Link=f'<{path}>; rel="first", <{link}>; rel="next"')
                return
        self._answer(json.dumps(told).encode())


@contextmanager
def web_server() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Run the server; yield its address and what it is asked."""
    asked: list[tuple[str, dict[str, str]]] = []
    handler = type("Asked", (Handler,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def tcp_to(unix_socket: str, *, hang_after: int | None = None) -> Iterator[int]:
    """Let a server that listens on a Unix socket be reached by TCP on loopback; yield the port.

    ``hang_after``: so many bytes of answers pass, then nothing more, and the line stays open.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, sink: socket.socket) -> None:
        passed = 0
        with suppress(OSError):
            while piece := source.recv(65_536):
                passed += len(piece)
                if hang_after is not None and sink.family == socket.AF_INET and passed > hang_after:
                    continue
                sink.sendall(piece)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def join(near: socket.socket) -> None:
        with near, socket.socket(socket.AF_UNIX) as far:
            far.connect(unix_socket)
            back = threading.Thread(target=carry, args=(far, near), daemon=True)
            back.start()
            carry(near, far)
            back.join(10)

    def take() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=join, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=take, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


@contextmanager
def closed_port() -> Iterator[int]:
    """Yield a port of loopback at which nobody answers, and that nobody else is given meanwhile."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
