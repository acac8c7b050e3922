"""The quickest way of sound lines: some thousands at once, a column at a time. It may decline a line; it may never differ from ``compiled``.

A column whose cells come again is understood cell by cell by ``compiled``'s own reader, once for each cell that differs. Names, codes,
telephones, addresses and degrees, which do not come again, are looked at by kernels over the whole column; what is not plainly sound to
them is declined, and the line goes the way of all others.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from smarthd.connectors.rules import checking, compiled
from smarthd.connectors.rules.demands import PLAIN
from smarthd.connectors.rules.fields import CellFault, Field, Kind, Resolve, Value
from smarthd.connectors.rules.kernels import NOWHERE, NULL, Cells, Told, between, kernel_of, strings_of
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.mapping import places_of
from smarthd.connectors.rules.records import COUNT, JSONB, NOTHING, SIZE, number
from smarthd.connectors.rules.validation import NOWHERE as NOTHING_BESIDE
from smarthd.connectors.rules.validation import Around
from smarthd.kernel import text

_PROBED = 2_000
_REMEMBERED = 20_000
_ASKED_EVERY = 8
"""Blocks after which it is asked again whether the cells of a column come again."""
_OFTEN = 8
"""Where a kernel declines one cell in so many, a column is written in a way of its own: it is understood cell by cell."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a block came to: which of its lines are written here, the eight bytes of each one's key (zeros where declined), keys, and lines
    as COPY takes them, nothing where declined. ``known`` gives the cells of declined lines, told by their rows, that were understood all
    the same: for each its values by the field's key."""

    sound: npt.NDArray[np.bool_]
    marks: bytes
    keys: Cells
    lines: Cells
    known: Callable[[npt.NDArray[np.intp]], list[dict[str, Value]]]


_NOT_BY_THEMSELVES = frozenset({Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE})
"""A commune is its id beside its name; whether degrees are a point's is looked at with both of them."""
_BINARY, _STRING = pa.binary(), pa.string()
_EIGHT = SIZE.pack(8)
_READ = json.JSONDecoder().raw_decode
_Column = Callable[[Cells], Told]
Write = Callable[[Mapping[int, Cells]], Block]


def compile_columns(
    mapping: ColumnMapping,
    columns: Sequence[str],
    resolve: Resolve,
    *,
    decimal: str,
    title: str,
    around: Around = NOTHING_BESIDE,
) -> tuple[list[int], Write] | None:
    """Return which columns are read, and a function that writes the sound lines of a block of them; None where this way cannot be gone.

    ``title`` is the field a row is called by.
    """
    if compiled.only_thorough(mapping):
        return None
    where = places_of(mapping, columns)
    listed = mapping.kept_order
    at = {one.key: where[one.key] for one in listed if one.key in where}
    if title not in at or len(at) < len(listed) or "\\" in "".join(map(encode_basestring, at)):
        return None
    readers = {where[one.key]: _column(one, resolve, mapping.decimal or decimal, around) for one in listed}
    if len(readers) < len(listed):
        return None  # two fields of one column
    keys, name = [at[key] for key in mapping.key], at[title]
    y, x, unit = (
        next((at[one.key] for one in mapping.of_kind(kind)), -1) for kind in (Kind.LATITUDE, Kind.LONGITUDE, Kind.UNIT)
    )
    lasting = [one for one in listed if one.kind not in _NOT_BY_THEMSELVES]

    def write(cells: Mapping[int, Cells]) -> Block:
        told = {column: read(cells[column]) for column, read in readers.items()}
        values = _joined([(encode_basestring(one.key), told[at[one.key]]) for one in listed])
        digest = _each(values, checking.digest_of_bytes, 16)
        key = _key([told[column].bare() for column in keys]) if keys else _in_hex(digest, 16)
        marks = _each(key, checking.mark_of_bytes, 8)
        place = told[unit].place() if unit >= 0 else NOWHERE
        point = _points(told[y].json, told[x].json) if y >= 0 else pa.scalar(NOTHING * 2, type=pa.binary())
        sort = _shortened(told[name].fold(told[name].bare()))
        lines = _records(key, marks, digest, sort=sort, values=values, where=(place, point))
        sound = lines.is_valid().to_numpy(zero_copy_only=False)
        return Block(sound, marks, key, lines, partial(_known, [(one.key, told[at[one.key]]) for one in lasting]))

    return [where[one.key] for one in listed], write


