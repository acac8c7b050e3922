"""What a manifest tells of lines and rows is what going through them one by one tells."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.connectors.adapters import delimited
from smarthd.connectors.errors import LineBroken, TooManyLines
from smarthd.connectors.rules.manifests import Known, Manifest, places_of, without_gaps

FEW = st.sampled_from([0, 1, 2, 1 << 40, (1 << 40) + 1, 1 << 63, (1 << 64) - 1])
MARKS = FEW.map(lambda high: (high, high ^ 7))
"""Marks of lines; two that share their first half alone need not both be known: that costs a reading."""
ASKED = MARKS | st.tuples(FEW, FEW)


def packed(marks: list[tuple[int, int]]) -> bytes:
    return b"".join(struct.pack(">QQ", *one) for one in marks)


def rows_of(*marks: int) -> bytes:
    return b"".join(mark.to_bytes(8, "big") for mark in marks)


@given(
    st.dictionaries(MARKS, st.integers(100, 140)),
    st.lists(st.lists(ASKED, max_size=12), max_size=3),
    st.sets(st.integers(120, 160)),
)
def test_a_line_is_known_once_at_its_first_place_and_rows_none_of_whose_lines_came_are_unseen(lines, batches, others):  # fmt: skip
    marks, rows = list(lines), list(lines.values())
    halves = (np.array([one[at] for one in marks], dtype=np.uint64) for at in (0, 1))
    manifest = Manifest(*halves, np.array(rows, dtype=np.uint64), np.array(sorted(others), dtype=np.uint64))
    seen: dict[tuple[int, int], int] = {}
    number = 2
    for some in batches:
        numbers = np.arange(number, number + len(some), dtype=np.uint32)
        wanted = []
        for place, mark in enumerate(some):
            wanted.append(mark in lines and mark not in seen)
            if wanted[-1]:
                seen[mark] = number + place
        assert manifest.recognise(packed(some), numbers).tolist() == wanted
        number += len(some)
    stood = {lines[mark] for mark in seen}
    missed = (set(rows) | others) - stood
    assert manifest.unseen() == {mark.to_bytes(8, "big") for mark in missed}
    asked = range(100, 160, 3)
    found = {int.from_bytes(row, "big"): at for row, at in manifest.lines_of(rows_of(*asked)).items()}
    assert found.keys() == stood & set(asked)
    assert all(at in {seen[mark] for mark in seen if lines[mark] == row} for row, at in found.items())
    told, become = manifest.seen_parts()
    pairs = {(told[at * 16 : at * 16 + 16].hex(), become[at * 8 : at * 8 + 8].hex()) for at in range(len(become) // 8)}
    assert pairs == {(packed([mark]).hex(), rows_of(lines[mark]).hex()) for mark in seen}


def test_marks_are_found_wherever_they_stand_in_many(monkeypatch):
    monkeypatch.setattr("smarthd.connectors.rules.manifests._PIECE", 7)
    many = np.random.default_rng(4).integers(0, 60, 200, dtype=np.uint64) << np.uint64(41)
    wanted = np.array([3, 17, 59, 59, 99], dtype=np.uint64) << np.uint64(41)
    assert places_of(wanted, many.astype(">u8")).tolist() == np.flatnonzero(np.isin(many, wanted)).tolist()
    assert not len(places_of(wanted, many[:0]))


def test_what_was_known_tells_where_it_stands_and_lines_without_a_mark_are_told_apart():
    known = Known()
    for number, row in enumerate((9, 1 << 63, 5), start=2):
        known.add(rows_of(row), number)
    rows, found = known.close(rows_of(5, 6, 1 << 63))
    assert bytes(rows) == rows_of(9, 1 << 63, 5)
    assert found == {rows_of(5): 4, rows_of(1 << 63): 3}
    marks = bytearray(packed([(1, 0), (0, 0), (0, 1)]))
    told = tuple(map(bytes, without_gaps(marks, rows)))
    assert told == (packed([(1, 0), (0, 1)]), rows_of(9, 5), rows_of(1 << 63))


@pytest.mark.parametrize("size", [1, 2, 3, 8, 1_000])
@pytest.mark.parametrize("raw", [b"h\na;b\n\nc\r\nd", b"h\na\nb\n", b"h\n", b"h\n\n", "h\nĐường;ổ\nỡ".encode()])
def test_lines_come_the_same_in_blocks_of_any_size(monkeypatch, raw, size):
    monkeypatch.setattr(delimited, "BLOCK", size)
    lines = delimited.Delimited(io.BytesIO(raw), delimiter=";", top=1, head=1)
    found = [(int(number), one) for numbers, raws in lines.batches() for number, one in zip(numbers, raws, strict=True)]
    assert found == [(at, one.rstrip(b"\n")) for at, one in enumerate(io.BytesIO(raw).readlines()[1:], start=2)]


LINE = st.text(
    st.sampled_from('aB;, "\\r\\t\ufeffĐường0') | st.characters(codec="utf-8", exclude_characters="\n\0"), max_size=12
)


@given(LINE, st.sampled_from(",;\t"))
def test_the_cells_of_one_line_are_those_the_csv_reader_gives(line, delimiter):
    raw = line.encode()
    one = delimited.Delimited(io.BytesIO(b"h\n" + raw), delimiter=delimiter, top=1, head=1)
    try:
        whole = [list(found.cells) for found in one]
    except LineBroken:
        whole = None
    found = one.cells(raw)
    if found is None:
        assert whole is None or len(whole) != 1
    else:
        assert [list(found)] == (whole or [[]])


def test_a_line_beyond_the_most_is_refused(monkeypatch):
    monkeypatch.setattr(delimited, "MOST_LINES", 3)
    lines = delimited.Delimited(io.BytesIO(b"h\na\nb\nc\n"), delimiter=";", top=1, head=1)
    with pytest.raises(TooManyLines):
        list(lines.batches())
