"""A month of a dataset: what begins, or goes on, on each of its days."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q

from smarthd.connectors.models import DataRow
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Dataset, Query, RowView

MOST = 400
_LONGEST = 31


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the sheet; ``inside`` is false for those of the months beside."""

    day: date
    rows: tuple[RowView, ...]
    inside: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A sheet of weeks that begin on Monday. ``cut``: there are more rows than are shown."""

    first: date
    before: date
    after: date
    weeks: tuple[tuple[Day, ...], ...]
    cut: bool

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the month on which there is something."""
        return tuple(day for week in self.weeks for day in week if day.inside and day.rows)


def month(shown: Dataset, query: Query, *, first: date, now: datetime) -> Month:
    """Return the sheet of the month that begins on ``first``. One query."""
    told = shown.publication
    after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    begins, ends = f"values__{told.begins}", f"values__{told.until or told.begins}"
    lasting = Q(**{f"{begins}__gte": first.isoformat()}) | Q(**{f"{ends}__gte": first.isoformat()})
    found = public.asked(shown, query, now=now).filter(lasting, **{f"{begins}__lt": after.isoformat()})
    rows = list(found.order_by(F(begins), "sort", "id")[: MOST + 1])
    on: dict[date, list[RowView]] = {}
    for row in rows[:MOST]:
        for day in _days(row, told.begins, told.until):
            on.setdefault(day, []).append(public.view(shown, row))
    weeks = tuple(
        tuple(Day(day, tuple(on.get(day, ())), day.month == first.month) for day in week)
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    )
    before = (first - timedelta(days=1)).replace(day=1)
    return Month(first, before, after, weeks, len(rows) > MOST)


def _days(row: DataRow, begins: str, until: str) -> list[date]:
    first = datetime.fromisoformat(str(row.values[begins])).date()
    written = row.values.get(until) if until else None
    last = datetime.fromisoformat(str(written)).date() if written else first
    return [first + timedelta(days=n) for n in range(max(0, min((last - first).days, _LONGEST)) + 1)]
