"""A clerk says what must hold of each column, sees how many lines would fall before anything is kept, and mends them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.backoffice.tests.test_source_pages import (
    HEADS,
    clerk,
    handed_in,
    made,
    mapped_as_guessed,
    pharmacies,
    url,
    workbook,
)
from smarthd.connectors.models import DataRow, FaultyLine, Source, Version
from smarthd.connectors.rules.mapping import mapping_of

pytestmark = pytest.mark.django_db
SLOTS = {head: str(index) for index, head in enumerate(HEADS)}
__all__ = ["clerk"]  # a fixture


def row(number: int, **told: object) -> tuple[object, ...]:
    plain = list(pharmacies(number)[-1])
    for head, cell in told.items():
        plain[HEADS.index(head.replace("_", " "))] = cell
    return tuple(plain)


def test_a_range_is_tried_before_it_is_kept_and_its_lines_come_back_to_be_mended(clerk, desk):
    uid = made(clerk, desk)
    heads = (*HEADS, "Số quầy")
    rows = [(*one, 2) for one in pharmacies(40)]
    rows[6] = (*rows[6][:-1], 900)
    handed_in(clerk, uid, workbook(rows, heads))
    slot = str(len(HEADS))
    typed = {f"least-{slot}": "1", f"most-{slot}": "50"}
    tried = mapped_as_guessed(clerk, uid, **typed, **{"try": "1"})
    said = tried.content.decode()
    assert tried.status_code == 200
    assert "1 dòng sẽ bị giữ lại" in said
    assert "900 lớn hơn 50. Nhận từ 1 đến 50; xem lại số và đơn vị tính" in said
    assert 'value="50"' in said
    assert not Version.objects.exists(), "nothing is kept by trying"
    assert not Source.objects.get(uid=uid).mapping
    answer = mapped_as_guessed(clerk, uid, **typed)
    page = clerk.get(answer["location"])
    assert [line.number for line in page.context["page"].items] == [10]
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(url("source_faulty", uid=uid, number=1)).content))
    assert "Số quầy: 900 lớn hơn 50" in list(book.active.values)[1][-1]
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    assert Source.objects.get(uid=uid).row_count == 39
    rows[6] = (*rows[6][:-1], 9)
    handed_in(clerk, uid, workbook(rows, heads))
    assert Version.objects.get(source__uid=uid, number=2).faulty == 0, "the rule stays with the source"
    shown = next(one for one in clerk.get(url("source_columns", uid=uid)).context["columns"] if one["slot"] == slot)
    assert (shown["told"]["least"], shown["told"]["most"]) == ("1", "50")


def test_a_notice_is_published_and_told_again_at_each_reading(clerk, desk):
    uid = made(clerk, desk)
    rows = [*pharmacies(11), row(12, Giờ_mở_cửa="sáng")]
    handed_in(clerk, uid, workbook(rows))
    slot = SLOTS["Giờ mở cửa"]
    answer = mapped_as_guessed(
        clerk, uid, **{f"kind-{slot}": "text", f"form-{slot}": "gio-mo-cua", f"form-notice-{slot}": "on"}
    )
    page = clerk.get(answer["location"])
    version = Version.objects.get(source__uid=uid)
    assert (version.state, version.rows, version.faulty, version.noticed) == ("checked", 12, 0, 1)
    assert "“sáng” không đúng dạng giờ mở–đóng" in page.content.decode()
    assert "Dòng được nhắc" in page.content.decode()
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    assert DataRow.objects.filter(source__uid=uid, until=None).count() == 12
    rows[0] = row(1, Địa_chỉ="Nhà mới")
    handed_in(clerk, uid, workbook(rows))
    again = Version.objects.get(source__uid=uid, number=2)
    assert (again.changed, again.noticed) == (1, 1)
    assert FaultyLine.objects.filter(version=again, noticed=True).count() == 1


def test_rules_between_columns_and_fields_the_file_has_no_column_for_are_kept_as_they_were_typed(clerk, desk):
    uid = made(clerk, desk)
    rows = [*pharmacies(38), row(39, Điện_thoại="", Địa_chỉ="")]
    handed_in(clerk, uid, workbook(rows))
    typed = {
        "rule-0": "either", "rule-a-0": SLOTS["Điện thoại"], "rule-b-0": SLOTS["Địa chỉ"],
        "rule-1": "inside", "rule-metres-1": "90000", "rule-notice-1": "on",
        "made-x0": "constant", "use-x0": "on", "shown-x0": "on", "kind-x0": "text", "label-x0": "Tỉnh, thành", "constant-x0": "Hải Phòng",
        "made-x1": "joined", "use-x1": "on", "shown-x1": "on", "kind-x1": "text", "label-x1": "Chỗ", "from-x1": "Địa chỉ", "and0-x1": "Xã, phường", "mark-x1": ", ",
        "made-x2": "part", "use-x2": "on", "kind-x2": "time", "label-x2": "Mở lúc", "from-x2": "Giờ mở cửa", "mark-x2": "–", "part-x2": "1",
    }  # fmt: skip
    answer = mapped_as_guessed(clerk, uid, **typed)
    said = clerk.get(answer["location"]).content.decode()
    assert "cần ghi “Điện thoại” hoặc “Địa chỉ”: đang trống cả" in said
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    values = DataRow.objects.get(source__uid=uid, key="NT001").values
    assert values["tinh_thanh"] == "Hải Phòng"
    assert values["cho"].startswith("Số 1 đường Nguyễn Trãi, ")
    assert values["mo_luc"] == "07:00"
    before = Source.objects.get(uid=uid).mapping
    again = mapped_as_guessed(clerk, uid, **between(clerk, uid))
    assert again.status_code == 302, again.content.decode()
    assert Source.objects.get(uid=uid).mapping == before, "what is shown and sent back is what was kept"


def between(client: Any, uid: Any) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in client.get(url("source_columns", uid=uid)).context["between"]:
        number = one["number"]
        told |= {
            f"rule-{number}": one["rule"],
            f"rule-told-{number}": one["told"],
            f"rule-metres-{number}": one["metres"],
        }
        told |= {f"rule-{place}-{number}": one[place] for place in "abc"}
        told |= {f"rule-notice-{number}": "on"} if one["notice"] else {}
    return told


WRONG = [
    ({f"least-{SLOTS['Vĩ độ']}": "x"}, ""),
    ({"kind-0": "number", "least-0": "nhiều"}, "“nhiều” không phải số"),
    ({"kind-0": "number", "least-0": "9", "most-0": "1"}, "“từ” không được lớn hơn “đến”"),
    ({"kind-0": "day", "least-0": "hôm nay + mai"}, "Viết như hôm nay, hôm nay + 30"),
    ({"kind-1": "text", "pattern-1": "^(a"}, "mẫu riêng chưa hiểu được"),
    ({"kind-1": "text", "form-1": "lạ"}, "chọn một dạng có trong danh sách"),
    ({"kind-1": "text", "shortest-1": "9", "longest-1": "2"}, "ngắn nhất không được lớn hơn dài nhất"),
    ({"rule-0": "order", "rule-a-0": "1", "rule-b-0": "1"}, "cần hai cột khác nhau"),
    ({"rule-0": "order", "rule-a-0": "1", "rule-b-0": "2"}, "không so trước sau được"),
    ({"made-x0": "constant", "use-x0": "on", "kind-x0": "day", "label-x0": "Ngày", "constant-x0": "mai"}, "giá trị cố định"),
    ({"made-x0": "part", "use-x0": "on", "kind-x0": "text", "label-x0": "Phần", "from-x0": "Không có"}, "chọn cột lấy giá trị"),
    ({"grid": "12"}, "Hệ tọa độ VN-2000"),
]  # fmt: skip


def test_what_cannot_be_kept_is_refused_in_words_and_what_was_typed_stays(clerk, desk):
    uid = made(clerk, desk)
    handed_in(clerk, uid, workbook(pharmacies(3)))
    for typed, words in WRONG:
        answer = mapped_as_guessed(clerk, uid, **typed, **{"try": "1"})
        if not words:
            assert answer.status_code == 200, "a rule that does not suit the kind is not asked of it"
            continue
        assert answer.status_code == 422, typed
        assert words in answer.content.decode(), answer.context["problems"]


def test_a_value_has_to_stand_in_another_dataset_that_is_public_and_no_look_up(clerk, desk):
    first = made(clerk, desk, "Cơ sở y tế")
    handed_in(clerk, first, workbook(pharmacies(5)))
    mapped_as_guessed(clerk, first)
    clerk.post(url("source_version_act", uid=first, number=1, act="cong-bo"))
    uid = made(clerk, desk)
    handed_in(clerk, uid, workbook(pharmacies(6)))
    slot = SLOTS["Tên nhà thuốc"]
    page = clerk.get(url("source_columns", uid=uid))
    assert ("Cơ sở y tế", "co-so-y-te/ten_nha_thuoc") in [
        (title, value) for title, listed in page.context["datasets"] for value, _ in listed
    ]
    tried = mapped_as_guessed(clerk, uid, **{f"exists-{slot}": "co-so-y-te/ten_nha_thuoc", "try": "1"}).content.decode()
    assert "“Nhà thuốc Hồng Phúc 6” không có trong dữ liệu “co-so-y-te”" in tried
    assert "1 dòng sẽ bị giữ lại" in tried
    kept = mapped_as_guessed(clerk, uid, **{f"exists-{slot}": "co-so-y-te/ten_nha_thuoc"})
    assert kept.status_code == 302
    Source.objects.filter(uid=first).update(publication={"shape": "lookup"})
    handed_in(clerk, uid, workbook(pharmacies(7)))
    assert "chưa xét được" in " ".join(Version.objects.filter(source__uid=uid).latest("number").notes)
    assert mapped_as_guessed(clerk, uid, **{"try": "1"}).status_code == 422, "a rule nobody can ask is not kept"
    assert all(title != "Cơ sở y tế" for title, _ in clerk.get(url("source_columns", uid=uid)).context["datasets"])


def test_limits_are_the_source_s_own_and_a_count_outside_its_band_is_held(clerk, desk):
    uid = made(clerk, desk)
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    plain = {"faulty": "5", "left": "70", "removed": "10", "quiet_from": "", "quiet_to": ""}
    assert clerk.post(url("source_rules", uid=uid), plain).status_code == 404, "who only feeds sets no limits"
    assert head.post(url("source_rules", uid=uid), plain | {"fewest": "9", "most": "3"}).status_code == 422
    assert head.post(url("source_rules", uid=uid), plain | {"faulty": "50", "fewest": "10"}).status_code == 302
    assert Source.objects.get(uid=uid).limits == {"faulty": 50.0, "fewest": 10}
    handed_in(clerk, uid, workbook([*pharmacies(9), row(10, Điện_thoại="x")]))
    mapped_as_guessed(clerk, uid)
    assert Version.objects.get(source__uid=uid).held_for == [
        "Chỉ có 9 mục dùng được, mà dữ liệu này thường có ít nhất 10. Có thể tệp thiếu."
    ]
    page = head.get(url("source_rules", uid=uid))
    assert page.context["form"].initial["fewest"] == 10
    assert 'name="faulty" value="50"' in page.content.decode()
    assert head.post(url("source_rules", uid=uid), plain | {"faulty": "2,5"}).status_code == 302
    assert 'name="faulty" value="2,5"' in head.get(url("source_rules", uid=uid)).content.decode()


def test_a_heading_that_changed_a_little_keeps_its_rules_and_what_was_left_out_stays_out(clerk, desk):
    uid = made(clerk, desk)
    handed_in(clerk, uid, workbook(pharmacies(12)))
    slot = SLOTS["Tên nhà thuốc"]
    form = mapped_as_guessed(clerk, uid, **{f"shortest-{slot}": "3", "use-0": ""})
    assert form.status_code == 302
    typed = {one["header"]: one for one in clerk.get(url("source_columns", uid=uid)).context["columns"]}
    assert typed["Tên nhà thuốc"]["told"]["shortest"] == "3"
    clerk.post(url("source_version_act", uid=uid, number=1, act="cong-bo"))
    heads = tuple("Tên hiệu thuốc" if head == "Tên nhà thuốc" else head for head in (*HEADS, "Ghi chú"))
    handed_in(clerk, uid, workbook([(*one, "x") for one in pharmacies(12)], heads))
    shown = {one["header"]: one for one in clerk.get(url("source_columns", uid=uid)).context["columns"]}
    assert (shown["Tên hiệu thuốc"]["use"], shown["Tên hiệu thuốc"]["told"]["shortest"]) == (True, "3")
    assert not shown["Ghi chú"]["use"]
    mapped_as_guessed(clerk, uid)
    assert "ten_nha_thuoc" in {one.key for one in mapping_of(Source.objects.get(uid=uid).mapping).fields}
