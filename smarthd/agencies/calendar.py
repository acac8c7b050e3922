"""Working time by the State's schedule and an agency's office hours; what higher packages call.

The schedule is what this release ships (data/calendar.csv), overruled day by day by the table ``CalendarDay``, where an installation
writes new decisions. Code that asks often takes one ``working_calendar()`` and asks that.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.db import transaction

from smarthd.agencies.models import Agency, CalendarDay, OfficeHours
from smarthd.agencies.policies import can_set_calendar, can_shape_agencies, require
from smarthd.agencies.rules.calendar import USUAL_WEEK, Confidence, DayKind, Opening, WorkingCalendar
from smarthd.agencies.rules.kinds import Kind
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid

SHIPPED = Path(__file__).parent / "data" / "calendar.csv"


class OfficeHoursWrong(Invalid):
    """Openings overlap, run backwards, or there is none in the week."""


@dataclass(frozen=True, slots=True)
class ScheduleLine:
    """One special day with its reason and source."""

    day: date
    kind: DayKind
    name: str
    source: str
    confidence: Confidence

    @property
    def in_force(self) -> bool:
        """Say whether the line changes the calendar: a proposed one does not."""
        return self.confidence is not Confidence.PROPOSED


@cache
def shipped_schedule() -> tuple[ScheduleLine, ...]:
    """Return the schedule this release ships, by day."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(
            ScheduleLine(
                date.fromisoformat(row["day"]),
                DayKind(row["kind"]),
                row["name"],
                row["source"],
                Confidence(row["confidence"]),
            )
            for row in csv.DictReader(lines)
        )


def schedule() -> list[ScheduleLine]:
    """Return every special day known here, by day; the table overrules what was shipped."""
    lines = {line.day: line for line in shipped_schedule()}
    for row in CalendarDay.objects.all():
        lines[row.day] = ScheduleLine(row.day, DayKind(row.kind), row.name, row.source, Confidence(row.confidence))
    return [line for _, line in sorted(lines.items())]


_TTL_S = 60.0
_OFF = frozenset({DayKind.HOLIDAY, DayKind.COMPENSATION, DayKind.SWAPPED_OFF})
_known: dict[str, tuple[float, dict[date, ScheduleLine]]] = {}


def days_off() -> Mapping[date, ScheduleLine]:
    """Return the days on which the State's offices rest though their weekday is worked, and why. Remembered for a minute."""
    read_at, found = _known.get("off", (float("-inf"), {}))
    if time.monotonic() - read_at >= _TTL_S:
        found = {line.day: line for line in schedule() if line.in_force and line.kind in _OFF}
        _known["off"] = (time.monotonic(), found)
    return found


def forget() -> None:
    """Forget what is remembered; the next to ask reads it."""
    _known.clear()


def working_calendar(agency_id: int | None = None) -> WorkingCalendar:
    """Return the calendar of an agency (its own office hours, if it keeps any), or the province's; at most two queries."""
    special = {line.day: line.kind for line in schedule() if line.in_force}
    hours: dict[int, tuple[Opening, ...]] = {}
    if agency_id is not None:
        for row in OfficeHours.objects.filter(agency_id=agency_id).order_by("weekday", "opens"):
            hours[row.weekday] = (*hours.get(row.weekday, ()), Opening(row.opens, row.closes))
    return WorkingCalendar(special=special, hours=hours or USUAL_WEEK)


def is_working_day(day: date, agency_id: int | None = None) -> bool:
    """Say whether the office works on the day."""
    return working_calendar(agency_id).is_working_day(day)


def add_working_days(day: date, count: int, agency_id: int | None = None) -> date:
    """Return the ``count``-th working day after ``day``; before it when negative."""
    return working_calendar(agency_id).add_working_days(day, count)


def add_working_hours(instant: datetime, hours: float, agency_id: int | None = None) -> datetime:
    """Return the instant (UTC) by which the office was open ``hours`` hours since ``instant``."""
    return working_calendar(agency_id).add_working_hours(instant, hours).astimezone(UTC)


def deadline(*, received_at: datetime, working_hours: float, agency_id: int | None = None) -> datetime:
    """Return when the answer to something received is due (UTC); the clock of what comes in at night starts in the morning."""
    return add_working_hours(received_at, working_hours, agency_id)


def due_before(day: date, agency_id: int | None = None) -> datetime:
    """Return (UTC) when "trước ngày …" ends: before 20/4/2024 ends on Friday 19/4/2024 at 17:00."""
    return working_calendar(agency_id).due_before(day).astimezone(UTC)


def due_on(day: date, agency_id: int | None = None) -> datetime:
    """Return (UTC) when "chậm nhất ngày …" ends: at 17:00 that day, or on the next working day."""
    return working_calendar(agency_id).due_on(day).astimezone(UTC)


@transaction.atomic
def set_day(line: ScheduleLine, *, actor: Actor, now: datetime) -> None:
    """Write one decision of the State's schedule over what was shipped or written before."""
    province_ids = list(Agency.objects.filter(kind=Kind.PROVINCE_COMMITTEE).values_list("id", flat=True))
    require(can_set_calendar(actor, province_ids), act="set_calendar_day")
    row, _ = CalendarDay.objects.update_or_create(
        day=line.day,
        defaults={
            "kind": line.kind,
            "name": line.name,
            "source": line.source,
            "confidence": line.confidence,
        },
    )
    audit.record(actor, "agencies.calendar_day_set", row, at=now, kind=line.kind.value, source=line.source)
    transaction.on_commit(forget)


@transaction.atomic
def set_office_hours(agency_id: int, week: dict[int, tuple[Opening, ...]], *, actor: Actor, now: datetime) -> None:
    """Replace an agency's office hours; an empty week gives it the province's again. Raises OfficeHoursWrong."""
    agency = Agency.objects.select_for_update(no_key=True).get(id=agency_id)
    require(can_shape_agencies(actor, [agency_id]), act="set_office_hours")
    for weekday, openings in week.items():
        edges = [
            edge
            for opening in sorted(openings, key=lambda item: item.opens)
            for edge in (opening.opens, opening.closes)
        ]
        if not 0 <= weekday <= 6 or any(later <= earlier for earlier, later in pairwise(edges)):
            raise OfficeHoursWrong(weekday=weekday)
    if week and not any(week.values()):
        raise OfficeHoursWrong(weekday=None)
    OfficeHours.objects.filter(agency=agency).delete()
    OfficeHours.objects.bulk_create(
        OfficeHours(agency=agency, weekday=weekday, opens=opening.opens, closes=opening.closes)
        for weekday, openings in week.items()
        for opening in openings
    )
    audit.record(actor, "agencies.office_hours_set", agency, at=now, weekdays=sorted(week))
