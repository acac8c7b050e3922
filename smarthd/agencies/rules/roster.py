"""A roster's lines understood, each with everything that is wrong with it; what they would change: ``deciding``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from smarthd.agencies.rules import headings, names
from smarthd.agencies.rules.headings import Column
from smarthd.agencies.rules.tables import Entry
from smarthd.kernel import text
from smarthd.kernel.moves import Move

MAX_POSITION = 160
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?e\+?\d{1,2}$", re.IGNORECASE)
_DAY = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_ISO_DAY = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?$")


class ImportStatus(StrEnum):
    """States of an upload."""

    PREVIEWED = "previewed"  # đang xem trước
    CONFIRMED = "confirmed"  # đã ghi vào sổ
    WITHDRAWN = "withdrawn"  # đã bỏ
    EXPIRED = "expired"  # hết hạn xem trước


CONFIRM = Move(name="confirm", sources=frozenset({ImportStatus.PREVIEWED}), target=ImportStatus.CONFIRMED)
WITHDRAW = Move(name="withdraw", sources=frozenset({ImportStatus.PREVIEWED}), target=ImportStatus.WITHDRAWN)
EXPIRE = Move(name="expire", sources=frozenset({ImportStatus.PREVIEWED}), target=ImportStatus.EXPIRED)


class Outcome(StrEnum):
    """What one line would do."""

    NEW = "new"  # thêm mới
    UNCHANGED = "unchanged"  # giữ nguyên
    CHANGED = "changed"  # thay đổi
    MOVED = "moved"  # chuyển từ đơn vị khác đến
    LEFT = "left"  # không còn trong danh sách
    FAULTY = "faulty"  # có lỗi, chưa ghi


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.NEW: "Thêm mới",
    Outcome.UNCHANGED: "Giữ nguyên",
    Outcome.CHANGED: "Thay đổi",
    Outcome.MOVED: "Chuyển đến",
    Outcome.LEFT: "Không còn trong danh sách",
    Outcome.FAULTY: "Có lỗi",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be said about one cell: which column, what stands there, what is wrong, how to mend it."""

    column: str
    value: str
    said: str
    mend: str = ""
    fault: bool = True

    def as_json(self) -> dict[str, str | bool]:
        """Return the message as it is kept with the row."""
        return {
            "column": self.column,
            "value": self.value[:80],
            "text": self.said,
            "mend": self.mend,
            "fault": self.fault,
        }


@dataclass(frozen=True, slots=True)
class Candidate:
    """One line, understood. ``phone`` is E.164 or empty; ``phone_index`` its blind index."""

    sheet: str
    row_number: int
    full_name: str
    name_key: str
    position: str
    phone: str
    agency_id: int | None
    starts_on: date | None
    messages: tuple[Message, ...] = ()
    phone_index: bytes | None = None

    @property
    def faulty(self) -> bool:
        """Say whether anything about the line forbids saving it."""
        return any(message.fault for message in self.messages)


@dataclass(frozen=True, slots=True)
class Known:
    """A person of a roster now, or from a later day on (``open``: no last day is set)."""

    staff_id: int
    agency_id: int
    full_name: str
    name_key: str
    position: str
    phone_index: bytes | None
    open: bool


