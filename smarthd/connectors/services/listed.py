"""Lines that came as cells (of a workbook, a database, an API), as ``ports.Lines`` asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from smarthd.connectors.ports import Lines, Table
from smarthd.connectors.rules.checking import Line

_BATCH = 8_192
_BETWEEN = "\x1f"  # no cell holds it: readers leave control characters out


class Listed:
    """Lines whose bytes are their cells, joined."""

    way = "cells"

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines

    def marked(self) -> Iterator[tuple[int, Sequence[str], bytes]]:
        """Yield number, cells and bytes of each line."""
        for line in self._lines:
            yield line.number, line.cells, _BETWEEN.join(line.cells).encode()

    def batches(self) -> Iterator[tuple[npt.NDArray[np.uint32], list[bytes]]]:
        """Yield the bytes of some thousands of lines with their numbers."""
        lines = iter(self._lines)
        while some := list(islice(lines, _BATCH)):
            numbers = np.fromiter((line.number for line in some), dtype=np.uint32, count=len(some))
            yield numbers, [_BETWEEN.join(line.cells).encode() for line in some]

    def cells(self, raw: bytes) -> Sequence[str]:
        """Return the cells of a line's bytes."""
        return raw.decode().split(_BETWEEN)


def lines_of(table: Table) -> Lines:
    """Return a table's lines in the way that can be read again by their bytes; a mere iterator is read into memory for that."""
    if isinstance(table.lines, Lines):
        return table.lines
    return Listed(table.lines if isinstance(table.lines, Sequence) else list(table.lines))
