"""Which column is which: the header of a roster, found under its title rows by what offices call the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from smarthd.kernel import text

SEARCHED_ROWS = 40
LONGEST_LABEL = 60


class Column(StrEnum):
    """What a column of a roster holds."""

    NUMBER = "number"  # số thứ tự
    NAME = "name"  # họ và tên
    FAMILY = "family"  # họ đệm, khi tên viết ở cột riêng
    POSITION = "position"  # chức vụ
    PHONE = "phone"  # số điện thoại
    UNIT = "unit"  # đơn vị
    STARTS = "starts"  # từ ngày
    NOTE = "note"  # ghi chú
    PRIVATE = "private"  # dữ liệu cá nhân không cần: không đọc, không lưu


WORDS: dict[Column, str] = {
    Column.NUMBER: "STT",
    Column.NAME: "Họ và tên",
    Column.FAMILY: "Họ đệm",
    Column.POSITION: "Chức vụ",
    Column.PHONE: "Số điện thoại",
    Column.UNIT: "Đơn vị",
    Column.STARTS: "Từ ngày",
    Column.NOTE: "Ghi chú",
}

# Tried in this order on the folded label; the first that matches names the column.
_PATTERNS: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (
            Column.PRIVATE,
            r"(ngay|nam|thang).*sinh|sinh nam|cccd|cmnd|cmt$|can cuoc|dinh danh|dia chi|que quan|noi o|thuong tru|email|"
            r"e mail|thu dien tu|gioi tinh|^nam nu|^nu$|^nam$|dan toc|ton giao|tai khoan|bhxh|luong|he so|trinh do|dang vien",
        ),
        (Column.PHONE, r"dien thoai|\bs ?d ?t\b|\bdt\b|dtdd|di dong|\bphone|mobile|\btel\b|zalo"),
        (Column.FAMILY, r"^ho( va)?( ten)? dem$|^ho dem va|^ho( lot| chu lot)?$|^ho va chu lot$"),
        (
            Column.NAME,
            r"^ho( va|,)? ?ten|^ten$|^ten (can bo|cong chuc|nhan vien|giao vien|nguoi)|^ho ten|^danh sach can bo$|full ?name",
        ),
        (Column.POSITION, r"chuc vu|chuc danh|vi tri|nhiem vu|cong viec|^chuc$|nghe nghiep"),
        (
            Column.UNIT,
            r"don vi|co quan|noi (cong tac|lam viec)|phong ban|^phong$|^ban$|bo phan|^to$|^truong$|to chuc|xa phuong|^xa$|"
            r"^phuong$|^dia ban|khoa phong",
        ),
        (Column.STARTS, r"^tu ngay|ngay (bat dau|vao|nhan|tiep nhan|bo nhiem|ve co quan|cong tac)|^thoi gian bat dau"),
        (Column.NOTE, r"ghi chu|luu y"),
        (Column.NUMBER, r"^s? ?t ?t$|^so tt|^so thu tu|^no$|^stt"),
    )
)
_PREFERRED_PHONE = re.compile(r"di dong|dtdd|ca nhan|zalo|mobile")
_PREFERRED_UNIT = re.compile(r"don vi|co quan|noi cong tac")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header ends (row index, 0-based, exclusive) and which columns hold what; a name may span two columns."""

    ends: int
    columns: Mapping[Column, tuple[int, ...]]
    labels: tuple[str, ...]
    ignored: tuple[str, ...]


def column_of(label: str) -> Column | None:
    """Return what a column with this label holds, or None when the label says nothing known."""
    folded = text.fold(label)
    if not folded or len(folded) > LONGEST_LABEL:
        return None
    return next((column for column, pattern in _PATTERNS if pattern.search(folded)), None)


def find_header(rows: Sequence[Sequence[str]], spans: Mapping[tuple[int, int], tuple[int, int]]) -> Header | None:
    """Return the header among the first rows, of one row or of two merged ones, or None.

    ``spans`` maps the top left cell (row, column) of each merged range to its bottom right one. A header names the person and at
    least one more column.
    """
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        top = [column_of(label) for label in row]
        if len({column for column in top if column} - {Column.PRIVATE}) < 2:
            continue
        lower = list(rows[index + 1]) if index + 1 < len(rows) else []
        labels = list(row)
        depth = 1
        if _is_second_row(top, lower):
            depth = 2
            filled = _fill_right(row, index, spans)
            labels = [low or high for low, high in _zip_longest(lower, filled)]
        columns, ignored = _assign(labels)
        if Column.NAME in columns:
            return Header(index + depth, _with_spans(columns, index, spans, labels), tuple(labels), ignored)
    return None


def _is_second_row(top: Sequence[Column | None], lower: Sequence[str]) -> bool:
    """A second header row adds a column the first did not name, and has no text where the person's name stands."""
    named = [index for index, column in enumerate(top) if column in {Column.NAME, Column.FAMILY}]
    below = {column_of(label) for label in lower} - {None}
    if any(index < len(lower) and lower[index] and column_of(lower[index]) is None for index in named):
        return False
    return bool(below - {column for column in top if column})


def _assign(labels: Sequence[str]) -> tuple[dict[Column, tuple[int, ...]], tuple[str, ...]]:
    columns: dict[Column, tuple[int, ...]] = {}
    ignored = []
    for index, label in enumerate(labels):
        column = column_of(label)
        if column is Column.PRIVATE:
            ignored.append(label)
        if column is None or column is Column.PRIVATE:
            continue
        preferred = {Column.PHONE: _PREFERRED_PHONE, Column.UNIT: _PREFERRED_UNIT}.get(column)
        if column not in columns:
            columns[column] = (index,)
        elif (
            preferred
            and preferred.search(text.fold(label))
            and not preferred.search(text.fold(labels[columns[column][0]]))
        ):
            ignored.append(labels[columns[column][0]])
            columns[column] = (index,)
        else:
            ignored.append(label)
    return columns, tuple(ignored)


def _with_spans(
    columns: dict[Column, tuple[int, ...]],
    row: int,
    spans: Mapping[tuple[int, int], tuple[int, int]],
    labels: Sequence[str],
) -> dict[Column, tuple[int, ...]]:
    """A name heading merged over two columns holds family and given name apart; "Họ đệm" beside "Tên" likewise."""
    (start,) = columns[Column.NAME]
    if Column.FAMILY in columns:
        return columns | {Column.NAME: (*columns[Column.FAMILY], start)}
    _, last = spans.get((row, start), (row, start))
    free = [index for index in range(start + 1, last + 1) if index >= len(labels) or not labels[index]]
    return columns | {Column.NAME: (start, *free)}


def _fill_right(row: Sequence[str], index: int, spans: Mapping[tuple[int, int], tuple[int, int]]) -> list[str]:
    filled = list(row)
    for (top, left), (_, right) in spans.items():
        if top == index and left < len(filled):
            for column in range(left, min(right + 1, len(filled))):
                filled[column] = filled[left]
    return filled


def _zip_longest(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    width = max(len(one), len(other))
    return [
        (one[index] if index < len(one) else "", other[index] if index < len(other) else "") for index in range(width)
    ]
