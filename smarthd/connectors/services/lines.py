"""One reading, line by line: the whole of it, or only the lines the last reading did not have."""

from __future__ import annotations

import numpy as np

from smarthd.connectors.ports import Columned, Lines
from smarthd.connectors.rules import manifests
from smarthd.connectors.rules.checking import Faulty, Line
from smarthd.connectors.rules.manifests import FaultsRead, Manifest
from smarthd.connectors.services.staging import Doubtful, Stage, WholeNeeded
from smarthd.connectors.services.taking import Taking
from smarthd.connectors.services.understanding import Reader, Told


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
    total, faults = 0, FaultsRead()
    for numbers, raws in lines.batches():
        marks = manifests.line_marks(raws, reader.seed)
        known = manifest.recognise(marks, numbers)
        total += int(known.sum())
        for at in np.flatnonzero(~known):
            mark, number = marks[at * 16 : at * 16 + 16], int(numbers[at])
            if (was := manifest.faults.get(mark)) is not None:
                total += 1
                stage.faulty_again(number, was)
                faults.add(mark, number, was.key)
                continue
            cells = lines.cells(raws[at])
            if cells is None:
                raise WholeNeeded
            if any(cells):
                total += 1
                key = _read_one(reader, stage, Line(number, cells), mark)
                if key is not None:
                    faults.add(mark, number, key)
    elsewhere = manifest.lines_of(bytes(stage.doubted_rows))
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
        stage.sound(line.record)
    stage.close()
    reserved = {bytes(stage.reserved[at : at + 8]) for at in range(0, len(stage.reserved), 8)}
    gone = frozenset(manifest.unseen() - firsts.keys() - reserved)
    all_marks, all_rows = manifest.seen_parts()
    all_marks += new_marks
    all_rows += new_rows
    return Told(total, len(all_rows) // 8, all_marks, all_rows, bytes(stage.reserved), gone, faults.packed)


def _read_one(reader: Reader, stage: Stage, line: Line, mark: bytes) -> bytes | None:
    """Read one line; return the mark of a faulty one's key. Whether a sound one's key is another line's is settled when all are read."""
    written = reader.understand(line.number, line.cells)
    if isinstance(written, Faulty):
        return stage.faulty(written)
    stage.doubt(Doubtful(line.number, written.key, written.mark, mark, written.record, list(line.cells)))
    return None
