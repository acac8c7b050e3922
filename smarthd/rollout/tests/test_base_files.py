"""Bases from a table: what is understood, what is refused line by line, and that nothing but what was shown is written."""

from __future__ import annotations

import copy
import io
from datetime import date

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.agencies.rules.encodings import TCVN3, Encoding, EncodingUnclear
from smarthd.agencies.tests import make as offices
from smarthd.kernel.errors import NotAllowed
from smarthd.places import services as places
from smarthd.places.tests import make as land
from smarthd.places.values import UnitView
from smarthd.rollout import errors, rules, selectors, services
from smarthd.rollout.models import BaseImport, Denominator
from smarthd.rollout.rules import base_files
from smarthd.rollout.rules.base_files import Column
from smarthd.rollout.selectors import base_lists
from smarthd.rollout.services import base_files as files
from smarthd.rollout.tests import make
from tests.planting import planted_once

OWNERS, PEOPLE, ADULTS = rules.Measure.SMARTPHONE_OWNERS, rules.Measure.POPULATION, rules.Measure.ADULTS
DAY = date(2024, 3, 15)
DEFAULTS = services.Defaults(DAY, "Phòng Văn hóa", "đếm từng hộ")
HEADS = ("STT", "Đơn vị", "Mã", "Dân số", "Số người có điện thoại thông minh", "Nguồn", "Ngày")


