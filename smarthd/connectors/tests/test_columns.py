"""Lines read by columns come to what lines read one by one come to, whatever stands in the file."""

from __future__ import annotations

import csv
import io
import struct
import unicodedata
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import _shops
from smarthd.connectors.adapters import columned, delimited
from smarthd.connectors.errors import LineBroken
from smarthd.connectors.rules import checking, compiled, fields, kernels, mapping
from smarthd.connectors.rules.checking import Faulty
from smarthd.connectors.rules.demands import Check, CheckName
from smarthd.connectors.rules.fields import Kind, Place
from smarthd.connectors.rules.validation import NOWHERE
from smarthd.connectors.services.staging import Doubtful
from smarthd.connectors.services.taking import Taking
from smarthd.connectors.services.understanding import Reader, Told

HEADS = ("B", "A", "Xã", "Y", "X", "DT", "Web", "Không dùng")
FIELDS = (
    fields.Field("b", "B", "B", Kind.TEXT, required=True), fields.Field("a%", "A", "A", Kind.NUMBER), fields.Field("xa", "Xã", "Xã", Kind.UNIT),
    fields.Field("y", "Y", "Y", Kind.LATITUDE), fields.Field("x", "X", "X", Kind.LONGITUDE), fields.Field("dt", "DT", "DT", Kind.PHONE),
    fields.Field("web", "Web", "Web", Kind.URL),
)  # fmt: skip
MAPPINGS = (
    mapping.Mapping(FIELDS, ("b",)),
    mapping.Mapping(FIELDS, ("a%", "xa")),
    mapping.Mapping(FIELDS),
    mapping.Mapping((fields.Field("web", "Web", "Web", Kind.URL), *FIELDS[1:2]), ("web",)),
)


def records_in(raw: bytes) -> int:
    """Count the records of COPY's binary format, each whole."""
    at = count = 0
    while at < len(raw):
        (fields_told,) = struct.unpack_from(">h", raw, at)
        at += 2
        for _ in range(fields_told):
            at += 4 + max(0, struct.unpack_from(">i", raw, at)[0])
        count += 1
    assert at == len(raw)
    return count


class Stage:
    """Remembers what a reading gives to its stage."""

    def __init__(self) -> None:
        self.text, self.told, self.aside = b"", [], []  # type: ignore[var-annotated]
        self.reserved, self.doubted_rows, self.sound_count = bytearray(), bytearray(), 0

    def sound(self, record: bytes) -> None:
        self.sounds([record], 1)

    def sounds(self, pieces: Any, count: int) -> None:
        self.text += b"".join(pieces)
        self.sound_count += count

    def faulty(self, found: Faulty) -> bytes:
        self.told.append(found)
        return checking.mark_of(found.key) if found.key else b""

    def doubt(self, found: Doubtful) -> None:
        self.aside.append(found)
        self.doubted_rows += found.row

    def doubted(self) -> list[Doubtful]:
        return self.aside

    def close(self) -> None:
        assert records_in(self.text) == self.sound_count


def resolve(name: str) -> Place:
    if "?" in name:
        raise fields.CellFault(f"không có xã {name}")
    return Place(len(name), f"Xã {name}")


def outcome(
    raw: bytes, told: mapping.Mapping, heads: tuple[str, ...], *, by_columns: bool, delimiter: str = ","
) -> Any:
    """Return all that a reading of these bytes, which have one line of headings, comes to."""
    stage = Stage()
    reader = Reader(told, heads, resolve, decimal=",", title=told.title.key, seed=5)
    taking = Taking(reader, stage)  # type: ignore[arg-type]
    lines = delimited.Delimited(io.BytesIO(raw), delimiter=delimiter, top=1, head=1, width=len(heads))
    try:
        if by_columns:
            taking.by_columns(lines)
        else:
            taking.one_by_one(lines.marked())
    except LineBroken as refusal:
        return refusal.facts
    found: Told = taking.told()
    return found, stage.text, sorted(stage.told, key=lambda one: one.number), stage.aside


def same_both_ways(raw: bytes, told: mapping.Mapping, heads: tuple[str, ...] = HEADS, delimiter: str = ",") -> Any:
    quick = outcome(raw, told, heads, by_columns=True, delimiter=delimiter)
    assert quick == outcome(raw, told, heads, by_columns=False, delimiter=delimiter)
    return quick


