"""What a roster's lines would change: decided from values, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from smarthd.agencies.rules import headings
from smarthd.agencies.rules.headings import Column
from smarthd.agencies.rules.roster import Candidate, Decision, Known, Line, Message, Outcome


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
