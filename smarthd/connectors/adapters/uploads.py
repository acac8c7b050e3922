"""Files a clerk hands in, or that lie somewhere: workbooks and text tables, read safely; the table in them found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from smarthd.agencies.rules import encodings
from smarthd.agencies.services import sheets
from smarthd.connectors.errors import NoTable
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import mapping
from smarthd.connectors.rules.checking import Line


def read_file(raw: bytes, *, file_name: str, encoding: str = "") -> tuple[Table, str]:
    """Return the first table of a file and the encoding it was read in. Raises NoTable and what ``sheets.read_figures`` raises."""
    declared = encodings.Encoding(encoding) if encoding in set(encodings.Encoding) else None
    found, read_as = sheets.read_figures(raw, file_name=file_name, encoding=declared, fits=_columns)
    for sheet in found:
        top = mapping.header_row(sheet.rows)
        if top is not None:
            return _table(sheet.name, sheet.rows, top, others=[one.name for one in found if one is not sheet]), read_as
    raise NoTable


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
