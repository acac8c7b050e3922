"""From cells to persons: what stands under the header of a sheet, without titles, numbering, totals and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smarthd.agencies.rules.headings import Column, Header, find_header
from smarthd.kernel import text

_COLUMN_NUMBER = re.compile(r"^\(?\d{1,2}\)?$")
_SECTION_NUMBER = re.compile(r"^(?:[IVXL]+|[A-ZĐ]|\d{1,2}\.)[.)]?$")
_TOTAL = re.compile(r"^(?:tong cong|tong so|tong|cong)(?: (?:so|danh sach|\d+|co|nguoi).*)?$")
_SIGNATURE = re.compile(
    r"^(nguoi lap|nguoi tong hop|thu truong|thu truong don vi|noi nhan|ky ten|xac nhan cua|lap bang|nguoi viet|(tm|kt|tl) )|"
    r"ngay \d* ?thang \d* ?nam|ngay thang nam"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as text; ``spans`` maps the top left cell of each merged range to its bottom right one (0-based)."""

    name: str
    rows: Sequence[Sequence[str]]
    spans: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's line as written: the sheet, its number as the spreadsheet shows it (from 1), and the named cells."""

    sheet: str
    row_number: int
    cells: Mapping[Column, str]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What was found in a workbook. ``skipped`` names sheets without a roster; ``ignored`` the columns that are not kept."""

    entries: list[Entry]
    headers: dict[str, Header]
    skipped: list[str]
    ignored: list[str]


def read_sheets(sheets: Iterable[Sheet]) -> Read:
    """Return the persons of all sheets that have a header."""
    read = Read([], {}, [], [])
    for sheet in sheets:
        header = find_header(sheet.rows, sheet.spans)
        if header is None:
            if any(any(row) for row in sheet.rows):
                read.skipped.append(sheet.name)
            continue
        read.headers[sheet.name] = header
        read.ignored.extend(label for label in header.ignored if label not in read.ignored)
        read.entries.extend(_entries(sheet, header))
    return read


def _entries(sheet: Sheet, header: Header) -> Iterable[Entry]:
    section = ""
    unit_below = _vertical_units(sheet, header)
    for index in range(header.ends, len(sheet.rows)):
        row = sheet.rows[index]
        said = [cell for cell in row if cell]
        if not said or _is_numbering(said) or _repeats_header(row, header):
            continue
        cells = {column: _joined(row, where) for column, where in header.columns.items()}
        if index in unit_below and not cells.get(Column.UNIT):
            cells[Column.UNIT] = unit_below[index]
        if not _bears_phone(cells):
            # A person may well be a "Thủ trưởng đơn vị" or a "Công chức": where a name stands, only the name is asked.
            named = cells.get(Column.NAME, "")
            folded = [text.fold(cell) for cell in ([named] if named else said)]
            if any(_SIGNATURE.search(words) for words in folded):
                return
            if any(_TOTAL.search(words) for words in folded):
                continue
            if _is_section(row, said, cells, sheet, index):
                section = max(said, key=len)
                continue
        yield Entry(sheet.name, index + 1, cells, section)


def _bears_phone(cells: Mapping[Column, str]) -> bool:
    """Say whether something was given as a number; words under that heading beside no name are the foot of the sheet."""
    told = cells.get(Column.PHONE, "")
    return bool(told) and (bool(cells.get(Column.NAME)) or any(letter.isdigit() for letter in told))


def _joined(row: Sequence[str], where: tuple[int, ...]) -> str:
    return " ".join(row[index] for index in where if index < len(row) and row[index])


def _is_numbering(said: Sequence[str]) -> bool:
    """The row (1) (2) (3) … that printed forms carry under their header."""
    return len(said) >= 3 and all(_COLUMN_NUMBER.match(cell) for cell in said)


def _repeats_header(row: Sequence[str], header: Header) -> bool:
    named = [index for where in header.columns.values() for index in where[:1] if index < len(row)]
    return sum(1 for index in named if row[index] and row[index] == header.labels[index]) >= 2


def _is_section(row: Sequence[str], said: Sequence[str], cells: Mapping[Column, str], sheet: Sheet, index: int) -> bool:
    """A heading between persons: numbered with a letter or Roman number, merged across, or alone in the first column."""
    if cells.get(Column.POSITION) or cells.get(Column.UNIT):
        return False
    number = cells.get(Column.NUMBER, "")
    if _SECTION_NUMBER.match(number) and len(said) == 2:
        return True
    if len(said) != 1:
        return False
    start = next(column for column, cell in enumerate(row) if cell)
    bottom, right = sheet.spans.get((index, start), (index, start))
    return bottom == index and (right - start >= 2 or (start == 0 and Column.NUMBER in cells))


def _vertical_units(sheet: Sheet, header: Header) -> dict[int, str]:
    """A unit's name merged over the rows of its people stands in the first of them only."""
    (unit,) = header.columns.get(Column.UNIT, (-1,))
    below: dict[int, str] = {}
    for (top, left), (bottom, right) in sheet.spans.items():
        if left <= unit <= right and top >= header.ends and bottom > top and top < len(sheet.rows):
            row = sheet.rows[top]
            value = row[left] if left < len(row) else ""
            below |= dict.fromkeys(range(top + 1, bottom + 1), value)
    return below
