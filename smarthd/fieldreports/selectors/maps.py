"""The map: clusters summed by the server at any zoom, single reports where few are in sight; public or within an official's reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from smarthd.fieldreports import policies
from smarthd.fieldreports.rules import mapping, states
from smarthd.fieldreports.rules.states import Stand, State
from smarthd.fieldreports.selectors import categories, filters
from smarthd.fieldreports.selectors.filters import Query
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid

MOST_POINTS = 400
FEW = 120
"""So few in sight are shown as themselves at any zoom."""
MOST_CELLS = 4_000


class BadWindow(Invalid):
    """The window of the map is no window: west of east, south of north, within the world."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Reports of one cell: how many, and the middle of them."""

    lat: float
    lon: float
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """One report on the map."""

    code: str
    lat: float
    lon: float
    category_key: str
    state: State
    stand: Stand | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """What is in sight: clusters or points, never both; ``count`` is of all in sight."""

    clusters: tuple[Cluster, ...]
    points: tuple[Point, ...]
    count: int
    level: int


@dataclass(frozen=True, slots=True)
class _Window:
    west: int
    north: int
    east: int
    south: int


def clusters(
    west: float,
    south: float,
    east: float,
    north: float,
    *,
    zoom: int,
    query: Query,
    now: datetime,
    actor: Actor | None = None,
) -> MapAnswer:
    """Return what a window (degrees) holds at a zoom. At most four statements.

    Everybody's map without words or time is read from sums kept by cell; any other question is answered from the reports in the window.
    """
    window = _window(west, south, east, north)
    level = mapping.level_of(zoom)
    if actor is None and _kept(query):
        if zoom >= mapping.POINTS_FROM_ZOOM:
            points = _points(window, query, actor, now)
            if len(points) <= MOST_POINTS:
                return MapAnswer((), tuple(points), len(points), level)
        found = _cells(window, level, query)
    else:
        found = _summed(window, level, query, actor, now)
    count = sum(one.count for one in found)
    if count <= FEW:
        points = _points(window, query, actor, now)
        return MapAnswer((), tuple(points), len(points), level)
    return MapAnswer(tuple(found), (), count, level)


def _window(west: float, south: float, east: float, north: float) -> _Window:
    edges = (west, south, east, north)
    if not all(math.isfinite(edge) for edge in edges) or not (
        -180 <= west < east <= 180 and -90 <= south < north <= 90
    ):
        raise BadWindow
    left, top = mapping.grid_of(north, west)
    right, bottom = mapping.grid_of(south, east)
    return _Window(left, top, right, bottom)


def _kept(query: Query) -> bool:
    """Say whether the kept sums can answer: they know category and state, nothing else."""
    return query == Query(category_keys=query.category_keys, stands=query.stands, states=query.states)


_CELLS = """
SELECT x, y, sum(n)::bigint, sum(sx)::float8, sum(sy)::float8 FROM (
  SELECT x, y, count AS n, sum_mx AS sx, sum_my AS sy FROM fieldreports_mapcell
  WHERE level = %(level)s AND x BETWEEN %(x0)s AND %(x1)s AND y BETWEEN %(y0)s AND %(y1)s
    AND category_id = ANY(%(categories)s) AND state = ANY(%(states)s) AND shown
  UNION ALL
  SELECT mx >> %(shift)s, my >> %(shift)s, change, change * mx::bigint, change * my::bigint FROM fieldreports_mapchange
  WHERE mx >> %(shift)s BETWEEN %(x0)s AND %(x1)s AND my >> %(shift)s BETWEEN %(y0)s AND %(y1)s
    AND (%(all)s OR category_id = ANY(%(categories)s)) AND state = ANY(%(states)s) AND shown
) AS told GROUP BY x, y HAVING sum(n) > 0 LIMIT %(most)s
"""


def _cells(window: _Window, level: int, query: Query) -> list[Cluster]:
    shift = mapping.shift_of(level)
    ids = [one for key in query.category_keys for one in categories.ids_under(key)]
    parameters: dict[str, Any] = {
        "level": level,
        "shift": shift,
        "x0": window.west >> shift,
        "x1": window.east >> shift,
        "y0": window.north >> shift,
        "y1": window.south >> shift,
        "all": not query.category_keys,
        "categories": ids if query.category_keys else [0],
        "states": _public_states(query),
        "most": MOST_CELLS,
    }
    return _read_clusters(_CELLS, parameters)


