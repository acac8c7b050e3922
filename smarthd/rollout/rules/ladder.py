"""The ladder: one person once, the highest level reached at a cut-off. Definitions and reasons: docs/adr/0005-indicators.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

BEGINNING = date(1900, 1, 1)
"""Before any fact: a person's first known home holds from here."""
USED_WITHIN_DAYS = 7
"""Days in which a value action makes L3; the day of activation is the first of them (days 0 to 6)."""
RETURNED_FROM, RETURNED_TO = 1, 7
RETAINED_FROM, RETAINED_TO = 24, 30
"""Days after activation in which a day of use means the person came back (D7), or stayed (L5, D30)."""
ACTIVE_DAYS = (1, 7, 28, 30)
"""Windows, in days and ending with the cut-off, of the rolling counts; the second and third are L4's, the last is MAU's."""
STAYS_ACTIVE_DAYS = 28
"""Days, the day of use the first of them, for which a use makes level 4."""
LAPSED_AFTER_DAYS = 60
"""Days without a launch after which a person has lapsed."""


class Level(IntEnum):
    """Rungs of the ladder."""

    NONE = 0  # chưa cài đặt
    INSTALLED = 1  # đã cài đặt
    ACTIVATED = 2  # đã kích hoạt
    USED = 3  # đã sử dụng
    ACTIVE = 4  # đang sử dụng
    RETAINED = 5  # sử dụng thường xuyên


Spell = tuple[date, date]
"""A first day, and the day after the last."""


@dataclass(frozen=True, slots=True)
class PersonDays:
    """What is known of one person: days of use (a value action) and of launches, sets of dates without times.

    Where days may not be kept, ``active`` holds the spells of level 4 (28 days) and ``kept`` those in which the person had not lapsed.
    """

    installed_on: date | None = None
    activated_on: date | None = None
    used: frozenset[date] = frozenset()
    launched: frozenset[date] = frozenset()
    active: tuple[Spell, ...] = ()
    kept: tuple[Spell, ...] = ()


def _spell_of(day: date, spells: Iterable[Spell]) -> Spell | None:
    return next((spell for spell in spells if spell[0] <= day < spell[1]), None)


def _between(days: Iterable[date], start: date, first: int, last: int, cut_off: date) -> bool:
    return any(first <= (day - start).days <= last and day <= cut_off for day in days)


def ladder(person: PersonDays, cut_off: date, *, active_days: int = STAYS_ACTIVE_DAYS) -> Level:
    """Return the highest level reached at the end of the cut-off day; use before activation counts for nothing."""
    start = person.activated_on
    if start is None or start > cut_off:
        installed = person.installed_on is not None and person.installed_on <= cut_off
        return Level.INSTALLED if installed else Level.NONE
    if _between(person.used, start, RETAINED_FROM, RETAINED_TO, cut_off):
        return Level.RETAINED
    recent = cut_off - timedelta(days=active_days - 1)
    known = active_days == STAYS_ACTIVE_DAYS and _spell_of(cut_off, person.active) is not None
    if known or any(max(recent, start) <= day <= cut_off for day in person.used):
        return Level.ACTIVE
    if _between(person.used, start, 0, USED_WITHIN_DAYS - 1, cut_off):
        return Level.USED
    return Level.ACTIVATED


def reached_on(person: PersonDays, level: Level, cut_off: date) -> date | None:
    """Return the day from which the level can be told: of level 4 the last day of use known, of the others the day of reaching it."""
    start = person.activated_on
    days = sorted(day for day in person.used if day <= cut_off)
    if level is Level.INSTALLED:
        return person.installed_on
    if level is Level.ACTIVATED:
        return start
    if level is Level.ACTIVE:
        return max([*days, *_told_uses(person, cut_off)], default=None)
    first = {Level.USED: 0, Level.RETAINED: RETAINED_FROM}.get(level)
    if first is None or start is None:
        return None
    return next((day for day in days if (day - start).days >= first), None)


def _told_uses(person: PersonDays, cut_off: date) -> list[date]:
    """Return the days of use that a spell of activity still tells: its first, and the last if it is past."""
    spell = _spell_of(cut_off, person.active)
    if spell is None:
        return []
    last = spell[1] - timedelta(days=STAYS_ACTIVE_DAYS)
    return [day for day in (spell[0], last) if day <= cut_off]


def lapsed(person: PersonDays, cut_off: date) -> bool:
    """Say whether an activated person has not launched the app for 60 days; activation itself is a launch."""
    if person.activated_on is None or person.activated_on > cut_off:
        return False
    if _spell_of(cut_off, person.kept) is not None:
        return False
    last = max([day for day in {*person.launched, *person.used} if day <= cut_off] + [person.activated_on])
    return (cut_off - last).days >= LAPSED_AFTER_DAYS
