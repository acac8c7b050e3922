"""From rows to what may be published: every row understood or told apart with words; and when a whole set is held back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import xxhash

from smarthd.connectors.rules import fields, grids
from smarthd.connectors.rules.fields import CellFault, Field, Kind, Resolve, Value
from smarthd.connectors.rules.mapping import MOST_COLUMNS, cell_of
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.validation import NOWHERE, Around, Judge, judge_of, row_judge_of

LONGEST_KEY = 400
NOTHING = frozenset({"", "-", "–", "—", "n/a", "null", "none", "không có"})
"""What offices write into a cell that holds nothing, in lower case."""
BOX = (8.0, 24.0, 102.0, 118.0)
"""Vietnam with its islands, roughly: south, north, west, east. A point outside is most often a swapped pair."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one cell: the column as the clerk knows it, what was written, and how to mend it."""

    column: str
    written: str
    words: str
    notice: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the problem as it is stored."""
        told: dict[str, object] = {"column": self.column, "written": self.written, "words": self.words}
        return told | {"notice": True} if self.notice else told


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a source: its number as the clerk's program shows it (from 1), and its cells; ``known`` are values of fields that are
    understood and judged already, by their key (``rules.columns``)."""

    number: int
    cells: Sequence[str]
    known: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """One understood line; ``written`` is its values as JSON, ``digest`` tells that content from another; ``notices`` is what is told of it
    though it is published."""

    number: int
    key: str
    digest: bytes
    values: dict[str, Value]
    written: str
    unit_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Faulty:
    """One line that could not be understood; ``key`` is its key where that much was."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...]
    key: str = ""


LONGEST_NOTHING = max(map(len, NOTHING))
_REPEATED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.MOMENT, Kind.PHONE})
_REMEMBERED = 20_000
_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Cell = tuple[Callable[[Sequence[str]], str], Field, Callable[[str], object], Judge | None]


def compile_row(
    mapping: ColumnMapping, columns: Sequence[str], resolve: Resolve, *, decimal: str = ",", around: Around = NOWHERE
) -> Callable[[Line], Row | Faulty]:
    """Return a function that understands one line; everything that can be settled once is settled here.

    Each line of a reading is to be given to it once, in order: a rule may remember what it saw.
    """
    cells: list[Cell] = [
        (
            cell_of(one, columns),
            one,
            _parser(one, resolve, mapping.decimal or decimal, grid=mapping.grid),
            judge_of(one, around),
        )
        for one in mapping.fields
    ]
    judge_row = row_judge_of(mapping, around)
    to_degrees = grids.degrees_of(mapping.grid) if mapping.grid else None
    keys, ordered = mapping.key, [one.key for one in mapping.kept_order]
    lat = next((one.key for one in mapping.of_kind(Kind.LATITUDE)), "")
    lon = next((one.key for one in mapping.of_kind(Kind.LONGITUDE)), "")
    most = widest_line(columns)

    def read(line: Line) -> Row | Faulty:
        values: dict[str, Value] = {}
        problems: list[Problem] = []
        unit_id: int | None = None
        values |= line.known
        for take, one, parse, judge in [told for told in cells if told[1].key not in values] if values else cells:
            written = take(line.cells)
            if len(written) <= LONGEST_NOTHING and written.lower() in NOTHING:
                if one.required:
                    problems.append(Problem(one.label, written, "còn trống, cần có"))
                values[one.key] = None
                continue
            try:
                value = parse(written)
            except CellFault as fault:
                problems.append(Problem(one.label, written[:200], str(fault)))
                continue
            if isinstance(value, fields.Place):
                unit_id, value = value.id, value.name
            values[one.key] = value  # type: ignore[assignment]  # parsers give values
            if judge:
                found = judge(values[one.key], line.number)
                problems += [Problem(one.label, written[:200], words, notice) for words, notice in found]
        if to_degrees:
            _place(values, lat, lon, to_degrees)
        problems.extend(_off_the_map(values, lat, lon, mapping))
        if judge_row:
            problems += [Problem(*told) for told in judge_row(values, unit_id)]
        if beyond := [cell for cell in line.cells[most:] if cell]:
            told = f"có {most + len(beyond)} ô mà chỉ có {most} cột. Ô có dấu phẩy cần đặt trong ngoặc kép"
            problems.append(Problem("cả dòng", beyond[0][:200], told))
        key = "\x1f".join("" if values.get(name) is None else str(values[name]) for name in keys)
        if keys and not key.replace("\x1f", "") and all(one.notice for one in problems):
            problems.append(Problem(_labels(mapping, keys), "", "mã trống: không biết dòng nào với dòng nào"))
        if len(key) > LONGEST_KEY:
            problems.append(Problem(_labels(mapping, keys), key[:80], f"mã dài quá {LONGEST_KEY} chữ"))
        if not all(one.notice for one in problems):
            return Faulty(line.number, tuple(line.cells), tuple(problems), key)
        written = _WRITE({name: values[name] for name in ordered})
        digest = digest_of(written)
        lat_lon = _float(values, lat), _float(values, lon)
        return Row(line.number, key or digest.hex(), digest, values, written, unit_id, *lat_lon, tuple(problems))

    return read


def _place(values: dict[str, Value], lat: str, lon: str, to_degrees: grids.Degrees) -> None:
    """Turn a point in metres into degrees, in place; half a point is left for ``_off_the_map`` to tell."""
    y, x = _float(values, lat), _float(values, lon)
    if y is not None and x is not None:
        values[lat], values[lon] = to_degrees(y, x)


def _parser(field: Field, resolve: Resolve, decimal: str, *, grid: str) -> Callable[[str], object]:
    """Return what understands the cells of a column; of kinds whose cells repeat, what was understood is remembered."""
    kind = field.kind
    if kind is Kind.UNIT:
        return resolve
    if grid and kind in {Kind.LATITUDE, Kind.LONGITUDE}:
        return grids.metres_of(decimal)
    parse = fields.reader_of(field, decimal=decimal)
    if kind not in _REPEATED:
        return parse
    known: dict[str, Value] = {}

    def remembered(written: str) -> Value:
        value = known.get(written)
        if value is None:
            value = parse(written)
            if len(known) < _REMEMBERED:
                known[written] = value
        return value

    return remembered


def _labels(mapping: ColumnMapping, keys: Sequence[str]) -> str:
    return ", ".join(one.label for one in mapping.fields if one.key in keys)


def _float(values: Mapping[str, Value], key: str) -> float | None:
    value = values.get(key)
    return float(value) if isinstance(value, (int, float)) else None


def _off_the_map(values: Mapping[str, Value], lat: str, lon: str, mapping: ColumnMapping) -> Iterator[Problem]:
    if not lat or not lon or lat not in values or lon not in values:
        return
    y, x = _float(values, lat), _float(values, lon)
    name = _labels(mapping, (lat, lon))
    if (y is None) != (x is None):
        yield Problem(name, f"{y or ''} {x or ''}".strip(), "chỉ có một nửa tọa độ")
    if y is None or x is None:
        return
    south, north, west, east = BOX
    if south <= y <= north and west <= x <= east:
        return
    if south <= x <= north and west <= y <= east:
        yield Problem(name, f"{y}, {x}", "vĩ độ và kinh độ bị đổi chỗ")
    else:
        yield Problem(name, f"{y}, {x}", "tọa độ nằm ngoài Việt Nam")


def mark_of(key: str) -> bytes:
    """Return the eight bytes a row's public address is made of: they stay as long as the row's key."""
    return mark_of_bytes(key.encode())


mark_of_bytes: Callable[[bytes], bytes] = xxhash.xxh3_64_digest
"""``mark_of`` of a key's UTF-8."""


