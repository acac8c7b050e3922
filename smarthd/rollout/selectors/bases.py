"""Denominators applicable at a cut-off, added up under any boundaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection

from smarthd.places import selectors as places
from smarthd.rollout import rules
from smarthd.rollout.models import Denominator
from smarthd.rollout.selectors import memory


@dataclass(frozen=True, slots=True)
class Base:
    """The sum of a measure: the oldest day and the source of its parts (how many, when they differ)."""

    value: float
    source: str
    as_of: date
    method: str
    estimated_share: float
    partial: bool = False


_BASIS = "CASE d.measure WHEN 'smartphone_owners' THEN 'smartphones' WHEN 'households' THEN 'households' ELSE 'population' END"

APPLICABLE = f"""
newest AS (
  SELECT DISTINCT ON (measure, unit_id) measure, unit_id, value, source, method, as_of
  FROM rollout_denominator WHERE as_of <= %(day)s AND superseded_at IS NULL ORDER BY measure, unit_id, as_of DESC
),
base AS MATERIALIZED (
  SELECT d.measure, d.unit_id, {_BASIS} AS basis, d.source, d.method, d.as_of,
    d.value * GREATEST(0, 1 - COALESCE((
      SELECT sum(c.weight) FROM {{closure}} c
      JOIN newest n ON n.measure = d.measure AND n.unit_id = c.ancestor_id AND n.unit_id <> d.unit_id AND n.as_of > d.as_of
      WHERE c.boundary_set_id = %(own_set)s AND c.basis = {_BASIS} AND c.level = 'commune' AND c.atom_id = d.unit_id
    ), 0)) AS value
  FROM newest d
)"""
"""The newest base of each unit up to the day; what a newer base of the unit's heirs covers is taken off it, so that no ground
is counted by an old unit and by its heir."""


def denominators_of(unit_id: int, measure: rules.Measure | None = None) -> list[Denominator]:
    """Return every base ever entered for a unit, newest first, superseded ones included."""
    rows = Denominator.objects.filter(unit_id=unit_id).order_by("measure", "-as_of", "-entered_at")
    return list(rows.filter(measure=measure) if measure else rows)


def bases_of(level: str, day: date, boundaries: date) -> dict[int, dict[str, Base]]:
    """Return the bases of every unit of a level by unit and measure; unit 0 holds the sums of all. One query, then from memory."""
    return memory.of_bases("bases", level, day, boundaries, make=lambda: _bases_of(level, day, boundaries))


def _bases_of(level: str, day: date, boundaries: date) -> dict[int, dict[str, Base]]:
    target, own = places.boundary_set(on=boundaries), places.boundary_set(on=day)
    closure = places.closure_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {APPLICABLE.format(closure=closure)},
            part AS (
              SELECT c.ancestor_id, b.measure, b.value * c.weight AS value, c.weight, b.source, b.method, b.as_of
              FROM base b JOIN {closure} c ON c.atom_id = b.unit_id AND c.basis = b.basis
              WHERE c.boundary_set_id = %(target_set)s AND c.level = %(level)s AND b.value > 0
              UNION ALL
              SELECT 0, measure, value, 1, source, method, as_of FROM base WHERE value > 0
            )
            SELECT ancestor_id, measure, sum(value), COALESCE(sum(value) FILTER (WHERE weight < 1), 0), min(as_of),
              min(source), count(DISTINCT source), min(method)
            FROM part GROUP BY ancestor_id, measure""",
            {"day": day, "own_set": own.id, "target_set": target.id, "level": level},
        )
        found: dict[int, dict[str, Base]] = {}
        for unit_id, measure, value, estimated, as_of, source, sources, method in cursor.fetchall():
            words = source if sources == 1 else f"{sources} nguồn"
            found.setdefault(unit_id, {})[measure] = Base(
                value, words, as_of, method, estimated / value if value else 0.0
            )
        return found


def lacking(level: str, day: date, boundaries: date, communes: Mapping[int, Mapping[str, Base]]) -> dict[int, set[str]]:
    """Return, by unit of a level (0: all), the measures for which some commune within has no base: what is added up is then a part.

    ``communes`` are the bases of communes under ``boundaries``; communes of ``day`` itself are looked at as well, because one that stands
    no more may have gone, without a base, into one that has others'.
    """
    missing: dict[int, set[str]] = {}
    for unit in places.units_on(boundaries, "commune"):
        without = {measure.value for measure in rules.Measure if measure not in communes.get(unit.id, {})}
        over = {above.id for above in places.path(unit.id, boundaries) if above.level == level and above.id != unit.id}
        for one in {*over, 0}:
            missing.setdefault(one, set()).update(without)
    target, own = places.boundary_set(on=boundaries), places.boundary_set(on=day)
    if target.id != own.id:
        then = bases_of("commune", day, day)
        without_base = {
            unit.id: {measure.value for measure in rules.Measure if measure not in then.get(unit.id, {})}
            for unit in places.units_on(day, "commune")
        }
        for atom, heir in _heirs([unit for unit, measures in without_base.items() if measures], level, target.id):
            missing.setdefault(heir, set()).update(without_base[atom])
    return missing


def _heirs(atoms: list[int], level: str, set_id: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT atom_id, ancestor_id FROM {places.closure_sql()} c
            WHERE boundary_set_id = %s AND basis = 'population' AND level = %s AND atom_id = ANY(%s)""",
            [set_id, level, atoms],
        )
        return [(then, heir) for then, heir in cursor.fetchall()]
