"""Every line of a reading into its stage, the first of each key; by columns as far as that goes, one by one where not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from smarthd.connectors.ports import Columned, Split
from smarthd.connectors.rules import manifests
from smarthd.connectors.rules.checking import Faulty
from smarthd.connectors.rules.compiled import Written
from smarthd.connectors.rules.fields import Value
from smarthd.connectors.rules.manifests import FaultsRead, Known
from smarthd.connectors.services.staging import Doubtful, Stage
from smarthd.connectors.services.understanding import Reader, Told

if TYPE_CHECKING:
    from smarthd.connectors.rules.columns import Block

_NO_MARK = bytes(16)


class Taking:
    """One reading of the whole, line after line in the order of the file."""

    def __init__(self, reader: Reader, stage: Stage) -> None:
        self._reader, self._stage = reader, stage
        self._known, self._marks, self._total = Known(), bytearray(), 0
        self._faults = FaultsRead()

    def one_by_one(self, lines: Iterable[tuple[int, Sequence[str], bytes]]) -> None:
        """Take lines with their numbers and bytes."""
        seed, known = self._reader.seed, self._known
        for number, cells, raw in lines:
            if not any(cells):
                continue
            self._total += 1
            written = self._reader.understand(number, cells)
            if isinstance(written, Faulty):
                self._faulty(written, raw)
                continue
            key, row, line = written
            mark = manifests.line_mark(raw, seed) if raw else _NO_MARK
            if known.maybe(row):
                self._stage.doubt(Doubtful(number, key, row, mark, line, list(cells)))
                continue
            known.add(row, number)
            self._marks += mark
            self._stage.sound(line)

    def by_columns(self, lines: Columned) -> None:
        """Take the lines of a file by columns; from the first record that runs over several lines on, one by one."""
        compiled = self._reader.by_columns()
        if compiled is None:
            self.one_by_one(lines.marked())
            return
        wanted, write = compiled
        for split in lines.blocks(wanted):
            taken = _Taken(self._reader, lines, split, write(split.columns) if split.columns else None)
            self._take(taken)
            for found in taken.faulty:
                self._faulty(found, split.raws[found.number - split.number])
            if taken.stop < len(split.raws):
                self.one_by_one(lines.marked_from(int(split.starts[taken.stop]), split.number + taken.stop))
                return
            del split, taken  # not held beside the next block

    def _faulty(self, found: Faulty, raw: bytes) -> None:
        key = self._stage.faulty(found)
        if raw:
            self._faults.add(manifests.line_mark(raw, self._reader.seed), found.number, key)

    def _take(self, taken: _Taken) -> None:
        self._total += taken.total
        places = taken.places()
        numbers = (places + taken.split.number).astype(np.uint32)
        again = self._known.add_new(taken.rows(places), numbers)
        raws = list(compress(taken.split.raws, taken.sound.tolist()))
        marks = manifests.line_marks(raws, self._reader.seed, bare=taken.split.bare)
        for at in np.flatnonzero(again):
            place = int(places[at])
            key, row, line = taken.written(place)
            cells = list(taken.lines.cells(taken.split.raws[place]) or ())
            mark = marks[at * 16 : at * 16 + 16]
            self._stage.doubt(Doubtful(place + taken.split.number, key, row, mark, line, cells))
        self._marks += np.frombuffer(marks, dtype="V16")[~again].tobytes()
        self._stage.sounds(taken.pieces({int(place) for place in places[again]}), int((~again).sum()))

    def told(self) -> Told:
        """Settle what may be of another's key, end the stage, and return what the reading came to."""
        stage, reader, marks = self._stage, self._reader, self._marks
        rows, elsewhere = self._known.close(bytes(stage.doubted_rows))
        firsts: dict[bytes, int] = {}
        for doubtful in stage.doubted():
            first = elsewhere.get(doubtful.row, 0) or firsts.get(doubtful.row, 0)
            if first:
                stage.faulty(reader.repeated(doubtful, first))
                continue
            firsts[doubtful.row] = doubtful.number
            marks += doubtful.mark
            rows += doubtful.row
            stage.sound(doubtful.record)
        stage.close()
        marks_, rows_, others = manifests.without_gaps(marks, rows)
        reserved = others + bytes(stage.reserved)
        return Told(self._total, stage.sound_count, marks_, rows_, reserved, faults=self._faults.packed)