def digest_of(written: str) -> bytes:
    """Return sixteen bytes that tell one content of a row from another. No secret: who feeds a dataset could only fool themselves."""
    return digest_of_bytes(written.encode())


digest_of_bytes: Callable[[bytes], bytes] = xxhash.xxh3_128_digest
"""``digest_of`` of a content's UTF-8."""


def code_of(key: str) -> str:
    """Return a row's public address, in hexadecimal."""
    return mark_of(key).hex()


def widest_line(columns: Sequence[str]) -> int:
    """Return how many cells a line may have: as many as there are headings; where those were cut off, any number."""
    return len(columns) if len(columns) < MOST_COLUMNS else 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """When a set is held back, in per cent: of faulty lines, of rows left of last time, of rows gone; and how many rows it is known to have,
    at least and at most (None: nobody said)."""

    faulty: float = 5.0
    left: float = 70.0
    removed: float = 10.0
    fewest: int | None = None
    most: int | None = None


def hold_reasons(
    *, total: int, faulty: int, before: int, removed: int, limits: Limits, rows: int | None = None
) -> list[str]:
    """Return why a set must not be published by itself; empty when it may be. ``rows``: how many there would be; None: the sound lines."""
    reasons = []
    there = total - faulty if rows is None else rows
    sound = total - faulty
    if sound == 0:
        return ["Không có dòng nào dùng được."]
    if faulty * 100 > limits.faulty * total:
        reasons.append(f"{faulty} trên {total} dòng có lỗi, quá mức {_percent(limits.faulty)}.")
    if before and total * 100 < limits.left * before:
        reasons.append(f"Chỉ còn {total} dòng, lần trước {before}: ít hơn {_percent(limits.left)}. Có thể tệp thiếu.")
    if before >= 10 and removed * 100 > limits.removed * before:
        reasons.append(f"{removed} trên {before} dòng đang công bố sẽ mất, quá mức {_percent(limits.removed)}.")
    if limits.fewest is not None and there < limits.fewest:
        reasons.append(
            f"Chỉ có {there} mục dùng được, mà dữ liệu này thường có ít nhất {limits.fewest}. Có thể tệp thiếu."
        )
    if limits.most is not None and there > limits.most:
        reasons.append(f"Có {there} mục, mà dữ liệu này thường có nhiều nhất {limits.most}. Có thể tệp ghép hoặc lặp.")
    return reasons


def _percent(value: float) -> str:
    return f"{value:g}%".replace(".", ",")
