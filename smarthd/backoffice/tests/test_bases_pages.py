"""Bases at the desk: who reads, who keeps, one by one and from a table; what each page costs; nothing is half-saved."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.kernel.models import AuditEntry
from smarthd.places import selectors as places
from smarthd.rollout.models import BaseImport, Campaign, Denominator

LIST = "/can-bo/mau-so/"
READERS = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.fixture
def coordinated(desk: make.Desk) -> make.Desk:
    """The Department coordinates the campaign."""
    Campaign.objects.update(coordinator_id=desk.world.department)
    return desk


@pytest.fixture
def keeper(coordinated: make.Desk) -> Client:
    return make.signed_in(make.official(coordinated.world.department, Role.HEAD))


def table(text: str, name: str = "mau.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def sent(client: Client, **fields: Any) -> Any:
    given = {"as_of": "2024-03-01", "source": "Cục Thống kê", "method": "", "encoding": ""}
    return client.post(f"{LIST}nhap-tep/", given | fields)


@pytest.mark.parametrize("role", list(Role))
def test_who_reads_figures_reads_bases_and_only_the_coordinators_leaders_are_shown_how_to_keep_them(
    coordinated: make.Desk, role: Role
) -> None:
    at_department = make.signed_in(make.official(coordinated.world.department, role))
    answer = at_department.get(LIST)
    assert answer.status_code == (200 if role in READERS else 404)
    if role in READERS:
        keeps = role in {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}
        assert ("Nhập từ tệp" in answer.content.decode()) == keeps
        assert at_department.get(f"{LIST}nhap-tep/").status_code == (200 if keeps else 404)
        one = f"{LIST}{coordinated.unit}/"
        assert ("Nhập hoặc sửa một số" in at_department.get(one).content.decode()) == keeps


def test_the_list_says_value_source_day_and_what_is_missing(keeper: Client, desk: make.Desk) -> None:
    page = keeper.get(LIST, {"ngay": "2024-04-20"}).content.decode()
    assert "Cục Thống kê" in page
    assert "01/01/2024" in page
    assert "Chưa có số" in page
    missing = keeper.get(LIST, {"ngay": "2024-04-20", "loc": "chua-co"}).content.decode()
    assert "232/235" in missing
    one = places.unit_by_uid(desk.unit, make.TODAY)
    assert one.full_name in keeper.get(LIST, {"ngay": "2024-04-20", "q": one.name.upper()}).content.decode()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_is_taken_out_can_be_sent_in_again(keeper: Client, suffix: str) -> None:
    taken = keeper.get(f"{LIST}bang.{suffix}", {"ngay": "2024-04-20"})
    assert taken.status_code == 200
    name = f"mau.{suffix}"
    again = sent(keeper, file=SimpleUploadedFile(name, taken.getvalue()))
    assert again.status_code == 302, again.content.decode()
    [upload] = BaseImport.objects.all()
    found = [line["outcome"] for line in upload.lines]
    assert found.count("same") == 3
    assert found.count("faulty") == 232, "lines without a number say so"
    assert AuditEntry.objects.filter(act="backoffice.bases_exported").exists()


def test_one_base_is_entered_corrected_and_withdrawn_with_all_that_stood_before(
    keeper: Client, desk: make.Desk
) -> None:
    address = f"{LIST}{desk.unit}/"
    given = {"unit": str(desk.unit), "measure": "households", "value": "1.250", "as_of": "01/03/2024", "source": "UBND xã", "method": ""}  # fmt: skip
    assert keeper.post(address, given).status_code == 302
    assert keeper.post(address, given | {"value": "1300"}).status_code == 302
    rows = Denominator.objects.filter(measure="households").order_by("id")
    assert [(row.value, row.superseded_at is None) for row in rows] == [(1250, False), (1300, True)]
    refused = keeper.post(f"{address}bo/{rows[1].pk}/", {"reason": "sai"})
    assert refused.status_code == 422
    assert "ít nhất một câu" in refused.content.decode()
    assert keeper.post(f"{address}bo/{rows[1].pk}/", {"reason": "Gõ nhầm số của xã khác"}).status_code == 302
    page = keeper.get(address).content.decode()
    assert "Gõ nhầm số của xã khác" in page
    assert "1.250" in page
    assert "Đã thay" in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("value", "năm nghìn", "Không phải số nguyên"), ("value", "-5", "Không phải số nguyên"), ("value", "", "Mục này còn trống"),
        ("as_of", "31/02/2024", "Không có ngày này"), ("as_of", "2031-01-01", "chưa tới"),
        ("source", " ", "Mục này còn trống"), ("unit", "x", "Hãy chọn|Chọn"), ("measure", "x", "Hãy chọn|Chọn"),
    ],
)  # fmt: skip
def test_a_wrong_base_is_answered_beside_its_field_and_nothing_is_kept(
    keeper: Client, desk: make.Desk, field: str, value: str, words: str
) -> None:
    before = Denominator.objects.count()
    given = {"unit": str(desk.unit), "measure": "households", "value": "5", "as_of": "2024-03-01", "source": "x", "method": ""}  # fmt: skip
    answer = keeper.post(f"{LIST}{desk.unit}/", given | {field: value})
    assert answer.status_code == 422
    assert any(word in answer.content.decode() for word in words.split("|"))
    assert Denominator.objects.count() == before


def test_a_table_is_previewed_its_faulty_lines_taken_home_and_the_rest_written(keeper: Client, desk: make.Desk) -> None:
    unit = places.unit_by_uid(desk.unit, make.TODAY)
    lines = f"Mã;Đơn vị;Dân số\n{unit.code};;7.100\n;Xã Không Có Thật;5\n;Tổng cộng;7.105\n"
    previewed = sent(keeper, file=table(lines))
    page = keeper.get(previewed["location"]).content.decode()
    assert "Có lỗi 1" in page
    assert "Không có xã, phường hay thôn" in page
    assert not Denominator.objects.filter(measure="population").exists()
    faulty = keeper.get(f"{previewed['location']}dong-loi.xlsx")
    sheet = load_workbook(io.BytesIO(faulty.getvalue())).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Xã Không Có Thật"]
    assert keeper.post(f"{previewed['location']}ghi/").status_code == 302
    assert Denominator.objects.get(measure="population").value == 7100
    assert "đã ghi 1 số" in keeper.get(previewed["location"]).content.decode()
    assert keeper.post(f"{previewed['location']}bo/").status_code == 409


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("anh.jpg", b"\xff\xd8\xff", "Excel (.xlsx) hoặc .csv"), ("trong.csv", b"", "Tệp trống"), ("thu.csv", b"Kinh gui cac don vi\n", "Không thấy bảng số liệu|dòng tiêu đề"),
        ("nen.xlsx", b"PK\x03\x04hong", "Không mở được|Tệp hỏng"), ("cu.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx", "mật khẩu"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused_in_words(keeper: Client, name: str, content: bytes, words: str) -> None:
    answer = sent(keeper, file=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert any(word in answer.content.decode() for word in words.split("|"))
    assert not BaseImport.objects.exists()


def test_an_outsider_can_neither_confirm_nor_withdraw_nor_see_an_upload(keeper: Client, coordinated: make.Desk) -> None:
    unit = places.unit_by_uid(coordinated.unit, make.TODAY)
    address = sent(keeper, file=table(f"Đơn vị;Dân số;Mã\n;5;{unit.code}\n"))["location"]
    base = Denominator.objects.filter(unit_id=unit.id).earliest("id")
    outsider = make.signed_in(make.official(coordinated.world.commune_a, Role.HEAD))
    assert outsider.get(address).status_code == 404
    for path in (f"{address}ghi/", f"{address}bo/", f"{LIST}{coordinated.unit}/bo/{base.pk}/"):
        assert outsider.post(path, {"reason": "Gõ nhầm số của xã khác"}).status_code in {403, 404}
    assert outsider.post(f"{LIST}{coordinated.unit}/", {"value": "5"}).status_code == 403
    assert BaseImport.objects.get().status == "previewed"
    base.refresh_from_db()
    assert base.superseded_at is None


def test_the_list_costs_the_same_however_many_bases_there_are(keeper: Client, settings: Any, desk: make.Desk) -> None:
    settings.PLACES_REVISION_SECONDS = float("inf")
    address = f"{LIST}?ngay=2024-04-20"
    keeper.get(address)
    with CaptureQueriesContext(connection) as few:
        keeper.get(address)
    for unit in make.neighbours(9)[3:]:
        make.rollout.set_denominators([make.rollout_make.base(unit.id, 20)], actor=make.SYSTEM, now=make.NOW)
    keeper.get(address)
    with CaptureQueriesContext(connection) as many:
        keeper.get(address)
    assert len(few) == len(many) <= 10


@pytest.mark.parametrize(
    ("view", "takes"),
    [
        ("bases", "GET"), ("bases_export", "GET"), ("base_unit", "GET"), ("base_table", "GET"), ("base_upload", "GET"), ("base_faulty", "GET"),
        ("base_confirm", "POST"), ("base_give_up", "POST"), ("base_withdraw", "POST"),
    ],
)  # fmt: skip
def test_nobody_comes_in_unsigned_or_without_the_second_factor(desk: make.Desk, view: str, takes: str) -> None:
    address = reverse(f"backoffice:{view}", kwargs=make.unknown_parts(view))
    halfway = make.signed_in(make.official(desk.world.department, Role.HEAD), second_factor=False)
    for client, door in ((Client(), "/dang-nhap/"), (halfway, "/can-bo/xac-thuc/")):
        answer = client.generic(takes, address)
        assert answer.status_code == 302
        assert answer["location"].startswith(door)