class _Taken:
    """The lines of a block: those written by columns, and the others, understood one by one up to ``stop``, where a record does not end."""

    def __init__(self, reader: Reader, lines: Columned, split: Split, block: Block | None) -> None:
        self.lines, self.split, self._block = lines, split, block
        self.faulty: list[Faulty] = []
        self.stop = len(split.raws)
        self._which = split.which if block is not None else split.which[:0]
        self._sound = np.zeros(len(split.raws), dtype=np.bool_)
        if block is not None:
            self._sound[self._which[block.sound]] = True
        self._single: dict[int, Written] = {}
        known = self._known()
        blank = 0
        for place in map(int, np.flatnonzero(~self._sound)):
            cells = lines.cells(split.raws[place])
            if cells is None:
                self.stop = place
                self._sound[place:] = False
                break
            if not any(cells):
                blank += 1
                continue
            found = reader.understand(split.number + place, cells, known.get(place))
            if isinstance(found, Faulty):
                self.faulty.append(found)
            else:
                self._single[place] = found
        self.total = self.stop - blank
        self.sound = self._sound.copy()
        self.sound[list(self._single)] = True

    def _known(self) -> dict[int, Mapping[str, Value]]:
        """Return what is understood already of the lines of the block that were declined, by their places."""
        if self._block is None:
            return {}
        declined = np.flatnonzero(~self._block.sound)
        return dict(zip(self._which[declined].tolist(), self._block.known(declined), strict=True))

    def places(self) -> npt.NDArray[np.intp]:
        """Return the places of the sound lines, in their order."""
        return np.flatnonzero(self.sound)

    def rows(self, places: npt.NDArray[np.intp]) -> bytes:
        """Return the marks of the keys of lines."""
        found = np.zeros(len(self._sound), dtype="V8")
        if self._block is not None:
            found[self._which] = np.frombuffer(self._block.marks, dtype="V8")
        for place, written in self._single.items():
            found[place] = written.mark
        return found[places].tobytes()

    def written(self, place: int) -> Written:
        """Return one sound line."""
        if place in self._single:
            return self._single[place]
        at, block = self._row_of(place), cast("Block", self._block)  # a sound line that is not single is of the block
        return Written(block.keys[at].as_py(), block.marks[at * 8 : at * 8 + 8], block.lines[at].as_py())

    def pieces(self, but: set[int]) -> list[bytes | memoryview]:
        """Return the records of the sound lines in their order, without some."""
        if self._block is None:
            return [self._single[place].record for place in sorted(self._single) if place not in but]
        view, offsets = _buffers(self._block.lines)
        found: list[bytes | memoryview] = []
        upto = 0
        for place in sorted(but | self._single.keys()):
            at = self._row_of(place)
            found.append(view[upto : offsets[at]])
            upto = int(offsets[at])
            if place not in self._single:
                upto = int(offsets[at + 1])
            elif place not in but:
                found.append(self._single[place].record)
        found.append(view[upto : offsets[self._row_of(self.stop)]])
        return found

    def _row_of(self, place: int) -> int:
        """Return which row of the block a line is, or the first after it."""
        return int(np.searchsorted(self._which, place))


def _buffers(lines: Any) -> tuple[memoryview, npt.NDArray[np.int32]]:
    _, offsets, written = lines.buffers()
    told = np.frombuffer(offsets, dtype=np.int32)[lines.offset : lines.offset + len(lines) + 1]
    return memoryview(written if written is not None else b""), told