@dataclass(frozen=True, slots=True)
class Line:
    """The decision on one line, or (``row_number`` None) on a person who is missing from a complete list."""

    outcome: Outcome
    candidate: Candidate | None
    known: Known | None
    messages: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """All decisions of one upload. ``spared`` are persons kept although missing, because a faulty line may be theirs."""

    lines: list[Line]
    spared: list[Known] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to understand cells: telephone numbers, units and agencies' names; ``agencies`` maps a unit's text to its agency."""

    home_agency_id: int
    phones: Mapping[str, str | Message]
    agencies: Mapping[str, int | Message]


def phone_texts(entries: Iterable[Entry]) -> set[str]:
    """Return the distinct telephone cells of a roster."""
    return {cell for entry in entries if (cell := entry.cells.get(Column.PHONE, ""))}


def unit_texts(entries: Iterable[Entry]) -> set[str]:
    """Return the distinct names of units of a roster: cells, and headings between persons."""
    return {entry.cells.get(Column.UNIT) or entry.section for entry in entries} - {""}


def phone_fault(cell: str, words: str) -> Message:
    """Return the message on a telephone cell that is no mobile number; ``words`` say what is wrong with it."""
    if _ROUNDED.match(cell):
        return Message(
            headings.WORDS[Column.PHONE], cell, "Bảng tính đã làm tròn số điện thoại, không còn đủ chữ số",
            "Định dạng cột là Văn bản (Text) rồi nhập lại số",
        )  # fmt: skip
    return Message(headings.WORDS[Column.PHONE], cell, words, "Sửa thành số di động 10 chữ số, ví dụ 0912 345 678")


def understand(entry: Entry, reading: Reading) -> Candidate:
    """Return one line as a candidate with everything that is wrong with it."""
    messages: list[Message] = []
    written_name = entry.cells.get(Column.NAME, "")
    position = entry.cells.get(Column.POSITION, "")
    full_name = names.proper_name(written_name)
    messages += _name_messages(written_name, full_name)
    if position.startswith(_FORMULA_STARTS):
        messages.append(_formula(Column.POSITION, position))
    elif len(position) > MAX_POSITION:
        messages.append(
            Message(headings.WORDS[Column.POSITION], position, f"Chức vụ dài quá {MAX_POSITION} ký tự", "Viết gọn lại")
        )
    phone = _phone(entry.cells.get(Column.PHONE, ""), reading, messages)
    agency_id = _agency(entry, reading, messages)
    starts_on = _starts(entry.cells.get(Column.STARTS, ""), messages)
    return Candidate(
        sheet=entry.sheet,
        row_number=entry.row_number,
        full_name=full_name[: names.MAX_NAME],
        name_key=text.tone_free_key(full_name)[:160],
        position=names.plain_case(position)[:MAX_POSITION],
        phone=phone,
        agency_id=agency_id,
        starts_on=starts_on,
        messages=tuple(messages),
    )


def _name_messages(written: str, full_name: str) -> list[Message]:
    column = headings.WORDS[Column.NAME]
    if not written:
        return [Message(column, "", "Chưa có họ và tên", "Điền họ và tên, hoặc xóa dòng nếu thừa")]
    if written.startswith(_FORMULA_STARTS):
        return [_formula(Column.NAME, written)]
    if len(full_name) > names.MAX_NAME:
        return [Message(column, written, f"Họ và tên dài quá {names.MAX_NAME} ký tự", "Mỗi dòng chỉ ghi một người")]
    if not names.is_name(full_name):
        return [
            Message(
                column,
                written,
                "Không giống họ và tên một người",
                "Ghi đủ họ và tên bằng chữ, không kèm số hay ghi chú",
            )
        ]
    return []


def _formula(column: Column, cell: str) -> Message:
    return Message(
        headings.WORDS[column], cell, f"Ô bắt đầu bằng dấu “{cell[0]}” như một công thức, không ghi vào sổ",
        "Thay bằng chữ viết thường",
    )  # fmt: skip


def _phone(cell: str, reading: Reading, messages: list[Message]) -> str:
    if not cell:
        messages.append(
            Message(
                headings.WORDS[Column.PHONE],
                "",
                "Chưa có số điện thoại: vẫn tính vào danh sách, chưa thể nhận ra khi người này cài ứng dụng",
                "Bổ sung số di động của chính người đó",
                fault=False,
            )
        )
        return ""
    found = reading.phones[cell]
    if isinstance(found, Message):
        messages.append(found)
        return ""
    return found


def _agency(entry: Entry, reading: Reading, messages: list[Message]) -> int | None:
    named = entry.cells.get(Column.UNIT, "")
    if named.startswith(_FORMULA_STARTS):
        messages.append(_formula(Column.UNIT, named))
        return None
    # A heading between persons is a unit only where it names one; otherwise it is just a heading.
    found = reading.agencies.get(named or entry.section) if (named or entry.section) else None
    if isinstance(found, int):
        return found
    if found is not None and named:
        messages.append(found)
        return None
    return reading.home_agency_id


def _starts(cell: str, messages: list[Message]) -> date | None:
    if not cell:
        return None
    day = day_of(cell)
    if day is None:
        messages.append(
            Message(
                headings.WORDS[Column.STARTS],
                cell,
                "Ngày này không có trong lịch",
                "Ghi ngày/tháng/năm, ví dụ 01/04/2024",
            )
        )
    return day


def day_of(cell: str) -> date | None:
    """Return the day written as d/m/yyyy, d.m.yyyy, d-m-yyyy or yyyy-m-d; None when there is no such day (31/02)."""
    if match := _DAY.match(cell.strip()):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DAY.match(cell.strip()):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    try:
        return date(year, month, day) if 1950 <= year <= 2100 else None
    except ValueError:
        return None
