"""One reading, line by line: the whole of it, or only the lines the last reading did not have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from smarthd.connectors.ports import Lines
from smarthd.connectors.rules import checking, compiled, manifests
from smarthd.connectors.rules.checking import Faulty, Line, Problem, Row
from smarthd.connectors.rules.compiled import Written
from smarthd.connectors.rules.fields import Resolve
from smarthd.connectors.rules.manifests import Known, Manifest
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.validation import NOWHERE, Around
from smarthd.connectors.services.staging import Doubtful, Stage

_NO_MARK = bytes(16)


class WholeNeeded(Exception):
    """The lines cannot be told from the last reading's one by one: all of them have to be read."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a reading came to, beside the lines in its stage: how many there were that hold anything, and that are sound; the manifest of
    these; ``gone``: marks of public rows that were not met, None where that has to be asked of the database."""

    total: int
    sound: int
    marks: bytes
    rows: bytes
    others: bytes
    gone: frozenset[bytes] | None = None


class Reader:
    """Understands lines: quickly where they are plainly sound, thoroughly where not."""

    def __init__(
        self,
        mapping: Mapping,
        columns: Sequence[str],
        resolve: Resolve,
        *,
        decimal: str,
        title: str,
        seed: int,
        around: Around = NOWHERE,
        tell: Callable[[Row, Sequence[str]], None] = lambda _row, _cells: None,
    ) -> None:
        """``tell`` is given each row of which something is told though it is published."""
        self._quick = compiled.compile_sound(mapping, columns, resolve, decimal=decimal, title=title, around=around)
        self._thorough = checking.compile_row(mapping, columns, resolve, decimal=decimal, around=around)
        self._tell = tell
        self._title, self.seed = title, seed
        labels = ", ".join(one.label for one in mapping.fields if one.key in mapping.key)
        self._key_names = labels or "cả dòng"

    def understand(self, number: int, cells: Sequence[str]) -> Written | Faulty:
        """Return a line as it is kept, or what is wrong with it."""
        written = self._quick(cells)
        if written is not None:
            return written
        row = self._thorough(Line(number, cells))
        if isinstance(row, Faulty):
            return row
        if row.notices:
            self._tell(row, cells)
        return compiled.copy_line(row, self._title)

    def repeated(self, line: Doubtful, first: int) -> Faulty:
        """Say that a line's key is another's; of lines with one key the first stands."""
        words = f"trùng với dòng {first}; giữ dòng đầu, bỏ dòng này"
        return Faulty(line.number, tuple(line.cells), (Problem(self._key_names, line.key[:80], words),), line.key)


def read_whole(lines: Lines, reader: Reader, stage: Stage) -> Told:
    """Read every line into the stage."""
    known, total, marks, seed = Known(), 0, bytearray(), reader.seed
    for number, cells, raw in lines.marked():
        if not any(cells):
            continue
        total += 1
        written = reader.understand(number, cells)
        if isinstance(written, Faulty):
            stage.faulty(written)
            continue
        key, row, line = written
        mark = manifests.line_mark(raw, seed) if raw else _NO_MARK
        if known.maybe(row):
            stage.doubt(Doubtful(number, key, row, mark, line, list(cells)))
            continue
        known.add(row, number)
        marks += mark
        stage.sound(line)
    rows = known.close()
    firsts: dict[bytes, int] = {}
    for doubtful in stage.doubted():
        first = known.line_of(doubtful.row) or firsts.get(doubtful.row, 0)
        if first:
            stage.faulty(reader.repeated(doubtful, first))
            continue
        firsts[doubtful.row] = doubtful.number
        marks += doubtful.mark
        rows += doubtful.row
        stage.sound(doubtful.line)
    stage.close()
    marks_, rows_, others = manifests.without_gaps(marks, rows)
    return Told(total, stage.sound_count, marks_, rows_, others + bytes(stage.reserved))


def read_again(lines: Lines, reader: Reader, stage: Stage, manifest: Manifest) -> Told:
    """Read only the lines the manifest does not know into the stage. Raises WholeNeeded."""
    total = 0
    for numbers, raws in lines.batches():
        marks = [manifests.line_mark(raw, reader.seed) for raw in raws]
        known = manifest.recognise(marks, numbers)
        total += int(known.sum())
        for at in np.flatnonzero(~known):
            cells = lines.cells(raws[at])
            if cells is None:
                raise WholeNeeded
            if any(cells):
                total += 1
                _read_one(reader, stage, int(numbers[at]), cells, marks[at])
    rows = b"".join(one.row for one in stage.doubted())
    elsewhere = manifest.lines_of(rows)
    firsts: dict[bytes, int] = {}
    new_marks = bytearray()
    for line in stage.doubted():
        before = elsewhere.get(line.row, 0)
        if before > line.number:
            raise WholeNeeded  # the line that stood falls, and its cells are not at hand
        if first := before or firsts.get(line.row, 0):
            stage.faulty(reader.repeated(line, first))
            continue
        firsts[line.row] = line.number
        new_marks += line.mark
        stage.sound(line.line)
    stage.close()
    reserved = {bytes(stage.reserved[at : at + 8]) for at in range(0, len(stage.reserved), 8)}
    seen_marks, seen_rows = manifest.seen_parts()
    sound = len(seen_rows) // 8 + len(firsts)
    told = Told(total, sound, seen_marks + bytes(new_marks), seen_rows + b"".join(firsts), bytes(stage.reserved))
    return replace(told, gone=frozenset(manifest.unseen() - firsts.keys() - reserved))


def _read_one(reader: Reader, stage: Stage, number: int, cells: Sequence[str], mark: bytes) -> None:
    """Read one line. Whether its key is another line's is settled when all are read."""
    written = reader.understand(number, cells)
    if isinstance(written, Faulty):
        stage.faulty(written)
    else:
        stage.doubt(Doubtful(number, written.key, written.mark, mark, written.line, list(cells)))
