"""The province in one look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection

from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors import bases, figuring, memory, reading
from smarthd.rollout.selectors.values import Figure

_COLUMNS = ", ".join(f"COALESCE(sum({name}), 0)::float8" for name in metrics.CITIZEN)
_STAFF = ", ".join(f"COALESCE(sum({name}), 0)::float8" for name in metrics.STAFF)


@dataclass(frozen=True, slots=True)
class Headline:
    """Everyone together as of a day, citizens' and staff's figures by key, and the same of a week before."""

    as_of: date
    measured_at: datetime
    figures: dict[str, Figure]
    week_before: dict[str, Figure]


def headline(as_of: date, boundaries: date) -> Headline:
    """Return the province's figures; they do not depend on boundaries, except in which bases lack. A week before: on the same bases."""
    day, state = reading.counted_day(as_of)
    now, then = memory.of_counts("headline", day, boundaries, make=lambda: _now_and_before(day, boundaries))
    return Headline(day, state.refreshed_at, now, then)


def _now_and_before(day: date, boundaries: date) -> tuple[dict[str, Figure], dict[str, Figure]]:
    before = day - timedelta(days=7)
    communes = bases.bases_of("commune", day, boundaries)
    lacking = bases.lacking("province", day, boundaries, communes).get(0, set())
    found = {name: replace(base, partial=name in lacking) for name, base in communes.get(0, {}).items()}
    citizens = _sums("rollout_citizen_day", _COLUMNS, metrics.CITIZEN, [day, before])
    staff = _sums("rollout_staff_day", _STAFF, metrics.STAFF, [day, before])
    now, then = (
        figuring.citizen_figures(citizens[moment], found, day=moment, estimated_share=0.0)
        | figuring.staff_figures(staff[moment], day=moment)
        for moment in (day, before)
    )
    return now, then


def _sums(table: str, columns: str, names: tuple[str, ...], days: list[date]) -> dict[date, dict[str, float]]:
    sums = {day: dict.fromkeys(names, 0.0) for day in days}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT day, {columns} FROM {table} WHERE day = ANY(%s) GROUP BY day", [days])
        for day, *values in cursor.fetchall():
            sums[day] = dict(zip(names, values, strict=True))
    return sums
