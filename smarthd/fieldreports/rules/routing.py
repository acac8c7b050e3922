"""Who a report goes to: place × category × time → agency. The most exact rule wins, and every rule looked at says why or why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Hours(StrEnum):
    """At which hours a rule holds."""

    ALWAYS = "always"  # mọi lúc
    OFFICE = "office"  # trong giờ làm việc
    AFTER_HOURS = "after_hours"  # ngoài giờ làm việc


HOURS_WORDS: dict[Hours, str] = {
    Hours.ALWAYS: "Mọi lúc",
    Hours.OFFICE: "Trong giờ làm việc",
    Hours.AFTER_HOURS: "Ngoài giờ làm việc",
}


class Target(StrEnum):
    """Whom a rule names."""

    AGENCY = "agency"  # một cơ quan cụ thể
    COMMUNE = "commune"  # Ủy ban nhân dân xã, phường nơi xảy ra
    PROVINCE = "province"  # Ủy ban nhân dân cấp tỉnh


TARGET_WORDS: dict[Target, str] = {
    Target.AGENCY: "Một cơ quan cụ thể",
    Target.COMMUNE: "Ủy ban nhân dân xã, phường nơi xảy ra",
    Target.PROVINCE: "Ủy ban nhân dân cấp tỉnh",
}


class Verdict(StrEnum):
    """Why a rule was taken or passed over."""

    TAKEN = "taken"  # được dùng
    LESS_EXACT = "less_exact"  # đúng, nhưng có quy tắc cụ thể hơn
    OTHER_PLACE = "other_place"  # khác địa bàn
    OTHER_CATEGORY = "other_category"  # khác lĩnh vực
    NOT_IN_FORCE = "not_in_force"  # chưa hoặc hết hiệu lực
    OTHER_HOURS = "other_hours"  # khác giờ
    NOBODY_THERE = "nobody_there"  # cơ quan không còn hoặc chưa có vào ngày đó


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.TAKEN: "Được dùng",
    Verdict.LESS_EXACT: "Đúng, nhưng có quy tắc cụ thể hơn",
    Verdict.OTHER_PLACE: "Khác địa bàn",
    Verdict.OTHER_CATEGORY: "Khác lĩnh vực",
    Verdict.NOT_IN_FORCE: "Không có hiệu lực vào ngày này",
    Verdict.OTHER_HOURS: "Khác giờ",
    Verdict.NOBODY_THERE: "Cơ quan được nêu không hoạt động vào ngày này",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as a value. ``place_id`` and ``category_id`` None mean any."""

    uid: UUID
    name: str
    place_id: int | None
    category_id: int | None
    hours: Hours
    target: Target
    agency_id: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the report's place from the province down, its category from the root down, the day, whether offices are open."""

    places: Sequence[int]
    categories: Sequence[int]
    on: date
    office_open: bool


@dataclass(frozen=True, slots=True)
class Considered:
    """A rule, what became of it, and the agency it leads to on that day (None where nobody is there)."""

    rule: Rule
    verdict: Verdict
    agency_id: int | None


def exactness(rule: Rule, asked: Question) -> tuple[int, int, int]:
    """Return how exact a fitting rule is: category first, then place, then hours. Who answers for lamps answers for them everywhere
    until a rule says otherwise for a commune *and* lamps."""
    category = 0 if rule.category_id is None else asked.categories.index(rule.category_id) + 1
    place = 0 if rule.place_id is None else asked.places.index(rule.place_id) + 1
    return category, place, int(rule.hours is not Hours.ALWAYS)


def fits(rule: Rule, asked: Question) -> Verdict | None:
    """Return why a rule does not fit, or None where it does."""
    if not (rule.valid_from <= asked.on and (rule.valid_to is None or asked.on < rule.valid_to)):
        return Verdict.NOT_IN_FORCE
    if rule.place_id is not None and rule.place_id not in asked.places:
        return Verdict.OTHER_PLACE
    if rule.category_id is not None and rule.category_id not in asked.categories:
        return Verdict.OTHER_CATEGORY
    wanted = Hours.OFFICE if asked.office_open else Hours.AFTER_HOURS
    if rule.hours not in (Hours.ALWAYS, wanted):
        return Verdict.OTHER_HOURS
    return None


def consider(rules: Sequence[Rule], asked: Question, agency_of: dict[UUID, int | None]) -> list[Considered]:
    """Return every rule with its verdict: the one taken first, then those that fit from exact to general, then the others.

    ``agency_of`` says to which standing agency each rule leads on that day; of equally exact rules the later one in force wins, then
    the one whose identifier comes first: one question has one answer.
    """
    fitting = [rule for rule in rules if fits(rule, asked) is None]
    fitting.sort(key=lambda rule: (exactness(rule, asked), rule.valid_from, str(rule.uid)), reverse=True)
    told: list[Considered] = []
    taken = False
    for rule in fitting:
        agency = agency_of.get(rule.uid)
        if agency is None:
            told.append(Considered(rule, Verdict.NOBODY_THERE, None))
        elif taken:
            told.append(Considered(rule, Verdict.LESS_EXACT, agency))
        else:
            taken = True
            told.append(Considered(rule, Verdict.TAKEN, agency))
    others = [Considered(rule, verdict, None) for rule in rules if (verdict := fits(rule, asked)) is not None]
    told.sort(key=lambda one: one.verdict is not Verdict.TAKEN)
    return told + others
