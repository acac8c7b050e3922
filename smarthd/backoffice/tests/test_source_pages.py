"""A clerk's file becomes data that citizens look up the same minute; a broken one stops before anybody sees it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice import uploading
from smarthd.backoffice.forms import sources as source_forms
from smarthd.backoffice.tests import make
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import Offer, Reader, Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.services import reading, trying
from smarthd.kernel import clock
from smarthd.kernel.actor import system

pytestmark = pytest.mark.django_db

HEADS = ("STT", "Mã", "Tên nhà thuốc", "Xã, phường", "Địa chỉ", "Điện thoại", "Giờ mở cửa", "Vĩ độ", "Kinh độ")


def pharmacies(count: int = 12) -> list[tuple[object, ...]]:
    units = make.neighbours(3)
    return [
        (
            number,
            f"NT{number:03}",
            f"Nhà thuốc Hồng Phúc {number}",
            units[number % 3].full_name,
            f"Số {number} đường Nguyễn Trãi",
            "0220 3123 456",
            "7h–21h",
            20.9 + number / 1000,
            106.3 + number / 1000,
        )
        for number in range(1, count + 1)
    ]


def workbook(rows: list[tuple[object, ...]], heads: tuple[str, ...] = HEADS) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("Danh sách")
        page.write_row(0, 0, ["DANH SÁCH NHÀ THUỐC TRÊN ĐỊA BÀN"])
        page.write_row(2, 0, heads)
        for index, row in enumerate(rows, start=3):
            page.write_row(index, 0, row)
    return SimpleUploadedFile("nha-thuoc.xlsx", out.getvalue())


@pytest.fixture
def clerk(desk: make.Desk, settings: Any, tmp_path: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path / "files"
    return make.signed_in(make.official(desk.at, Role.CLERK))


def url(name: str, **parts: object) -> str:
    return reverse(f"backoffice:{name}", kwargs=parts or None)


def made(client: Client, desk: make.Desk, title: str = "Nhà thuốc trên địa bàn") -> UUID:
    answer = client.post(
        url("source_new"),
        {"title": title, "agency": desk.at, "kind": "upload", "licence": "cc-by-4.0", "promise_hours": "168"},
    )
    assert answer.status_code == 302, answer.content.decode()
    return Source.objects.get(title=title).uid


def mapped_as_guessed(client: Client, uid: UUID, **changes: str) -> Any:
    """Send the screen of columns as it was shown, as a browser does."""
    page = client.get(url("source_columns", uid=uid))
    form: dict[str, str] = {"decimal": page.context["decimal"]}
    for column in page.context["columns"]:
        slot = column["slot"]
        form |= {f"label-{slot}": column["label"], f"kind-{slot}": column["kind"]}
        form |= {f"{name}-{slot}": "on" for name in ("use", "shown", "required", "filtered", "key") if column[name]}
        form |= {f"{name.replace('_', '-')}-{slot}": told for name, told in column["told"].items() if told}
    return client.post(url("source_columns", uid=uid), form | changes)


def handed_in(client: Client, uid: UUID, file: SimpleUploadedFile) -> Any:
    return client.post(url("source_hand_in", uid=uid), {"file": file})


def published(client: Client, desk: make.Desk, rows: list[tuple[object, ...]]) -> UUID:
    uid = made(client, desk)
    handed_in(client, uid, workbook(rows))
    mapped_as_guessed(client, uid)
    answer = client.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    assert answer.status_code == 302
    return uid


def test_a_workbook_of_pharmacies_is_looked_up_by_citizens_the_same_minute(clerk, desk, client):
    uid = made(clerk, desk)
    answer = handed_in(clerk, uid, workbook(pharmacies()))
    assert answer["location"] == url("source_columns", uid=uid)
    columns = {one["header"]: one for one in clerk.get(url("source_columns", uid=uid)).context["columns"]}
    kinds = {header: one["kind"] for header, one in columns.items()}
    assert kinds["Xã, phường"] == "unit"
    assert kinds["Điện thoại"] == "phone"
    assert (kinds["Vĩ độ"], kinds["Kinh độ"]) == ("latitude", "longitude")
    assert columns["Mã"]["key"]
    assert not columns["STT"]["shown"]
    answer = mapped_as_guessed(clerk, uid)
    assert answer["location"] == url("source_version", uid=uid, number=1)
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/").status_code == 404, (
        "nothing is public before somebody publishes"
    )
    preview = clerk.get(url("source_version", uid=uid, number=1)).content.decode()
    assert "Người dân sẽ thấy" in preview
    assert "Nhà thuốc Hồng Phúc 1" in preview
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    page = client.get("/du-lieu/nha-thuoc-tren-dia-ban/?q=hong phuc 12").content.decode()
    assert "Nhà thuốc Hồng Phúc 12" in page
    assert "Nhà thuốc Hồng Phúc 11" not in page
    row = client.get("/du-lieu/nha-thuoc-tren-dia-ban/").context["rows"][0][0]
    detail = client.get(reverse("citizen:dataset_row", args=["nha-thuoc-tren-dia-ban", row.code])).content.decode()
    assert "0220 3123 456" in detail
    assert "Nhà thuốc trên địa bàn" in client.get("/du-lieu/").content.decode()


def test_faulty_rows_are_told_by_their_number_and_come_back_as_a_workbook_that_computes_nothing(clerk, desk, client):
    rows = pharmacies(40)
    rows[4] = (5, "NT005", "=CMD|' /C calc'!A0", "Xã Không Có Thật", "", "abc", "", 106.3, 20.9)
    uid = made(clerk, desk)
    handed_in(clerk, uid, workbook(rows))
    mapped_as_guessed(clerk, uid)
    page = clerk.get(url("source_version", uid=uid, number=1))
    [line] = page.context["page"].items
    assert line.number == 8, "as Excel shows it: a title, an empty line, the heading, then the fifth"
    said = page.content.decode()
    assert "không có xã, phường nào tên" in said
    assert "vĩ độ 106,3 ngoài khoảng" in said
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(url("source_faulty", uid=uid, number=1)).content))
    cells = list(book.active.values)
    assert cells[1][2] == "=CMD|' /C calc'!A0"
    assert book.active.cell(2, 3).data_type == "s"
    assert "Điện thoại: “abc” không phải số điện thoại gọi được" in cells[1][-1]
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    assert Source.objects.get(uid=uid).row_count == 39


def test_a_half_written_file_is_held_and_the_good_version_stays(clerk, desk, client):
    uid = published(clerk, desk, pharmacies(30))
    answer = handed_in(clerk, uid, workbook(pharmacies(9)))
    assert answer["location"] == url("source_version", uid=uid, number=2)
    page = clerk.get(answer["location"]).content.decode()
    assert "Bản này bị giữ lại" in page
    assert "Chỉ còn 9 dòng, lần trước 30" in page
    refused = clerk.post(url("source_version_act", uid=uid, number=2, act="cong-bo"), {"reason": "Đóng cửa thật"})
    assert refused.status_code == 403, "a clerk does not release what was held"
    assert Source.objects.get(uid=uid).row_count == 30
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    bare = head.post(url("source_version_act", uid=uid, number=2, act="cong-bo"))
    assert bare.status_code == 422
    head.post(url("source_version_act", uid=uid, number=2, act="cong-bo"), {"reason": "21 nhà thuốc đã đóng cửa"})
    assert Source.objects.get(uid=uid).row_count == 9
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/").context["page"].items[0].title


def test_a_heading_renamed_overnight_stops_the_file_and_says_which(clerk, desk):
    uid = published(clerk, desk, pharmacies())
    heads = tuple("Tên hiệu thuốc" if head == "Tên nhà thuốc" else head for head in HEADS)
    answer = clerk.post(url("source_hand_in", uid=uid), {"file": workbook(pharmacies(), heads)}, follow=True)
    said = answer.content.decode()
    assert "“Tên nhà thuốc” có thể nay là “Tên hiệu thuốc”" in said
    assert Source.objects.get(uid=uid).version == 1


def test_what_changed_is_shown_and_one_tap_goes_back(clerk, desk, client):
    uid = published(clerk, desk, pharmacies(20))
    rows = pharmacies(20)
    rows[0] = (*rows[0][:6], "24/24", *rows[0][7:])
    rows[19] = (20, "NT999", "Nhà thuốc Mới", *rows[19][3:])
    answer = handed_in(clerk, uid, workbook(rows))
    page = clerk.get(answer["location"])
    assert [words for words, _one in page.context["changes"]] == ["Đổi", "Bỏ", "Thêm"]
    assert "7h–21h → 24/24" in page.content.decode()
    clerk.post(url("source_version_act", uid=uid, number=2, act="cong-bo"))
    assert "Nhà thuốc Mới" in client.get("/du-lieu/nha-thuoc-tren-dia-ban/?q=moi").content.decode()
    clerk.post(url("source_version_act", uid=uid, number=1, act="quay-lai"))
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/?q=moi").context["page"].items == []
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/?q=phuc 20").context["page"].items[0].title.endswith("20")
    again = Version.objects.get(source__uid=uid, number=3)
    assert (again.restores, again.added, again.changed, again.removed) == (1, 1, 1, 1)


def test_another_agency_finds_nothing_here(clerk, desk):
    uid = published(clerk, desk, pharmacies())
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD))
    for name in ("source", "source_hand_in", "source_edit", "source_shape", "source_columns"):
        assert stranger.get(url(name, uid=uid)).status_code == 404
    for name, parts in (("source_version", {}), ("source_faulty", {})):
        assert stranger.get(url(name, uid=uid, number=1, **parts)).status_code == 404
    assert stranger.post(url("source_version_act", uid=uid, number=1, act="bo")).status_code == 404
    assert stranger.post(url("source_act", uid=uid, act="thoi-cong-bo")).status_code == 404
    assert stranger.get(url("sources")).context["lines"] == []


# --- doors and costs -------------------------------------------------------------------------------------------------
FEED = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR}
CONNECT = {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}
SEE = FEED | {Role.AUDITOR}
PAGES = (
    "sources",
    "source",
    "source_hand_in",
    "source_edit",
    "source_shape",
    "source_columns",
    "source_version",
    "source_faulty",
    "source_stations",
    "source_freshness",
    "source_use",
    "source_use_file",
    "dossier_desks",
)
BARE = {"sources", "source_freshness", "dossier_desks"}


def parts(name: str, uid: UUID) -> dict[str, object]:
    return (
        {}
        if name in BARE
        else {
            "uid": uid,
            **({"number": 1} if "version" in name or name == "source_faulty" else {}),
            **({"suffix": "csv"} if name == "source_use_file" else {}),
        }
    )


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_is_theirs_and_no_more(clerk, desk, role):
    uid = published(clerk, desk, pharmacies())
    who = make.signed_in(make.official(desk.at, role))
    seen = 200 if role in SEE else 404
    for name in PAGES:
        assert who.get(url(name, **parts(name, uid))).status_code == seen, name
    assert who.get(url("source_new")).status_code == (200 if role in FEED else 404)
    fed = 302 if role in FEED else 403 if role in SEE else 404
    with make.undone():
        assert handed_in(who, uid, workbook(pharmacies())).status_code == fed
    with make.undone():
        assert who.post(url("source_act", uid=uid, act="tam-dung")).status_code == fed
    with make.undone():
        program = Source.objects.filter(uid=uid)
        program.update(kind="push")
        given = 200 if role in CONNECT else 403 if role in SEE else 404
        assert who.post(url("source_push_key", uid=uid)).status_code == given
        program.update(kind="file")
        assert who.get(url("source_place", uid=uid)).status_code == (200 if role in CONNECT else 404)


def test_where_a_source_lies_is_kept_and_what_lets_one_in_is_never_shown(clerk, desk):
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    uid = made(clerk, desk)
    Source.objects.filter(uid=uid).update(kind="file")
    told = {"url": "https://so.example.vn/bang.csv", "auth": "bearer", "token": "khoa-rat-bi-mat"}
    assert head.post(url("source_place", uid=uid), told).status_code == 302
    page = head.get(url("source_place", uid=uid)).content.decode()
    assert "https://so.example.vn/bang.csv" in page
    assert "khoa-rat-bi-mat" not in page
    refused = head.post(url("source_place", uid=uid), {**told, "url": "file:///etc/passwd"})
    assert refused.status_code == 422
    assert "chỉ nhận địa chỉ http hoặc https" in refused.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_same_of_the_database_for_three_times_the_rows(clerk, desk, settings, name):
    settings.PLACES_REVISION_SECONDS = float("inf")
    uid = published(clerk, desk, pharmacies(20))
    address = url(name, **parts(name, uid))

    def asked() -> int:
        clerk.get(address)
        with CaptureQueriesContext(connection) as told:
            assert clerk.get(address).status_code == 200
        return len(told)

    few = asked()
    handed_in(clerk, uid, workbook(pharmacies(60)))
    for number in range(3):
        made(clerk, desk, f"Bộ dữ liệu {number}")
    assert asked() == few <= 14


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04hong", b"\x00" * 50, b"a,b\n1", "M\xb7,T\xaan\n1,2".encode("latin-1"), b"{}"]
)
def test_a_file_that_is_no_table_is_refused_beside_its_field_and_leaves_nothing(clerk, desk, content):
    uid = made(clerk, desk)
    answer = handed_in(clerk, uid, SimpleUploadedFile("x.csv", content))
    if answer.status_code != 302:
        assert answer.status_code == 422
        assert answer.context["form"].errors["file"]
        assert Run.objects.filter(source__uid=uid).count() == 0


def test_what_is_ended_is_gone_for_citizens_at_once(clerk, desk, client):
    uid = published(clerk, desk, pharmacies())
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    head.post(url("source_act", uid=uid, act="thoi-cong-bo"), {"name": "sai tên"})
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/").status_code == 200
    head.post(url("source_act", uid=uid, act="thoi-cong-bo"), {"name": "Nhà thuốc trên địa bàn"})
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/").status_code == 404
    assert client.get("/du-lieu/nha-thuoc-tren-dia-ban/tai-ve.csv").status_code == 404


def test_words_that_would_compute_or_run_are_words_everywhere(clerk, desk, client):
    rows = pharmacies(12)
    nasty = "=HYPERLINK(1)<script>alert(1)</script>"
    rows[0] = (*rows[0][:2], nasty, *rows[0][3:])
    published(clerk, desk, rows)
    assert "<script>alert" not in client.get("/du-lieu/nha-thuoc-tren-dia-ban/").content.decode()
    told = client.get("/du-lieu/nha-thuoc-tren-dia-ban/tai-ve.csv").getvalue().decode()
    assert f"'{nasty}" in told
    assert f",{nasty}" not in told


def test_a_file_too_large_is_refused_before_it_is_read(clerk, desk, monkeypatch):
    monkeypatch.setattr(source_forms, "MOST_UPLOAD_MB", 0)
    uid = made(clerk, desk)
    answer = handed_in(clerk, uid, workbook(pharmacies()))
    assert answer.status_code == 422
    assert "nhiều nhất 0 MB" in answer.context["form"].errors["file"][0]


def test_what_is_announced_too_heavy_is_written_nowhere_and_told(clerk, desk, monkeypatch):
    monkeypatch.setattr(uploading, "MOST_UPLOAD_MB", 0)
    monkeypatch.setattr(uploading, "_BESIDE", 100)
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", lambda *_told, **_more: pytest.fail("it was begun"))
    answer = handed_in(clerk, made(clerk, desk), workbook(pharmacies()))
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["file"]) == 1
    assert "nhiều nhất" in answer.context["form"].errors["file"][0]


# --- trying, stopping, rules -------------------------------------------------------------------------------------------
@pytest.fixture
def connected(desk: make.Desk, settings: Any, tmp_path: Any) -> tuple[Client, Source]:
    settings.MEDIA_ROOT = tmp_path / "files"
    client = make.signed_in(make.official(desk.at, Role.HEAD))
    client.post(url("source_new"), {"title": "Từ MariaDB", "agency": desk.at, "kind": "mysql", "licence": "cc-by-4.0"})
    source = Source.objects.get(title="Từ MariaDB")
    place = {"host": "db.so.vn", "database": "so", "user": "doc", "password": "rat-bi-mat", "table": "chua_nho"}
    assert client.post(url("source_place", uid=source.uid), place).status_code == 302
    source.refresh_from_db()
    return client, source


class Answers(Reader):
    def read(self, state: Any = None) -> Table:
        return Table(("ma", "ten"), [Line(1, ("A1", "<b>Chợ Con</b>"))])

    def offers(self) -> list[Offer]:
        return [Offer("table", "cho"), Offer("table", "nha_thuoc")]


def test_a_trial_shows_first_lines_and_what_else_lies_there_and_one_is_chosen_by_a_tap(connected):
    client, source = connected
    assert trying.try_out(source.uid, now=clock.now(), make=lambda _source: Answers()).state == "tried"
    page = client.get(url("source", uid=source.uid)).content.decode()
    assert "Kết quả thử kết nối" in page
    assert "&lt;b&gt;Chợ Con&lt;/b&gt;" in page
    assert "rat-bi-mat" not in page
    answer = client.post(url("source_act", uid=source.uid, act="chon"), {"key": "table", "name": "cho"})
    assert answer.status_code == 302
    source.refresh_from_db()
    assert source.place["table"] == "cho"
    assert client.post(url("source_act", uid=source.uid, act="chon"), {"key": "host", "name": "x"}).status_code >= 400


def test_a_reading_under_way_is_stopped_and_one_that_is_over_is_told(connected):
    client, source = connected
    run = reading.begin(source, actor=system("test"), now=clock.now())
    assert "Dừng lần đọc này" in client.get(url("source", uid=source.uid)).content.decode()
    client.post(url("source_act", uid=source.uid, act="dung"))
    run.refresh_from_db()
    assert run.state == "cancelled"
    answer = client.post(url("source_act", uid=source.uid, act="dung"))
    assert answer.status_code == 409
    assert "Không có lần đọc nào đang chạy" in answer.content.decode()


def test_hours_and_two_persons_are_set_by_who_may_and_shown(connected, desk):
    client, source = connected
    told = {"quiet_from": "7", "quiet_to": "", "two_persons": "on"}
    answer = client.post(url("source_rules", uid=source.uid), told)
    assert answer.status_code == 422
    assert "Chọn cả giờ bắt đầu và giờ hết" in answer.content.decode()
    assert client.post(url("source_rules", uid=source.uid), told | {"quiet_to": "11"}).status_code == 302
    page = client.get(url("source", uid=source.uid)).content.decode()
    assert "không đọc từ 7 giờ đến 11 giờ" in page
    assert "ai nộp thì người khác công bố" in page
    clerk = make.signed_in(make.official(desk.at, Role.CLERK))
    assert clerk.get(url("source_rules", uid=source.uid)).status_code == 404
    assert clerk.post(url("source_act", uid=source.uid, act="chon"), {"key": "table", "name": "x"}).status_code == 403
    assert clerk.post(url("source_act", uid=source.uid, act="thu")).status_code == 302


def test_levels_of_a_station_are_set_on_the_desk_and_refused_in_words(clerk, desk):
    uid = made(clerk, desk, "Mực nước sông")
    Source.objects.filter(uid=uid).update(publication={"shape": "chart"})
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    unit = make.neighbours(1)[0]
    typed = {
        "name": "Trạm Phả Lại",
        "level_1": "2,5",
        "level_2": "3",
        "stale_minutes": "90",
        "hazard": "lu",
        "communes": unit.full_name,
    }
    assert clerk.get(url("source_station_new", uid=uid)).status_code == 404, "a clerk sets no alarm levels"
    wrong = head.post(url("source_station_new", uid=uid), typed | {"level_2": "2", "communes": "Xã Không Có"})
    assert wrong.status_code == 422
    assert "không có trong danh mục" in wrong.content.decode()
    assert head.post(url("source_station_new", uid=uid), typed).status_code == 302
    page = clerk.get(url("source_stations", uid=uid))
    [(station, words)] = page.context["stations"]
    assert (station.level_1, station.level_2, station.communes) == (2.5, 3.0, [unit.id])
    assert words == "Bình thường"
    parts = {"uid": uid, "station_uid": station.uid}
    assert unit.full_name in head.get(url("source_station", **parts)).content.decode()
    assert clerk.post(url("source_station_end", **parts)).status_code == 403
    assert head.post(url("source_station_end", **parts)).status_code == 302
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD))
    assert stranger.get(url("source_stations", uid=uid)).status_code == 404


def test_a_way_of_showing_is_looked_at_before_it_is_kept(clerk, desk, client):
    uid = published(clerk, desk, pharmacies())
    source = Source.objects.get(uid=uid)
    clerk.post(url("source_shape", uid=uid), {"shape": "list"})
    answer = clerk.post(url("source_shape", uid=uid), {"shape": "map", "preview": "1"})
    address = answer["location"]
    assert address.startswith(f"/du-lieu/{source.key}/?xem-truoc=")
    page = client.get(address)
    assert "Bản xem trước" in page.content.decode()
    assert page.context["as_map"]
    assert "no-store" in page["cache-control"]
    assert not client.get(f"/du-lieu/{source.key}/").context["as_map"]
    assert not client.get(address + "x").context["as_map"], "a preview nobody signed is none"
    source.refresh_from_db()
    assert source.publication["shape"] == "list"


def test_a_one_stop_system_is_connected_on_the_desk_and_its_key_is_never_shown(desk):
    head, clerk = make.signed_in(make.official(desk.at, Role.HEAD)), make.signed_in(make.official(desk.at, Role.CLERK))
    typed = {
        "title": "Một cửa cấp xã", "agency": desk.at, "pattern": "999.99.99.A99-999999-9999", "example": "000.00.12.H31-261120-0007",
        "url": "https://motcua.example.vn/{code}", "auth": "bearer", "token": "khoa-rat-bi-mat", "state": "status.text",
    }  # fmt: skip
    assert clerk.get(url("dossier_desk_new")).status_code == 404
    wrong = head.post(url("dossier_desk_new"), typed | {"pattern": "99", "url": "https://motcua.example.vn/"})
    assert wrong.status_code == 422
    assert "ít nhất 6 chỗ" in wrong.content.decode()
    assert "khoa-rat-bi-mat" not in wrong.content.decode()
    assert head.post(url("dossier_desk_new"), typed).status_code == 302
    [(made_desk, _agency)] = clerk.get(url("dossier_desks")).context["lines"]
    page = head.get(url("dossier_desk", uid=made_desk.uid)).content.decode()
    assert "status.text" in page
    assert "khoa-rat-bi-mat" not in page
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD))
    assert stranger.get(url("dossier_desk", uid=made_desk.uid)).status_code == 404
    assert stranger.post(url("dossier_desk_end", uid=made_desk.uid)).status_code == 404
    assert clerk.post(url("dossier_desk_end", uid=made_desk.uid)).status_code == 403
    assert head.post(url("dossier_desk_end", uid=made_desk.uid)).status_code == 302
    assert clerk.get(url("dossier_desks")).context["lines"] == []


def test_the_board_says_what_is_fresh_and_what_rots_and_whose_it_is(clerk, desk):
    uid = published(clerk, desk, pharmacies())
    board = clerk.get(url("source_freshness"))
    [keeper] = board.context["keepers"]
    assert (keeper.fresh, keeper.stale) == (1, 0)
    clock.set_now(clock.now() + timedelta(days=9))
    board = make.signed_in(make.official(desk.at, Role.AUDITOR)).get(url("source_freshness"))
    [keeper] = board.context["keepers"]
    assert (keeper.fresh, keeper.stale) == (0, 1)
    [(line, _agency, days)] = board.context["stale"]
    assert (line.source.uid, round(days)) == (uid, 2)
    assert "Quá hạn 2 ngày" in board.content.decode()
