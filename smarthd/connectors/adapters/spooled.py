"""Lines of any kind laid down on disk as a table of text, so that they are read, known again and kept as a file's are: by lines, in
memory that does not grow with them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import BinaryIO, cast

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.delimited import MOST_LINES, Delimited
from smarthd.connectors.ports import SourceRefused, Table
from smarthd.connectors.rules.checking import Line

_IN_MEMORY = 4 << 20
_BATCH = 2_000
_BETWEEN = "\t"  # no cell holds it: readers leave control characters out


class Spooled(Delimited):
    """Lines on disk, numbered as they came; ``size`` is their bytes."""

    def __init__(self, body: BinaryIO, *, top: int, size: int) -> None:
        super().__init__(body, delimiter=_BETWEEN, top=top, head=top, size=size)
        self.top = top
        weakref.finalize(self, body.close)


def spooled(table: Table, *, most: int = MOST_LINES) -> Table:
    """Return a table with its lines on disk; of the whole of a source without a digest, one is made. Raises SourceRefused beyond ``most``
    lines, Stopped, and what the lines raise when they are read."""
    body = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - goes with its lines
    digest = hashlib.sha256(json.dumps(table.columns).encode())
    try:
        top = _write(body, digest, table.lines, most=most)
    except BaseException:
        body.close()
        raise
    lines = Spooled(body, top=top, size=body.tell())
    return replace(table, lines=lines, digest=table.digest or (digest.hexdigest() if table.whole else ""))


def _write(body: BinaryIO, digest: hashlib._Hash, lines: Iterable[Line], *, most: int) -> int:
    """Write lines under their numbers: one that leaves numbers out is preceded by empty ones. Return how many stand before the first."""
    stop, top, number = stopping.current(), 0, 0
    rows: list[Sequence[str]] = []
    for line in lines:
        if not number:
            top = number = max(0, line.number - 1)
            rows += [()] * top
        rows += [()] * (line.number - number - 1)
        rows.append(line.cells)
        number = max(line.number, number + 1)
        if number - top > most:
            msg = f"nhiều hơn {most:,} dòng".replace(",", ".")
            raise SourceRefused(msg)
        if len(rows) >= _BATCH:
            stop.require_going()
            _flush(body, digest, rows)
    _flush(body, digest, rows)
    return top


def _flush(body: BinaryIO, digest: hashlib._Hash, rows: list[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=_BETWEEN, lineterminator="\n").writerows(rows)
    raw = text.getvalue().encode()
    body.write(raw)
    digest.update(raw)
    rows.clear()


class Kept(io.RawIOBase):
    """The bytes of such a table as they are kept: one line of what it is called by, then its lines."""

    def __init__(self, table: Table) -> None:
        lines = cast("Spooled", table.lines)
        told = {"columns": list(table.columns), "decimal": table.decimal, "top": lines.top, "notes": list(table.notes)}
        self._head, self._body, self._at = json.dumps(told, ensure_ascii=False).encode() + b"\n", lines.stream, 0

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go back to the start; anywhere else is not asked for."""
        self._body.seek(offset, whence)
        self._at = 0
        return 0

    def read(self, size: int = -1, /) -> bytes:
        """Return the head, then the body, a piece at a time."""
        if not self._at:
            self._at = len(self._head)
            return self._head
        return self._body.read(size)


def opened(stream: BinaryIO) -> Table:
    """Return a table that was kept (``Kept``), its lines on disk again."""
    told = json.loads(stream.readline())
    body = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - goes with its lines
    shutil.copyfileobj(stream, body, 1 << 20)
    lines = Spooled(body, top=told["top"], size=body.tell())
    return Table(tuple(told["columns"]), lines, decimal=told["decimal"], notes=tuple(told["notes"]))
