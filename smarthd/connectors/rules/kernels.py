"""Columns whose cells do not come again, looked at whole: what is plainly sound is written, everything else declined (``rules.columns``)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from smarthd.connectors.rules import checking, fields, records
from smarthd.connectors.rules.fields import Kind
from smarthd.kernel import text

Cells = Any
"""A pyarrow array of strings: the cells of one column as they were written."""
NULL = "null"
NOWHERE: Cells = pa.scalar(records.NOTHING, type=pa.binary())
_NOTHING = pa.array(sorted(checking.NOTHING))
_LONGEST_NOTHING = max(len(one.encode()) for one in checking.NOTHING)
_LONGEST_DEGREES = 16
"""Three digits, a point and twelve: so many digits are written back as they came (IEEE 754, 15 digits)."""
_LONGEST_FIGURES = 15
_PLAIN_URL = r"^https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/%+&=?-]*)?$"


def _fold_each(bare: Cells) -> Cells:
    """Return ``text.fold`` of names, null where one reads as none at all."""
    coded = bare.dictionary_encode()
    each = [None if one is None or one in {"0", "0.0"} else text.fold(one) for one in coded.dictionary.to_pylist()]
    return pa.array(each, type=pa.string()).take(coded.indices)


@dataclass(frozen=True, slots=True)
class Told:
    """A column as JSON, null where a cell is declined. ``quoted``: it is bare text, and its quotation marks are still to be written.
    ``bare``: its cells as keys and names are written, null where there is none or a cell is declined. ``place``: the communes it names, as
    fields of records."""

    json: Cells
    quoted: bool
    bare: Callable[[], Cells]
    place: Callable[[], Cells] = lambda: NOWHERE
    fold: Callable[[Cells], Cells] = _fold_each


def _text(cells: Cells, *, required: bool) -> Told:
    """Text of printable letters in NFC without signs that JSON or COPY write otherwise."""
    sizes = pc.binary_length(cells)
    long = (pc.max(sizes).as_py() or 0) > fields.LONGEST_TEXT
    if long or not pc.all(pc.ascii_is_alnum(cells)).as_py():
        doubtful = _doubtful(cells)
        if long:
            doubtful |= pc.greater(pc.utf8_length(cells), fields.LONGEST_TEXT).to_numpy(zero_copy_only=False)
        if doubtful.any():
            cells = pc.if_else(pa.array(~doubtful), cells, None)
    if (pc.min(sizes).as_py() or 0) > _LONGEST_NOTHING:
        return Told(cells, quoted=True, bare=lambda: cells, fold=_folded)
    return _nothing_or(cells, pc.is_in(pc.utf8_lower(cells), _NOTHING), required=required, fold=_folded)


def _nothing_or(cells: Cells, nothing: Cells, *, required: bool, fold: Callable[[Cells], Cells] = _fold_each) -> Told:
    """Return a column of bare text, null where it is declined, and of cells that hold nothing."""
    if pc.any(nothing).as_py():
        bare = pc.if_else(nothing, None, cells)
        if not required:
            written = pc.if_else(nothing, NULL, pc.binary_join_element_wise('"', bare, '"', ""))
            return Told(written, quoted=False, bare=lambda: bare, fold=fold)
        cells = bare
    return Told(cells, quoted=True, bare=lambda: cells, fold=fold)


def _phone(cells: Cells, *, required: bool) -> Told:
    digits = pc.replace_substring(cells, " ", "")
    sound = _all(pc.ascii_is_decimal(digits), pc.starts_with(digits, "0"), between(pc.binary_length(digits), 10, 11))
    return _plain_or_nothing(cells, digits, sound, required=required)


def _url(cells: Cells, *, required: bool) -> Told:
    sound = _all(pc.match_substring_regex(cells, _PLAIN_URL), pc.less_equal(pc.binary_length(cells), 1_000))
    return _plain_or_nothing(cells, cells, sound, required=required)


def _plain_or_nothing(cells: Cells, plain: Cells, sound: Cells, *, required: bool) -> Told:
    return _nothing_or(pc.if_else(sound, plain, None), pc.equal(cells, ""), required=required)


def _degrees(cells: Cells, *, required: bool) -> Told:
    """Degrees as 20.94321, written as Python writes the number; at least 1, so that no exponent is written."""
    digits = pc.replace_substring(cells, ".", "", max_replacements=1)
    sound = _all(
        pc.ascii_is_decimal(digits),
        pc.equal(pc.subtract(pc.binary_length(cells), pc.binary_length(digits)), 1),
        between(pc.find_substring(cells, "."), 1, 3),
        pc.invert(pc.ends_with(cells, ".")),
        pc.invert(pc.starts_with(cells, "0")),
        pc.less_equal(pc.binary_length(cells), _LONGEST_DEGREES),
    )
    short = pc.ascii_rtrim(pc.if_else(sound, cells, None), "0")
    short = pc.if_else(pc.ends_with(short, "."), pc.binary_join_element_wise(short, "0", ""), short)
    return _bare_or_nothing(cells, short, required=required)


def _all(first: Cells, *others: Cells) -> Cells:
    for one in others:
        first = pc.and_(first, one)
    return first


def _figures(cells: Cells, *, required: bool, decimal: str, whole: bool) -> Told:
    """Numbers from 1 on, plainly written (1.234.567,8 where ``decimal`` is the comma, else 1234567.8), as Python writes them; ``whole``:
    without a fraction."""
    fraction = "" if whole else rf"(?:{re.escape(decimal)}[0-9]+)?"
    groups = r"|[1-9][0-9]{0,2}(?:\.[0-9]{3})+" if decimal == "," else ""
    sound = pc.match_substring_regex(cells, rf"^(?:[1-9][0-9]*{groups}){fraction}$")
    sound = pc.and_(sound, pc.less_equal(pc.binary_length(cells), _LONGEST_FIGURES))
    plain = pc.if_else(sound, cells, None)
    if decimal == ",":
        plain = pc.replace_substring(pc.replace_substring(plain, ".", ""), ",", ".")
    if not whole:
        broken = pc.match_substring(plain, ".")
        short = pc.ascii_rtrim(plain, "0")
        short = pc.if_else(pc.ends_with(short, "."), pc.binary_join_element_wise(short, "0", ""), short)
        plain = pc.if_else(broken, short, plain)
    return _bare_or_nothing(cells, plain, required=required)


def _bare_or_nothing(cells: Cells, plain: Cells, *, required: bool) -> Told:
    """Return a column that is written as it is read, and nothing where nothing was written."""
    nothing = pc.equal(cells, "")
    return Told(pc.if_else(nothing, None if required else NULL, plain), quoted=False, bare=lambda: plain)


def kernel_of(kind: Kind, decimal: str) -> Callable[..., Told] | None:
    """Return what looks at the trimmed cells of a column of a kind (keyword ``required``), None where there is no such."""
    if kind in {Kind.NUMBER, Kind.MONEY}:
        return partial(_figures, decimal=decimal, whole=kind is Kind.MONEY)
    return _KERNELS.get(kind)


_KERNELS: dict[Kind, Callable[..., Told]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.URL: _url,
    Kind.LATITUDE: _degrees,
    Kind.LONGITUDE: _degrees,
}


def between(cells: Cells, least: float, most: float) -> Cells:
    """Return which of the numbers lie between two, both included."""
    return pc.and_(pc.greater_equal(cells, least), pc.less_equal(cells, most))


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
    found = strings_of(signs[signs != _END], offsets)
    return found if not bare.null_count else pc.if_else(bare.is_valid(), found, None)


def _without_last_spaces(signs: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    last = np.zeros(len(signs), dtype=np.bool_)
    last[:-1] = (signs[:-1] == _SPACE) & (signs[1:] == _END)
    return signs[~last] if last.any() else signs


def strings_of(raw: bytes | npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]) -> Cells:
    """Return an array of texts that lie one after the other."""
    return pa.StringArray.from_buffers(len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(raw))