def _public_states(query: Query) -> list[str]:
    asked = filters.chosen_states(query)
    known = frozenset(State) - {State.MERGED, State.WITHDRAWN}
    return sorted(str(state) for state in (known if asked is None else asked & known))


def _read_clusters(sql: str, parameters: dict[str, Any]) -> list[Cluster]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        made = []
        for _x, _y, count, sum_mx, sum_my in cursor.fetchall():
            lat, lon = mapping.degrees_of(sum_mx / count, sum_my / count)
            made.append(Cluster(round(lat, 6), round(lon, 6), int(count)))
    return made


def _summed(window: _Window, level: int, query: Query, actor: Actor | None, now: datetime) -> list[Cluster]:
    where, parameters = _where(window, query, actor, now)
    parameters["shift"] = mapping.shift_of(level)
    sql = (
        "SELECT mx >> %(shift)s, my >> %(shift)s, count(*), sum(mx::bigint)::float8, sum(my::bigint)::float8 "
        f"FROM fieldreports_report WHERE {where} GROUP BY 1, 2 LIMIT {MOST_CELLS}"
    )
    return _read_clusters(sql, parameters)


def _points(window: _Window, query: Query, actor: Actor | None, now: datetime) -> list[Point]:
    """Return the reports in the window themselves, one more than may be shown."""
    where, parameters = _where(window, query, actor, now)
    sql = (
        "SELECT r.code, r.lat, r.lon, c.key, r.state, r.urgent FROM fieldreports_report r "
        f"JOIN (SELECT id AS c_id, key FROM fieldreports_category) c ON c.c_id = r.category_id WHERE {where} LIMIT {MOST_POINTS + 1}"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [
            Point(code, lat, lon, key, State(state), states.stand_of(State(state)), urgent)
            for code, lat, lon, key, state, urgent in cursor.fetchall()
        ]


def _where(window: _Window, query: Query, actor: Actor | None, now: datetime) -> tuple[str, dict[str, Any]]:
    """Return the condition in SQL for reports in a window; the same questions as lists know."""
    parts = ["point(mx::float8, my::float8) <@ box(point(%(x0)s, %(y0)s), point(%(x1)s, %(y1)s))", "mx IS NOT NULL"]
    values: dict[str, Any] = {"x0": window.west, "y0": window.north, "x1": window.east, "y1": window.south, "now": now}
    if actor is None:
        parts += ["visibility = 'public'", "state = ANY(%(states)s)"]
        values["states"] = _public_states(query)
    else:
        asked = filters.chosen_states(query)
        parts.append("state = ANY(%(states)s)")
        values["states"] = sorted(str(state) for state in (asked if asked is not None else frozenset(State)))
        if not actor.system:
            parts.append("involved && %(seen)s::bigint[]")
            values["seen"] = sorted(policies.sees_agencies(actor))
    _more(query, actor, parts, values)
    return " AND ".join(parts), values


def _more(query: Query, actor: Actor | None, parts: list[str], values: dict[str, Any]) -> None:
    exact: Sequence[tuple[str, Any]] = (
        ("commune_id", query.commune_id),
        ("holder_id", query.holder_id),
        ("worker", query.worker if actor is not None else None),
    )
    for name, value in exact:
        if value is not None:
            parts.append(f"{name} = %({name})s")
            values[name] = value
    if query.category_keys:
        parts.append("category_id = ANY(%(categories)s)")
        values["categories"] = [one for key in query.category_keys for one in categories.ids_under(key)]
    if query.since is not None:
        parts.append("received_at >= %(since)s")
        values["since"] = clock.start_of(query.since)
    if query.until is not None:
        parts.append("received_at < %(until)s::timestamptz + interval '1 day'")
        values["until"] = clock.start_of(query.until)
    if query.urgent:
        parts.append("urgent")
    if query.overdue:
        parts.append(
            "((state = 'received' AND intake_due_at < %(now)s) OR (state IN ('accepted', 'assigned', 'in_progress', "
            "'reopened', 'contested') AND due_at < %(now)s))"
        )
    tsquery = filters.tsquery(query.words)
    if tsquery:
        parts.append("search @@ to_tsquery('simple', %(words)s)")
        values["words"] = tsquery
        if actor is None:
            parts.append("published_at IS NOT NULL")
