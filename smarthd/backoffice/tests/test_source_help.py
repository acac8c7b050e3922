"""What helps a clerk whose file is not as it was, or who has none yet: columns known again, a workbook to fill in, what waits."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.backoffice.tests.test_source_pages import (
    HEADS,
    clerk,
    handed_in,
    made,
    pharmacies,
    published,
    url,
    workbook,
)
from smarthd.connectors.models import Source, Version
from smarthd.kernel import clock

__all__ = ["clerk"]  # the fixture of that file

pytestmark = pytest.mark.django_db


def test_a_heading_of_other_words_is_known_again_by_its_cells_and_stays_chosen(clerk, desk):
    uid = published(clerk, desk, pharmacies())
    other = {"Tên nhà thuốc": "Đơn vị kinh doanh", "Điện thoại": "Số ĐT", "Giờ mở cửa": "Chú thích"}
    rows = [(*row[:6], f"ghi chú {row[0]}", *row[7:]) for row in pharmacies()]
    handed_in(clerk, uid, workbook(rows, tuple(other.get(head, head) for head in HEADS)))
    page = clerk.get(url("source_columns", uid=uid))
    assert dict(page.context["gone"])["Tên nhà thuốc"] == "Đơn vị kinh doanh"
    said = page.content.decode()
    assert "“Tên nhà thuốc” có thể nay là “Đơn vị kinh doanh”" in said
    assert "“Giờ mở cửa”: nếu chỉ đổi tên" in said
    used = {one["header"]: one["use"] for one in page.context["columns"]}
    assert (used["Đơn vị kinh doanh"], used["Chú thích"]) == (True, False)
    assert "Không còn thấy cột" in clerk.get(url("source", uid=uid)).content.decode(), "the source's page says so too"


def test_a_first_version_that_is_held_promises_no_old_one(clerk, desk):
    uid = made(clerk, desk)
    rows = [(*row[:5], "abc", *row[6:]) for row in pharmacies(4)] + pharmacies(12)[4:]
    handed_in(clerk, uid, workbook(rows))
    mapped = clerk.get(url("source_columns", uid=uid)).context
    typed = {f"label-{one['slot']}": one["label"] for one in mapped["columns"]}
    typed |= {
        f"kind-{one['slot']}": "phone" if one["header"] == "Điện thoại" else one["kind"] for one in mapped["columns"]
    }
    typed |= {f"{told}-{one['slot']}": "on" for one in mapped["columns"] for told in ("use", "shown") if one[told]}
    answer = clerk.post(url("source_columns", uid=uid), typed)
    said = clerk.get(answer["location"]).content.decode()
    assert "Bản này bị giữ lại" in said
    assert "Người dân chưa thấy gì." in said
    assert "bản cũ" not in said


def test_an_empty_file_with_the_columns_of_a_template_is_filled_in_and_taken(clerk, desk):
    told = {"title": "Nhà thuốc", "agency": desk.at, "kind": "upload", "licence": "cc-by-4.0", "template": "nha-thuoc"}
    clerk.post(url("source_new"), told)
    uid = Source.objects.get().uid
    page = clerk.get(url("source_hand_in", uid=uid)).content.decode()
    assert "Tệp cần những cột này" in page
    answer = clerk.get(url("source_blank", uid=uid))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    heads = [cell.value for cell in book["Dữ liệu"][1]]
    assert "Xã, phường" in heads
    assert book["Danh mục"].sheet_state == "hidden"
    assert len(book["Dữ liệu"].data_validations.dataValidation) >= 1
    assert handed_in(clerk, uid, SimpleUploadedFile("mau.xlsx", answer.content)).status_code == 302, "nothing filled in"
    assert [one.held_for for one in Version.objects.filter(source__uid=uid)] != [], "it is the empty page that was read"
    assert Source.objects.get(uid=uid).version == 0
    values = {"Tên": "Nhà thuốc A", "Xã, phường": make.neighbours(1)[0].full_name, "Điện thoại": "02203123456"}
    for at, head in enumerate(heads, start=1):
        book["Dữ liệu"].cell(2, at).value = values.get(head, "A1" if head.startswith("Mã") else None)
    out = io.BytesIO()
    book.save(out)
    taken = handed_in(clerk, uid, SimpleUploadedFile("mau.xlsx", out.getvalue()))
    assert "/ban/" in taken["location"]
    version = Version.objects.filter(source__uid=uid).latest("number")
    assert (version.rows, version.faulty) == (1, 0)
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD))
    assert stranger.get(url("source_blank", uid=uid)).status_code == 404


def test_what_waits_of_data_stands_in_the_list_of_what_to_do_of_its_own_agency_alone(clerk, desk):
    def waits(client: Client) -> dict[str, int]:
        found = client.get(url("work")).context["items"]
        return {str(item.title): item.count for item, _left in found if "dữ liệu" in str(item.title)}

    assert waits(clerk) == {}
    uid = published(clerk, desk, pharmacies(20))
    handed_in(clerk, uid, workbook(pharmacies(19)))
    assert waits(clerk) == {"Công bố dữ liệu đã kiểm tra": 1}
    handed_in(clerk, uid, workbook(pharmacies(5)))
    assert waits(clerk) == {"Xem dữ liệu bị giữ lại": 1}
    handed_in(clerk, uid, workbook(pharmacies(20), tuple(f"{head} khác hẳn" for head in HEADS)))
    clock.set_now(clock.now() + timedelta(hours=169))
    told = waits(make.signed_in(make.official(desk.at, Role.HEAD)))
    clock.set_now(None)
    assert told == {
        "Cập nhật dữ liệu đã quá hẹn": 1,
        "Sửa nguồn dữ liệu không đọc được": 1,
        "Xem dữ liệu bị giữ lại": 1,
    }
    assert waits(make.signed_in(make.official(desk.world.commune_b, Role.HEAD))) == {}


def test_what_has_points_is_shown_on_a_map_until_somebody_says_otherwise(clerk, desk):
    uid = published(clerk, desk, pharmacies())
    assert Source.objects.get(uid=uid).publication["shape"] == "map"
    clerk.post(url("source_shape", uid=uid), {"shape": "list"})
    handed_in(clerk, uid, workbook(pharmacies(13)))
    assert Source.objects.get(uid=uid).publication["shape"] == "list"
