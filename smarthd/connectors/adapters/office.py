"""Tables as offices lay them out: the right page of a workbook, groups of columns, merged cells, totals and signatures under the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from smarthd.connectors.adapters import spooled
from smarthd.connectors.errors import NoTable
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import asides, headings, mapping
from smarthd.connectors.rules.checking import Line
from smarthd.kernel.errors import Invalid

SMALL = 4 << 20
"""Bytes of a text table up to which it is looked through for what is no entry; a larger one was written by a program."""
_TOLD = 4
_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its first rows, those after them, and its merged blocks."""

    name: str
    first: Sequence[Sequence[str]]
    rows: Iterable[Sequence[str]] = ()
    merged: Sequence[headings.Merged] = ()


def table_of(pages: Sequence[Page]) -> Table:
    """Return the table of the first page that holds one, its lines on disk. A page with far fewer columns than another (a cover, a
    guide to filling in) is passed over. Raises NoTable."""
    found = [(page, head) for page in pages if (head := headings.head_of(page.first, page.merged)) is not None]
    widest = max((_width(head) for _page, head in found), default=0)
    wide = [one for one in found if _width(one[1]) * 2 > widest]
    for page, head in sorted(wide, key=lambda one: not _holds_lines(*one)):
        return _table(page, head, others=[one.name for one in pages if one is not page])
    raise NoTable


def _width(head: headings.Head) -> int:
    return sum(map(bool, head.columns))


def _holds_lines(page: Page, head: headings.Head) -> bool:
    return any(any(row) for row in page.first[head.below :])


def _table(page: Page, head: headings.Head, *, others: Sequence[str]) -> Table:
    columns, notes = head.columns[: mapping.MOST_COLUMNS], []
    if page.name and others:
        notes.append(f"Chỉ đọc trang “{page.name}”. Các trang khác không được đọc: {', '.join(others)[:200]}.")
    if len(head.columns) > mapping.MOST_COLUMNS:
        notes.append(f"Chỉ đọc {mapping.MOST_COLUMNS} cột đầu.")
    blocks = [
        (first, last) for first, last in page.merged if head.below <= first[0] < last[0] and first[1] < len(columns)
    ]
    if blocks:
        told = ", ".join(_block(one) for one in blocks[:_TOLD]) + (" …" if len(blocks) > _TOLD else "")
        notes.append(f"Ô gộp nhiều dòng được đọc là các dòng có giá trị như nhau: {told}.")
    rows = _unmerged(chain(page.first[head.below :], page.rows), head.below, blocks)
    lines = (Line(number, row) for number, row in enumerate(rows, start=head.below + 1))
    return tidied(Table(columns=columns, lines=lines, decimal=",", notes=tuple(notes)))


def tidied(table: Table) -> Table:
    """Return a table without totals, names of groups and what stands under it, its notes telling what was left out; its lines are on disk."""
    lines = iter(table.lines)
    first = list(islice(lines, _SAMPLE))
    entries = asides.Entries(table.columns, [line.cells for line in first], chain(first, lines))
    laid = spooled.spooled(replace(table, columns=entries.columns, lines=entries))
    return replace(laid, notes=(*table.notes, *entries.notes))


def small_text(table: Table) -> Table:
    """Return a text table as ``tidied`` does where it holds what is no entry, else as it is."""
    try:
        laid = tidied(table)
    except Invalid:  # a broken line is told where lines are read
        return table
    return laid if laid.notes != table.notes else table


def _unmerged(rows: Iterable[Sequence[str]], begin: int, blocks: Sequence[headings.Merged]) -> Iterator[Sequence[str]]:
    """Yield rows with a block that runs over several of them filled down its first column: "the same as above"."""
    waiting, going = sorted(blocks), dict[int, tuple[int, str]]()
    at = 0
    for number, row in enumerate(rows, start=begin):
        filled = list(row)
        for column, (last, value) in list(going.items()):
            if number > last:
                del going[column]
            elif column < len(filled) and not filled[column]:
                filled[column] = value
        while at < len(waiting) and waiting[at][0][0] <= number:
            (_first, column), (last, _column) = waiting[at]
            going[column] = (last, filled[column] if column < len(filled) else "")
            at += 1
        yield filled


def _block(block: headings.Merged) -> str:
    (first, column), (last, _last) = block
    name = headings.letters(column)
    return f"{name}{first + 1}:{name}{last + 1}"
