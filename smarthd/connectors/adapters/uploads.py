"""Files a clerk hands in, or that lie somewhere: workbooks and text tables, read safely; the table in them found."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import BinaryIO

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import encodings
from smarthd.agencies.services import sheets
from smarthd.connectors.adapters import delimited
from smarthd.connectors.errors import NoTable
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import mapping
from smarthd.connectors.rules.checking import Line
from smarthd.kernel import files

MOST_MB = 512
_TEXT_SUFFIXES = {".csv", ".txt", ".tsv"}


def read_file(raw: bytes, *, file_name: str, encoding: str = "") -> tuple[Table, str]:
    """Return the first table of a file and the encoding it was read in. Raises NoTable and what ``sheets.read_figures`` raises."""
    if streamed := _streamed(io.BytesIO(raw), file_name, encoding):
        return streamed
    declared = encodings.Encoding(encoding) if encoding in set(encodings.Encoding) else None
    found, read_as = sheets.read_figures(raw, file_name=file_name, encoding=declared, fits=_columns)
    for sheet in found:
        top = mapping.header_row(sheet.rows)
        if top is not None:
            return _table(sheet.name, sheet.rows, top, others=[one.name for one in found if one is not sheet]), read_as
    raise NoTable


def read_stream(stream: BinaryIO, *, file_name: str, encoding: str = "") -> tuple[Table, str]:
    """Return what ``read_file`` does, of a stream that can be sought. A text table in UTF-8 stays a stream, up to 512 MB; every other
    file is read whole, within its smaller limits. Raises what ``read_file`` raises, and FileTooLarge."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > MOST_MB << 20:
        raise files.FileTooLarge(limit_mb=MOST_MB, size_mb=size >> 20)
    if streamed := _streamed(stream, file_name, encoding):
        return streamed
    agencies.check_roster_size(size)
    return read_file(stream.read(), file_name=file_name, encoding=encoding)


def _streamed(stream: BinaryIO, file_name: str, encoding: str) -> tuple[Table, str] | None:
    """Return a text table in UTF-8 that is read line by line; None for everything else."""
    if encoding not in {"", encodings.Encoding.UTF_8} or PurePath(file_name).suffix.lower() not in _TEXT_SUFFIXES:
        return None
    seen = delimited.survey(stream)
    found = delimited.opened(stream) if seen.readable and seen.size else None
    stream.seek(0)
    if found is None:
        return None
    columns, lines = found
    return Table(columns=columns, lines=lines, decimal=",", digest=seen.sha256), encodings.Encoding.UTF_8.value


def _columns(rows: Sequence[Sequence[str]]) -> int:
    top = mapping.header_row(rows)
    return 0 if top is None else sum(bool(cell) for cell in rows[top])


def _table(name: str, rows: Sequence[Sequence[str]], top: int, *, others: Sequence[str]) -> Table:
    columns = tuple(rows[top])[: mapping.MOST_COLUMNS]
    notes = []
    if name and others:
        notes.append(f"Chỉ đọc trang “{name}”. Các trang khác không được đọc: {', '.join(others)[:200]}.")
    if len(rows[top]) > mapping.MOST_COLUMNS:
        notes.append(f"Chỉ đọc {mapping.MOST_COLUMNS} cột đầu.")
    below = top + 1
    if below < len(rows) and mapping.is_numbering(rows[below]):
        below += 1
    return Table(columns=columns, lines=_lines(rows, below), decimal=",", notes=tuple(notes))


def _lines(rows: Sequence[Sequence[str]], start: int) -> Iterator[Line]:
    for index in range(start, len(rows)):
        yield Line(index + 1, rows[index])
