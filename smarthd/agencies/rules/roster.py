"""What a roster's lines would change: decided from values, before anything is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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


def decide(
    candidates: Sequence[Candidate], known: Iterable[Known], *, leavers_of: frozenset[int] | None = None
) -> Decision:
    """Return what every line would do. ``leavers_of``: agencies whose list is declared complete, or None for a part list.

    A person is recognised by the telephone number anywhere, else by the same name at the same agency when that is clear on both
    sides. The first of two lines with one number counts; the second is faulty. Applying a decision and deciding again on the same
    candidates gives only UNCHANGED.
    """
    known = list(known)
    checked = _without_duplicates(candidates)
    persons = _recognise(checked, known)
    lines = [
        Line(Outcome.FAULTY, candidate, None, candidate.messages)
        if candidate.faulty
        else _line(candidate, persons.get(index))
        for index, candidate in enumerate(checked)
    ]
    matched = {person.staff_id for person in persons.values()}
    gone, spared = _missing(known, matched, checked, leavers_of)
    return Decision(lines + [Line(Outcome.LEFT, None, person) for person in gone], spared)


def _recognise(checked: Sequence[Candidate], known: Sequence[Known]) -> dict[int, Known]:
    """Return the known person of each line, by its index: by number first, then by name, then by name and position.

    Last, a line without a number is one of those without a number who bear its name and position there: which one cannot be told
    apart and makes no difference, and taking it for a new person would add one at every import.
    """
    by_phone = {
        person.phone_index: person for person in sorted(known, key=lambda person: person.open) if person.phone_index
    }
    persons: dict[int, Known] = {}
    for index, candidate in enumerate(checked):
        if candidate.phone_index and not candidate.faulty and (person := by_phone.get(candidate.phone_index)):
            persons[index] = person
    for with_position in (False, True):
        matched = {person.staff_id for person in persons.values()}
        left = [index for index, line in enumerate(checked) if index not in persons and not line.faulty]
        free = [person for person in known if person.open and person.staff_id not in matched]
        lines = Counter(_namesake(checked[index], with_position) for index in left)
        people = Counter(_namesake(person, with_position) for person in free)
        clear = {key: person for person in free if people[key := _namesake(person, with_position)] == 1}
        for index in left:
            key = _namesake(checked[index], with_position)
            if lines[key] == 1 and key in clear:
                persons[index] = clear[key]
    matched = {person.staff_id for person in persons.values()}
    numberless = [one for one in known if one.open and one.phone_index is None and one.staff_id not in matched]
    alike = {
        _namesake(one, with_position=True): one
        for one in sorted(numberless, key=lambda one: one.staff_id, reverse=True)
    }
    for index, line in enumerate(checked):
        if (
            index not in persons
            and not line.faulty
            and not line.phone_index
            and (key := _namesake(line, with_position=True)) in alike
        ):
            persons[index] = alike[key]
    return persons


def _namesake(person: Candidate | Known, with_position: bool) -> tuple[int | None, str, str]:  # noqa: FBT001 - two passes, one rule
    return (person.agency_id, person.name_key, person.position if with_position else "")


def _line(candidate: Candidate, person: Known | None) -> Line:
    if person is None:
        return Line(Outcome.NEW, candidate, None, candidate.messages)
    changes = _changes(candidate, person)
    if person.agency_id != candidate.agency_id:
        return Line(Outcome.MOVED, candidate, person, (*candidate.messages, *changes))
    outcome = Outcome.CHANGED if changes else Outcome.UNCHANGED
    return Line(outcome, candidate, person, (*candidate.messages, *changes))


def _changes(candidate: Candidate, person: Known) -> tuple[Message, ...]:
    """Say what differs from the roster. A line without a number leaves the known number as it is."""
    changes = []
    if candidate.full_name != person.full_name:
        changes.append(
            Message(
                headings.WORDS[Column.NAME], candidate.full_name, f"Trước đây ghi “{person.full_name}”", fault=False
            )
        )
    if candidate.position != person.position:
        before = f"Trước đây ghi “{person.position}”" if person.position else "Trước đây chưa ghi"
        changes.append(Message(headings.WORDS[Column.POSITION], candidate.position, before, fault=False))
    if candidate.phone_index and candidate.phone_index != person.phone_index:
        before = "Khác số trong sổ" if person.phone_index else "Trước đây chưa có số"
        changes.append(Message(headings.WORDS[Column.PHONE], "", before, fault=False))
    return tuple(changes)


def _without_duplicates(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Mark the second line of one number, or of one name and position without number at one agency, as faulty."""
    first: dict[object, Candidate] = {}
    checked = []
    for candidate in candidates:
        key: object = candidate.phone_index or (candidate.agency_id, candidate.name_key, candidate.position)
        before = None if candidate.faulty else first.setdefault(key, candidate)
        if before is not None and before is not candidate:
            column = Column.PHONE if candidate.phone_index else Column.NAME
            said = f"Trùng với dòng {before.row_number}" + (
                f" ({before.full_name})" if before.full_name != candidate.full_name else ""
            )
            duplicate = Message(headings.WORDS[column], "", said, "Giữ một dòng, hoặc sửa số điện thoại cho đúng người")
            checked.append(replace(candidate, messages=(*candidate.messages, duplicate)))
            continue
        checked.append(candidate)
    return checked


def _missing(
    known: Sequence[Known], matched: set[int], checked: Sequence[Candidate], leavers_of: frozenset[int] | None
) -> tuple[list[Known], list[Known]]:
    """Return who left and who is spared because a faulty line bears the name."""
    if leavers_of is None:
        return [], []
    doubtful = {candidate.name_key for candidate in checked if candidate.faulty}
    missing = [
        person for person in known if person.open and person.agency_id in leavers_of and person.staff_id not in matched
    ]
    spared = [person for person in missing if person.name_key in doubtful]
    return [person for person in missing if person.name_key not in doubtful], spared
