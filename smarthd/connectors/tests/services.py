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


# --- SensorThings ------------------------------------------------------------------------------------------------------
STREAMS = [
    {
        "@iot.id": n,
        "@iot.selfLink": f"https://frost.example.vn/v1.1/Datastreams({n})",
        "name": f"PM2.5 trạm {n}",
        "unitOfMeasurement": {"name": "microgram per cubic meter", "symbol": "µg/m³", "definition": "ucum:ug/m3"},
        "Thing": {
            "name": f"Trạm {n}",
            "Locations": [
                {
                    "name": "vị trí",
                    "encodingType": "application/geo+json",
                    "location": {
                        "type": "Feature",
                        "geometry": {"type": "Point", "coordinates": [106.3 + n / 100, 20.9]},
                    }
                    if n % 2
                    else {"type": "Point", "coordinates": [106.3 + n / 100, 20.9]},
                }
            ],
        },
        "ObservedProperty": {"name": "PM2.5"},
        "Observations": [
            {
                "@iot.id": f"o{n}",
                "phenomenonTime": "2026-11-24T01:00:00Z/2026-11-24T02:00:00Z",
                "resultTime": None,
                "result": n + 0.5,
            }
        ]
        if n != 3
        else [],
    }
    for n in range(1, 6)
]


def sensorthings(path: str, asked: Asked, _body: bytes, headers: dict[str, str]) -> Answered:
    """Answer as a SensorThings 1.1 server in pages of two, whatever ``$top`` asks for; observations one an hour, filtered by time."""
    from datetime import datetime

    skip = int(asked.get("$skip", 0))
    if path.endswith("/Datastreams"):
        assert asked["$expand"].startswith("Thing($expand=Locations),ObservedProperty,Observations(")
        items: list[dict[str, object]] = STREAMS
    else:
        since = datetime.fromisoformat(asked["$filter"].rpartition("phenomenonTime ge ")[2].rstrip(")"))
        stream = {key: STREAMS[0][key] for key in ("@iot.id", "name", "unitOfMeasurement", "Thing")}
        hours = [f"2026-11-24T0{hour}:00:00Z" for hour in range(3)]
        items = [
            {"@iot.id": index, "phenomenonTime": at, "result": index / 2, "Datastream": stream}
            for index, at in enumerate(hours)
            if datetime.fromisoformat(at) >= since
        ]
    told: dict[str, object] = {"value": items[skip : skip + 2]}
    if skip + 2 < len(items):
        from urllib.parse import urlencode

        told["@iot.nextLink"] = f"http://{headers['host']}{path}?{urlencode({**asked, '$skip': skip + 2})}"
    return 200, "application/json", json.dumps(told).encode()


# --- NGSI-LD -----------------------------------------------------------------------------------------------------------
CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"


def entity(n: int) -> dict[str, object]:
    """Return an entity as ETSI GS CIM 009 writes it normalized: properties with times and units, a relationship, a place, two languages."""
    return {
        "id": f"urn:ngsi-ld:AirQualityObserved:HD:{n:03}",
        "type": "AirQualityObserved",
        "dateObserved": {"type": "Property", "value": {"@type": "DateTime", "@value": "2026-11-24T01:00:00Z"}},
        "NO2": {"type": "Property", "value": 22 + n, "unitCode": "GP", "observedAt": "2026-11-24T01:00:00Z"},
        "refPointOfInterest": {"type": "Relationship", "object": "urn:ngsi-ld:PointOfInterest:HD:QuangTruong"},
        "name": {"type": "LanguageProperty", "languageMap": {"en": f"Station {n}", "vi": f"Trạm {n}"}},
        "location": {"type": "GeoProperty", "value": {"type": "Point", "coordinates": [106.3, 20.9]}},
    }


def broker(path: str, asked: Asked, _body: bytes, headers: dict[str, str]) -> Answered:
    """Answer as a context broker: 120 entities of one type, normalized or as key-values."""
    assert CONTEXT in headers.get("link", CONTEXT)
    if path == "/ngsi-ld/v1/types":
        return (
            200,
            "application/json",
            b'{"id":"urn:x","type":"EntityTypeList","typeList":["AirQualityObserved","Bus"]}',
        )
    if path != "/ngsi-ld/v1/entities" or headers.get("ngsild-tenant") not in {None, "so"}:
        return 404, "application/json", b"{}"
    found = [entity(n) for n in range(120)] if asked["type"] == "AirQualityObserved" else []
    start, size = int(asked["offset"]), int(asked["limit"])
    page = found[start : start + size]
    if asked.get("options") == "keyValues":
        page = [{name: simplified(value) for name, value in one.items()} for one in page]
    return 200, "application/json", json.dumps(page).encode()


def simplified(told: object) -> object:
    if not isinstance(told, dict):
        return told
    if told.get("type") == "LanguageProperty":
        return {"languageMap": told["languageMap"]}
    return told.get("value", told.get("object"))


# --- SOAP --------------------------------------------------------------------------------------------------------------
PHARMACIES = (
    "<ns:NhaThuoc xmlns:ns='urn:so-y-te' loai='GPP'><ns:Ma>N1</ns:Ma><ns:Ten>An &amp; Khang</ns:Ten><ns:ViTri><ns:Lat>20.9</ns:Lat>"
    "<ns:Lon>106.3</ns:Lon></ns:ViTri><ns:SDT>0220</ns:SDT><ns:SDT>0221</ns:SDT></ns:NhaThuoc>"
    "<ns:NhaThuoc xmlns:ns='urn:so-y-te' loai='GPP'><ns:Ma>N2</ns:Ma><ns:Ten>Hồng Phúc</ns:Ten></ns:NhaThuoc>"
)


def soap(path: str, _asked: Asked, body: bytes, headers: dict[str, str]) -> Answered:
    """Answer as a department's SOAP service: lets in by user and password in the body, which it reads as XML."""
    from defusedxml import ElementTree

    if path == "/xml":
        return 200, "text/xml", f"<DanhSach>{PHARMACIES}</DanhSach>".encode()
    new = headers["content-type"].startswith("application/soap+xml")
    assert new or headers["soapaction"] == '"urn:so-y-te/DanhSach"'
    space = f"http://{'www.w3.org/2003/05/soap-envelope' if new else 'schemas.xmlsoap.org/soap/envelope/'}"
    root = ElementTree.fromstring(body)
    assert root.tag == f"{{{space}}}Envelope"
    told = {one.tag.rpartition("}")[2]: one.text for one in root.iter()}
    envelope = f"<?xml version='1.0'?><s:Envelope xmlns:s='{space}'><s:Body>{{}}</s:Body></s:Envelope>"
    if told.get("MatKhau") != 'a<b&"c':
        fault = (
            f"<s:Fault><faultcode>s:Client</faultcode><faultstring>sai {told.get('MatKhau')}</faultstring></s:Fault>"
        )
        return 500, "text/xml", envelope.format(fault).encode()
    inside = {
        "/soap": PHARMACIES,
        "/chuoi": PHARMACIES.replace("&", "&amp;").replace("<", "&lt;").join(["&lt;ds&gt;", "&lt;/ds&gt;"]),
        "/json": '{"data": [{"Ma": "N1", "Ten": "An"}, {"Ma": "N2", "Ten": "Hồng"}]}',
        "/trong": "",
    }[path]
    answer = f"<DanhSachResponse xmlns='urn:so-y-te'><DanhSachResult>{inside}</DanhSachResult></DanhSachResponse>"
    return 200, "text/xml; charset=utf-8", envelope.format(answer).encode()
