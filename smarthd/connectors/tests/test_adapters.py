"""One contract for every kind, against real servers on loopback; and what each must not do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from smarthd.connectors.adapters import kinds, rest, web
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import SourceRefused, SourceUnavailable, Table
from smarthd.connectors.rules import addresses
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import PULLED, SourceKind
from smarthd.connectors.tests import servers
from smarthd.kernel import clock

Served = tuple[str, list[tuple[str, dict[str, str]]]]
INSIDE = ("127.0.0.1",)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with servers.web_server() as running:
        yield running


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    clock.set_now(datetime(2026, 11, 24, 2, tzinfo=UTC))
    yield
    clock.set_now(None)


def reader(kind: SourceKind, place: dict[str, Any], secret: dict[str, str] | None = None) -> Any:
    return kinds.connector(kind, place, secret or {}, inside=INSIDE)


OAUTH = {"client_id": "so", "client_secret": "bi-mat"}
# kind, place ("@" stands for the server), secret, columns it must know, number of rows
CONTRACT: list[tuple[str, SourceKind, dict[str, str], dict[str, str], set[str], int]] = [
    ("csv", SourceKind.FILE, {"url": "@/bang.csv"}, {}, {"Mã", "Tên", "Ngày"}, 2),
    ("csv in TCVN3", SourceKind.FILE, {"url": "@/tcvn3.csv", "encoding": "tcvn3"}, {}, {"Mã", "Tên"}, 1),
    ("json file", SourceKind.FILE, {"url": "@/muc.json", "rows": "data.items"}, {}, {"ma", "ten", "vi_tri.lat"}, 7),
    ("rss", SourceKind.FEED, {"url": "@/tin.rss"}, {}, {"Tiêu đề", "Liên kết"}, 2),
    ("atom", SourceKind.FEED, {"url": "@/tin.atom"}, {}, {"Tiêu đề", "Liên kết"}, 1),
    ("ics", SourceKind.CALENDAR, {"url": "@/lich.ics"}, {}, {"Việc", "Từ", "Đến"}, 3),
    ("geojson", SourceKind.GEOJSON, {"url": "@/diem.geojson"}, {}, {"ten", "Vĩ độ", "Kinh độ"}, 3),
    ("gtfs", SourceKind.GTFS, {"url": "@/xe.zip"}, {}, {"Điểm dừng", "Giờ chạy"}, 2),
    ("one page", SourceKind.API, {"url": "@/ds?limit=100", "rows": "items"}, {}, {"ma", "so"}, 7),
    ("pages", SourceKind.API, {"url": "@/ds", "rows": "items", "paging": "page"}, {}, {"ma"}, 7),
    ("offsets", SourceKind.API, {"url": "@/ds", "rows": "items", "paging": "offset"}, {}, {"ma"}, 7),
    (
        "cursor",
        SourceKind.API,
        {"url": "@/ds", "rows": "items", "paging": "cursor", "cursor": "meta.next"},
        {},
        {"ma"},
        7,
    ),
    ("links", SourceKind.API, {"url": "@/ds", "rows": "items", "paging": "next", "cursor": "meta.link"}, {}, {"ma"}, 7),
    ("link header", SourceKind.API, {"url": "@/tieu-de", "rows": "items", "paging": "link"}, {}, {"ma"}, 7),
    (
        "oauth2",
        SourceKind.API,
        {"url": "@/kin/ds", "rows": "items", "paging": "page", "auth": "oauth2", "token_url": "@/token"},
        OAUTH,
        {"ma"},
        7,
    ),
    ("ckan", SourceKind.CKAN, {"url": "@", "resource": "abc"}, {}, {"ma"}, 7),
]


@pytest.mark.parametrize("agreed", CONTRACT, ids=[row[0] for row in CONTRACT])
def test_each_kind_reads_what_there_is_and_twice_the_same(served, agreed):
    _name, kind, place, secret, columns, count = agreed
    place = {name: value.replace("@", served[0]) for name, value in place.items()}
    assert problems(kind, place, secret) == {}
    first, again = (_read(reader(kind, place, secret)) for _ in range(2))
    assert columns <= set(first.columns)
    assert len(first.lines) == count
    assert all(len(line.cells) == len(first.columns) for line in first.lines)
    assert (first.columns, first.lines, first.digest) == (again.columns, again.lines, again.digest)


def test_every_kind_that_is_read_has_a_contract():
    elsewhere = {
        *kinds.DATABASES,
        SourceKind.SFTP,
        SourceKind.FOLDER,
        SourceKind.WFS,
    }  # in files of their own beside this
    elsewhere |= {SourceKind.SENSORTHINGS, SourceKind.NGSILD, SourceKind.SOAP, SourceKind.SITEMAP}
    assert {row[1] for row in CONTRACT} | elsewhere == PULLED


def _read(connector: Any) -> Table:
    table = connector.read()
    return Table(table.columns, list(table.lines), table.digest)


def cells(served: Served, kind: SourceKind, path: str) -> list[dict[str, str]]:
    table = reader(kind, {"url": served[0] + path}).read()
    return [dict(zip(table.columns, line.cells, strict=True)) for line in table.lines]


def test_what_documents_say_is_what_is_read(served):
    calendar = cells(served, SourceKind.CALENDAR, "/lich.ics")
    assert calendar[0]["Việc"] == "Khám sức khỏe, miễn phí"
    assert calendar[0]["Nơi"] == "Trạm y tếThành Đông"
    assert calendar[0]["Từ"] == "2026-11-24T01:00+00:00"
    assert calendar[0]["Đến"] == "2026-11-24T11:00+07:00"
    assert calendar[0]["Mô tả"] == "", "an alarm's words are not the event's"
    assert [row["Từ"] for row in calendar[1:]] == ["2026-11-25", "2026-12-02"]
    buses = cells(served, SourceKind.GTFS, "/xe.zip")
    assert buses[0] == {
        "Mã": "T1-1", "Điểm dừng": "Bến xe Hải Dương", "Tuyến": "02", "Hướng": "Nam Sách", "Giờ chạy": "05:00:00",
        "Ngày chạy": "hằng ngày, từ 01/01/2026 đến 31/12/2027; trừ 01/01/2027", "Vĩ độ": "20.94", "Kinh độ": "106.32",
    }  # fmt: skip
    news = cells(served, SourceKind.FEED, "/tin.rss")
    assert (news[0]["Tóm tắt"], news[0]["Ngày đăng"]) == ("Nội dung", "2026-11-24T01:00+00:00")
    assert cells(served, SourceKind.FEED, "/tin.atom")[0]["Liên kết"] == "https://x.vn/1"
    places = cells(served, SourceKind.GEOJSON, "/diem.geojson")
    assert (places[0]["Vĩ độ"], places[0]["Kinh độ"], places[2]["Vĩ độ"]) == ("20.9000000", "106.3000000", "")


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        (SourceKind.FEED, "/bom.rss", "không phải RSS"),
        (SourceKind.FEED, "/xxe.rss", "không phải RSS"),
        (SourceKind.FEED, "/trang.html", "trang web"),
        (SourceKind.FILE, "/trang.html", "trang web"),
        (SourceKind.API, "/trang.html", "trang web"),
        (SourceKind.CALENDAR, "/nua.ics", "không phải lịch ICS trọn vẹn"),
        (SourceKind.GTFS, "/bang.csv", "không phải tệp GTFS"),
        (SourceKind.GEOJSON, "/muc.json", "không phải GeoJSON"),
        (SourceKind.FILE, "/rong.csv", "tệp trống"),
        (SourceKind.FILE, "/loi/404", "404"),
        (SourceKind.FILE, "/loi/401", "không cho vào"),
        (SourceKind.FILE, "/tcvn3.csv", "bảng mã"),
    ],
)
def test_what_is_not_what_it_should_be_is_refused_in_words(served, kind, path, words):
    with pytest.raises(SourceRefused, match=words):
        reader(kind, {"url": served[0] + path}).read()


def test_paging_that_goes_round_or_away_ends(served):
    for path, words in (("/quanh", "không đi tới"), ("/ngoai", "máy chủ khác")):
        place = {"url": served[0] + path, "rows": "items", "paging": "next", "cursor": "next"}
        with pytest.raises(SourceRefused, match=words):
            reader(SourceKind.API, place).read()


# --- what must not be reached ----------------------------------------------------------------------------------------
INWARD = (
    "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://127.1/", "http://0.0.0.0/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.5/", "http://192.168.1.1/",
    "http://[64:ff9b::7f00:1]/", "http://0x7f000001/",
)  # fmt: skip


@pytest.mark.parametrize("url", INWARD)
def test_an_address_inside_is_not_asked(url):
    with pytest.raises((SourceRefused, SourceUnavailable)):
        Web().get(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://so.vn/x",
        "http://a:b@so.vn/",
        "http://so.vn\\@127.0.0.1/",
        "gopher://x",
        "http:///x",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(SourceRefused):
        Web().get(url)


def test_a_redirect_inward_is_refused_at_its_hop_even_from_an_allowed_host(served):
    port = served[0].rpartition(":")[2]
    for inward in ("http://169.254.169.254/latest/", f"http://localhost:{port}/bang.csv", "file:///etc/passwd"):
        with pytest.raises(SourceRefused):
            Web(inside=[f"127.0.0.1:{port}"]).get(f"{served[0]}/vao?toi={inward}")


def test_a_name_that_means_inside_the_second_time_is_looked_at_again(served):
    port = int(served[0].rpartition(":")[2])
    told = iter([["93.184.216.34"], ["127.0.0.1"]])
    assert web.pinned_address("doi.example.vn", port, inside=(), look_up=lambda *_: next(told)) == "93.184.216.34"
    with pytest.raises(SourceRefused, match="mạng nội bộ"):
        web.pinned_address("doi.example.vn", port, inside=(), look_up=lambda *_: next(told))
    mixed = ["93.184.216.34", "10.0.0.1"]
    with pytest.raises(SourceRefused):
        web.pinned_address("hai.example.vn", port, inside=(), look_up=lambda *_: mixed)


def test_what_lets_us_in_is_not_carried_to_another_host(served):
    base, asked = served
    port = base.rpartition(":")[2]
    answer = Web(inside=["127.0.0.1", "localhost"]).get(
        f"{base}/vao?toi=http://localhost:{port}/bang.csv", headers={"Authorization": "Bearer kin", "X-Api-Key": "kin"}
    )
    assert answer.body == servers.CSV.encode()
    (_, first), (path, second) = asked[-2:]
    assert first["Authorization"] == "Bearer kin"
    assert path == "/bang.csv"
    assert "kin" not in str(second)


def test_a_body_too_large_and_a_server_too_slow_end(served, monkeypatch):
    with pytest.raises(SourceRefused, match="lớn hơn 1 MB"):
        Web(inside=INSIDE, most=1 << 20).get(f"{served[0]}/to")
    monkeypatch.setattr(web, "TIMEOUT", web.httpx.Timeout(0.3))
    with pytest.raises(SourceUnavailable, match="không trả lời kịp"):
        Web(inside=INSIDE).get(f"{served[0]}/cham")


def test_no_error_tells_a_secret(served):
    place = {"url": f"{served[0]}/kin/ds", "rows": "items", "auth": "oauth2", "token_url": f"{served[0]}/token"}
    with pytest.raises(SourceRefused) as refused:
        reader(SourceKind.API, place, {"client_id": "so", "client_secret": "mat-khau-sai"}).read()
    assert "mat-khau" not in str(refused.value)
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_an_address_is_told_with_its_port_as_it_is_asked():
    assert addresses.netloc_of("https://So.vn:443/x") == "so.vn"
    assert addresses.netloc_of("http://[::1]:8080/") == "[::1]:8080"


def test_a_sample_of_an_api_asks_for_one_page_only(served):
    base, asked = served
    before = len(asked)
    table = reader(SourceKind.API, {"url": f"{base}/ds", "rows": "items", "paging": "page"}).sample(2)
    assert [line.cells[0] for line in table.lines] == ["A1", "A2"]
    assert len(asked) == before + 1


# --- patience ----------------------------------------------------------------------------------------------------------
def test_a_server_that_asks_for_a_moment_is_given_it_and_one_that_asks_for_long_is_left_alone(served):
    waited: list[float] = []
    answer = Web(inside=INSIDE, wait=waited.append).get(f"{served[0]}/doi/7?lan=2")
    assert b"A1" in answer.body
    assert waited == [7, 7]
    with pytest.raises(SourceUnavailable, match="hỏi chậm lại") as told:
        Web(inside=INSIDE, wait=waited.append).get(f"{served[0]}/doi/3600")
    assert told.value.after == 3600
    assert waited == [7, 7], "nobody waits an hour inside a reading"
    with pytest.raises(SourceUnavailable):
        Web(inside=INSIDE, wait=waited.append).get(f"{served[0]}/doi/1?lan=99")
    assert waited == [7, 7, 1, 1, 1], "three times, then it is for the next reading"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), ("Tue, 24 Nov 2026 02:01:00 GMT", 60), ("Tue, 24 Nov 2020 02:01:00 GMT", 0), ("mai", None), ("", None), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_read_as_a_number_or_an_instant(told, seconds):
    found = web.retry_after({"retry-after": told})
    assert found is None if seconds is None else abs(found - seconds) <= 2


def test_requests_are_held_apart_as_the_source_says(served):
    waited: list[float] = []
    place = {"url": f"{served[0]}/ds", "rows": "items", "paging": "page"}
    found = rest.RestApi(place, secret={}, web=Web(inside=INSIDE, per_minute=30, wait=waited.append)).read()
    assert len(list(found.lines)) == 7
    assert waited == [2.0] * 3, "between four pages"
