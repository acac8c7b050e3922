"""The heading of an office's table: one row, or two and three under each other with groups of columns, as printed forms have them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from smarthd.kernel import text

SEARCHED_ROWS = 30
LONGEST = 120
_MOST_LEVELS = 4
_BETWEEN = " – "

GROUP = "Nhóm"
"""The column that tells, beside each entry, the group of rows it stands under (``asides``)."""

Cells = Sequence[str]
Merged = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged block, as (row, column) from 0."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a table's columns are named: its first row, the first row of data, and a name for each column ("" where there is none)."""

    top: int
    below: int
    columns: tuple[str, ...]


def head_of(rows: Sequence[Cells], merged: Sequence[Merged] = ()) -> Head | None:
    """Return the heading: the first among the head that is nearly as wide as the table and all words; the numbering under it is left out.

    ``merged`` are the merged blocks of the sheet; without them, groups are told by the gaps a second row fills.
    """
    head = rows[:SEARCHED_ROWS]
    wide = max((sum(bool(cell) for cell in row) for row in head), default=0)
    for top in range(len(head)):
        for levels, names in _readings(head, top, merged):
            if _names_columns(names, wide):
                below = top + levels
                if below < len(rows) and is_numbering(rows[below]):
                    below += 1
                return Head(top, below, tuple(_distinct(_named(names, rows[below:]))))
    return None


def _readings(head: Sequence[Cells], top: int, merged: Sequence[Merged]) -> Iterator[tuple[int, list[str]]]:
    """Yield what a heading that begins in a row may say: with the rows under it where it has groups, then alone."""
    levels = _levels(head, top, merged)
    if levels > 1 and (names := _joined(head[top : top + levels])) is not None:
        yield levels, names
    yield 1, list(head[top])


def _levels(head: Sequence[Cells], top: int, merged: Sequence[Merged]) -> int:
    here = [(last[0] - first[0], last[1] - first[1]) for first, last in merged if first[0] == top]
    tall = max((rows for rows, _columns in here), default=0) + 1
    least = 2 if top + 1 < len(head) and (any(columns for _rows, columns in here) or _fills_gaps(head, top)) else 1
    return min(max(tall, least), _MOST_LEVELS, len(head) - top)


def _fills_gaps(head: Sequence[Cells], top: int) -> bool:
    """Say whether the row below holds words just where this one has gaps, and where the groups over those gaps begin."""
    above, under = head[top], head[top + 1]
    width = max(_width(above), _width(under))
    gaps = [at for at in range(width) if not _at(above, at)]
    filled = [at for at in range(width) if _at(under, at)]
    groups = {at for at in filled if _at(above, at)}
    return (
        bool(gaps)
        and set(gaps) <= set(filled)
        and all(at + 1 in gaps for at in groups)
        and all(is_label(_at(under, at)) for at in filled)
    )


def _joined(levels: Sequence[Cells]) -> list[str] | None:
    """Return the columns' names through all levels; None where these rows are no heading with groups: each level below fills only some
    columns, and at least one column stands alone."""
    width = max(map(_width, levels))
    names, group = list[str](), ""
    stands = grouped = False
    for at in range(width):
        own, under = _at(levels[0], at), [cell for row in levels[1:] if (cell := _at(row, at))]
        if own:
            group = own
        if under:
            grouped = True
            parts = dict.fromkeys([*([group] if group else []), *under])
            said = _BETWEEN.join(parts)
            names.append(said if len(said) <= LONGEST else under[-1])
        else:
            stands = stands or bool(own)
            names.append(own)
    return names if stands and grouped else None


def last_of(name: str) -> str:
    """Return what a column is called under its group."""
    return name.rpartition(_BETWEEN)[2]


def _at(row: Cells, at: int) -> str:
    return row[at] if at < len(row) else ""


def _width(row: Cells) -> int:
    return max((at + 1 for at, cell in enumerate(row) if cell), default=0)


def _names_columns(names: Cells, wide: int) -> bool:
    """Say whether cells name the columns of a table so wide: nearly as many, all words, nearly all different."""
    said = [cell for cell in names if cell]
    different = len({text.fold(cell) for cell in said})
    enough = len(said) >= max(1, round(wide * 0.6)) and len(said) >= min(2, wide)
    return (
        enough
        and all(map(is_label, said))
        and (different == len(said) or (wide > 2 and different * 5 >= len(said) * 3))
    )


def is_label(cell: str) -> bool:
    """Say whether a cell can be a column's name."""
    return len(cell) <= LONGEST and any(letter.isalpha() for letter in cell)


def _named(names: Sequence[str], data: Sequence[Cells]) -> Iterator[str]:
    """Yield the names; a column between others that holds something and has none is called as the spreadsheet calls it."""
    for at, name in enumerate(names):
        between = any(names[:at]) and any(names[at:])
        yield f"Cột {letters(at)}" if not name and between and any(_at(row, at) for row in data) else name


def letters(at: int) -> str:
    """Return a column's letters as spreadsheets show them; the first is 0."""
    return (letters(at // 26 - 1) if at >= 26 else "") + chr(65 + at % 26)


def _distinct(names: Iterator[str]) -> Iterator[str]:
    """Yield the names, the second of two that are alike with its number."""
    taken: set[str] = set()
    for name in names:
        told, number = name, 2
        while told and text.fold(told) in taken:
            told, number = f"{name} ({number})", number + 1
        taken.add(text.fold(told))
        yield told


_PARENTHESES = re.compile(r"^\((.*)\)$")


def is_numbering(row: Cells) -> bool:
    """Say whether a row is the numbering that printed forms carry under their header: (1) (2) (3); A B 1 2 3=1+2."""
    said = [_PARENTHESES.sub(r"\1", cell.partition("=")[0].strip()) for cell in row if cell]
    letters = [cell for cell in said if len(cell) == 1 and cell.isalpha()]
    numbers = said[len(letters) :]
    return (
        len(said) >= 3
        and [cell.upper() for cell in letters] == [chr(65 + at) for at in range(len(letters))]
        and (not letters or numbers[:2] == ["1", "2"])
        and all(cell.isascii() and cell.isdigit() and len(cell) <= 3 for cell in numbers)
        and all(int(after) == int(before) + 1 for before, after in pairwise(numbers))
    )
