"""The clocks of a report: when each term ends, how long it stood still, which steps fall before and after it.

*Original* is the promise made at acceptance, counted from the moment the report came in; it never moves. *Due* is the term in force: extended,
or moved on by the time the clock stood still for the sender. Both are kept, and being in time is told against both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from smarthd.agencies.rules.calendar import ZONE, WorkingCalendar

WARN_AT = (0.5, 0.85)
"""Shares of a term after which its holder is reminded."""
ESCALATE_AFTER_HOURS = (0.0, 8.0, 24.0)
"""Working hours past a term after which the chief, the superior, and the top are told."""


class Level(IntEnum):
    """How far up a missed term has gone."""

    NONE = 0
    CHIEF = 1  # thủ trưởng nơi đang giữ
    SUPERIOR = 2  # cấp trên trực tiếp
    TOP = 3  # Ủy ban nhân dân cấp tỉnh


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours a category allows: to look at a report, and to answer it."""

    intake: float
    answer: float


@dataclass(frozen=True, slots=True)
class Terms:
    """When a report is to be looked at, and answered (UTC)."""

    intake_due_at: datetime
    due_at: datetime


def terms(received_at: datetime, hours: Hours, calendar: WorkingCalendar) -> Terms:
    """Return both terms, counted from the moment it came in; what comes at night begins in the morning."""
    return Terms(
        calendar.add_working_hours(received_at, hours.intake),
        calendar.add_working_hours(received_at, hours.answer),
    )


def moved_by_pause(
    due_at: datetime, paused_at: datetime, now: datetime, calendar: WorkingCalendar
) -> tuple[datetime, int]:
    """Return the term moved on by the working time the clock stood, and that time in minutes.

    A term that was over before the pause stays where it was: waiting heals no lateness.
    """
    stood = calendar.working_time_between(paused_at, now)
    minutes = int(stood.total_seconds() // 60)
    if due_at <= paused_at:
        return due_at, minutes
    return calendar.add_working_hours(due_at, minutes / 60), minutes


def warnings_due(start: datetime, due_at: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Return how many reminders of a term have fallen by now: shares of its working time, none once it is over."""
    if now >= due_at:
        return len(WARN_AT)
    whole = calendar.working_time_between(start, due_at)
    if whole <= timedelta(0):
        return 0
    share = calendar.working_time_between(start, now) / whole
    return sum(share >= step for step in WARN_AT)


def level_due(due_at: datetime, now: datetime, calendar: WorkingCalendar) -> Level:
    """Return how far up a term that is over should have gone by now."""
    if now < due_at:
        return Level.NONE
    over = calendar.working_time_between(due_at, now).total_seconds() / 3600
    return Level(sum(over >= step for step in ESCALATE_AFTER_HOURS))


def closing_of(now: datetime, days: int, calendar: WorkingCalendar) -> datetime:
    """Return (UTC) 17:00 of the ``days``-th working day after the day of ``now``."""
    day = calendar.add_working_days(now.astimezone(ZONE).date(), days)
    return calendar.closing_of(day).astimezone(now.tzinfo)