ODD = (
    "", "-", "N/A", "Không có", "0", "0,0", "1,5", "1.234", "1e5", "20.9", "20.90", "21.0", "8.", ".5", "020.5", "20.1234567890123456",
    "106.3", "106.30", "-20.9", "20,9", "200", "٣٣.1", "\\", "\\.", 'a"b', "a\tb", "%s", "Xã ?", "Tân An", "0220 3123456", "02203123456",
    "+84 912 345 678", "912345678", "https://a.vn/x", "HTTPS://a.vn", "http://a@b.vn", "https://a.vn/" + "x" * 990, "x" * 401, "x" * 4001,
    "Đường Hòa  Bình", " Lê Lợi ", unicodedata.normalize("NFD", "Hòa Bình"), "ＡＢ", "\ufeffmã", "a\u200bb", "½ – “Đ”", "ΣΑΣ", "İ", "null",
    "0.0", "common", "a\u0301", "a\u09be", "\u1100\u1161", "\ud55c", "a \u0301", "x\u00a0y", "x" * 81 + " y", "20.94321000",
    '"', '""', '"a', 'a"', '"a"b', '"a""b"', ' "a"', 'a "b"', '" a "', "a\rb", "x" * 70_000,
)  # fmt: skip
cell = st.sampled_from(ODD) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
written = cell | cell.map(lambda one: '"' + one.replace('"', '""') + '"')
line = st.lists(written, min_size=len(HEADS), max_size=len(HEADS)) | st.lists(written, max_size=len(HEADS) + 2)
slip = st.tuples(st.integers(0, len(HEADS) - 1), written)
nearly_sound = st.lists(slip, max_size=2)


def sound(number: int, slips: list[tuple[int, str]]) -> list[str]:
    """Return a sound line, some of whose cells are replaced."""
    row = [
        f"Tiệm {number} “Đức”", f"{number}", f"Tân An {number % 3}", f"20.{number}001", f"106.{number}5", f"0220 3{number:06}",
        f"https://a.vn/{number}", "x",
    ]  # fmt: skip
    for place, odd in slips:
        row[place] = odd
    return row


@settings(max_examples=250, deadline=None)
@given(
    st.lists(nearly_sound | nearly_sound | line.map(tuple), max_size=14),
    st.tuples(st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans()),
    st.sampled_from(MAPPINGS),
    st.sampled_from([60, 700, 1 << 20]),
)
def test_a_file_of_odd_lines_comes_to_the_same_by_columns(rows, written, told, size):
    delimiter, end, ended = written
    rows = [list(row) if isinstance(row, tuple) else sound(number, row) for number, row in enumerate(rows, start=1)]
    text = end.join([delimiter.join(HEADS), *[delimiter.join(row) for row in rows]]) + (end if ended else "")
    before, delimited.BLOCK = delimited.BLOCK, size
    try:
        same_both_ways(text.encode(), told, delimiter=delimiter)
    finally:
        delimited.BLOCK = before


@pytest.mark.parametrize("told", MAPPINGS)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_each_odd_cell_in_each_place_of_a_sound_line_comes_to_the_same_by_columns(told, delimiter):
    odd = [one for one in ODD if not one.startswith('"a') or one == '"a""b"'] + [
        f'"{one}"' for one in ODD if '"' not in one
    ]
    slips = [[], *[[(place, one)] for place in range(len(HEADS)) for one in odd if one != '"' and "\r" not in one]]
    rows = [delimiter.join(sound(number, some)) for number, some in enumerate(slips, start=1)]
    found = same_both_ways("\n".join([delimiter.join(HEADS), *rows]).encode(), told, delimiter=delimiter)
    assert found[0].total == len(rows)
    assert found[0].sound > len(rows) / 3


def shops(count: int = 1_500) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([_shops.HEADS, *_shops.lines(count)])
    return out.getvalue().encode()


@pytest.mark.parametrize("size", [3_000, 100_000, 1 << 20])
def test_a_register_comes_to_the_same_in_blocks_of_any_size_and_its_sound_lines_are_all_written_by_columns(
    monkeypatch, size
):
    monkeypatch.setattr(delimited, "BLOCK", size)
    alone = []
    understand = Reader.understand
    monkeypatch.setattr(
        Reader, "understand", lambda self, number, *told: alone.append(number) or understand(self, number, *told)
    )
    told = mapping.mapping_of(_shops.mapping())
    outcome(shops(), told, _shops.HEADS, by_columns=True)
    assert set(alone) <= _shops.faulty_numbers(1_500)
    found = same_both_ways(shops(), told, _shops.HEADS)
    assert {one.number for one in found[2]} | {one.number for one in found[3]} >= _shops.faulty_numbers(1_500)


