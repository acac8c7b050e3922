"""CQL2 filters: what they come to, what is refused in words, and that nothing sent takes long or breaks."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.connectors.rules import asking as ask
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.publicapi.opendata import cql

NAME, PRICE, DAY = (
    Field(key, key, key, kind) for key, kind in (("ten", Kind.TEXT), ("gia", Kind.NUMBER), ("ngay", Kind.DAY))
)
MOMENT = Field("luc", "luc", "luc", Kind.MOMENT)
FIELDS = {one.key: one for one in (NAME, PRICE, DAY, MOMENT)}
TOKENS = [
    "ten", "gia", "ngay", "geometry", "x", "=", "<", ">", "<>", "<=", "(", ")", "[", "]", "'a'", "'", '"', "1", "-", "+", "*", "^", ",", ".", "NOT",
    "AND", "OR", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "S_INTERSECTS", "BBOX", "POINT", "POLYGON", "DATE", "TIMESTAMP", "CASEI", "\0", "ừ",
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("gia = 1", ask.Compare(PRICE, ask.Comparison.EQUAL, 1.0)),
        ("5 >= gia", ask.Compare(PRICE, ask.Comparison.AT_MOST, 5.0)),
        ("ten <> 'a''b'", ask.Compare(NAME, ask.Comparison.OTHER, "a'b")),
        ("ten IS NOT NULL", ask.Not(ask.Nothing(NAME))),
        ("ten LIKE 'a%\\'", ask.Like(NAME, "a%\\\\")),
        ("gia IN (1, 2)", ask.OneOf(PRICE, (1.0, 2.0))),
        ("ngay > DATE('2026-11-24')", ask.Compare(DAY, ask.Comparison.MORE, "2026-11-24")),
        ("ngay = TIMESTAMP('2026-11-24T18:00:00Z')", ask.Compare(DAY, ask.Comparison.EQUAL, "2026-11-25")),
        ("luc = TIMESTAMP('2026-11-24T18:00:00Z')", ask.Compare(MOMENT, ask.Comparison.EQUAL, "2026-11-25T01:00")),
        ("S_INTERSECTS(geometry, POINT(106.3 20.9))", ask.Box(106.3, 20.9, 106.3, 20.9)),
        ("TRUE", ask.Always(holds=True)),
    ],
)
def test_a_filter_comes_to_its_condition(told, meant):
    assert cql.condition(told, FIELDS) == meant


@pytest.mark.parametrize(
    "told",
    [
        "", "gia", "gia =", "1 = 1", "gia = gia", "gia = 'x'", "gia = 1e999", "ten = 1", "ten = TRUE", "khong = 1", "gia LIKE 'x'", "ten = CASEI('x')",
        "ngay = DATE('2026-02-30')", "ten = DATE('2026-02-03')", "((((((((gia = 1", "((((((((gia=1))))))))", "gia = 1)", "ten = 'x", "A_OVERLAPS(ten, ten)",
        "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 0)))", "gia IN (1, 'x')", "NOT " * 80 + "gia = 1", " AND ".join(["gia = 1"] * 90), "x" * 3_000,
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(told):
    with pytest.raises(cql.FilterFault) as fault:
        cql.condition(told, FIELDS)
    assert len(str(fault.value)) > 8


def said(told: str, *, as_json: bool = False) -> str:
    try:
        cql.condition(told, FIELDS, as_json=as_json)
    except cql.FilterFault as fault:
        return str(fault)
    return "understood"


@settings(max_examples=300, deadline=None, database=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=60), st.integers(0, 12))
def test_no_text_breaks_the_reader(tokens, brackets):
    told = "(" * brackets + " ".join(tokens)
    told += ")" * max(0, told.count("(") - told.count(")"))
    assert said(told)


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["ten", "gia", "geometry", ""]),
    lambda inner: st.lists(inner, max_size=4)
    | st.fixed_dictionaries({"op": st.sampled_from(["and", "or", "not", "=", "like", "in", "between", "isNull", "s_intersects", "x"]), "args": st.lists(inner, max_size=3)})
    | st.fixed_dictionaries({"property": st.sampled_from(["ten", "gia", "geometry"]) | inner})
    | st.fixed_dictionaries({"bbox": inner})
    | st.fixed_dictionaries({"type": st.just("Point"), "coordinates": inner})
    | st.fixed_dictionaries({"date": inner}),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=300, deadline=None, database=None)
@given(_JSON)
def test_no_document_breaks_the_reader(tree):
    assert said(json.dumps(tree), as_json=True)
