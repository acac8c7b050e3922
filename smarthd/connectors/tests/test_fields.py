"""How cells written by offices are understood: tables of what is read as what, and what is refused with which words."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.rules import checking, fields, headings, mapping
from smarthd.connectors.rules.checking import Limits, Line
from smarthd.connectors.rules.fields import CellFault, Kind, Place
from smarthd.connectors.rules.wording import said

READ = [
    (Kind.NUMBER, "1.234,5", 1234.5), (Kind.NUMBER, "1 234", 1234), (Kind.NUMBER, "-7", -7), (Kind.NUMBER, "1.234.567", 1234567),
    (Kind.NUMBER, "0,5", 0.5),
    (Kind.MONEY, "1.250.000 đ", 1_250_000), (Kind.MONEY, "1,25 triệu", 1_250_000), (Kind.MONEY, "35 nghìn đồng", 35_000),
    (Kind.MONEY, "2 tỷ VNĐ", 2_000_000_000),
    (Kind.DAY, "24/11/2026", "2026-11-24"), (Kind.DAY, "1-2-2026", "2026-02-01"), (Kind.DAY, "2026-11-24", "2026-11-24"),
    (Kind.DAY, "ngày 24 tháng 11 năm 2026", "2026-11-24"), (Kind.DAY, "29/02/2024", "2024-02-29"),
    (Kind.MOMENT, "24/11/2026 08:30", "2026-11-24T08:30"), (Kind.MOMENT, "8h30 ngày 24/11/2026", "2026-11-24T08:30"),
    (Kind.MOMENT, "17 giờ, 24/11/2026", "2026-11-24T17:00"), (Kind.MOMENT, "2026-11-24T01:30:00Z", "2026-11-24T08:30"),
    (Kind.MOMENT, "24/11/2026", "2026-11-24T00:00"), (Kind.MOMENT, "2026-11-24T01:00+00:00", "2026-11-24T08:00"),
    (Kind.TIME, "5:00", "05:00"), (Kind.TIME, "25:10:00", "25:10"), (Kind.TIME, "5h30", "05:30"),
    (Kind.PHONE, "0220 3.123.456", "02203123456"), (Kind.PHONE, "+84 912 345 678", "0912345678"), (Kind.PHONE, "912345678", "0912345678"),
    (Kind.PHONE, "115", "115"), (Kind.PHONE, "1900 1234", "19001234"),
    (Kind.LATITUDE, "20,9401", 20.9401), (Kind.LONGITUDE, "106.3331°", 106.3331),
    (Kind.URL, "https://so.haiduong.gov.vn/x?y=1", "https://so.haiduong.gov.vn/x?y=1"),
]  # fmt: skip
REFUSED = [
    (Kind.NUMBER, "1,234.5", "không phải số"), (Kind.NUMBER, "1.5", "không phải số"), (Kind.NUMBER, "12a", "không phải số"),
    (Kind.NUMBER, "9" * 30, "lớn quá mức"), (Kind.NUMBER, "nan", "không phải số"), (Kind.NUMBER, "²", "không phải số"),
    (Kind.MONEY, "-5", "không thể âm"), (Kind.MONEY, "thỏa thuận", "không phải số tiền"),
    (Kind.DAY, "31/02/2026", "không có ngày 31/2/2026"), (Kind.DAY, "29/02/2026", "không có ngày"), (Kind.DAY, "11/24/2026", "không có ngày"),
    (Kind.DAY, "mai", "không phải ngày"), (Kind.DAY, "24/11/26", "không phải ngày"), (Kind.DAY, "24/11/0026", "ngoài khoảng"),
    (Kind.MOMENT, "24/11/2026 25:00", "giờ"), (Kind.MOMENT, "sáng mai", "không phải ngày giờ"),
    (Kind.TIME, "30:00", "không phải giờ"), (Kind.TIME, "sáng", "không phải giờ"),
    (Kind.PHONE, "12", "không phải số điện thoại"), (Kind.PHONE, "0912", "không phải số điện thoại"),
    (Kind.LATITUDE, "106,3", "đổi chỗ"), (Kind.LONGITUDE, "181", "ngoài khoảng"),
    (Kind.URL, "javascript:alert(1)", "không phải liên kết"), (Kind.URL, "https://a:b@so.vn/", "tên đăng nhập"), (Kind.URL, "so.vn", "https"),
    (Kind.TEXT, "x" * 5000, "dài 5000 chữ"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "cell", "value"), READ)
def test_a_cell_is_read_as_what_it_means(kind, cell, value):
    assert fields.parser_of(kind)(cell) == value


@pytest.mark.parametrize(("kind", "cell", "words"), REFUSED)
def test_a_cell_that_means_nothing_is_refused_with_its_cure(kind, cell, words):
    with pytest.raises(CellFault, match=words):
        fields.parser_of(kind)(cell)


@given(cell=st.text(max_size=60), kind=st.sampled_from([kind for kind in Kind if kind is not Kind.UNIT]))
def test_no_cell_at_all_breaks_reading_and_what_is_read_can_be_said(cell, kind):
    for decimal in ",.":
        with contextlib.suppress(CellFault):
            assert said(kind, fields.parser_of(kind, decimal=decimal)(cell))


@given(st.integers(-(10**14), 10**14), st.integers(0, 9999))
def test_a_number_said_is_the_number_read(whole, part):
    value = whole + part / 10_000 if whole >= 0 else float(whole)
    if abs(value) < 1e10:
        assert fields.read_number(said(Kind.NUMBER, value)) == pytest.approx(value)


def test_programs_write_numbers_with_a_point():
    machine = fields.parser_of(Kind.NUMBER, decimal=".")
    assert (machine("1.234"), machine("1234.5"), machine("1e3")) == (1.234, 1234.5, 1000.0)
    with pytest.raises(CellFault):
        machine("1.234,5")


# --- columns ---------------------------------------------------------------------------------------------------------
def test_the_heading_is_found_under_titles_and_over_numbering():
    rows = [
        ["DANH SÁCH TRƯỜNG"],
        [],
        ["STT", "Tên trường", "Điện thoại"],
        ["(1)", "(2)", "(3)"],
        ["1", "THCS A", "02203123456"],
    ]
    found = headings.head_of(rows)
    assert found is not None
    assert (found.top, found.below) == (2, 4)
    assert headings.is_numbering(rows[3])
    assert not headings.is_numbering(rows[4])
    assert headings.head_of([["Tên", "Tên"]]) is None
    assert headings.head_of([]) is None


def test_types_are_guessed_from_headings_and_cells():
    columns = ("STT", "Mã chuyến", "Tên điểm", "Xã", "Giá vé", "Từ ngày", "Loại", "Ghi chú")
    rows = [
        (str(n), f"C{n}", f"Điểm {n}", "Xã Nam Hưng", "7.000 đ", "24/11/2026", "A" if n % 2 else "B", f"x{n}")
        for n in range(1, 13)
    ]
    guessed = {one.label: one for one in mapping.suggest(columns, rows).fields}
    kinds = [guessed[label].kind for label in columns]
    assert kinds == [Kind.NUMBER, Kind.TEXT, Kind.TEXT, Kind.UNIT, Kind.MONEY, Kind.DAY, Kind.CHOICE, Kind.TEXT]
    assert not guessed["STT"].shown
    assert mapping.suggest(columns, rows).key == ("ma_chuyen",)


def test_a_renamed_column_is_told_with_what_it_may_have_become_and_order_does_not_matter():
    known = mapping.suggest(("Mã", "Tên nhà thuốc"), [("1", "A")])
    assert mapping.drift(known, ("TEN NHA THUOC", "ma")).gone == ()
    changed = mapping.drift(known, ("Mã", "Tên hiệu thuốc", "Mới"))
    assert changed.gone == (("Tên nhà thuốc", "Tên hiệu thuốc"),)
    assert changed.new == ("Tên hiệu thuốc", "Mới")


# --- lines -----------------------------------------------------------------------------------------------------------
MAPPED = mapping.Mapping(
    (
        fields.Field("ma", "Mã", "Mã", Kind.TEXT, required=True),
        fields.Field("ten", "Tên", "Tên", Kind.TEXT, required=True),
        fields.Field("xa", "Xã", "Xã", Kind.UNIT),
        fields.Field("lat", "Vĩ độ", "Vĩ độ", Kind.LATITUDE),
        fields.Field("lon", "Kinh độ", "Kinh độ", Kind.LONGITUDE),
    ),
    ("ma",),
)
COLUMNS = ("Mã", "Tên", "Xã", "Vĩ độ", "Kinh độ")


def test_every_line_is_understood_or_told():
    read = checking.compile_row(MAPPED, COLUMNS, lambda name: Place(7, f"Xã {name}"))
    rows = (
        ("1", "A", "B", "20.9", "106.3"), ("", "C"), ("3", ""), ("4", "D", "", "106.3", "20.9"), ("5", "E", "", "20.9"),
        ("6", "G", "", "48.85", "2.35"), ("7", "H", "", "", "", "", "thừa"),
    )  # fmt: skip
    sound, *faulty = [read(Line(number, row)) for number, row in enumerate(rows, start=2)]
    assert isinstance(sound, checking.Row)
    assert (sound.unit_id, sound.values["xa"]) == (7, "Xã B")
    told = {one.number: " ".join(problem.words for problem in one.problems) for one in faulty}
    assert "còn trống" in told[3]
    assert "còn trống" in told[4]
    assert "ngoài khoảng" in told[5] or "đổi chỗ" in told[5]
    assert "một nửa tọa độ" in told[6]
    assert "ngoài Việt Nam" in told[7]
    assert "mà chỉ có 5 cột" in told[8]


@pytest.mark.parametrize(
    ("total", "faulty", "before", "removed", "held"),
    [
        (100, 5, 0, 0, False), (100, 6, 0, 0, True), (0, 0, 50, 0, True), (3, 3, 0, 0, True), (69, 0, 100, 0, True), (70, 0, 100, 0, False),
        (100, 0, 100, 10, False), (100, 0, 100, 11, True), (9, 0, 9, 5, False),
    ],
)  # fmt: skip
def test_a_set_is_held_beyond_its_limits(total, faulty, before, removed, held):
    reasons = checking.hold_reasons(total=total, faulty=faulty, before=before, removed=removed, limits=Limits())
    assert bool(reasons) is held