# -- what is written ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("label", "column"),
    [
        ("Tổng số hộ", rules.Measure.HOUSEHOLDS), ("Số hộ gia đình", rules.Measure.HOUSEHOLDS), ("DÂN SỐ (người)", PEOPLE),
        ("Nhân khẩu", PEOPLE), ("Số người từ đủ 18 tuổi trở lên", ADULTS), ("Số người sử dụng Smartphone", OWNERS),
        ("Người có điện thoại thông minh", OWNERS), ("Tên xã, phường", Column.UNIT), ("Mã đơn vị", Column.CODE),
        ("Nguồn số liệu", Column.SOURCE), ("Thời điểm", Column.AS_OF), ("Thuộc huyện", Column.ABOVE), ("Ghi chú", None), ("", None),
    ],
)  # fmt: skip
def test_columns_are_known_by_what_offices_call_them(label: str, column: object) -> None:
    assert base_files.column_of(label) == column


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5120", 5120), ("5.120", 5120), ("5,120", 5120), ("5 120", 5120), ("1.234.567", 1234567), ("5120.0", 5120), (" 7 ", 7),
        ("0", 0), ("5.12", None), ("-3", None), ("=1+1", None), ("5120 người", None), ("khoảng 5000", None), ("٣", None), ("", None),
        ("1e5", None), ("9" * 40, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_it_and_nothing_is_computed(written: str, value: int | None) -> None:
    assert base_files.number(written) == value


@given(st.text(max_size=30))
def test_no_text_at_all_breaks_the_reading_of_a_cell(written: str) -> None:
    cells = {Column.UNIT: "x", PEOPLE: written, Column.AS_OF: written}
    said = base_files.understand(base_files.Written("", 1, cells), today=make.TODAY)
    assert said.values or said.faults


@pytest.mark.parametrize("day", ["31/02/2024", "2024-02-31", "15/3", "tháng 3", "21/4/2024"])
def test_a_day_that_is_none_or_has_not_come_is_told(day: str) -> None:
    said = base_files.understand(base_files.Written("", 1, {PEOPLE: "5", Column.AS_OF: day}), today=make.TODAY)
    assert said.as_of is None
    assert "Ngày của số" in said.faults[0]


def test_a_careful_clerk_is_asked_about_parts_larger_than_the_whole_and_about_slips() -> None:
    asked = base_files.doubts({PEOPLE: 100, OWNERS: 101, ADULTS: 70}, {ADULTS: 700})
    assert [words.split(" ")[0] for words in asked] == ["Người", "Người"]
    assert base_files.doubts({PEOPLE: 100, OWNERS: 90}, {OWNERS: 80}) == []


# -- previewed and confirmed ------------------------------------------------------------------------------------------------
_units = planted_once(land.small_land)


@pytest.fixture
def units(_units: dict[str, UnitView], db: None) -> dict[str, UnitView]:
    return copy.deepcopy(_units)


def book(*rows: tuple[object, ...], heads: tuple[str, ...] = HEADS) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Mẫu số")
        sheet.merge_range(0, 0, 0, 5, "THỐNG KÊ SỐ NGƯỜI CÓ ĐIỆN THOẠI THÔNG MINH")
        for number, row in enumerate([(), heads, ("(1)", "(2)", "(3)", "(4)", "(5)"), *rows], start=1):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return out.getvalue()


def shown(raw: bytes, *, name: str = "mau.xlsx", defaults: services.Defaults = DEFAULTS) -> BaseImport:
    return services.preview_bases(raw, file_name=name, defaults=defaults, actor=make.SYSTEM, now=make.NOW)


def told(upload: BaseImport) -> list[tuple[str, str]]:
    return [(line["written"], line["outcome"]) for line in upload.lines]


def test_a_table_is_shown_line_by_line_and_written_only_when_confirmed(units: dict[str, UnitView]) -> None:
    upload = shown(
        book(
            (1, "Xã c0", "", 5120, "3.400", "", ""),
            (2, "XÃ C1", "", "5.100", 3300, "Cục Thống kê", "1/3/2024"),
            (3, "Xã Không Có", "", 10, 5, "", ""),
            (4, "", "102", "năm nghìn", 5, "", ""),
            (5, "Xã c0", "", 5121, "", "", ""),
            (6, "Xã c3", "", "", "", "", ""),
            (7, "Huyện d1", "", 9, 9, "", ""),
            ("", "Tổng cộng", "", 99999, 9999, "", ""),
        )
    )
    assert told(upload) == [
        ("Xã c0", "new"), ("XÃ C1", "new"), ("Xã Không Có", "faulty"), ("102", "faulty"), ("Xã c0", "faulty"), ("Xã c3", "faulty"),
        ("Huyện d1", "faulty"),
    ]  # fmt: skip
    faults = [" ".join(line["faults"]) for line in upload.lines]
    assert "Không có xã, phường hay thôn" in faults[2]
    assert "“năm nghìn” không phải số" in faults[3]
    assert "trùng với dòng 5" in faults[4]
    assert "chưa có số nào" in faults[5]
    assert not Denominator.objects.exists()
    assert services.confirm_bases(upload.uid, actor=make.SYSTEM, now=make.NOW) == 4
    found = {(row.unit_id, row.measure): (row.value, row.source, row.as_of) for row in Denominator.objects.all()}
    assert found[units["c0"].id, OWNERS] == (3400, "Phòng Văn hóa", DAY)
    assert found[units["c1"].id, PEOPLE] == (5100, "Cục Thống kê", date(2024, 3, 1))
    assert services.confirm_bases(upload.uid, actor=make.SYSTEM, now=make.NOW) == 4, "twice is once"
    assert Denominator.objects.count() == 4


def test_a_second_table_says_what_it_repeats_and_what_it_corrects(units: dict[str, UnitView]) -> None:
    rows = [("", "Xã c0", "", 100, "", "", ""), ("", "Xã c1", "", 100, "", "", "")]
    services.confirm_bases(shown(book(*rows)).uid, actor=make.SYSTEM, now=make.NOW)
    again = shown(book(rows[0], ("", "Xã c1", "", 200, "", "", ""), ("", "Xã c2", "", 100, 150, "", "")))
    assert [line["outcome"] for line in again.lines] == ["same", "corrected", "new"]
    assert "lệch hơn 30%" in again.lines[1]["doubts"][0]
    assert "nhiều hơn dân số" in again.lines[2]["doubts"][0]
    assert services.confirm_bases(again.uid, actor=make.SYSTEM, now=make.NOW) == 3
    assert Denominator.objects.filter(superseded_at=None).count() == 4


def test_what_the_line_and_the_form_leave_open_is_asked_for(units: dict[str, UnitView]) -> None:
    upload = shown(book(("", "Xã c0", "", 5, "", "", "")), defaults=services.Defaults(None, "", ""))
    assert len(upload.lines[0]["faults"]) == 2
    assert {"Chưa có ngày của số", "Chưa có nguồn"} <= {fault.split(".")[0] for fault in upload.lines[0]["faults"]}


def test_a_line_names_units_as_they_stood_on_its_day(units: dict[str, UnitView]) -> None:
    upload = shown(book(("", "Xã c0", "", 5, "", "", "31/12/2023")))
    assert upload.lines[0]["faults"]


def test_a_commune_and_its_villages_are_not_both_taken(units: dict[str, UnitView]) -> None:
    places.add_village(units["c0"].id, "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    services.set_denominators([make.base(units["c0"].id, 5)], actor=make.SYSTEM, now=make.NOW)
    upload = shown(book(("", "Thôn Một", "", "", 3, "", "")))
    assert "đếm hai lần" in upload.lines[0]["faults"][0]


def test_a_preview_is_void_once_what_it_leans_on_has_changed(units: dict[str, UnitView]) -> None:
    village = places.add_village(units["c0"].id, "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    upload = shown(book(("", "Xã c0", "", "", 3, "", "")))
    services.set_denominators([make.base(village, 5)], actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(errors.BaseImportClosed):
        services.confirm_bases(upload.uid, actor=make.SYSTEM, now=make.NOW)
    assert Denominator.objects.count() == 1
    services.withdraw_bases(upload.uid, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(errors.BaseImportClosed):
        services.confirm_bases(upload.uid, actor=make.SYSTEM, now=make.NOW)


CSV = "Đơn vị;Dân số;Ngày;Nguồn\nXã c0;5.120;15/3/2024;Cục Thống kê\n"


@pytest.mark.parametrize("written", [CSV.encode(), CSV.encode("utf-16"), ("\ufeff" + CSV.replace(";", ",")).encode()])
def test_a_text_table_is_read_whatever_divides_it_and_in_unicode(written: bytes, units: dict[str, UnitView]) -> None:
    assert told(shown(written, name="mau.csv")) == [("Xã c0", "new")]


def test_letters_of_an_old_font_are_a_question_with_samples_and_read_once_named(units: dict[str, UnitView]) -> None:
    letters = {letter: code for code, letter in TCVN3.items()}
    old = "".join(chr(letters.get(letter, ord(letter))) for letter in "Đơn vị;Dân số\nXã c0;5\n").encode("latin-1")
    with pytest.raises(EncodingUnclear) as unclear:
        shown(old, name="mau.csv")
    assert "Xã c0;5" in unclear.value.facts["samples"][Encoding.TCVN3]  # type: ignore[index]
    upload = services.preview_bases(
        old, file_name="mau.csv", defaults=DEFAULTS, encoding=Encoding.TCVN3, actor=make.SYSTEM, now=make.NOW
    )
    assert told(upload) == [("Xã c0", "new")]


@pytest.mark.parametrize(
    "raw", [book(("", "x", "", "", ""), heads=("STT", "Họ và tên", "Chức vụ")), book(heads=("Đơn vị", "Ghi chú"))]
)
def test_a_table_of_something_else_is_refused_whole(raw: bytes, units: dict[str, UnitView]) -> None:
    with pytest.raises(errors.NoBaseTable):
        shown(raw)
    assert not BaseImport.objects.exists()


def test_a_withdrawn_base_leaves_its_place_to_the_one_before_it_at_once(units: dict[str, UnitView]) -> None:
    unit = units["c0"].id
    services.set_denominators([make.base(unit, 10), make.base(unit, 99, as_of=DAY)], actor=make.SYSTEM, now=make.NOW)
    assert selectors.bases_of("commune", make.TODAY, make.TODAY)[unit][OWNERS].value == 99
    slip = Denominator.objects.get(value=99)
    with pytest.raises(errors.ReasonMissing):
        services.withdraw_denominator(slip.pk, reason="sai", actor=make.SYSTEM, now=make.NOW)
    services.withdraw_denominator(slip.pk, reason="Gõ nhầm một chữ số", actor=make.SYSTEM, now=make.NOW)
    assert selectors.bases_of("commune", make.TODAY, make.TODAY)[unit][OWNERS].value == 10
    assert [(row.value, row.reason) for row in base_lists.entered_for([unit])] == [(99, "Gõ nhầm một chữ số"), (10, "")]
    with pytest.raises(errors.BaseUnknown):
        services.withdraw_denominator(slip.pk, reason="Gõ nhầm một chữ số", actor=make.SYSTEM, now=make.NOW)


def test_the_list_names_every_commune_with_its_base_or_without(units: dict[str, UnitView]) -> None:
    village = places.add_village(units["c1"].id, "Thôn Một", land.BEFORE, actor=land.CLERK, now=land.NOW)
    rows = [make.base(units["c0"].id, 10), make.base(village, 4)]
    services.set_denominators(rows, actor=make.SYSTEM, now=make.NOW)
    found = {row.unit.name.split()[-1]: row for row in base_lists.listed(OWNERS, make.TODAY)}
    assert len(found) == 6
    assert found["c0"].base is not None
    assert found["c0"].entered is not None
    assert (found["c0"].base.value, found["c0"].entered.source) == (10, "Cục Thống kê")
    assert found["c1"].base is not None
    assert (found["c1"].base.value, found["c1"].entered, found["c1"].villages) == (4, None, 1)
    assert (found["c2"].base, found["c2"].entered) == (None, None)


@pytest.mark.parametrize("role", [Role.HEAD, Role.CLERK, Role.AUDITOR])
def test_who_does_not_keep_bases_neither_previews_confirms_nor_withdraws(
    role: Role, units: dict[str, UnitView]
) -> None:
    services.set_denominators([make.base(units["c0"].id, 10)], actor=make.SYSTEM, now=make.NOW)
    upload = shown(book(("", "Xã c1", "", 5, "", "", "")))
    outsider = offices.officer(offices.world().commune_a, role)
    given = {"actor": outsider, "now": make.NOW}
    for act in (
        lambda: services.preview_bases(b"x", file_name="x.csv", defaults=DEFAULTS, **given),
        lambda: services.confirm_bases(upload.uid, **given),
        lambda: services.withdraw_bases(upload.uid, **given),
        lambda: services.withdraw_denominator(Denominator.objects.get().pk, reason="Gõ nhầm một chữ số", **given),
        lambda: base_lists.latest_uploads(outsider),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(errors.BaseImportUnknown):
        base_lists.upload_for(outsider, upload.uid)
    assert files.sound_rows(upload.lines)
