"""Open data of a million points: OGC items pages and single items a second from one worker, beside pygeoapi on the same server and the
statement alone; p95 and statements of the API's pages; the whole dataset as a file.

Needs Debian's PostgreSQL 15 with PostGIS for the peer (``postgresql-15-postgis-3``); without it, ours is measured on the embedded server
beside the statement alone. ``BENCH_SIZE`` makes it smaller; ``BENCH_PYGEOAPI`` names a virtual environment that has pygeoapi and granian,
else one is made in the data folder.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure, figure

ROOT = Path(__file__).resolve().parent.parent
ROWS = int(os.environ.get("BENCH_SIZE", "1000000"))
DEBIAN = Path("/usr/lib/postgresql/15/bin")
POSTGIS = Path("/usr/share/postgresql/15/extension/postgis.control")
PEER = "pygeoapi==0.21.0"
PAGE = 100
ASKED = 200
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def run() -> list[Figure]:
    """Measure in a child process on a server that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="smarthd-bench-opendata-") as folder:
        place = Path(folder)
        (place / "data").mkdir()
        with _server(place) as url:
            environ = {
                **os.environ, "DATA_DIR": str(place / "data"), "SMARTHD_MODE": "demo", "DATABASE_URL": url, "LOG_LEVEL": "ERROR",
                "OPEN_DATA_PER_HOUR": "10000000",
            }  # fmt: skip
            step = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(step, env=environ, cwd=ROOT, check=True)
            step = [sys.executable, "-m", "bench.opendata", url]
            done = subprocess.run(step, env=environ, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return as_figures(json.loads(done.stdout.splitlines()[-1]))


def as_figures(seen: dict[str, float]) -> list[Figure]:
    """Name what was measured and put it beside its peer and its limit."""
    peers = "peer_page" in seen
    page, one = seen["page"], seen["item"]
    limit = f"the statement alone, one connection, page of {PAGE}"
    return [
        figure(
            f"OGC items page of {PAGE} from {ROWS:,} points, one worker", page, "pages/s", target="≥ 20 × pygeoapi",
            met=page >= 20 * seen["peer_page"] if peers else None, peer="pygeoapi 0.21, same server, own table" if peers else "",
            peer_value=seen.get("peer_page"),
        ),
        figure(
            "OGC single item, one worker", one, "items/s", target="≥ 3 × pygeoapi", met=one >= 3 * seen["peer_item"] if peers else None,
            peer="pygeoapi 0.21, same server, own table" if peers else "", peer_value=seen.get("peer_item"),
        ),
        figure(
            "OGC single item, processor time of the web process", seen["item_cpu"], "ms", peer="pygeoapi 0.21" if peers else "",
            peer_value=seen.get("peer_item_cpu"),
        ),
        figure(
            f"OGC items page of {PAGE}, processor time of the web process", seen["page_cpu"], "ms", peer="pygeoapi 0.21" if peers else "",
            peer_value=seen.get("peer_page_cpu"),
        ),
        figure("OGC items page beside its limit", page, "pages/s", peer=limit, peer_value=seen["raw_page"]),
        figure("OGC items, the page in the middle of all", seen["middle"], "pages/s", peer="the first page", peer_value=page),
        figure("OGC items page unchanged (304)", seen["again"], "pages/s"),
        figure("API rows page, p95", seen["rows_ms"], "ms", target="≤ 40 ms", met=seen["rows_ms"] <= 40),
        figure("API rows page, statements", seen["rows_asked"], "statements", target="≤ 8", met=seen["rows_asked"] <= 8),
        figure("OGC items page, p95", seen["items_ms"], "ms", target="≤ 40 ms", met=seen["items_ms"] <= 40),
        figure("OGC items page, statements", seen["items_asked"], "statements", target="≤ 8", met=seen["items_asked"] <= 8),
        figure("list of datasets, p95", seen["list_ms"], "ms", target="≤ 40 ms", met=seen["list_ms"] <= 40),
        figure("list of datasets, statements", seen["list_asked"], "statements", target="≤ 8", met=seen["list_asked"] <= 8),
        figure("bbox of a thousandth of the province, p95", seen["bbox_ms"], "ms", target="≤ 40 ms", met=seen["bbox_ms"] <= 40),
        figure("whole dataset as CSV, made", ROWS / seen["csv_s"], "rows/s"),
        figure("whole dataset as Parquet, made", ROWS / seen["parquet_s"], "rows/s"),
    ]  # fmt: skip


@contextmanager
def _server(place: Path) -> Iterator[str]:
    """Give the address of a fresh PostgreSQL: Debian's with PostGIS where it is, else the embedded one."""
    if not (DEBIAN.exists() and POSTGIS.exists() and shutil.which("runuser")):
        from config import postgres

        postgres.start(place / "data")
        try:
            yield ""
        finally:
            postgres.stop(place / "data")
        return
    base, port = place / "pg", _free_port()
    place.chmod(0o755)
    base.mkdir()
    shutil.chown(base, "postgres", "postgres")
    _as_postgres(DEBIAN / "initdb", "-D", base, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    told = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={base} -c shared_buffers=512MB -c max_wal_size=2GB"
    _as_postgres(DEBIAN / "pg_ctl", "-D", base, "-w", "-l", base / "log", "-o", told, "start")
    try:
        _as_postgres(DEBIAN / "createdb", "-h", "127.0.0.1", "-p", port, "smarthd")
        yield f"postgresql://postgres@127.0.0.1:{port}/smarthd"
    finally:
        _as_postgres(DEBIAN / "pg_ctl", "-D", base, "-m", "immediate", "stop")


def _as_postgres(*step: object) -> None:
    told = ["runuser", "-u", "postgres", "--", *map(str, step)] if os.getuid() == 0 else list(map(str, step))
    subprocess.run(told, check=True, stdout=subprocess.DEVNULL, cwd="/")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- the work of the child --------------------------------------------------------------------------------------------
def measure(url: str) -> dict[str, float]:
    """Plant, ask, and ask the peer."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    key = plant()
    seen: dict[str, float] = {"raw_page": raw_pages(key)}
    seen |= asked_alone(key)
    seen |= files_made(key)
    seen |= ours(key)
    if url and POSTGIS.exists():
        seen |= peer(url)
    return seen


def plant() -> str:
    """Publish a small dataset through the services, then fill it up to its size by one statement."""
    from datetime import date

    from django.db import connection

    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind as AgencyKind
    from smarthd.connectors.models import DataRow, Source
    from smarthd.connectors.rules.fields import Field, Kind
    from smarthd.connectors.rules.mapping import Mapping
    from smarthd.connectors.rules.sources import SourceKind
    from smarthd.connectors.services import sources
    from smarthd.kernel.actor import system

    actor = system("bench")
    new = agencies.NewAgency(kind=AgencyKind.DEPARTMENT, name="Sở Công Thương", code="sct")
    agency = agencies.found_agency(new, valid_from=date(2026, 1, 1)).pk
    fields = (
        Field("ma", "Mã", "Mã", Kind.TEXT, shown=False), Field("ten", "Tên", "Tên", Kind.TEXT), Field("loai", "Loại", "Loại", Kind.CHOICE),
        Field("dia_chi", "Địa chỉ", "Địa chỉ", Kind.TEXT), Field("gia", "Giá", "Giá", Kind.NUMBER), Field("ngay", "Ngày", "Ngày", Kind.DAY),
        Field("vi_do", "Vĩ độ", "Vĩ độ", Kind.LATITUDE, shown=False), Field("kinh_do", "Kinh độ", "Kinh độ", Kind.LONGITUDE, shown=False),
    )  # fmt: skip
    told = sources.NewSource(title="Cửa hàng", agency_id=agency, kind=SourceKind.PUSH, licence="cc0-1.0")
    source = sources.make_source(told, actor=actor, now=NOW)
    source.mapping = Mapping(fields, ("ma",), ".").as_json()
    source.save(update_fields=["mapping"])
    _publish(source, actor)
    words_beside = any(one.name == "search" for one in DataRow._meta.fields)
    found_by = ("search,", "'cua hang ' || n,") if words_beside else ("", "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO connectors_datarow (source_id, key, code, digest, since, sort, {found_by[0]} values, lat, lon) "
            "SELECT %s, 'M' || n, 'm' || n, decode(md5(n::text), 'hex'), 1, 'cua hang ' || lpad(n::text, 7, '0'), "
            f"{found_by[1]} "
            "jsonb_build_object('ma', 'M' || n, 'ten', 'Cửa hàng số ' || n, 'loai', 'Loại ' || n %% 9, 'dia_chi', n || ' đường Nguyễn Trãi', "
            "'gia', n %% 5000, 'ngay', '2026-11-24', 'vi_do', 20.8, 'kinh_do', 106.2), 20.7 + random() * 0.5, 106.1 + random() * 0.5 "
            "FROM generate_series(2, %s) n",
            [source.pk, ROWS],
        )
        Source.objects.filter(pk=source.pk).update(row_count=ROWS)
        cursor.execute("VACUUM (ANALYZE) connectors_datarow")
    return str(source.key)


def _publish(source: Any, actor: Any) -> None:
    from smarthd.connectors.ports import Table
    from smarthd.connectors.rules.checking import Line
    from smarthd.connectors.services import publishing, reading

    row = ("M1", "Cửa hàng số 1", "Loại 1", "1 đường Nguyễn Trãi", "1", "24/11/2026", "20.9", "106.3")
    table = Table(("Mã", "Tên", "Loại", "Địa chỉ", "Giá", "Ngày", "Vĩ độ", "Kinh độ"), [Line(1, row)], decimal=".")
    _run, version = reading.take_lines(source, table, actor=actor, now=NOW)
    publishing.publish(uid=source.uid, number=version.number if version else 0, actor=actor, now=NOW)


def raw_pages(key: str) -> float:
    """Return pages a second of the statement alone, its rows joined to one text."""
    from smarthd.connectors.rules.asking import Asked
    from smarthd.connectors.selectors import open_data

    shown = open_data.open_dataset(key, now=NOW)
    texts = open_data.feature_sql(shown)
    ended, count = time.perf_counter() + 3, 0
    while time.perf_counter() < ended:
        ",".join(open_data.page(shown, Asked(limit=PAGE), texts).texts)
        count += 1
    return count / 3


def asked_alone(key: str) -> dict[str, float]:
    """Return statements and p95 of pages, asked one after another in this process."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    paths = {
        "rows": f"/api/v1/datasets/{key}/rows?limit={PAGE}", "items": f"/ogc/collections/{key}/items?limit={PAGE}",
        "list": "/api/v1/datasets", "bbox": f"/ogc/collections/{key}/items?limit={PAGE}&bbox=106.3,20.9,106.316,20.916",
    }  # fmt: skip
    seen = {}
    for name, path in paths.items():
        client.get(path)
        with CaptureQueriesContext(connection) as told:
            answer = client.get(path)
        seen[f"{name}_asked"] = float(len(told))
        if answer.status_code != 200:
            raise RuntimeError(answer.content)
        times = []
        for _each in range(ASKED if name != "bbox" else 30):
            started = time.perf_counter()
            client.get(path)
            times.append((time.perf_counter() - started) * 1000)
        seen[f"{name}_ms"] = sorted(times)[int(len(times) * 0.95)]
    return seen


def files_made(key: str) -> dict[str, float]:
    """Return the seconds of writing the whole dataset."""
    from smarthd.connectors.selectors import open_data
    from smarthd.publicapi.opendata import files

    shown, seen = open_data.open_dataset(key, now=NOW), {}
    for kind in ("csv", "parquet"):
        started = time.perf_counter()
        files.make(shown, kind)
        seen[f"{kind}_s"] = time.perf_counter() - started
    return seen


def ours(key: str) -> dict[str, float]:
    """Return answers a second of one worker."""
    from django.db import connection

    from bench import web
    from smarthd.connectors.rules.asking import Asked
    from smarthd.connectors.selectors import open_data
    from smarthd.kernel.paging import encode_cursor

    connection.close()
    cursor = encode_cursor(f"cua hang {ROWS // 2:07}", 0)
    code = json.loads(
        open_data.page(open_data.open_dataset(key, now=NOW), Asked(limit=1), "to_json(code)::text").texts[0]
    )
    items = f"/ogc/collections/{key}/items"
    with web.serve("config.wsgi:application", "--workers", "1", "--blocking-threads", "1") as (port, process):
        _body, headers = web._get(port, f"{items}?limit={PAGE}", {})
        item, item_cpu = _loaded(process.pid, port, f"{items}/{code}")
        page, page_cpu = _loaded(process.pid, port, f"{items}?limit={PAGE}")
        return {
            "page": page, "page_cpu": page_cpu, "item": item, "item_cpu": item_cpu,
            "middle": web._load(port, f"{items}?limit={PAGE}&cursor={cursor}", {}),
            "again": web._load(port, f"{items}?limit={PAGE}", {"If-None-Match": headers["etag"]}),
        }  # fmt: skip


def _loaded(pid: int, port: int, path: str) -> tuple[float, float]:
    """Return answers a second, and the server's processor time an answer in milliseconds, its workers' together."""
    from bench import web

    before = _spent_s(pid)
    rate = web._load(port, path, {})
    return rate, (_spent_s(pid) - before) / (rate * (web.LOAD_S + 1)) * 1000  # a second of warming up costs as well


def _spent_s(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK") + sum(_spent_s(int(child)) for child in children)


# --- the peer ---------------------------------------------------------------------------------------------------------
def peer(url: str) -> dict[str, float]:
    """Return answers a second of pygeoapi, one worker of the same HTTP server, over a table made for it: points with their index and key."""
    from django.db import connection

    from bench import web

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION postgis")
        cursor.execute(
            "CREATE TABLE shops AS SELECT id, code, values ->> 'ten' AS ten, values ->> 'loai' AS loai, values ->> 'dia_chi' AS dia_chi, "
            "(values ->> 'gia')::float8 AS gia, '2026-11-24'::date AS ngay, ST_SetSRID(ST_MakePoint(lon, lat), 4326) AS geom FROM connectors_datarow"
        )
        cursor.execute("ALTER TABLE shops ADD PRIMARY KEY (id)")
        cursor.execute("CREATE INDEX ON shops USING gist (geom)")
        cursor.execute("VACUUM (ANALYZE) shops")
        cursor.execute("SELECT max(id) / 2 FROM shops")
        [middle] = cursor.fetchone()
    connection.close()
    home = Path(os.environ["DATA_DIR"])
    python = _peer_python(home)
    port = _free_port()
    environ = _peer_environ(home, python, url, port)
    step = [
        str(python), "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "1", "--no-ws", "--log-level", "error", "pygeoapi.flask_app:APP",
    ]  # fmt: skip
    server = subprocess.Popen(step, env=environ, cwd=home)
    try:
        web._wait_until_answering(port, server)
        items = "/collections/shops/items"
        body, _headers = web._get(port, f"{items}?limit={PAGE}&f=json", {})
        if len(json.loads(body)["features"]) != PAGE:
            raise RuntimeError(body[:200])
        item, item_cpu = _loaded(server.pid, port, f"{items}/{middle}?f=json")
        page, page_cpu = _loaded(server.pid, port, f"{items}?limit={PAGE}&f=json")
        return {"peer_page": page, "peer_page_cpu": page_cpu, "peer_item": item, "peer_item_cpu": item_cpu}
    finally:
        server.terminate()
        server.wait(20)


def _peer_python(home: Path) -> Path:
    given = os.environ.get("BENCH_PYGEOAPI")
    place = Path(given) if given else home / "pygeoapi"
    python = place / "bin" / "python"
    if not python.exists():
        uv = ROOT / ".tools" / "bin" / "uv"
        subprocess.run([uv, "venv", "-q", "--python", "3.11", place], check=True)
        wanted = [PEER, "psycopg2-binary", "geoalchemy2", "granian"]
        subprocess.run([uv, "pip", "install", "-q", "--python", python, *wanted], check=True)
    return python


def _peer_environ(home: Path, python: Path, url: str, port: int) -> dict[str, str]:
    address = url.removeprefix("postgresql://postgres@127.0.0.1:")
    pg_port, name = address.split("/")
    config = {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port}, "url": f"http://127.0.0.1:{port}", "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8", "gzip": False, "languages": ["en-US"], "pretty_print": False,
            "limits": {"default_items": 10, "max_items": 1000}, "map": {"url": "https://example.org/{z}/{x}/{y}.png", "attribution": "-"},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {"title": "bench", "description": "bench", "keywords": ["bench"], "keywords_type": "theme",
                               "terms_of_service": "-", "url": "https://example.org"},
            "license": {"name": "-", "url": "https://example.org"}, "provider": {"name": "-", "url": "https://example.org"},
            "contact": {"name": "-", "position": "-", "address": "-", "city": "-", "stateorprovince": "-", "postalcode": "-", "country": "-",
                        "phone": "-", "fax": "-", "email": "a@example.org", "url": "-", "hours": "-", "instructions": "-", "role": "-"},
        },
        "resources": {
            "shops": {
                "type": "collection", "title": "shops", "description": "shops", "keywords": ["shops"], "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [{
                    "type": "feature", "name": "PostgreSQL", "id_field": "id", "table": "shops", "geom_field": "geom",
                    "data": {"host": "127.0.0.1", "port": int(pg_port), "dbname": name, "user": "postgres", "password": "x", "search_path": ["public"]},
                }],
            }
        },
    }  # fmt: skip
    told, described = home / "pygeoapi.yml", home / "pygeoapi-openapi.yml"
    told.write_text(json.dumps(config))
    environ = {**os.environ, "PYGEOAPI_CONFIG": str(told), "PYGEOAPI_OPENAPI": str(described)}
    step = [str(python.parent / "pygeoapi"), "openapi", "generate", str(told), "--output-file", str(described)]
    subprocess.run(step, env=environ, check=True, stdout=subprocess.DEVNULL)
    return environ


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
