"""One reading, line by line: the whole of it, or only the lines the last reading did not have."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smarthd.connectors.ports import Columned, Lines
from smarthd.connectors.rules import manifests
from smarthd.connectors.rules.checking import Faulty
from smarthd.connectors.rules.manifests import Manifest
from smarthd.connectors.services.staging import Doubtful, Stage
from smarthd.connectors.services.taking import Taking
from smarthd.connectors.services.understanding import Reader, Told


class WholeNeeded(Exception):
    """The lines cannot be told from the last reading's one by one: all of them have to be read."""


def read_whole(lines: Lines, reader: Reader, stage: Stage) -> Told:
    """Read every line into the stage: by columns where the lines can be had so, else one by one."""
    taking = Taking(reader, stage)
    if isinstance(lines, Columned) and lines.width:
        taking.by_columns(lines)
    else:
        taking.one_by_one(lines.marked())
    return taking.told()


def read_again(lines: Lines, reader: Reader, stage: Stage, manifest: Manifest) -> Told:
    """Read only the lines the manifest does not know into the stage. Raises WholeNeeded."""
    total = 0
    for numbers, raws in lines.batches():
        marks = manifests.line_marks(raws, reader.seed)
        known = manifest.recognise(marks, numbers)
        total += int(known.sum())
        for at in np.flatnonzero(~known):
            cells = lines.cells(raws[at])
            if cells is None:
                raise WholeNeeded
            if any(cells):
                total += 1
                _read_one(reader, stage, int(numbers[at]), cells, marks[at * 16 : at * 16 + 16])
    rows = b"".join(one.row for one in stage.doubted())
    elsewhere = manifest.lines_of(rows)
    firsts: dict[bytes, int] = {}
    new_marks, new_rows = bytearray(), bytearray()
    for line in stage.doubted():
        before = elsewhere.get(line.row, 0)
        if before > line.number:
            raise WholeNeeded  # the line that stood falls, and its cells are not at hand
        if first := before or firsts.get(line.row, 0):
            stage.faulty(reader.repeated(line, first))
            continue
        firsts[line.row] = line.number
        new_marks += line.mark
        new_rows += line.row
        stage.sound(line.line)
    stage.close()
    reserved = {bytes(stage.reserved[at : at + 8]) for at in range(0, len(stage.reserved), 8)}
    gone = frozenset(manifest.unseen() - firsts.keys() - reserved)
    all_marks, all_rows = manifest.seen_parts()
    all_marks += new_marks
    all_rows += new_rows
    return Told(total, len(all_rows) // 8, all_marks, all_rows, bytes(stage.reserved), gone)


def _read_one(reader: Reader, stage: Stage, number: int, cells: Sequence[str], mark: bytes) -> None:
    """Read one line. Whether its key is another line's is settled when all are read."""
    written = reader.understand(number, cells)
    if isinstance(written, Faulty):
        stage.faulty(written)
    else:
        stage.doubt(Doubtful(number, written.key, written.mark, mark, written.line, list(cells)))