def _known(told: Sequence[tuple[str, Told]], rows: npt.NDArray[np.intp]) -> list[dict[str, Value]]:
    """Return, for each of these rows, the values of its cells that were not declined."""
    found: list[dict[str, Value]] = [{} for _ in rows]
    for key, one in told:
        for values, cell in zip(found, one.json.take(pa.array(rows)).to_pylist(), strict=True):
            if cell is not None:
                values[key] = cell if one.quoted else _value(cell)
    return found


def _value(written: str) -> Value:
    """Return what a cell's JSON says."""
    if written[0] == '"' and "\\" not in written:
        return written[1:-1]
    if written.isdecimal():
        return int(written)
    told: Value = _READ(written)[0]
    return told


def _each(cells: Cells, mark: Callable[[bytes], bytes], size: int) -> bytes:
    """Return the mark of each cell, zeros for none."""
    found = bytearray(b"".join(map(mark, pc.fill_null(cells.cast(_BINARY), b"").to_pylist())))
    if cells.null_count:
        np.frombuffer(found, dtype=np.uint8).reshape(-1, size)[cells.is_null().to_numpy(zero_copy_only=False)] = 0
    return bytes(found)


def _in_hex(raw: bytes, size: int) -> Cells:
    """Return the hexadecimal of values of one size as an array."""
    return strings_of(raw.hex().encode(), np.arange(len(raw) // size + 1, dtype=np.int32) * np.int32(2 * size))


def _joined(told: Sequence[tuple[str, Told]]) -> Cells:
    """Return the values of each line as JSON, null where one of its cells is declined."""
    parts: list[Any] = []
    before = "{"
    for key, one in told:
        parts += [before + key + (':"' if one.quoted else ":"), one.json]
        before = '",' if one.quoted else ","
    return pc.binary_join_element_wise(*parts, before[:-1] + "}", "")


def _key(parts: Sequence[Cells]) -> Cells:
    key = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")
    if (pc.max(pc.binary_length(key)).as_py() or 0) > checking.LONGEST_KEY:
        key = pc.if_else(pc.less_equal(pc.utf8_length(key), checking.LONGEST_KEY), key, None)
    return key


def _records(
    key: Cells, marks: bytes, digest: bytes, *, sort: Cells, values: Cells, where: tuple[Cells, Cells]
) -> Cells:
    """Return lines as ``records.record`` writes them, null where a part is."""
    count = len(values)
    head = _fixed(count, COUNT, _sizes(key))
    told = _fixed(
        count, SIZE.pack(16), _bytes(marks.hex().encode(), 16), SIZE.pack(16), _bytes(digest, 16), _sizes(sort)
    )
    before = _fixed(count, _sizes(values, 1), bytes([JSONB]))
    parts = (head, key.cast(_BINARY), told, sort.cast(_BINARY), before, values.cast(_BINARY), *where)
    return pc.binary_join_element_wise(*parts, pa.scalar(b"", type=_BINARY))


def _fixed(count: int, *parts: bytes | npt.NDArray[np.uint8]) -> Cells:
    """Return ``count`` values of one size, each of the parts one after the other; bytes are the same in each."""
    widths = [len(one) if isinstance(one, bytes) else one.shape[1] for one in parts]
    found = np.empty((count, sum(widths)), dtype=np.uint8)
    at = 0
    for one, width in zip(parts, widths, strict=True):
        found[:, at : at + width] = np.frombuffer(one, dtype=np.uint8) if isinstance(one, bytes) else one
        at += width
    offsets = np.arange(count + 1, dtype=np.int32) * np.int32(at)
    return pa.BinaryArray.from_buffers(_BINARY, count, [None, pa.py_buffer(offsets), pa.py_buffer(found)])


def _bytes(raw: bytes, width: int) -> npt.NDArray[np.uint8]:
    return np.frombuffer(raw, dtype=np.uint8).reshape(-1, width)


def _sizes(cells: Cells, more: int = 0) -> npt.NDArray[np.uint8]:
    """Return the size of each cell in four bytes, and so much more."""
    sizes = pc.fill_null(pc.binary_length(cells), 0).to_numpy() + more
    return _bytes(sizes.astype(">i4").tobytes(), 4)


def _points(lat: Cells, lon: Cells) -> Cells:
    """Return where rows lie as two fields of a record, null where that is no point in Vietnam."""
    south, north, west, east = checking.BOX
    nowhere_y, nowhere_x = pc.equal(lat, NULL), pc.equal(lon, NULL)
    y, x = (
        pc.cast(pc.if_else(nowhere, None, one), pa.float64()) for nowhere, one in ((nowhere_y, lat), (nowhere_x, lon))
    )
    inside = pc.and_(between(y, south, north), between(x, west, east))
    points = _fixed(len(lat), _EIGHT, _degrees(y), _EIGHT, _degrees(x))
    if pc.all(inside, skip_nulls=False).as_py():
        return points
    nowhere = pc.fill_null(pc.and_(nowhere_y, nowhere_x), fill_value=False)
    found = pc.if_else(pc.fill_null(inside, fill_value=False), points, pa.scalar(None, type=_BINARY))
    return pc.if_else(nowhere, pa.scalar(NOTHING * 2, type=_BINARY), found)


def _degrees(cells: Cells) -> npt.NDArray[np.uint8]:
    return _bytes(pc.fill_null(cells, 0.0).to_numpy().astype(">f8").tobytes(), 8)


# --- columns whose cells come again ---------------------------------------------------------------------------------
def _column(field: Field, resolve: Resolve, decimal: str, around: Around) -> _Column:
    repeating = _Repeating(field, resolve, decimal, around)
    kernel = kernel_of(field.kind, decimal)
    if kernel is None or field.checks or field.making != PLAIN:
        return repeating

    come_again, blocks = False, 0

    def read(cells: Cells) -> Told:
        nonlocal come_again, blocks
        if blocks % _ASKED_EVERY == 0:
            probe = cells.slice(0, _PROBED)
            come_again = pc.count_distinct(probe).as_py() * 2 <= len(probe)
        blocks += 1
        if come_again or not len(cells):
            return repeating(cells)
        told = kernel(pc.ascii_trim(cells, " "), required=field.required)
        return told if told.json.null_count * _OFTEN < len(cells) else repeating(cells)

    return read


class _Repeating:
    """Understands each cell that differs once, by the reader that the way line by line has."""

    def __init__(self, field: Field, resolve: Resolve, decimal: str, around: Around) -> None:
        self._units: dict[str, int] = {}
        self._read = compiled.reader(field, resolve, decimal, self._units, around)
        self._required = field.required
        self._known: dict[str, str | None] = {}

    def __call__(self, cells: Cells) -> Told:
        coded = cells.dictionary_encode()
        each: list[str] = coded.dictionary.to_pylist()
        known, learnt = self._known, self._of
        told = [known[cell] if cell in known else learnt(cell) for cell in each]

        def spread(found: Sequence[str | bytes | None], kind: Any = _STRING) -> Cells:
            return pa.array(found, type=kind).take(coded.indices)

        return Told(
            spread(told),
            quoted=False,
            bare=lambda: spread([_bare(one) for one in told]),
            place=lambda: spread([number(self._units.get(text.nfc(cell))) for cell in each], _BINARY),
        )

    def _of(self, cell: str) -> str | None:
        try:
            told: str | None = self._read(text.nfc(cell))
        except (CellFault, compiled.Declined):
            told = None
        if told is not None and ("\\" in told or (self._required and told == NULL)):
            told = None
        if len(self._known) < _REMEMBERED:
            self._known[cell] = told
        return told


def _bare(told: str | None) -> str | None:
    if told is None or told == NULL:
        return None
    return told[1:-1] if told[0] == '"' else told


def _shortened(cells: Cells) -> Cells:
    if (pc.max(pc.binary_length(cells)).as_py() or 0) > compiled.LONGEST_SORT:
        return pc.utf8_slice_codeunits(cells, 0, compiled.LONGEST_SORT)
    return cells