def test_the_first_line_of_a_key_stands_across_blocks_and_ways(monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK", 200)
    rows = [f"ma{number % 40},{number},Tân An,,,,," + (' "x"' if number % 7 == 0 else "x") for number in range(200)]
    found = same_both_ways("\n".join([",".join(HEADS), *rows]).encode(), MAPPINGS[0])
    assert found[0].sound == 40
    assert [one.number for one in found[2]] == list(range(42, 202))


def test_from_a_record_of_several_lines_on_lines_are_read_one_by_one_and_what_stood_before_stays():
    rows = [f"ma{number},{number},Tân An,,,,,x" for number in range(60)]
    rows[30] = 'ma30,1,"Tân\nAn",,,,,x'
    found = same_both_ways("\n".join([",".join(HEADS), *rows]).encode(), MAPPINGS[0])
    assert found[0].total == 60
    assert len(found[0].others) == 8  # the row of the record that no line alone can tell


figures = st.from_regex(r"[+-]?[0-9]{0,4}([., ][0-9]{3}){0,3}([.,][0-9]{0,9})?", fullmatch=True) | st.sampled_from(
    [
        "",
        "-",
        "0",
        "0,0",
        "007",
        "1e5",
        "1.234.567,80",
        "1234,50",
        "12.34",
        "1,0",
        "10,00",
        "9" * 15,
        "9" * 16,
        "1,25 triệu",
        "٣",
    ]
)


@given(st.lists(figures, min_size=1, max_size=30), st.sampled_from([Kind.NUMBER, Kind.MONEY]), st.sampled_from(",."))
def test_figures_come_out_as_single_cells_do(cells, kind, decimal):
    field = fields.Field("a", "A", "A", kind)
    read = compiled.reader(field, resolve, decimal, {}, NOWHERE)
    told = kernels.kernel_of(kind, decimal)(pa.array(cells), required=False).json.to_pylist()
    assert all(found is None or found == read(one) for one, found in zip(cells, told, strict=True))


@pytest.mark.parametrize(
    ("kind", "decimal", "cells"),
    [
        (Kind.NUMBER, ",", ["1.234.567,80", "12,5", "7"]),
        (Kind.NUMBER, ".", ["1234567.80", "7"]),
        (Kind.MONEY, ",", ["1.250.000", "35000"]),
    ],
)
def test_plain_figures_are_written_by_columns(kind, decimal, cells):
    assert kernels.kernel_of(kind, decimal)(pa.array(cells), required=True).json.null_count == 0


def test_a_column_written_in_a_way_of_its_own_does_not_send_its_lines_the_slow_way(monkeypatch):
    heads, count = ("Mã", "Tên", "Giá", "Điện thoại"), 300
    told = mapping.Mapping(
        (
            fields.Field("ma", "Mã", "Mã", Kind.TEXT), fields.Field("ten", "Tên", "Tên", Kind.TEXT),
            fields.Field("gia", "Giá", "Giá", Kind.MONEY), fields.Field("dt", "Điện thoại", "Điện thoại", Kind.PHONE),
        ),
        ("ma",),
    )  # fmt: skip
    lines = [f"M{n},Nơi {n},{n}000 đ,+84 912 {n:06}" for n in range(count)]
    raw = ("\n".join([",".join(heads), *lines]) + "\n").encode()
    slow = []
    understand = Reader.understand
    monkeypatch.setattr(Reader, "understand", lambda self, *told: slow.append(told) or understand(self, *told))
    assert records_in(outcome(raw, told, heads, by_columns=True)[1]) == count
    assert slow == []


def test_a_column_with_checks_is_read_by_them():
    checked = fields.Field("b", "B", "B", Kind.TEXT, required=True, checks=(Check(CheckName.LENGTH, ("2", "4")),))
    told = mapping.Mapping((checked, *FIELDS[1:]), ("b",))
    rows = [f"{'m' * (1 + number % 6)}{number},{number},Tân An,,,,,x" for number in range(60)]
    found = same_both_ways("\n".join([",".join(HEADS), *rows]).encode(), told)
    assert found[0].total == 60
    assert 0 < len(found[2]) < 60


def test_a_line_that_is_no_plain_csv_is_told_apart_by_its_place():
    lines = ["a,b", '"a",b', '"a""x",b', 'a"x,b', '"a,b', "", "a,b,c", "a", '"a" ,b', '"a,x","b"', "a\rx,b", '"",""']
    split = columned.split("\n".join([*lines, ""]).encode(), at=7, number=3, delimiter=",", width=2, wanted=[0, 1])
    assert split.which.tolist() == [0, 1, 9, 11]
    assert split.columns[0].to_pylist() == ["a", "a", "a,x", ""]
    assert split.starts.tolist()[:3] == [7, 11, 17]
