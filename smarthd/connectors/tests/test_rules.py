"""What is demanded of values: each rule by a table of good, bad and odd; a rule never changes what it accepts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pyproj
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.rules import checking, compiled, fields, forms, mapping
from smarthd.connectors.rules.checking import Faulty, Line, Row
from smarthd.connectors.rules.demands import Check, CheckName, Making, RowRule, RuleName
from smarthd.connectors.rules.fields import Field, Kind, Place
from smarthd.connectors.rules.validation import Around

TODAY = date(2026, 11, 24)
C, R = CheckName, RuleName


def resolve(name: str) -> Place:
    return Place(7, name)


def field(kind: Kind, *checks: Check, key: str = "a", making: Making = fields.PLAIN) -> Field:
    return Field(key, key.upper(), "" if making.constant else key.upper(), kind, checks=checks, making=making)


def read(told: mapping.Mapping, *lines: list[str], columns: tuple[str, ...] = (), **around: Any) -> list[Row | Faulty]:
    heads = columns or tuple(one.header for one in told.fields)
    understand = checking.compile_row(told, heads, resolve, decimal=",", around=Around(TODAY, **around))
    return [understand(Line(number, cells)) for number, cells in enumerate(lines, start=2)]


def words_of(found: Row | Faulty) -> str:
    return " ".join(one.words for one in (found.problems if isinstance(found, Faulty) else found.notices))


TABLE = [
    (Kind.NUMBER, C.RANGE, ("0", "120"), ["0", "120", "7,5", "-", ""], [("121", "lớn hơn 120. Nhận từ 0 đến 120"), ("-1", "nhỏ hơn 0")]),
    (Kind.NUMBER, C.RANGE, ("", "9.5"), ["-99", "9,5"], [("9,51", "lớn hơn 9,5. Nhận đến 9,5; xem lại số và đơn vị tính")]),
    (Kind.MONEY, C.RANGE, ("1000", ""), ["1.000 đ", "2 triệu"], [("999", "nhỏ hơn 1.000 đ")]),
    (Kind.DAY, C.RANGE, ("", "today"), ["24/11/2026", "01/01/1990"], [("25/11/2026", r"25/11/2026 sau hôm nay \(24/11/2026\)")]),
    (Kind.DAY, C.RANGE, ("today-30", "today+30"), ["25/10/2026", "24/12/2026"], [("24/10/2026", "trước 30 ngày trước"), ("25/12/2026", "sau 30 ngày nữa")]),
    (Kind.DAY, C.RANGE, ("2020-01-01", ""), ["01/01/2020"], [("31/12/2019", "trước 01/01/2020")]),
    (Kind.MOMENT, C.RANGE, ("", "today"), ["24/11/2026 23:59"], [("25/11/2026 00:00", "sau hôm nay")]),
    (Kind.TIME, C.RANGE, ("05:00", "22:00"), ["5h", "22:00"], [("4:59", "sớm hơn 05:00"), ("22:01", "muộn hơn 22:00")]),
    (Kind.TEXT, C.FORM, ("ma-so-thue",), ["0300588569", "0101248141", "0100109106-001", "030088000123"], [("0300588568", "không đúng dạng mã số thuế. Viết như"), ("03005", "mã số thuế")]),
    (Kind.TEXT, C.FORM, ("cchn",), ["012345/HD-CCHN", "1234/CCHN-D-SYT-HD", "000123/HNO-GPHN"], [("CCHN 1234", "chứng chỉ"), ("12345", "chứng chỉ")]),
    (Kind.TEXT, C.FORM, ("ma-ho-so",), ["H23.15.8-241126-0001", "G01-260101-00123"], [("H23", "mã hồ sơ"), ("H23.15.8-241126-1", "mã hồ sơ")]),
    (Kind.TEXT, C.FORM, ("so-van-ban",), ["123/QĐ-UBND", "15/2026/NQ-HĐND", "33/NQ-CP"], [("Số 123", "ký hiệu văn bản")]),
    (Kind.TEXT, C.FORM, ("email",), ["vanthu@haiduong.gov.vn", "a.b-c@so.vn"], [("a@b", "thư điện tử"), ("@so.vn", "thư điện tử"), ("a b@so.vn", "thư điện tử")]),
    (Kind.TEXT, C.FORM, ("gio-mo-cua",), ["7h–21h", "7:00-11:30, 13:30-17:00", "24/24", "7h30 - 11h; 13h – 17h", "Nghỉ"], [("sáng", "giờ mở–đóng"), ("25h–26h", "giờ"), ("7h–7h", "giờ"), ("23h–24h30", "giờ")]),
    (Kind.TEXT, C.FORM, ("nam",), ["2026"], [("26", "năm"), ("3026", "năm")]),
    (Kind.TEXT, C.PATTERN, ("NT-999|NTA99",), ["NT-001", "NTB12"], [("NT-1", r"không đúng mẫu NT-999\|NTA99"), ("nt-001", "mẫu")]),
    (Kind.TEXT, C.PATTERN, (r"^\p{L}+ [0-9]{1,3}$",), ["Thửa 12"], [("Thửa", "không đúng mẫu"), ("Thửa 1234", "không đúng mẫu"), ("x" * 401, "không đúng mẫu")]),
    (Kind.TEXT, C.LENGTH, ("3", "5"), ["abc", "ấyấyấ"], [("ab", "chỉ dài 2 chữ, cần ít nhất 3"), ("abcdef", "dài 6 chữ, nhiều nhất 5")]),
    (Kind.CHOICE, C.VALUES, ("Công lập = CL, cong", "Tư thục"), ["Công lập", "Tư thục"], [("Tư thụ", "Có thể là “Tư thục”"), ("Dân lập khác", "Nhận: Công lập, Tư thục")]),
    (Kind.TEXT, C.EXISTS, ("benh-vien", "ma"), ["BV1"], [("BV9", "không có trong dữ liệu “benh-vien”")]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "options", "good", "bad"), TABLE)
def test_a_rule_of_a_column_accepts_what_keeps_to_it_and_says_what_does_not(kind, name, options, good, bad):
    told = mapping.Mapping((field(kind, Check(name, options)),))
    plain = mapping.Mapping((field(kind),))
    known = {"known": lambda source, key: {"BV1"} if (source, key) == ("benh-vien", "ma") else None}
    for cell in good:
        [row], [as_it_was] = read(told, [cell], **known), read(plain, [cell])
        assert isinstance(row, Row), words_of(row)
        assert row.values == as_it_was.values, "a rule changes nothing"
    for cell, why in bad:
        [faulty] = read(told, [cell], **known)
        assert isinstance(faulty, Faulty)
        assert faulty.problems[0].written == cell[:200]
        assert re.search(why, words_of(faulty)), words_of(faulty)
        [noticed] = read(mapping.Mapping((field(kind, Check(name, options, notice=True)),)), [cell], **known)
        assert isinstance(noticed, Row)
        assert words_of(noticed) == words_of(faulty)


DAYS = (field(Kind.DAY, key="tu"), field(Kind.MOMENT, key="den"))
SUMS = (field(Kind.MONEY, key="tu"), field(Kind.MONEY, key="den"))
PHONES = (field(Kind.CHOICE, key="loai"), field(Kind.PHONE, key="dt"), field(Kind.URL, key="web"))
ROWS = [
    (DAYS, RowRule(R.ORDER, ("tu", "den")), [["1/2/2026", "1/2/2026 08:00"], ["1/2/2026", ""], ["", "1/2/2026"]], [(["2/2/2026", "1/2/2026 08:00"], r"“TU” \(02/02/2026\) sau “DEN” \(08:00 ngày 01/02/2026\)")]),
    (SUMS, RowRule(R.ORDER, ("tu", "den")), [["1 triệu", "1 triệu"], ["900", "1.000"]], [(["2 triệu", "1 triệu"], "lớn hơn “DEN”")]),
    (PHONES, RowRule(R.EITHER, ("dt", "web")), [["", "115", ""], ["", "", "https://a.vn"]], [(["", "", "-"], "cần ghi “DT” hoặc “WEB”: đang trống cả")]),
    (PHONES, RowRule(R.NEEDED, ("dt", "loai"), ("Nhà thuốc",)), [["nhà thuốc", "115", ""], ["Khác", "", ""], ["", "", ""]], [(["NHÀ THUỐC", "", ""], "“LOAI” là “NHÀ THUỐC” thì cần ghi “DT”")]),
    (PHONES, RowRule(R.NEEDED, ("dt", "loai")), [["", "", ""], ["x", "115", ""]], [(["x", "", ""], "thì cần ghi “DT”")]),
]  # fmt: skip


@pytest.mark.parametrize(("listed", "rule", "good", "bad"), ROWS)
def test_a_rule_between_columns_accepts_what_keeps_to_it_and_says_what_does_not(listed, rule, good, bad):
    told = mapping.Mapping(listed, rules=(rule,))
    for cells in good:
        [row], [as_it_was] = read(told, cells), read(mapping.Mapping(listed), cells)
        assert isinstance(row, Row), words_of(row)
        assert row.values == as_it_was.values
    for cells, why in bad:
        [faulty] = read(told, cells)
        assert isinstance(faulty, Faulty)
        assert re.search(why, words_of(faulty)), words_of(faulty)
        [noticed] = read(
            mapping.Mapping(listed, rules=(RowRule(rule.name, rule.fields, rule.options, notice=True),)), cells
        )
        assert isinstance(noticed, Row)
        assert words_of(noticed) == words_of(faulty)


def test_a_point_outside_its_commune_is_told_where_it_lies():
    listed = (field(Kind.UNIT, key="xa"), field(Kind.LATITUDE, key="y"), field(Kind.LONGITUDE, key="x"))
    told = mapping.Mapping(listed, rules=(RowRule(R.INSIDE, (), ("500",)),))

    def off(unit, lat, _lon, metres):
        assert (unit, metres) == (7, 500)
        return "xã Gia Phúc" if lat > 20.95 else ""

    sound, faulty, half = read(
        told, ["Xã A", "20,9", "106,3"], ["Xã A", "20,96", "106,3"], ["", "20,96", "106,3"], off=off
    )
    assert isinstance(sound, Row)
    assert "điểm này nằm ở xã Gia Phúc, không ở Xã A" in words_of(faulty)
    assert isinstance(half, Row)


def test_of_lines_with_one_value_the_first_stands_and_the_others_name_it():
    told = mapping.Mapping((field(Kind.TEXT, key="k"), field(Kind.PHONE, Check(C.UNIQUE), key="dt")), ("k",))
    one, two, three, empty = read(told, ["a", "0912 345 678"], ["b", "0912345678"], ["c", "115"], ["d", ""])
    assert [type(found) for found in (one, two, three, empty)] == [Row, Faulty, Row, Row]
    assert "đã có ở dòng 2" in words_of(two)


@pytest.mark.parametrize(
    ("listed", "columns", "cells", "values"),
    [
        ((field(Kind.TEXT, making=Making(constant="Hải Dương")),), ("X",), ["1"], {"a": "Hải Dương"}),
        ((field(Kind.TEXT, making=Making(joined=("B", "C"), mark=", ")),), ("A", "B", "C"), ["12 Trần Phú", "", "Thôn 3"], {"a": "12 Trần Phú, Thôn 3"}),
        ((field(Kind.TIME, making=Making(part=2, mark="-")),), ("A",), ["7h - 21h30"], {"a": "21:30"}),
        ((field(Kind.TIME, making=Making(part=3, mark="-")),), ("A",), ["7h - 21h30"], {"a": None}),
        ((field(Kind.NUMBER, making=Making(scale=0.0001)),), ("A",), ["12.500"], {"a": 1.25}),
        ((field(Kind.MONEY, making=Making(scale=1000)),), ("A",), ["12,5"], {"a": 12_000}),
        ((field(Kind.CHOICE, Check(C.VALUES, ("Công lập = CL, trường công",))),), ("A",), ["TRƯỜNG CÔNG"], {"a": "Công lập"}),
    ],
)  # fmt: skip
def test_a_cell_is_made_of_what_the_table_has(listed, columns, cells, values):
    [row] = read(mapping.Mapping(listed), cells, columns=columns)
    assert isinstance(row, Row), words_of(row)
    assert row.values == values


def test_headings_a_cell_is_joined_of_are_missed_and_constants_are_not():
    told = mapping.Mapping(
        (
            field(Kind.TEXT, making=Making(joined=("Thôn",), mark=" ")),
            field(Kind.TEXT, key="b", making=Making(constant="x")),
        )
    )
    assert mapping.drift(told, ("A", "Thôn")) == mapping.Drift((), ())
    assert mapping.drift(told, ("A", "Thôn, khu")).gone == (("Thôn", "Thôn, khu"),)


VN2000 = [  # what PROJ's own EPSG 9209 and 9210 give, in whichever order the two stand
    ("105.5", 2_315_000, 586_000, "EPSG:9209"), ("105.75", 2_310_250.5, 612_345.25, "EPSG:9210"), ("105", 2_324_000, 587_000, "EPSG:5897"),
]  # fmt: skip


@pytest.mark.parametrize(("meridian", "north", "east", "crs"), VN2000)
def test_points_in_vn_2000_lie_where_epsg_says(meridian, north, east, crs):
    listed = (field(Kind.LATITUDE, key="y"), field(Kind.LONGITUDE, key="x"))
    told = mapping.Mapping(listed, decimal=".", grid=meridian)
    lon, lat = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(east, north)
    for cells in ([str(north), str(east)], [str(east), str(north)]):
        [row] = read(told, cells)
        assert isinstance(row, Row), words_of(row)
        assert (row.lat, row.lon) == (pytest.approx(lat, abs=2e-5), pytest.approx(lon, abs=2e-5)), "within two metres"
    for cells, why in [
        (["20.9", "106.3"], "không phải tọa độ VN-2000"),
        ([str(north), ""], "một nửa"),
        ([str(north)] * 2, "ngoài Việt Nam|VN-2000"),
    ]:
        [faulty] = read(told, cells)
        assert isinstance(faulty, Faulty)
        assert re.search(why, words_of(faulty)), words_of(faulty)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*b$", r"^(\d+\.?)+x$", "^(x+x+)+y$", "A" * 60, "*" * 30 + "|" + "9" * 30]
)
def test_no_pattern_takes_longer_than_the_cell_is_long(pattern):
    fits = forms.pattern_of(pattern)
    assert fits is not None
    assert not fits("a" * 399 + "!")
    assert not fits("1." * 199 + "!")


@pytest.mark.parametrize("pattern", ["", "^(a", r"^(a)\1$", "^(?=a)", "^" + "a" * 300, "^(((a{999}){999}){999})$"])
def test_a_pattern_that_cannot_be_understood_or_kept_small_is_none(pattern):
    assert forms.pattern_of(pattern) is None


@pytest.mark.parametrize("key", sorted(forms.FORMS))
def test_every_form_accepts_its_own_example(key):
    form = forms.FORMS[key]
    for example in form.example.split(" hoặc "):
        assert form.fits(example), example


SOUND = {
    Kind.NUMBER: st.integers(-500, 500).map(str), Kind.MONEY: st.integers(0, 500).map(str),
    Kind.DAY: st.dates(date(2020, 1, 1), date(2030, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}"),
    Kind.TEXT: st.text(max_size=12), Kind.CHOICE: st.sampled_from(["A", "B", "C", "d"]),
}  # fmt: skip
CHECKS = {
    Kind.NUMBER: [("range", "-100", "100")], Kind.MONEY: [("range", "10", "")], Kind.DAY: [("range", "today-400", "today")],
    Kind.TEXT: [("length", "2", "8"), ("form", "nam"), ("pattern", r"^\w+$"), ("unique",)], Kind.CHOICE: [("values", "A = d", "B")],
}  # fmt: skip


@given(
    st.sampled_from(sorted(SOUND)).flatmap(
        lambda kind: st.tuples(st.just(kind), SOUND[kind], st.sampled_from(CHECKS[kind]))
    )
)
def test_a_rule_never_changes_a_value_it_accepts_and_the_quick_way_never_differs(drawn):
    kind, cell, (name, *options) = drawn
    told = mapping.Mapping((field(kind, Check(C(name), tuple(options))),))
    [row] = read(told, [cell])
    [plain] = read(mapping.Mapping((field(kind),)), [cell])
    around = Around(TODAY)
    written = compiled.compile_sound(told, ("A",), resolve, decimal=",", title="a", around=around)([cell])
    if isinstance(row, Row):
        assert isinstance(plain, Row)
        assert row.values == plain.values or row.values["a"] == {"d": "A"}.get(str(plain.values["a"]))
        assert written in {None, compiled.copy_line(row, "a")}
    else:
        assert written is None


def test_a_mapping_with_rules_is_kept_and_found_again():
    told = mapping.Mapping(
        (
            field(Kind.DAY, Check(C.RANGE, ("today", "today+7"), notice=True)),
            field(Kind.TEXT, key="b", making=Making("x", 2, ";", ("C",), 0.5)),
        ),
        rules=(RowRule(R.NEEDED, ("b", "a"), ("x",)),),
        grid="105.5",
    )
    assert mapping.mapping_of(told.as_json()) == told
    assert "checks" not in field(Kind.TEXT).as_json(), "a mapping without rules stays what it was"
