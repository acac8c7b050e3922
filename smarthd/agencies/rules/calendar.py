"""Working time as functions of a calendar: which days are worked, when a term given in working days or hours ends.

Days are local days (Asia/Ho_Chi_Minh); wall-clock instants come and go as aware datetimes and are reckoned in that zone, which has
had no shift of the clock since 1975. Sources: Labour Code 2019, arts. 111-112 (holidays and their compensation); Civil Code
2015, art. 148(5) (a term that ends on a day off ends with the next working day); the Prime Minister's yearly schedules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSING = time(17, 0)
ONE_DAY = timedelta(days=1)


class DayKind(StrEnum):
    """Why a day is not what its weekday says."""

    HOLIDAY = "holiday"  # nghỉ lễ, tết
    COMPENSATION = "compensation"  # nghỉ bù
    SWAPPED_OFF = "swapped_off"  # nghỉ hoán đổi
    SWAPPED_ON = "swapped_on"  # làm bù
    ORDINARY = "ordinary"  # ngày thường (hủy một dòng của lịch đi kèm)


class Confidence(StrEnum):
    """How sure a line of the schedule is. A proposed day is shown and not in force."""

    OFFICIAL = "official"  # theo luật hoặc văn bản đã đối chiếu
    REPORTED = "reported"  # báo chí đưa, chưa đối chiếu văn bản
    EXPECTED = "expected"  # suy ra từ luật, chưa có lịch của năm
    PROPOSED = "proposed"  # mới là chủ trương, chưa áp dụng


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of office hours, wall-clock time of one day."""

    opens: time
    closes: time

    @property
    def length(self) -> timedelta:
        """How long the office is open."""
        return _since_midnight(self.closes) - _since_midnight(self.opens)


# The province's usual hours: eight working hours a day [?]; an agency may keep its own.
USUAL_DAY = (Opening(time(7, 30), time(12, 0)), Opening(time(13, 30), CLOSING))
USUAL_WEEK: Mapping[int, tuple[Opening, ...]] = dict.fromkeys(range(5), USUAL_DAY)


class NeverOpen(ValueError):
    """Office hours without any opening: no term could ever end."""


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The special days, and the office hours by weekday (0 is Monday) of one agency."""

    special: Mapping[date, DayKind]
    hours: Mapping[int, tuple[Opening, ...]] = field(default_factory=lambda: USUAL_WEEK)

    def __post_init__(self) -> None:
        if not any(self.hours.values()):
            raise NeverOpen

    def is_working_day(self, day: date) -> bool:
        """Say whether the office works on the day."""
        kind = self.special.get(day, DayKind.ORDINARY)
        if kind is DayKind.SWAPPED_ON:
            return True
        return kind is DayKind.ORDINARY and bool(self.hours.get(day.weekday()))

    def openings(self, day: date) -> tuple[Opening, ...]:
        """Return the office hours of the day; a swapped-in day off keeps the hours of the first working weekday."""
        if not self.is_working_day(day):
            return ()
        return self.hours.get(day.weekday()) or next(hours for _, hours in sorted(self.hours.items()) if hours)

    def next_working_day(self, day: date) -> date:
        """Return the day itself if it is worked, else the first one after it that is."""
        return _first(self, day, ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        """Return the day itself if it is worked, else the last one before it that was."""
        return _first(self, day, -ONE_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day`` (before it when negative); 0 gives the next worked day or itself."""
        if count == 0:
            return self.next_working_day(day)
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _ in range(abs(count)):
            day = _first(self, day + step, step)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Return how many working days lie after ``first`` up to and including ``last``; negative when ``last`` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working_day(first + ONE_DAY * offset) for offset in range(1, (last - first).days + 1))

    def add_working_hours(self, instant: datetime, hours: float) -> datetime:
        """Return the earliest instant by which the office was open ``hours`` hours since ``instant`` (UTC out).

        Eight hours from the opening of a Monday end that Monday at closing time, not on Tuesday morning.
        """
        left = timedelta(hours=hours)
        if left < timedelta(0):
            msg = f"working hours must not be negative: {hours}"
            raise ValueError(msg)
        if not left:
            return instant
        end = instant
        for opens, closes in self._stretches_from(instant):
            if left <= closes - opens:
                end = opens + left
                break
            left -= closes - opens
        return end.astimezone(instant.tzinfo)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return how long the office was open between two instants; zero when ``end`` is not later."""
        total = timedelta(0)
        if end <= start:
            return total
        for opens, closes in self._stretches_from(start):
            if opens >= end:
                return total
            total += min(closes, end) - opens
        return total

    def closing_of(self, day: date) -> datetime:
        """Return the instant (aware, local) at which reports of a working day close: 17:00, whatever the office hours."""
        return datetime.combine(day, CLOSING, tzinfo=ZONE)

    def due_before(self, day: date) -> datetime:
        """Return when a term set as "trước ngày …" ends: at closing of the last working day before that day."""
        return self.closing_of(self.previous_working_day(day - ONE_DAY))

    def due_on(self, day: date) -> datetime:
        """Return when a term set as "chậm nhất ngày …" ends; a day off hands it to the next working day (Civil Code 148(5))."""
        return self.closing_of(self.next_working_day(day))

    def _stretches_from(self, instant: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the open stretches (aware, local) from an instant on, the running one cut at its start; endless."""
        local = instant.astimezone(ZONE)
        day = local.date()
        while True:
            for opening in self.openings(day):
                opens = datetime.combine(day, opening.opens, tzinfo=ZONE)
                closes = datetime.combine(day, opening.closes, tzinfo=ZONE)
                if closes > local:
                    yield max(opens, local), closes
            day += ONE_DAY


def _first(calendar: WorkingCalendar, day: date, step: timedelta) -> date:
    while not calendar.is_working_day(day):
        day += step
    return day


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second)
