"""What is public, told by its lines: sixteen bytes for each line as it was written, eight for the row it became.

A second reading hashes its lines and asks which it knows: those are understood already and need not be read. Exact by 128 bits; a line
that is known twice, or that stands elsewhere, costs a reading and no more.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import xxhash

Array = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
EDITION = 2
"""Raised whenever the same line would be understood otherwise: manifests of an older edition are not believed."""


def line_mark(raw: bytes, seed: int) -> bytes:
    """Return the sixteen bytes of a line, its line end apart. The seed is secret: lines may hold what is not published."""
    return xxhash.xxh3_128_digest(raw.rstrip(b"\r\n"), seed)


def line_marks(raws: Sequence[bytes], seed: int, *, bare: bool = False) -> bytes:
    """Return the marks of many lines, one after the other; ``bare`` lines have no line end."""
    mark = xxhash.xxh3_128_digest
    if not bare:
        raws = [raw.rstrip(b"\r\n") for raw in raws]
    return b"".join(map(mark, raws, repeat(seed)))


_FAULT = struct.Struct(">16sI8s")
MOST_FAULTS = 100_000
"""Faulty lines of a version that are known again; those beyond are read again."""


class Fault(NamedTuple):
    """A line that is faulty whatever stands beside it: its number in its version, and the mark of its key, zeros where it has none."""

    number: int
    key: bytes


class Faults:
    """Faulty lines by their marks, 28 bytes each while they are kept. A line that comes again has the faults it had."""

    def __init__(self, packed: bytes = b"") -> None:
        self._of = {mark: Fault(number, key) for mark, number, key in _FAULT.iter_unpack(packed)}

    def __len__(self) -> int:
        return len(self._of)

    def get(self, mark: bytes) -> Fault | None:
        """Return what a line was, None where it was not faulty, or not there."""
        return self._of.get(mark)


class FaultsRead:
    """Collects the faulty lines of one reading for the next."""

    def __init__(self) -> None:
        self.packed = bytearray()

    def add(self, mark: bytes, number: int, key: bytes) -> None:
        """Take one; ``key`` empty: it has none."""
        if len(self.packed) < MOST_FAULTS * _FAULT.size:
            self.packed += _FAULT.pack(mark, number, key)


class Manifest:
    """The lines behind what is public: the two halves of their marks, and ``rows``, the marks of what they became, in one order. ``others``:
    the marks of public rows without a line: those whose line is faulty now, or ran over several lines of the file. ``faults``: the faulty
    lines beside them.

    The arrays are put in order where they lie: 29 bytes a line, and 16 more while that goes on.
    """

    def __init__(self, high: Array, low: Array, rows: Array, others: Array, faults: Faults | None = None) -> None:
        order = np.argsort(high, kind="stable")
        for one in (high, low, rows):
            one[:] = one[order]
        self._high, self._low, self.rows, self.others = high, low, rows, others
        self.faults = faults or Faults()
        self.seen: Flags = np.zeros(len(rows), dtype=np.bool_)
        self.numbers: npt.NDArray[np.uint32] = np.zeros(len(rows), dtype=np.uint32)

    def recognise(self, marks: bytes, numbers: npt.NDArray[np.uint32]) -> Flags:
        """Return which lines (their marks, one after the other) are known and were not seen yet; they count as seen, at their numbers."""
        told = np.frombuffer(marks, dtype=">u8").reshape(-1, 2)
        known = np.zeros(len(told), dtype=np.bool_)
        if not len(self.rows):
            return known
        high = told[:, 0].astype(np.uint64)
        # in their order the memory is gone through once; of equal ones the first stays first
        places = np.argsort(high, kind="stable")
        high, low = high[places], told[:, 1].astype(np.uint64)[places]
        at = np.minimum(np.searchsorted(self._high, high), len(self.rows) - 1)
        same = (self._high[at] == high) & (self._low[at] == low) & ~self.seen[at]
        places, at = places[same], at[same]
        first = np.ones(len(at), dtype=np.bool_)
        first[1:] = at[1:] != at[:-1]
        places, at = places[first], at[first]
        known[places] = True
        self.seen[at] = True
        self.numbers[at] = numbers[places]
        return known

    def lines_of(self, rows: bytes) -> dict[bytes, int]:
        """Return the numbers of the known lines that became any of these rows."""
        hits = places_of(np.frombuffer(rows, dtype=">u8").astype(np.uint64), self.rows)
        hits = hits[self.seen[hits]]
        return {int(self.rows[place]).to_bytes(8, "big"): int(self.numbers[place]) for place in hits}

    def unseen(self) -> set[bytes]:
        """Return the marks of public rows none of whose lines was seen; a row may have had a faulty line beside its own."""
        missed = np.concatenate((self.rows[~self.seen], self.others))
        met = places_of(missed, self.rows)
        still = np.setdiff1d(missed, self.rows[met[self.seen[met]]])
        return {int(mark).to_bytes(8, "big") for mark in still}

    def seen_parts(self) -> tuple[bytearray, bytearray]:
        """Return the marks and the rows of the lines seen, for the manifest that follows."""
        count = int(self.seen.sum())
        marks, rows = bytearray(16 * count), bytearray(8 * count)
        both = np.frombuffer(marks, dtype=">u8").reshape(-1, 2)
        both[:, 0], both[:, 1] = self._high[self.seen], self._low[self.seen]
        np.frombuffer(rows, dtype=">u8")[:] = self.rows[self.seen]
        return marks, rows


_TOLD_BY = 20
"""Leading bits of a mark that rule out nearly all others at a glance, in a table that stays near the processor."""
_PIECE = 1 << 16


def places_of(wanted: Array, marks: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
    """Return where any of these marks stand among many, in rising order; memory does not grow with the many."""
    shift = np.uint64(64 - _TOLD_BY)
    likely = np.zeros(1 << _TOLD_BY, dtype=np.bool_)
    likely[wanted >> shift] = True
    wanted = np.unique(wanted)
    found = []
    for at in range(0, len(marks), _PIECE):
        piece = marks[at : at + _PIECE].astype(np.uint64)
        maybe = np.flatnonzero(likely[piece >> shift])
        found.append(maybe[np.isin(piece[maybe], wanted)] + at)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.intp)


def without_gaps(marks: bytearray, rows: bytearray) -> tuple[bytearray, bytearray, bytes]:
    """Return marks and rows of the lines that have a mark, and the rows of those that have none (sixteen zero bytes)."""
    both = np.frombuffer(marks, dtype=">u8").reshape(-1, 2)
    told = np.frombuffer(rows, dtype=">u8")
    here = (both[:, 0] != 0) | (both[:, 1] != 0)
    if here.all():
        return marks, rows, b""
    return bytearray(both[here].tobytes()), bytearray(told[here].tobytes()), told[~here].tobytes()


class Known:
    """The rows of one reading by their marks: which line a key stood in first. A filter of bits answers nearly always; what it cannot
    rule out is put aside with its cells, and settled when all lines are read. 12 bytes a line and 8 MB."""

    BITS = 1 << 26

    def __init__(self) -> None:
        self._bits = np.zeros(self.BITS // 8, dtype=np.uint8)
        self.marks, self._numbers = bytearray(), bytearray()

    def maybe(self, mark: bytes) -> bool:
        """Say whether this row may have been seen; it counts as seen from now on."""
        bit = int.from_bytes(mark[:4], "big") & (self.BITS - 1)
        place, flag = bit >> 3, 1 << (bit & 7)
        before = int(self._bits[place])
        if before & flag:
            return True
        self._bits[place] = before | flag
        return False

    def add_new(self, marks: bytes, numbers: npt.NDArray[np.uint32]) -> Flags:
        """Keep where many rows stand, in the order of their lines; return which may have been seen, and were not kept (``maybe``, ``add``)."""
        told = np.frombuffer(marks, dtype=">u8")
        bits = (told.astype(np.uint64) >> np.uint64(32)) & np.uint64(self.BITS - 1)
        places, flags = (bits >> np.uint64(3)).astype(np.intp), np.uint8(1) << (bits & np.uint64(7)).astype(np.uint8)
        _, first = np.unique(bits, return_index=True)
        seen = np.ones(len(told), dtype=np.bool_)
        seen[first] = False
        seen |= (self._bits[places] & flags) != 0
        new = ~seen
        np.bitwise_or.at(self._bits, places[new], flags[new])
        self.marks += told[new].tobytes()
        self._numbers += numbers[new].astype(">u4").tobytes()
        return seen

    def add(self, mark: bytes, number: int) -> None:
        """Keep where a row stands."""
        self.marks += mark
        self._numbers += number.to_bytes(4, "big")

    def close(self, wanted: bytes) -> tuple[bytearray, dict[bytes, int]]:
        """End it: return the marks in the order they were added, and in which line each of the wanted ones stands that was added."""
        marks, self.marks, self._bits = self.marks, bytearray(), np.zeros(0, dtype=np.uint8)
        told, numbers = np.frombuffer(marks, dtype=">u8"), np.frombuffer(self._numbers, dtype=">u4")
        places = places_of(np.frombuffer(wanted, dtype=">u8").astype(np.uint64), told)
        return marks, {int(told[place]).to_bytes(8, "big"): int(numbers[place]) for place in places}
