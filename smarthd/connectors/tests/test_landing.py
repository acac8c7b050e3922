"""Large files that departments lay down: by HTTP, SFTP and folder, in memory that does not grow with them, refused while they come."""

from __future__ import annotations

import hashlib
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smarthd.connectors.adapters import delimited, kinds, web
from smarthd.connectors.adapters.landing import Landing
from smarthd.connectors.adapters.stopping import Stop, Stopped, under
from smarthd.connectors.ports import SourceRefused, SourceUnavailable, Table
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.tests import sftp

HEAD = "Mã;Tên;Địa chỉ\n".encode()
LINE = "NT{:07};Nhà thuốc số {:07};Phường Hải Dương, thành phố Hải Dương, tỉnh Hải Dương\n"
MB = 1 << 20


def csv_file(path: Path, size: int) -> str:
    """Write a table of about so many bytes; return its sha256."""
    digest = hashlib.sha256(HEAD)
    with path.open("wb") as file:
        file.write(HEAD)
        number = 0
        while file.tell() < size:
            piece = "".join(LINE.format(number + n, number + n) for n in range(2_000)).encode()
            file.write(piece)
            digest.update(piece)
            number += 2_000
    return digest.hexdigest()


@contextmanager
def served(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            return

        def do_GET(self) -> None:
            with suppress(ConnectionError):
                answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/bang.csv"
    finally:
        server.shutdown()
        server.server_close()


def sent(path: Path) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(path.stat().st_size))
        handler.end_headers()
        with path.open("rb") as file:
            while piece := file.read(MB):
                handler.wfile.write(piece)

    return answer


def by_http(url: str) -> Any:
    return kinds.connector(SourceKind.FILE, {"url": url}, {}, inside=("127.0.0.1",))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A table above what was once held in memory."""
    path = tmp_path_factory.mktemp("lon") / "bang.csv"
    return path, csv_file(path, 56 * MB)


def peak_of(read: Callable[[], Table]) -> tuple[Table, int]:
    """Return what was read, its lines looked through, and how many bytes of memory that took at most."""
    tracemalloc.start()
    try:
        table = read()
        assert isinstance(table.lines, delimited.Delimited)
        assert sum(len(raws) for _numbers, raws in table.lines.batches()) > 400_000
        return table, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["http", "sftp", "folder"])
def test_a_file_above_what_memory_is_given_is_read_from_disk(way, large):
    path, sha256 = large
    if way == "http":
        with served(sent(path)) as url:
            table, peak = peak_of(by_http(url).read)
    elif way == "sftp":
        with sftp.sftp_server(path.parent) as server:
            place = {
                "host": "127.0.0.1", "port": str(server.port), "user": sftp.USER, "host_key": server.print, "path": "bang.csv",
            }  # fmt: skip
            reader = kinds.connector(SourceKind.SFTP, place, {"password": sftp.PASSWORD}, inside=("127.0.0.1",))
            table, peak = peak_of(reader.read)
    else:
        table, peak = peak_of(
            kinds.connector(SourceKind.FOLDER, {"path": "*.csv"}, {}, inside=(), folder=path.parent).read
        )
    assert table.digest == sha256
    assert table.columns == ("Mã", "Tên", "Địa chỉ")
    assert getattr(table.lines, "size", 0) == path.stat().st_size, "it waits for a large table's place"
    assert peak < 40 * MB, f"{peak >> 20} MB, the SFTP server in this process among them"


def test_a_file_announced_or_grown_beyond_the_limit_is_refused_while_it_comes(tmp_path, monkeypatch):
    monkeypatch.setattr(Landing.__init__, "__defaults__", (2 * MB,))
    path = tmp_path / "bang.csv"
    csv_file(path, 3 * MB)
    with served(sent(path)) as url, pytest.raises(SourceRefused, match="lớn hơn 2 MB"):
        by_http(url).read()

    sizes: list[int] = []

    def unannounced(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(64):
            handler.wfile.write(b"x" * MB)
            sizes.append(MB)

    with served(unannounced) as url, pytest.raises(SourceRefused, match="lớn hơn 2 MB"):
        by_http(url).read()
    assert len(sizes) < 64, "the rest was not waited for"


def test_a_file_cut_short_is_left_for_later(tmp_path):
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "5000000")
        handler.end_headers()
        handler.wfile.write(HEAD * 1_000)
        handler.close_connection = True

    with served(cut) as url, pytest.raises(SourceUnavailable):
        by_http(url).read()


def test_json_of_another_size_than_memory_is_given_is_refused_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr("smarthd.connectors.adapters.fetched.MOST_BYTES", MB)
    (tmp_path / "bang.json").write_bytes(b'[{"a":"' + b"x" * MB + b'"}]')
    with pytest.raises(SourceRefused, match=r"chỉ nhận tới 1 MB; xin xuất dạng .csv"):
        kinds.connector(SourceKind.FOLDER, {"path": "*"}, {}, inside=(), folder=tmp_path).read()


class Sending:
    """An answer that comes in pieces, each after so many seconds of a clock that is not the machine's."""

    def __init__(self, clock: list[float], pieces: list[tuple[float, bytes]]) -> None:
        self._clock, self._pieces = clock, pieces

    def iter_raw(self) -> Iterator[bytes]:
        for seconds, piece in self._pieces:
            self._clock[0] += seconds
            yield piece


@pytest.mark.parametrize(
    ("pieces", "is_given_time"),
    [([(40.0, b"x" * 12 * MB)] * 6, True), ([(1.0, b"x")] * 120, False), ([(40.0, b"x" * 12 * MB)] * 14, False)],
    ids=["steadily", "dripping", "beyond the longest"],
)
def test_who_sends_steadily_is_given_time_and_who_drips_is_not(monkeypatch, pieces, is_given_time):
    clock = [0.0]
    monkeypatch.setattr(web, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    reading: Any = web.Web()
    with Landing() as landing:
        if is_given_time:
            reading._land(Sending(clock, pieces), {}, landing)
            assert landing.size == 72 * MB
        else:
            with pytest.raises(SourceUnavailable, match="quá chậm"):
                reading._land(Sending(clock, pieces), {}, landing)


def test_a_large_file_on_its_way_is_stopped_at_once():
    stop = Stop()

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(HEAD)
        stop.ask()
        while True:
            handler.wfile.write(b"A1;B;C\n" * 10_000)

    with served(endless) as url, under(stop), pytest.raises(Stopped):
        by_http(url).read()
