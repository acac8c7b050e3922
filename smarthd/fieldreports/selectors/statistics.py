"""How agencies are doing: how many, how fast, in time against both deadlines, confirmed, reopened, rated. Each share with its base."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from smarthd.fieldreports.selectors import categories, rows
from smarthd.kernel import clock

FEW = 10
"""Satisfaction of fewer answers than this is told as numbers, never as a share."""


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One agency (id 0: all together) over reports received in a period.

    ``in_time_first``: answered by the promise made at acceptance; ``in_time_extended``: by the term in force. The base of both is
    ``due``: answered ones, and open ones whose original term is over (they are late, not left out). ``median_days`` is from receipt to
    the last answer, in calendar days. ``rated`` is the base of ``satisfied`` (4 and 5 stars) and of ``mean_stars``.
    """

    agency_id: int
    agency: str
    received: int
    open: int
    answered: int
    declined: int
    overdue: int
    due: int
    in_time_first: int
    in_time_extended: int
    median_days: float | None
    confirmed: int
    by_silence: int
    reopened: int
    extended: int
    handed_back: int
    rated: int
    satisfied: int
    mean_stars: float | None

    @property
    def rate_first(self) -> float | None:
        """Share answered by the original deadline."""
        return self.in_time_first / self.due if self.due else None

    @property
    def rate_extended(self) -> float | None:
        """Share answered by the deadline in force."""
        return self.in_time_extended / self.due if self.due else None

    @property
    def satisfaction(self) -> float | None:
        """Share of ratings with 4 or 5 stars; None below ten ratings."""
        return self.satisfied / self.rated if self.rated >= FEW else None


_FIGURES = """
SELECT {group}, count(*),
  count(*) FILTER (WHERE state = ANY(%(open)s)),
  count(*) FILTER (WHERE answered_at IS NOT NULL),
  count(*) FILTER (WHERE state = 'declined' OR ending = 'declined'),
  count(*) FILTER (WHERE state = ANY(%(working)s) AND due_at < %(now)s),
  count(*) FILTER (WHERE answered_at IS NOT NULL OR (state = ANY(%(open)s) AND original_due_at < %(now)s)),
  count(*) FILTER (WHERE answered_at <= original_due_at),
  count(*) FILTER (WHERE answered_at <= due_at),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered_at - received_at) / 86400)
    FILTER (WHERE answered_at IS NOT NULL),
  count(*) FILTER (WHERE ending IN ('reporter', 'neighbours')),
  count(*) FILTER (WHERE ending = 'silence'),
  count(*) FILTER (WHERE reopenings > 0),
  count(*) FILTER (WHERE extensions > 0),
  coalesce(sum(hand_backs), 0),
  count(stars), count(*) FILTER (WHERE stars >= 4), avg(stars)
FROM fieldreports_report
WHERE received_at >= %(since)s AND received_at < %(until)s AND state NOT IN ('merged', 'withdrawn') {more}
{grouped}
"""


def by_agency(first: date, last: date, *, now: datetime) -> list[UnitFigures]:
    """Return the figures of every agency that holds reports received from ``first`` to ``last``, most received first. Two statements."""
    found = _ask(first, last, now, group="holder_id", grouped="GROUP BY holder_id ORDER BY 2 DESC, 1")
    names = rows.agency_names({int(row[0]) for row in found}, clock.day_of(now))
    return [_figures(row, names.get(int(row[0]), "")) for row in found]


def of_agency(agency_id: int, first: date, last: date, *, now: datetime) -> UnitFigures:
    """Return the figures of one agency. Two statements."""
    [row] = _ask(first, last, now, group="%(agency)s", more="AND holder_id = %(agency)s", agency=agency_id)
    return _figures(row, rows.agency_names({agency_id}, clock.day_of(now)).get(agency_id, ""))


def of_everybody(first: date, last: date, *, now: datetime, commune_id: int | None = None) -> UnitFigures:
    """Return the figures of all agencies together, or of one commune's ground. One statement."""
    more = "AND commune_id = %(commune)s" if commune_id is not None else ""
    [row] = _ask(first, last, now, group="0", more=more, commune=commune_id)
    return _figures(row, "")


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """One category over a period: how many, how many in time, how long."""

    category_id: int
    category: str
    figures: UnitFigures


def by_category(first: date, last: date, *, now: datetime, agency_id: int | None = None) -> list[CategoryFigures]:
    """Return figures by category, most received first. Two statements."""
    more = "AND holder_id = %(agency)s" if agency_id is not None else ""
    found = _ask(
        first,
        last,
        now,
        group="category_id",
        more=more,
        grouped="GROUP BY category_id ORDER BY 2 DESC, 1",
        agency=agency_id,
    )
    names = categories.names()
    return [CategoryFigures(int(row[0]), names.get(int(row[0]), ""), _figures(row, "")) for row in found]


def by_day(first: date, last: date, *, agency_id: int | None = None) -> list[tuple[date, int, int]]:
    """Return (day, received, answered) for every day of a period. One statement."""
    more = "AND holder_id = %(agency)s" if agency_id is not None else ""
    sql = f"""
    SELECT d::date,
      (SELECT count(*) FROM fieldreports_report WHERE received_at >= d AND received_at < d + interval '1 day' {more}),
      (SELECT count(*) FROM fieldreports_report WHERE answered_at >= d AND answered_at < d + interval '1 day' {more})
    FROM generate_series(%(since)s::timestamptz, %(until)s::timestamptz - interval '1 day', interval '1 day') AS days(d)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, _period(first, last) | {"agency": agency_id})
        counted = [(int(received), int(answered)) for _day, received, answered in cursor.fetchall()]
    return [(first + timedelta(days=number), *pair) for number, pair in enumerate(counted)]


def _period(first: date, last: date) -> dict[str, Any]:
    return {"since": clock.start_of(first), "until": clock.start_of(last + timedelta(days=1))}


def _ask(
    first: date, last: date, now: datetime, *, group: str, more: str = "", grouped: str = "", **values: Any
) -> list[tuple[Any, ...]]:
    parameters = (
        _period(first, last)
        | values
        | {
            "now": now,
            "open": ["received", "accepted", "assigned", "in_progress", "reopened", "waiting", "contested"],
            "working": ["accepted", "assigned", "in_progress", "reopened"],
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(group=group, more=more, grouped=grouped), parameters)
        return list(cursor.fetchall())


_COUNTS = (
    "received", "open", "answered", "declined", "overdue", "due", "in_time_first", "in_time_extended", "median_days", "confirmed",
    "by_silence", "reopened", "extended", "handed_back", "rated", "satisfied", "mean_stars",
)  # fmt: skip


def _figures(row: tuple[Any, ...], name: str) -> UnitFigures:
    told: dict[str, Any] = {
        field: (None if value is None else round(float(value), 2))
        if field in {"median_days", "mean_stars"}
        else int(value or 0)
        for field, value in zip(_COUNTS, row[1:], strict=True)
    }
    return UnitFigures(agency_id=int(row[0]), agency=name, **told)
