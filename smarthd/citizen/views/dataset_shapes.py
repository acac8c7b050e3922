"""What a page of a dataset needs for its shape: the chart, the next departures, the sheet of a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest

from smarthd.citizen import linechart, stations
from smarthd.connectors.rules import thresholds
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.sources import PREVIEW_SALT, PREVIEW_SECONDS, Publication, Shape, publication_of
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.selectors import calendars, public, sensors, timetables
from smarthd.connectors.selectors.public import Dataset, Query
from smarthd.connectors.selectors.sensors import StationLine
from smarthd.kernel import clock

MOST_STOPS = 300
"""Stops among which one is chosen from a list; of more, one is found by its name."""
Series = Sequence[tuple[str, str, float]]


def preview_of(request: HttpRequest, shown: Dataset) -> Publication | None:
    """Return the publication an official looks at before it is kept: signed by the desk, for this dataset, for a quarter of an hour."""
    token = request.GET.get("xem-truoc", "")
    if not token:
        return None
    try:
        told = signing.loads(token, salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS)
    except signing.BadSignature:
        return None
    return publication_of(told["publication"]) if told.get("key") == shown.key else None


def context_of(request: HttpRequest, shown: Dataset, query: Query, *, now: datetime) -> dict[str, Any]:
    """Return what the template of the shape reads; nothing for lists, cards, tables and maps."""
    shape = shown.publication.shape
    if shape is Shape.CHART:
        lines = sensors.lines_of(shown.id)
        series = public.series(shown, query, now=now)
        return {
            "chart": _chart(shown, series, lines, measure=public.measure_of(shown)),
            "stations": stations.told(lines, _by_station(series)),
        }
    if shape is Shape.TIMETABLE:
        stop = request.GET.get("diem", "").strip()[:120].replace("\x00", "")
        found = timetables.departures(shown, query, now=now, stop=stop)
        named = timetables.stop_names(shown, most=MOST_STOPS + 1)
        return {
            "departures": found,
            "stops": named if 1 < len(named) <= MOST_STOPS else [],
            "today": clock.day_of(now),
            "stop": stop,
            "filtered": bool(stop) or _narrowed(query),
        }
    if shape is Shape.CALENDAR:
        sheet = calendars.month(shown, query, first=_month(request, now), now=now)
        today = clock.day_of(now)
        over = [one for one in sheet.days if one.day < today]
        ahead = [one for one in sheet.days if one.day >= today]
        if not ahead:  # a month that is over is shown whole
            over, ahead = [], over
        return {
            "sheet": sheet,
            "ahead": ahead,
            "over": over,
            "today": today,
            "week_words": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
        }
    return {}


def _marks(levels: Levels) -> list[tuple[int, float]]:
    return [(n, mark) for n in (1, 2, 3) if (mark := levels.at(n)) is not None]


def _narrowed(query: Query) -> bool:
    return bool(query.words or query.unit_id or query.chosen)


def _month(request: HttpRequest, now: datetime) -> date:
    today = clock.day_of(now).replace(day=1)
    try:
        asked = date.fromisoformat(f"{request.GET.get('thang', '')}-01")
    except ValueError:
        return today
    return asked if abs(asked.year - today.year) <= 5 else today


def _by_station(series: Series) -> dict[str, list[tuple[datetime, float]]]:
    found: dict[str, list[tuple[datetime, float]]] = {}
    for name, at, value in series:
        if "T" in at:
            found.setdefault(name, []).append((datetime.fromisoformat(at), value))
    return found


def _chart(shown: Dataset, series: Series, lines: list[StationLine], *, measure: str) -> linechart.Chart | None:
    """Return the chart; where one station alone is drawn, with its alarm levels across it."""
    kinds = {one.key: one for one in shown.mapping.fields}
    y = kinds.get(shown.publication.y)
    names = {name for name, _x, _y in series}
    alone = next((one for one in lines if names == {one.name}), None)
    kind = y.kind if y else Kind.NUMBER
    unit = f"/ {measure}" if measure and kind is Kind.MONEY else measure
    marks = [(thresholds.LEVEL_WORDS[n], mark) for n, mark in _marks(alone.levels)] if alone else []
    return linechart.draw(series, kind=kind, marks=marks, measure=unit) if series else None
