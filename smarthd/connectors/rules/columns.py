"""The quickest way of sound lines: some thousands at once, a column at a time. It may decline a line; it may never differ from ``compiled``.

A column whose cells come again is understood cell by cell by ``compiled``'s own reader, once for each cell that differs. Names, codes,
telephones, addresses and degrees, which do not come again, are looked at by kernels over the whole column; what is not plainly sound to
them is declined, and the line goes the way of all others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from smarthd.connectors.rules import checking, compiled, fields
from smarthd.connectors.rules.demands import PLAIN
from smarthd.connectors.rules.fields import CellFault, Field, Kind, Resolve
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.mapping import places_of
from smarthd.connectors.rules.validation import NOWHERE, Around
from smarthd.kernel import text

Cells = Any
"""A pyarrow array of strings: the cells of one column as they were written."""
_NULL, _NONE = "null", r"\N"
_PROBED = 2_000
_REMEMBERED = 20_000
_NOTHING = pa.array(sorted(checking.NOTHING))
_LONGEST_NOTHING = max(len(one.encode()) for one in checking.NOTHING)
_LONGEST_DEGREES = 16
"""Three digits, a point and twelve: so many digits are written back as they came (IEEE 754, 15 digits)."""
_PLAIN_URL = r"^https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/%+&=?-]*)?$"


@dataclass(frozen=True, slots=True)
class Block:
    """What a block came to: which of its lines are written here, the eight bytes of each one's key (zeros where declined), keys, and lines
    as COPY takes them, nothing where declined."""

    sound: npt.NDArray[np.bool_]
    marks: bytes
    keys: Cells
    lines: Cells


def _fold_each(bare: Cells) -> Cells:
    """Return ``text.fold`` of names, null where one reads as none at all."""
    coded = bare.dictionary_encode()
    each = [None if one is None or one in {"0", "0.0"} else text.fold(one) for one in coded.dictionary.to_pylist()]
    return pa.array(each, type=pa.string()).take(coded.indices)


@dataclass(frozen=True, slots=True)
class _Told:
    """A column as JSON, null where a cell is declined. ``quoted``: it is bare text, and its quotation marks are still to be written.
    ``bare``: its cells as keys and names are written, null where there is none or a cell is declined."""

    json: Cells
    quoted: bool
    bare: Callable[[], Cells]
    place: Callable[[], Cells] = lambda: pa.scalar(_NONE)
    fold: Callable[[Cells], Cells] = _fold_each


_Column = Callable[[Cells], _Told]
Write = Callable[[Mapping[int, Cells]], Block]


def compile_columns(
    mapping: ColumnMapping,
    columns: Sequence[str],
    resolve: Resolve,
    *,
    decimal: str,
    title: str,
    around: Around = NOWHERE,
) -> tuple[list[int], Write] | None:
    """Return which columns are read, and a function that writes the sound lines of a block of them; None where this way cannot be gone.

    ``title`` is the field a row is called by.
    """
    if compiled.only_thorough(mapping):
        return None
    where = places_of(mapping, columns)
    listed = sorted(mapping.fields, key=lambda one: one.key)
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

    def write(cells: Mapping[int, Cells]) -> Block:
        told = {column: read(cells[column]) for column, read in readers.items()}
        values = _joined([(encode_basestring(one.key), told[at[one.key]]) for one in listed])
        digest = _in_hex(_each(values, checking.digest_of_bytes, 16), 16)
        key = _key([told[column].bare() for column in keys]) if keys else digest
        marks = _each(key, checking.mark_of_bytes, 8)
        lat, lon = _points(told[y].json, told[x].json) if y >= 0 else (_NONE, _NONE)
        place = told[unit].place() if unit >= 0 else _NONE
        sort = _shortened(told[name].fold(told[name].bare()))
        parts = (
            key,
            "\t",
            _in_hex(marks, 8),
            "\t\\\\x",
            digest,
            "\t",
            sort,
            "\t",
            values,
            "\t",
            place,
            "\t",
            lat,
            "\t",
            lon,
            "\n",
        )
        lines = pc.binary_join_element_wise(*parts, "")
        sound = lines.is_valid().to_numpy(zero_copy_only=False)
        return Block(sound, marks, key, lines)

    return [where[one.key] for one in listed], write


def _each(cells: Cells, mark: Callable[[bytes], bytes], size: int) -> bytes:
    """Return the mark of each cell, zeros for none."""
    none = bytes(size)
    return b"".join([none if one is None else mark(one) for one in cells.cast(pa.binary()).to_pylist()])


def _in_hex(raw: bytes, size: int) -> Cells:
    """Return the hexadecimal of values of one size as an array."""
    return _strings(raw.hex().encode(), np.arange(len(raw) // size + 1, dtype=np.int32) * np.int32(2 * size))


def _strings(raw: bytes | npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]) -> Cells:
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(raw))


def _joined(told: Sequence[tuple[str, _Told]]) -> Cells:
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


def _points(lat: Cells, lon: Cells) -> tuple[Cells, Cells]:
    """Return where rows lie as COPY takes it, null where that is no point in Vietnam."""
    south, north, west, east = checking.BOX
    nowhere_y, nowhere_x = pc.equal(lat, _NULL), pc.equal(lon, _NULL)
    y, x = (
        pc.cast(pc.if_else(nowhere, None, one), pa.float64()) for nowhere, one in ((nowhere_y, lat), (nowhere_x, lon))
    )
    inside = pc.and_(_between(y, south, north), _between(x, west, east))
    sound = pc.or_kleene(pc.and_(nowhere_y, nowhere_x), pc.fill_null(inside, fill_value=False))
    return tuple(
        pc.if_else(sound, pc.if_else(nowhere, _NONE, one), None)
        for nowhere, one in ((nowhere_y, lat), (nowhere_x, lon))
    )


def _between(cells: Cells, least: float, most: float) -> Cells:
    return pc.and_(pc.greater_equal(cells, least), pc.less_equal(cells, most))


# --- columns whose cells come again ---------------------------------------------------------------------------------
def _column(field: Field, resolve: Resolve, decimal: str, around: Around) -> _Column:
    repeating = _Repeating(field, resolve, decimal, around)
    kernel = _KERNELS.get(field.kind)
    if kernel is None or field.checks or field.making != PLAIN:
        return repeating

    def read(cells: Cells) -> _Told:
        probe = cells.slice(0, _PROBED)
        if pc.count_distinct(probe).as_py() * 2 <= len(probe):
            return repeating(cells)
        return kernel(pc.ascii_trim(cells, " "), required=field.required)

    return read


class _Repeating:
    """Understands each cell that differs once, by the reader that the way line by line has."""

    def __init__(self, field: Field, resolve: Resolve, decimal: str, around: Around) -> None:
        self._units: dict[str, int] = {}
        self._read = compiled.reader(field, resolve, decimal, self._units, around)
        self._required = field.required
        self._known: dict[str, str | None] = {}

    def __call__(self, cells: Cells) -> _Told:
        coded = cells.dictionary_encode()
        each: list[str] = coded.dictionary.to_pylist()
        known, learnt = self._known, self._of
        told = [known[cell] if cell in known else learnt(cell) for cell in each]

        def spread(found: Sequence[str | None]) -> Cells:
            return pa.array(found, type=pa.string()).take(coded.indices)

        return _Told(
            spread(told),
            quoted=False,
            bare=lambda: spread([_bare(one) for one in told]),
            place=lambda: spread([str(self._units.get(text.nfc(cell), _NONE)) for cell in each]),
        )

    def _of(self, cell: str) -> str | None:
        try:
            told: str | None = self._read(text.nfc(cell))
        except (CellFault, compiled.Declined):
            told = None
        if told is not None and ("\\" in told or (self._required and told == _NULL)):
            told = None
        if len(self._known) < _REMEMBERED:
            self._known[cell] = told
        return told


def _bare(told: str | None) -> str | None:
    if told is None or told == _NULL:
        return None
    return told[1:-1] if told[0] == '"' else told


# --- columns whose cells do not come again: kernels over trimmed cells ------------------------------------------------
def _text(cells: Cells, *, required: bool) -> _Told:
    """Text of printable letters in NFC without signs that JSON or COPY write otherwise."""
    sizes = pc.binary_length(cells)
    if not pc.all(pc.ascii_is_alnum(cells)).as_py():
        doubtful = _doubtful(cells)
        if (pc.max(sizes).as_py() or 0) > fields.LONGEST_TEXT:
            doubtful |= pc.greater(pc.utf8_length(cells), fields.LONGEST_TEXT).to_numpy(zero_copy_only=False)
        if doubtful.any():
            cells = pc.if_else(pa.array(~doubtful), cells, None)
    if (pc.min(sizes).as_py() or 0) > _LONGEST_NOTHING:
        return _Told(cells, quoted=True, bare=lambda: cells, fold=_folded)
    return _nothing_or(cells, pc.is_in(pc.utf8_lower(cells), _NOTHING), required=required, fold=_folded)


def _nothing_or(cells: Cells, nothing: Cells, *, required: bool, fold: Callable[[Cells], Cells] = _fold_each) -> _Told:
    """Return a column of bare text, null where it is declined, and of cells that hold nothing."""
    if pc.any(nothing).as_py():
        bare = pc.if_else(nothing, None, cells)
        if not required:
            written = pc.if_else(nothing, _NULL, pc.binary_join_element_wise('"', bare, '"', ""))
            return _Told(written, quoted=False, bare=lambda: bare, fold=fold)
        cells = bare
    return _Told(cells, quoted=True, bare=lambda: cells, fold=fold)


def _phone(cells: Cells, *, required: bool) -> _Told:
    digits = pc.replace_substring(cells, " ", "")
    sound = _all(pc.ascii_is_decimal(digits), pc.starts_with(digits, "0"), _between(pc.binary_length(digits), 10, 11))
    return _plain_or_nothing(cells, digits, sound, required=required)


def _url(cells: Cells, *, required: bool) -> _Told:
    sound = _all(pc.match_substring_regex(cells, _PLAIN_URL), pc.less_equal(pc.binary_length(cells), 1_000))
    return _plain_or_nothing(cells, cells, sound, required=required)


def _plain_or_nothing(cells: Cells, plain: Cells, sound: Cells, *, required: bool) -> _Told:
    return _nothing_or(pc.if_else(sound, plain, None), pc.equal(cells, ""), required=required)


def _degrees(cells: Cells, *, required: bool) -> _Told:
    """Degrees as 20.94321, written as Python writes the number; at least 1, so that no exponent is written."""
    digits = pc.replace_substring(cells, ".", "", max_replacements=1)
    sound = _all(
        pc.ascii_is_decimal(digits),
        pc.equal(pc.subtract(pc.binary_length(cells), pc.binary_length(digits)), 1),
        _between(pc.find_substring(cells, "."), 1, 3),
        pc.invert(pc.ends_with(cells, ".")),
        pc.invert(pc.starts_with(cells, "0")),
        pc.less_equal(pc.binary_length(cells), _LONGEST_DEGREES),
    )
    short = pc.ascii_rtrim(pc.if_else(sound, cells, None), "0")
    short = pc.if_else(pc.ends_with(short, "."), pc.binary_join_element_wise(short, "0", ""), short)
    nothing = pc.equal(cells, "")
    return _Told(pc.if_else(nothing, None if required else _NULL, short), quoted=False, bare=lambda: short)


def _all(first: Cells, *others: Cells) -> Cells:
    for one in others:
        first = pc.and_(first, one)
    return first


_KERNELS: dict[Kind, Callable[..., _Told]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.LATITUDE: _degrees,
    Kind.LONGITUDE: _degrees,
}


# --- letters --------------------------------------------------------------------------------------------------------
_END, _SPACE = 10, 32


@cache
def _letters() -> npt.NDArray[np.uint8]:
    """Return, for each sign of sixteen bits, what ``text.fold`` makes of it (a letter, a digit, a space); 0 for what is not looked at here:
    what is not printable, not NFC by itself or beside others, has no single letter, or is written otherwise in JSON."""
    table = np.zeros(1 << 16, dtype=np.uint8)
    for code in (*range(0x20, 0x1100), *range(0x1E00, 0x2100)):
        char = chr(code)
        if (
            char in '"\\#'
            or not char.isprintable()
            or text.nfc(char) != char.strip()
            or unicodedata.category(char)[0] == "M"
        ):
            continue
        folded = text.fold(char)
        if len(folded) <= 1:
            table[code] = ord(folded or " ")
    table[_END] = _END
    return table


def _signs(cells: Cells) -> npt.NDArray[np.uint8]:
    """Return the signs of all cells, folded, each cell ended by a line feed."""
    ended = pc.binary_join_element_wise(pc.fill_null(cells, ""), "", "\n").buffers()[2]
    written = str(memoryview(ended or b""), "utf-8").encode("utf-16-le")
    return _letters()[np.frombuffer(written, dtype=np.uint16)]


def _raw(cells: Cells) -> bytes:
    buffer = cells.buffers()[2]
    return b"" if buffer is None else bytes(buffer.to_pybytes())


def _doubtful(cells: Cells) -> npt.NDArray[np.bool_]:
    """Return which cells hold a sign, or two spaces running, that the thorough way shall look at."""
    signs = _signs(cells)
    wrong = np.flatnonzero(signs == 0)
    found = np.zeros(len(cells), dtype=np.bool_)
    if len(wrong):
        found[np.searchsorted(np.flatnonzero(signs == _END), wrong)] = True
    if _raw(cells).find(b"  ") >= 0:
        found |= pc.match_substring(cells, "  ").to_numpy(zero_copy_only=False)
    return found


def _folded(bare: Cells) -> Cells:
    """Return ``text.fold`` of names of whose signs none is doubtful."""
    signs = _signs(bare)
    before = np.concatenate((np.array([_END], dtype=np.uint8), signs[:-1]))
    signs = signs[(signs != _SPACE) | ((before != _SPACE) & (before != _END))]
    signs = _without_last_spaces(signs)
    ends = np.flatnonzero(signs == _END)
    offsets = np.zeros(len(ends) + 1, dtype=np.int32)
    offsets[1:] = ends - np.arange(len(ends))
    found = _strings(signs[signs != _END], offsets)
    return found if not bare.null_count else pc.if_else(bare.is_valid(), found, None)


def _without_last_spaces(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    last = np.zeros(len(signs), dtype=np.bool_)
    last[:-1] = (signs[:-1] == _SPACE) & (signs[1:] == _END)
    return signs[~last] if last.any() else signs


def _shortened(cells: Cells) -> Cells:
    if (pc.max(pc.binary_length(cells)).as_py() or 0) > compiled.LONGEST_SORT:
        return pc.utf8_slice_codeunits(cells, 0, compiled.LONGEST_SORT)
    return cells
