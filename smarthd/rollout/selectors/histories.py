"""Figures over days: for a trend line, and for whole histories under new boundaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.places import selectors as places
from smarthd.rollout import rules
from smarthd.rollout.errors import FigureUnknown
from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors import memory, reading


@dataclass(frozen=True, slots=True)
class Point:
    """Counts of one day by column of ``rules.metrics``; None where 1 to 9 persons are hidden from this reader."""

    day: date
    counts: dict[str, float | None]


def trend(
    first: date,
    last: date,
    boundaries: date,
    unit_id: int | None = None,
    columns: Sequence[str] = ("installed", "activated", "reached_3", "active_28", "active_7", "active_1"),
    *,
    actor: Actor = ANONYMOUS,
) -> list[Point]:
    """Return the counts of one unit, or of everyone, for each counted day between two. One query, then from memory."""
    _known(columns)
    rows = memory.of_counts(
        "trend", first, last, boundaries, unit_id, tuple(columns),
        make=lambda: _days(first, last, boundaries, unit_id, columns),
    )  # fmt: skip
    shown = unit_id is not None and reading.inside_of(actor, boundaries)(unit_id)
    return [
        Point(day, {name: _shown(value, inside=shown) for name, value in zip(columns, values, strict=True)})
        for day, *values in rows
    ]


def _days(
    first: date, last: date, boundaries: date, unit_id: int | None, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    parameters: dict[str, date | int] = {"first": first, "last": last}
    sums = ", ".join(f"sum(r.{name} * c.weight)" for name in columns)
    closure = f"JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id AND c.basis = 'population' AND c.boundary_set_id = %(set)s"
    where = "AND c.ancestor_id = %(unit)s"
    if unit_id is None:
        sums, closure, where = ", ".join(f"sum(r.{name})::float8" for name in columns), "", ""
    else:
        parameters |= {"set": places.boundary_set(on=boundaries).id, "unit": unit_id}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.day, {sums} FROM rollout_citizen_day r {closure} "
            f"WHERE r.day BETWEEN %(first)s AND %(last)s {where} GROUP BY r.day ORDER BY r.day",
            parameters,
        )
        return list(cursor.fetchall())


def staff_trend(
    first: date, last: date, columns: Sequence[str] = ("roster", "used", "activated"), *, agency_ids: Sequence[int] = ()
) -> list[Point]:
    """Return the counts of all rosters, or of some agencies' own ones, for each counted day between two. One query, then from memory."""
    _known(columns, metrics.STAFF)
    rows = memory.of_counts(
        "staff_trend", first, last, tuple(columns), tuple(agency_ids),
        make=lambda: _staff_days(first, last, columns, agency_ids),
    )  # fmt: skip
    return [Point(day, dict(zip(columns, values, strict=True))) for day, *values in rows]


def _staff_days(first: date, last: date, columns: Sequence[str], agency_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    sums = ", ".join(f"sum({name})::float8" for name in columns)
    some = "AND agency_id = ANY(%(agencies)s)" if agency_ids else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT day, {sums} FROM rollout_staff_day WHERE day BETWEEN %(first)s AND %(last)s {some} GROUP BY day ORDER BY day",
            {"first": first, "last": last, "agencies": list(agency_ids)},
        )
        return list(cursor.fetchall())


def history(
    level: str, first: date, last: date, boundaries: date, columns: Sequence[str] = metrics.CITIZEN[:12]
) -> Iterator[tuple[date, int, list[float]]]:
    """Yield (day, unit, values) of every unit of a level and day, re-aggregated under the boundaries of one day.

    Raw counts for further reckoning, not for showing: nothing is hidden. Rows come in blocks, memory stays flat.
    """
    _known(columns)
    sums = ", ".join(f"sum(r.{name} * c.weight)" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.day, c.ancestor_id, {sums}
            FROM rollout_citizen_day r JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id
            WHERE r.day BETWEEN %(first)s AND %(last)s AND c.boundary_set_id = %(set)s AND c.basis = 'population'
              AND c.level = %(level)s
            GROUP BY r.day, c.ancestor_id ORDER BY r.day, c.ancestor_id""",
            {"first": first, "last": last, "set": places.boundary_set(on=boundaries).id, "level": level},
        )
        while block := cursor.fetchmany(5000):
            for day, unit_id, *values in block:
                yield day, unit_id, values


def _known(columns: Sequence[str], among: Sequence[str] = metrics.CITIZEN) -> None:
    for name in columns:
        if name not in among:
            raise FigureUnknown(key=name)


def _shown(value: float, *, inside: bool) -> float | None:
    return None if rules.is_small(value) and not inside else value
