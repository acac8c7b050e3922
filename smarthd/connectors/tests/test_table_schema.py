"""Our rules as a Table Schema: what we publish is valid to frictionless, and what we refuse is not."""

from __future__ import annotations

from datetime import date

import pytest
from frictionless import Resource, Schema

from smarthd.connectors.rules import checking, mapping
from smarthd.connectors.rules.checking import Faulty, Line, Row
from smarthd.connectors.rules.demands import Check, CheckName, RowRule, RuleName
from smarthd.connectors.rules.fields import Field, Kind, Place
from smarthd.connectors.rules.schemas import table_schema
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.rules.validation import Around

C = CheckName
FIELDS = (
    Field("ma", "Mã", "Mã", Kind.TEXT, required=True, checks=(Check(C.PATTERN, ("NT-999",)),)),
    Field("ten", "Tên", "Tên", Kind.TEXT, checks=(Check(C.LENGTH, ("3", "12")),)),
    Field("loai", "Loại", "Loại", Kind.CHOICE, checks=(Check(C.VALUES, ("Công lập = CL", "Tư thục")),)),
    Field("so", "Số", "Số", Kind.NUMBER, checks=(Check(C.RANGE, ("0", "99.5")),)),
    Field("gia", "Giá", "Giá", Kind.MONEY, checks=(Check(C.RANGE, ("1000", "")),)),
    Field("ngay", "Ngày", "Ngày", Kind.DAY, checks=(Check(C.RANGE, ("2026-01-01", "2026-12-31")),)),
    Field("luc", "Lúc", "Lúc", Kind.MOMENT, checks=(Check(C.RANGE, ("2026-01-01", "")),)),
    Field("mst", "MST", "MST", Kind.TEXT, checks=(Check(C.FORM, ("ma-so-thue",)), Check(C.UNIQUE))),
    Field("mo", "Mở", "Mở", Kind.TIME), Field("dt", "ĐT", "ĐT", Kind.PHONE), Field("web", "Web", "Web", Kind.URL),
    Field("y", "Y", "Y", Kind.LATITUDE), Field("x", "X", "X", Kind.LONGITUDE),
    Field("an", "Ẩn", "Ẩn", Kind.TEXT, shown=False, checks=(Check(C.LENGTH, ("", "9")),)),
)  # fmt: skip
MAPPED = mapping.Mapping(FIELDS, ("ma",), rules=(RowRule(RuleName.ORDER, ("ngay", "luc")),))
SOUND = ["NT-001", "Hồng Phúc", "CL", "12,5", "2.000 đ", "24/11/2026", "24/11/2026 08:30", "0300588569", "7h30", "0220 3123456", "https://a.vn/x", "20,9", "106,3", "x"]  # fmt: skip
BAD = {
    "ma": "NT1",
    "ten": "ab",
    "loai": "Khác",
    "so": "100",
    "gia": "999",
    "ngay": "01/01/2027",
    "luc": "31/12/2025 23:59",
    "mst": "12",
    "web": "",
    "y": "3,1",
}
WRITTEN_BAD = {
    "ma": "NT1", "ten": "ab", "loai": "Khác", "so": 100, "gia": 999, "ngay": "2027-01-01", "luc": "2025-12-31T23:59", "mst": "12", "web": "so.vn", "y": 3.1,
    "mo": "31:00", "dt": "không",
}  # fmt: skip


def understood(cells: list[str]) -> Row | Faulty:
    read = checking.compile_row(
        MAPPED, tuple(one.header for one in FIELDS), lambda name: Place(1, name), around=Around(date(2026, 11, 24))
    )
    return read(Line(2, cells))


def oracle(rows: list[dict[str, object]]) -> list[str]:
    """Return the names of the fields frictionless finds wrong."""
    schema = Schema.from_descriptor(
        {key: told for key, told in table_schema(MAPPED).items() if not key.startswith("smarthd:")}
    )
    names = [one.name for one in schema.fields]
    table = [names, *[["" if row.get(name) is None else str(row[name]) for name in names] for row in rows]]
    report = Resource(table, schema=schema).validate()
    return [told[0] or told[1] for told in report.flatten(["fieldName", "type"])]


def test_a_row_we_publish_is_valid_to_the_oracle():
    row = understood(SOUND)
    assert isinstance(row, Row)
    assert oracle([row.values]) == []
    assert "an" not in {one["name"] for one in table_schema(MAPPED)["fields"]}, "what is not shown is not described"


@pytest.mark.parametrize("key", sorted(WRITTEN_BAD))
def test_what_we_refuse_the_oracle_refuses_in_the_same_column(key):
    row = understood(SOUND)
    assert isinstance(row, Row)
    assert oracle([row.values | {key: WRITTEN_BAD[key]}]) == [key]
    if cell := BAD.get(key):
        cells = [cell if one.key == key else told for one, told in zip(FIELDS, SOUND, strict=True)]
        faulty = understood(cells)
        assert isinstance(faulty, Faulty)
        label = next(one.label for one in FIELDS if one.key == key)
        assert any(label in problem.column for problem in faulty.problems)


def test_a_value_twice_where_it_may_be_once_is_found_by_both():
    row = understood(SOUND)
    assert isinstance(row, Row)
    assert oracle([row.values, row.values | {"ma": "NT-002"}]) == ["mst"]
    assert oracle([row.values, row.values | {"mst": "0101248141"}]) == ["primary-key"]


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_every_template_is_described(key):
    told = {
        name: value
        for name, value in table_schema(TEMPLATES[key].mapping, hidden=True).items()
        if not name.startswith("smarthd:")
    }
    assert Schema.metadata_validate(told) is not None
    assert list(Schema.metadata_validate(told)) == []
