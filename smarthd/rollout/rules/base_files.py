"""A table of bases as an office sends it: which column is which, what a cell means, what is wrong with a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from smarthd.kernel import text
from smarthd.rollout.rules.figures import Measure

SEARCHED_ROWS = 40
MOST_LINES = 5_000
LARGEST = 10_000_000
BIG_CHANGE = 0.3
"""A value this far from the one in force is pointed out before it is saved: mostly a slip of one digit."""


class Column(StrEnum):
    """What a column holds that is no measure."""

    CODE = "code"  # mã đơn vị
    UNIT = "unit"  # tên đơn vị
    ABOVE = "above"  # thuộc
    AS_OF = "as_of"  # ngày
    SOURCE = "source"  # nguồn
    METHOD = "method"  # cách làm


MEASURE_WORDS: dict[Measure, str] = {
    Measure.SMARTPHONE_OWNERS: "Người có điện thoại thông minh",
    Measure.ADULTS: "Người từ đủ 18 tuổi",
    Measure.HOUSEHOLDS: "Hộ gia đình",
    Measure.POPULATION: "Dân số",
}
COLUMN_WORDS: dict[Column, str] = {
    Column.CODE: "Mã đơn vị",
    Column.UNIT: "Đơn vị",
    Column.ABOVE: "Thuộc",
    Column.AS_OF: "Ngày của số",
    Column.SOURCE: "Nguồn",
    Column.METHOD: "Cách làm",
}

# Tried in this order on the folded label.
_PATTERNS: tuple[tuple[Column | Measure, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (Column.SOURCE, r"^nguon"),
        (Column.METHOD, r"^cach (lam|tinh)|phuong phap"),
        (Column.AS_OF, r"^ngay|thoi diem|tinh den"),
        (Measure.SMARTPHONE_OWNERS, r"thong minh|smart ?phone"),
        (Measure.ADULTS, r"18 tuoi|nguoi lon|truong thanh|tuoi truong"),
        (Measure.HOUSEHOLDS, r"\bho (gia dinh|dan)|^so ho\b|tong so ho\b|^ho$"),
        (Measure.POPULATION, r"dan so|nhan khau|so dan"),
        (Column.CODE, r"^ma\b"),
        (Column.ABOVE, r"^thuoc|^huyen|quan huyen|cap tren"),
        (Column.UNIT, r"don vi|dia ban|xa phuong|^ten|^xa|^phuong|^thon"),
    )
)
_GROUPED = re.compile(r"^\d{1,3}(?:[.,\u00a0 ]\d{3})+$")
_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_TOTAL = re.compile(r"^(tong cong|tong so|tong|cong|toan (tinh|thanh pho|huyen|xa))\b")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends (0-based, exclusive), and which column holds what."""

    ends: int
    columns: Mapping[Column | Measure, int]


