"""Departures: what leaves next, by the days it runs on; after the last of today come the first of tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Q

from smarthd.connectors.models import DataRow
from smarthd.connectors.rules import service_days
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.cells import cell, cell_or_nothing, cell_sql
from smarthd.connectors.selectors.public import Dataset, Query, RowView
from smarthd.kernel import clock

MOST = 40
_NIGHT = 5
"""Trips written past 24:00 belong to the day before: until this hour yesterday's are looked at too."""


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure: its row, its local instant, the minutes until then."""

    row: RowView
    at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop on the map."""

    name: str
    lat: float
    lon: float


def departures(shown: Dataset, query: Query, *, now: datetime, stop: str = "", limit: int = MOST) -> list[Departure]:
    """Return the next departures by route, words and the exact name of a stop, soonest first. At most four queries."""
    told = shown.publication
    local = now.astimezone(clock.ZONE)
    found = public.asked(shown, query, now=now).annotate(at=cell_or_nothing(told.begins)).filter(at__gt="")
    if stop:
        found = found.alias(stop=cell(shown.title_key)).filter(stop=stop)
    rules = _rules(shown)
    listed: list[Departure] = []
    days = [-1, 0, 1] if local.hour < _NIGHT else [0, 1]
    for offset in days:
        if len(listed) >= limit:
            break
        day = local.date() + timedelta(days=offset)
        rows = found.filter(_runs(told.days, rules, day))
        begun = _written(local, day)
        if begun:
            rows = rows.filter(at__gte=begun)
        rows = rows.order_by("at", "sort", "id")[: limit - len(listed)]
        listed += [_departure(shown, row, day, local) for row in rows]
    return sorted(listed, key=lambda one: one.at)[:limit]


def _rules(shown: Dataset) -> dict[str, service_days.ServiceDays]:
    field = shown.publication.days
    if not field:
        return {}
    return {one: service_days.understood(one) for one in public.cells_of(shown, field, most=500)}


def _runs(field: str, rules: dict[str, service_days.ServiceDays], day: date) -> Q:
    if not rules:
        return Q()
    idle = [written for written, rule in rules.items() if not rule.runs_on(day)]
    return ~Q(**{f"values__{field}__in": idle}) | Q(**{f"values__{field}": None})


def _written(local: datetime, day: date) -> str:
    """Return the hour of the service day that is now: 25:10 where the day was yesterday, nothing where it is still to come."""
    hours = (local.date() - day).days * 24 + local.hour
    return f"{hours:02}:{local.minute:02}" if hours >= 0 else ""


def _departure(shown: Dataset, row: DataRow, day: date, local: datetime) -> Departure:
    hours, minutes = map(int, str(row.values[shown.publication.begins]).split(":"))
    at = datetime.combine(day, time(0), tzinfo=clock.ZONE) + timedelta(hours=hours, minutes=minutes)
    wait = int((at - local.replace(second=0, microsecond=0)).total_seconds() // 60)
    return Departure(public.view(shown, row), at, max(wait, 0))


def stop_names(shown: Dataset, *, most: int) -> list[str]:
    """Return what the stops are called, each once, sorted; at most so many. One query."""
    return public.cells_of(shown, shown.title_key, most=most)


def stops(shown: Dataset) -> Sequence[Stop]:
    """Return the stops that lie on the map, each once, where its first row lies. At most two queries."""
    if shown.title_key in shown.indexed:
        return _leapt_to(shown, stop_names(shown, most=public.MOST_POINTS))
    title = cell(shown.title_key)
    rows = (
        DataRow.objects.filter(source_id=shown.id, until=None)
        .exclude(lat=None)
        .annotate(name=title)
        .order_by("name", "sort", "id")
        .distinct("name")
        .values_list("name", "lat", "lon")[: public.MOST_POINTS]
    )
    return [Stop(name, lat, lon) for name, lat, lon in rows if name and lat is not None and lon is not None]


def _leapt_to(shown: Dataset, names: list[str]) -> list[Stop]:
    at = cell_sql(shown.title_key)
    first = f"SELECT lat, lon FROM connectors_datarow WHERE source_id = %s AND until IS NULL AND {at} = told.name AND lat IS NOT NULL"  # noqa: S608
    asked = (
        f"SELECT name, lat, lon FROM unnest(%s::text[]) AS told(name), LATERAL ({first} ORDER BY sort, id LIMIT 1) r"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [names, shown.id])
        return [Stop(*found) for found in cursor.fetchall()]
