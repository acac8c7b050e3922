"""A delimited table split by columns, some thousands of lines at a time; the lines that cannot be split so are told by their place.

A line is split here where reading it as CSV hangs on nothing but itself: every quotation mark opens or closes a whole cell, no line end
stands within, it is not empty, and it has as many cells as there are headings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow import csv

from smarthd.connectors.ports import Split

pa.set_memory_pool(pa.system_memory_pool())  # the others keep what blocks leave behind: half as much again at the peak
LONGEST_LINE = 60_000
"""Bytes of a line beyond which the csv reader may refuse one of its cells."""
_QUOTE, _FEED, _RETURN = b'"'[0], b"\n"[0], b"\r"[0]


def blocks(
    stream: BinaryIO, *, number: int, delimiter: str, width: int, wanted: Sequence[int], size: int
) -> Iterator[Split]:
    """Yield the lines from where the stream stands, about ``size`` bytes at a time; ``number`` is the first one's."""
    at, rest = stream.tell(), b""
    while piece := stream.read(size):
        whole = rest + piece
        cut = whole.rfind(b"\n") + 1
        rest = whole[cut:]
        if cut:
            found = split(whole[:cut], at=at, number=number, delimiter=delimiter, width=width, wanted=wanted)
            number += len(found.raws)
            at += cut
            yield found
            del found  # not held beside the next block
    if rest:
        yield split(rest + b"\n", at=at, number=number, delimiter=delimiter, width=width, wanted=wanted)


def split(block: bytes, *, at: int, number: int, delimiter: str, width: int, wanted: Sequence[int]) -> Split:
    """Return the lines of a block, which ends with a line feed, split as far as they can be."""
    raws = block.split(b"\n")
    raws.pop()
    signs = np.frombuffer(block, dtype=np.uint8)
    ends = np.cumsum(np.fromiter(map(len, raws), dtype=np.intp, count=len(raws)) + 1) - 1
    bare = b"\r" not in block
    plain = _of_one_line(signs, ends, bare=bare)
    if b'"' in block:
        plain &= _plainly_quoted(signs, ends, ord(delimiter))
    chosen = np.flatnonzero(plain)
    some = block if len(chosen) == len(raws) else b"".join([raws[place] + b"\n" for place in chosen])
    columns, other = _columns(some, delimiter, width, wanted)
    which = np.delete(chosen, other)
    if columns and len(columns[wanted[0]]) != len(which):
        which, columns = which[:0], {}  # not to be relied on
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends.astype(np.int64) + 1)) + at
    return Split(number, starts, raws, which, columns, bare)


def _plainly_quoted(signs: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp], delimiter: int) -> npt.NDArray[np.bool_]:
    """Return which lines have quotation marks only around whole cells, none of them within a cell."""
    plain = np.ones(len(ends), dtype=np.bool_)
    quotes = np.flatnonzero(signs == _QUOTE)
    lines = np.searchsorted(ends, quotes)
    odd = np.bincount(lines, minlength=len(ends)) % 2 == 1
    if odd.any():
        plain &= ~odd
        here = ~odd[lines]
        quotes, lines = quotes[here], lines[here]
    opening, closing = quotes[0::2], quotes[1::2]
    before = np.where(opening > 0, signs[opening - 1], _FEED)
    after = signs[closing + 1]
    plain[lines[0::2][(before != delimiter) & (before != _FEED)]] = False
    plain[lines[1::2][(after != delimiter) & (after != _FEED) & (after != _RETURN)]] = False
    return plain


def _of_one_line(signs: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp], *, bare: bool) -> npt.NDArray[np.bool_]:
    """Return which lines hold something, are not too long, and have no carriage return but before their end."""
    sizes = np.diff(ends, prepend=-1) - 1
    plain: npt.NDArray[np.bool_] = (sizes > 0) & (sizes < LONGEST_LINE)
    if not bare:
        places = np.flatnonzero(signs == _RETURN)
        plain[np.searchsorted(ends, places[signs[places + 1] != _FEED])] = False
        at_end = signs[ends - 1] == _RETURN
        plain &= ~(at_end & (sizes == 1))
    return plain


def _columns(block: bytes, delimiter: str, width: int, wanted: Sequence[int]) -> tuple[dict[int, Any], list[int]]:
    """Return the columns of a block of plain lines, and the places of lines with more or fewer cells, which are left out."""
    if not block:
        return {}, []
    other: list[int] = []

    def leave(row: Any) -> str:
        other.append(row.number - 1)
        return "skip"

    names = [str(place) for place in range(width)]
    table = csv.read_csv(
        pa.BufferReader(block),
        read_options=csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
        parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=leave, ignore_empty_lines=False),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=[str(place) for place in wanted],
            strings_can_be_null=False,
            check_utf8=False,  # the whole was looked at before
        ),
    )
    return {place: table.column(str(place)).combine_chunks() for place in wanted}, other