@dataclass(frozen=True, slots=True)
class Written:
    """One line of the table as written, ``number`` as the spreadsheet shows it."""

    sheet: str
    number: int
    cells: Mapping[Column | Measure, str]

    def cell(self, column: Column | Measure) -> str:
        """Return what stands in a column, or nothing."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Understood:
    """What a line says. ``faults`` keep it out; ``values`` by measure; what the line leaves open comes from the form."""

    values: dict[Measure, int] = field(default_factory=dict)
    as_of: date | None = None
    source: str = ""
    method: str = ""
    faults: list[str] = field(default_factory=list)


def column_of(label: str) -> Column | Measure | None:
    """Return what a column with this label holds, or None."""
    folded = text.fold(label)
    return next((column for column, pattern in _PATTERNS if pattern.search(folded)), None) if folded else None


def find_header(rows: Sequence[Sequence[str]]) -> Header | None:
    """Return the header among the first rows: it names the unit (or its code) and at least one measure."""
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        columns: dict[Column | Measure, int] = {}
        for at, label in enumerate(row):
            column = column_of(label)
            if column is not None:
                columns.setdefault(column, at)
        if columns.keys() & {Column.UNIT, Column.CODE} and columns.keys() & set(Measure):
            return Header(index + 1, columns)
    return None


def columns_understood(rows: Sequence[Sequence[str]]) -> int:
    """Return how many columns of the header are understood; 0 without a header."""
    header = find_header(rows)
    return len(header.columns) if header else 0


def lines_of(sheet: str, rows: Sequence[Sequence[str]], header: Header) -> list[Written]:
    """Return the lines under the header that name a unit; totals, numbering and blank lines are none."""
    found = []
    for index in range(header.ends, len(rows)):
        row = rows[index]
        cells = {column: row[at] if at < len(row) else "" for column, at in header.columns.items()}
        line = Written(sheet, index + 1, cells)
        named = line.cell(Column.UNIT) or line.cell(Column.CODE)
        if not named or _TOTAL.search(text.fold(named)) or re.fullmatch(r"\(?\d{1,2}\)?", named):
            continue
        found.append(line)
    return found


def understand(line: Written, *, today: date) -> Understood:
    """Return what a line says and everything that is wrong with it; a line without any value is a fault."""
    said = Understood(source=line.cell(Column.SOURCE)[:300], method=line.cell(Column.METHOD)[:300])
    for measure in Measure:
        written = line.cell(measure)
        if not written:
            continue
        value = number(written)
        if value is None:
            said.faults.append(
                f"{MEASURE_WORDS[measure]}: “{written[:40]}” không phải số. Ghi một số nguyên, ví dụ 5.120"
            )
        elif value > LARGEST:
            said.faults.append(f"{MEASURE_WORDS[measure]}: {written} lớn quá một đơn vị cấp xã. Kiểm tra lại số này")
        else:
            said.values[measure] = value
    if not said.values and not said.faults:
        said.faults.append("Dòng chưa có số nào. Ghi ít nhất một số, hoặc bỏ dòng này")
    day, wrong = _day(line.cell(Column.AS_OF), today=today)
    if wrong:
        said.faults.append(wrong)
    return Understood(said.values, day, said.source, said.method, said.faults)


def number(written: str) -> int | None:
    """Return a whole number as people write it (5120, 5.120, 5 120, 5120.0), or None; nothing is computed."""
    plain = written.strip()
    if _GROUPED.match(plain):
        return int(re.sub(r"\D", "", plain))
    plain = re.sub(r"\.0+$", "", plain)
    return int(plain) if plain.isdecimal() and plain.isascii() and len(plain) <= 12 else None


def doubts(values: Mapping[Measure, int], standing: Mapping[Measure, int]) -> list[str]:
    """Return what a careful clerk would ask about a line: parts larger than their whole, a value far from the one in force."""
    whole = values.get(Measure.POPULATION, standing.get(Measure.POPULATION))
    found = [
        f"{MEASURE_WORDS[measure]} nhiều hơn dân số ({whole})"
        for measure in (Measure.ADULTS, Measure.SMARTPHONE_OWNERS, Measure.HOUSEHOLDS)
        if whole is not None and values.get(measure, 0) > whole
    ]
    for measure, value in values.items():
        before = standing.get(measure)
        if before and abs(value - before) > BIG_CHANGE * before:
            found.append(f"{MEASURE_WORDS[measure]} lệch hơn 30% so với số đang dùng ({before})")
    return found


def _day(written: str, *, today: date) -> tuple[date | None, str]:
    if not written:
        return None, ""
    wrong = (
        f"{COLUMN_WORDS[Column.AS_OF]}: “{written[:20]}” không phải ngày có thật. Ghi ngày/tháng/năm, ví dụ 15/3/2024"
    )
    found = _DAY.match(written)
    if found is None:
        try:
            day = date.fromisoformat(written)
        except ValueError:
            return None, wrong
    else:
        try:
            day = date(int(found[3]), int(found[2]), int(found[1]))
        except ValueError:
            return None, wrong
    if day > today:
        return (
            None,
            f"{COLUMN_WORDS[Column.AS_OF]}: {written} chưa tới. Ghi ngày số liệu được đếm, không muộn hơn hôm nay",
        )
    return day, ""
