"""The ladder of reminders before and after a term, and when a reminder may reach a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from smarthd.agencies.rules.calendar import WorkingCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
QUIET_FROM, QUIET_TO = time(21, 0), time(7, 0)
MOST_A_DAY = 2
DIGEST_AT = time(7, 30)
DIGEST_LOOKS_BACK = timedelta(days=30)


class Step(StrEnum):
    """Steps of the ladder, in working days (T is the term)."""

    THREE_DAYS_BEFORE = "t_minus_3"  # còn 3 ngày làm việc
    ONE_DAY_BEFORE = "t_minus_1"  # còn 1 ngày làm việc
    FOUR_HOURS_BEFORE = "t_minus_4h"  # còn 4 giờ
    AT_TERM = "t"  # đến hạn
    ONE_DAY_AFTER = "t_plus_1"  # quá hạn 1 ngày: thủ trưởng, bản tin của cấp trên
    TWO_DAYS_AFTER = "t_plus_2"  # quá hạn 2 ngày: việc gọi điện
    THREE_DAYS_AFTER = "t_plus_3"  # quá hạn 3 ngày: soạn công văn đôn đốc
    FIVE_DAYS_AFTER = "t_plus_5"  # quá hạn 5 ngày: một dòng trong báo cáo Ủy ban nhân dân


STEPS = tuple(Step)
WORKING_DAYS = {
    Step.THREE_DAYS_BEFORE: -3,
    Step.ONE_DAY_BEFORE: -1,
    Step.ONE_DAY_AFTER: 1,
    Step.TWO_DAYS_AFTER: 2,
    Step.THREE_DAYS_AFTER: 3,
    Step.FIVE_DAYS_AFTER: 5,
}


class Audience(StrEnum):
    """Whom a step speaks to."""

    UNIT = "unit"  # người làm báo cáo và thủ trưởng
    HEAD = "head"  # thủ trưởng
    DEPARTMENT = "department"  # Sở điều phối
    REPORT = "report"  # báo cáo Ủy ban nhân dân


AUDIENCE = {
    Step.THREE_DAYS_BEFORE: Audience.UNIT,
    Step.ONE_DAY_BEFORE: Audience.UNIT,
    Step.FOUR_HOURS_BEFORE: Audience.UNIT,
    Step.AT_TERM: Audience.UNIT,
    Step.ONE_DAY_AFTER: Audience.HEAD,
    Step.TWO_DAYS_AFTER: Audience.DEPARTMENT,
    Step.THREE_DAYS_AFTER: Audience.DEPARTMENT,
    Step.FIVE_DAYS_AFTER: Audience.REPORT,
}


def falls_at(step: Step, due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when a step falls: at the term's own hour, working days before or after it."""
    if step is Step.FOUR_HOURS_BEFORE:
        return due_at - timedelta(hours=4)
    if step is Step.AT_TERM:
        return due_at
    local = due_at.astimezone(ZONE)
    day = calendar.add_working_days(local.date(), WORKING_DAYS[step])
    return datetime.combine(day, local.timetz().replace(tzinfo=ZONE)).astimezone(due_at.tzinfo)


def steps_due(
    *, due_at: datetime, now: datetime, calendar: WorkingCalendar, done: Iterable[Step] = ()
) -> list[tuple[Step, datetime]]:
    """Return the steps that have fallen and were not taken, in order, each with its instant."""
    taken = set(done)
    fallen = [(step, falls_at(step, due_at, calendar)) for step in STEPS if step not in taken]
    return [(step, at) for step, at in fallen if at <= now]


def is_quiet(now: datetime) -> bool:
    """Say whether people are left in peace: 21:00 to 07:00."""
    local = now.astimezone(ZONE).time()
    return local >= QUIET_FROM or local < QUIET_TO


@dataclass(frozen=True, slots=True)
class Budget:
    """How many reminders a person has had today."""

    sent_today: int

    @property
    def spent(self) -> bool:
        """Say whether this person is to hear no more today."""
        return self.sent_today >= MOST_A_DAY
