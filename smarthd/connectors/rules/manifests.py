"""What is public, told by its lines: sixteen bytes for each line as it was written, eight for the row it became.

A second reading hashes its lines and asks which it knows: those are understood already and need not be read. Exact by 128 bits; a line
that is known twice, or that stands elsewhere, costs a reading and no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash

Array = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]
EDITION = 1
"""Raised whenever the same line would be understood otherwise: manifests of an older edition are not believed."""


def line_mark(raw: bytes, seed: int) -> bytes:
    """Return the sixteen bytes of a line, its line end apart. The seed is secret: lines may hold what is not published."""
    return xxhash.xxh3_128_digest(raw.rstrip(b"\r\n"), seed)


def line_marks(raws: Sequence[bytes], seed: int) -> bytes:
    """Return the marks of many lines, one after the other."""
    mark = xxhash.xxh3_128_digest
    return b"".join([mark(raw.rstrip(b"\r\n"), seed) for raw in raws])


class Manifest:
    """The lines behind what is public. ``rows`` are their rows' marks, in the same order; ``others`` the marks of public rows without a line:
    those whose line is faulty now, or ran over several lines of the file."""

    def __init__(self, marks: bytes, rows: bytes, others: bytes = b"") -> None:
        both = np.frombuffer(marks, dtype=">u8").reshape(-1, 2)
        order = np.argsort(both[:, 0], kind="stable")
        self._high: Array = both[:, 0][order].astype(np.uint64)
        self._low: Array = both[:, 1][order].astype(np.uint64)
        self.rows: Array = np.frombuffer(rows, dtype=">u8")[order].astype(np.uint64)
        self.others: Array = np.frombuffer(others, dtype=">u8").astype(np.uint64)
        self.seen: Flags = np.zeros(len(self.rows), dtype=np.bool_)
        self.numbers: npt.NDArray[np.uint32] = np.zeros(len(self.rows), dtype=np.uint32)

    def recognise(self, marks: bytes, numbers: npt.NDArray[np.uint32]) -> Flags:
        """Return which lines (their marks, one after the other) are known and were not seen yet; they count as seen, at their numbers."""
        told = np.frombuffer(marks, dtype=">u8").reshape(-1, 2).astype(np.uint64)
        known = np.zeros(len(told), dtype=np.bool_)
        if not len(self.rows):
            return known
        at = np.minimum(np.searchsorted(self._high, told[:, 0]), len(self.rows) - 1)
        same = (self._high[at] == told[:, 0]) & (self._low[at] == told[:, 1]) & ~self.seen[at]
        places = np.flatnonzero(same)
        _, first = np.unique(at[places], return_index=True)
        places = places[first]
        known[places] = True
        self.seen[at[places]] = True
        self.numbers[at[places]] = numbers[places]
        return known

    def lines_of(self, rows: bytes) -> dict[bytes, int]:
        """Return the numbers of the known lines that became any of these rows."""
        wanted = np.frombuffer(rows, dtype=">u8").astype(np.uint64)
        hits = np.flatnonzero(np.isin(self.rows, wanted) & self.seen)
        return {int(self.rows[place]).to_bytes(8, "big"): int(self.numbers[place]) for place in hits}

    def unseen(self) -> set[bytes]:
        """Return the marks of public rows none of whose lines was seen; a row may have had a faulty line beside its own."""
        missed = np.setdiff1d(np.concatenate((self.rows[~self.seen], self.others)), self.rows[self.seen])
        return {int(mark).to_bytes(8, "big") for mark in missed}

    def seen_parts(self) -> tuple[bytes, bytes]:
        """Return the marks and the rows of the lines seen, for the manifest that follows."""
        both = np.column_stack((self._high[self.seen], self._low[self.seen])).astype(">u8")
        return both.tobytes(), self.rows[self.seen].astype(">u8").tobytes()


def without_gaps(marks: bytes | bytearray, rows: bytes | bytearray) -> tuple[bytes, bytes, bytes]:
    """Return marks and rows of the lines that have a mark, and the rows of those that have none (sixteen zero bytes)."""
    both = np.frombuffer(marks, dtype=">u8").reshape(-1, 2)
    told = np.frombuffer(rows, dtype=">u8")
    here = both.any(axis=1)
    if here.all():
        return bytes(marks), bytes(rows), b""
    return both[here].tobytes(), told[here].tobytes(), told[~here].tobytes()


class Known:
    """The rows of one reading by their marks: which line a key stood in first. A filter of bits answers nearly always; what it cannot
    rule out is put aside with its cells, and settled when all lines are read. 12 bytes a line and 8 MB."""

    BITS = 1 << 26

    def __init__(self) -> None:
        self._bits = np.zeros(self.BITS // 8, dtype=np.uint8)
        self.marks, self._numbers = bytearray(), bytearray()
        self._all: Array = np.zeros(0, dtype=np.uint64)
        self._order: npt.NDArray[np.intp] = np.zeros(0, dtype=np.intp)

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

    def close(self) -> bytearray:
        """Make ready to be asked, and return the marks in the order they were added."""
        marks, self.marks, self._bits = self.marks, bytearray(), np.zeros(0, dtype=np.uint8)
        self._all = np.frombuffer(bytes(marks), dtype=">u8").astype(np.uint64)
        self._order = np.argsort(self._all, kind="stable")
        return marks

    def line_of(self, mark: bytes) -> int:
        """Return the number of the line a row stands in, 0 for none."""
        wanted = np.uint64(int.from_bytes(mark, "big"))
        at = int(np.searchsorted(self._all, wanted, sorter=self._order))
        if at == len(self._all) or self._all[self._order[at]] != wanted:
            return 0
        place = int(self._order[at]) * 4
        return int.from_bytes(self._numbers[place : place + 4], "big")
