"""Links people copy from Google's pages: the table behind them is read, and a sheet that is not shared is told with the way to share it."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

import pytest

from smarthd.connectors.adapters import kinds
from smarthd.connectors.ports import SourceRefused, Table
from smarthd.connectors.rules.sharing import file_link
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import sources
from smarthd.connectors.tests import make, servers
from smarthd.connectors.tests.test_landing import served

SHEET = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
OURS = f"https://docs.google.com/spreadsheets/d/{SHEET}"
PAGE = b"<!doctype html><html><title>Google Trang t\xc3\xadnh: \xc4\x90\xc4\x83ng nh\xe1\xba\xadp</title></html>"


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        (f"{OURS}/edit#gid=0", f"{OURS}/export?format=csv&gid=0"),
        (f"  {OURS}/edit?gid=77#gid=77 ", f"{OURS}/export?format=csv&gid=77"),
        (f"{OURS}/edit?usp=sharing", f"{OURS}/export?format=csv"),
        (f"{OURS}/view?usp=drivesdk&ouid=1#gid=5", f"{OURS}/export?format=csv&gid=5"),
        (OURS, f"{OURS}/export?format=csv"),
        (f"{OURS}/", f"{OURS}/export?format=csv"),
        (f"https://docs.google.com/spreadsheets/u/1/d/{SHEET}/edit#gid=3", f"{OURS}/export?format=csv&gid=3"),
        (f"https://docs.google.com/a/so.gov.vn/spreadsheets/d/{SHEET}/edit", f"{OURS}/export?format=csv"),
        (f"{OURS}/htmlview", f"{OURS}/export?format=csv"),
        (f"{OURS}/export?format=xlsx", f"{OURS}/export?format=xlsx"),
        (f"{OURS}/gviz/tq?tqx=out:csv&sheet=A", f"{OURS}/gviz/tq?tqx=out:csv&sheet=A"),
        (
            "https://docs.google.com/spreadsheets/d/e/2PACX-1vQabcdef_ghi/pubhtml?gid=9&single=true",
            "https://docs.google.com/spreadsheets/d/e/2PACX-1vQabcdef_ghi/pub?output=csv&single=true&gid=9",
        ),
        (
            f"https://drive.google.com/file/d/{SHEET}/view?usp=sharing",
            f"https://drive.google.com/uc?export=download&id={SHEET}",
        ),
        ("https://docs.google.com/document/d/1234567890abc/edit", "https://docs.google.com/document/d/1234567890abc/edit"),
        (f"https://docs.google.com.xau.vn/spreadsheets/d/{SHEET}/edit", f"https://docs.google.com.xau.vn/spreadsheets/d/{SHEET}/edit"),
        ("https://so.gov.vn/edit#gid=0", "https://so.gov.vn/edit#gid=0"),
        ("khong phai dia chi [", "khong phai dia chi ["),
    ],
)  # fmt: skip
def test_a_shared_link_leads_to_its_table_and_any_other_stays(link, leads_to):
    assert file_link(link) == leads_to
    assert file_link(leads_to) == leads_to, "what leads to a table already is left as it is"


def read(url: str) -> Table:
    """Read a link on Google's host, which here is a server of ours."""
    names = ("docs.google.com", "accounts.google.com")
    port = urlsplit(url).port
    link = f"http://docs.google.com:{port}/spreadsheets/d/{SHEET}/edit#gid=4"
    return kinds.connector(
        SourceKind.FILE, {"url": link}, {}, inside=names, look_up=lambda _host, _port: ["127.0.0.1"]
    ).read()


def _send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def test_the_page_that_was_open_is_read():
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        _send(handler, 200, servers.CSV.encode())

    with served(answer) as url:
        assert read(url).columns == ("Mã", "Tên", "Ngày")
    assert asked == [f"/spreadsheets/d/{SHEET}/export?format=csv&gid=4"]


@pytest.mark.parametrize("how", ["a page", "refused", "sent to sign in", "sent on and on"])
def test_a_sheet_that_is_not_shared_is_told_with_the_way_to_share_it(how):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        port = handler.server.server_address[1]  # type: ignore[index]
        match how:
            case "a page":
                _send(handler, 200, PAGE)
            case "refused":
                _send(handler, 401)
            case "sent to sign in" if handler.path.startswith("/v3"):
                _send(handler, 200, PAGE)
            case _:
                _send(handler, 302, Location=f"http://accounts.google.com:{port}/v3/signin")

    def circling(handler: BaseHTTPRequestHandler) -> None:
        _send(handler, 302, Location=handler.path)

    with (
        served(circling if how == "sent on and on" else answer) as url,
        pytest.raises(SourceRefused, match=r"bấm Chia sẻ.*Người xem"),
    ):
        read(url)


def test_a_sheet_that_is_gone_is_told_so():
    with served(lambda handler: _send(handler, 404)) as url, pytest.raises(SourceRefused, match="đã xóa"):
        read(url)


def test_what_is_kept_is_where_the_table_lies(world):
    made = make.source(world.department, SourceKind.FILE)
    sources.set_place(uid=made.uid, place={"url": f"{OURS}/edit#gid=12"}, secret={}, actor=make.SYSTEM, now=make.NOW)
    made.refresh_from_db()
    assert made.place["url"] == f"{OURS}/export?format=csv&gid=12"
