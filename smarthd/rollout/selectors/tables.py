"""The league table: every unit of a level, as of a day, under the boundaries of any day. A handful of queries, then from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.places import selectors as places
from smarthd.rollout import rules
from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors import bases, figuring, memory, orders, reading
from smarthd.rollout.selectors.bases import Base
from smarthd.rollout.selectors.values import Figure, Row, Table

UNPLACED = "Chưa rõ địa bàn"
_SUMS = ", ".join(f"sum(r.{name} * c.weight)" for name in metrics.CITIZEN)
_PLAIN = ", ".join(f"sum(r.{name})::float8" for name in metrics.CITIZEN)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one unit by column, and the share of its activated persons that rests on estimated weights."""

    values: dict[str, float]
    estimated_share: float


def table(level: str, as_of: date, boundaries: date, campaign: str | None = None, *, actor: Actor = ANONYMOUS) -> Table:
    """Return the figures of all units of ``level`` as of the end of ``as_of``, under the boundaries of another day.

    ``level`` is province, district or commune. Small cells are hidden from whoever is not inside the unit (``actor``). Raises
    NothingMeasured before the first day counted; a day to come is answered with the last one counted, which the table names.
    """
    day, state = reading.counted_day(as_of)
    boundary_set = places.boundary_set(on=boundaries)
    whole = memory.of_counts("table", level, day, boundaries, make=lambda: _whole(level, day, boundaries))
    inside = reading.inside_of(actor, boundaries)
    return Table(
        level=level,
        as_of=day,
        boundaries=boundaries,
        rows=[row if inside(row.unit_id) else safe for row, safe in zip(whole.rows, whole.concealed, strict=True)],
        total=figuring.conceal_row(whole.total, inside=inside),
        unplaced=whole.unplaced if inside(figuring.APART) else whole.unplaced_concealed,
        measured_at=state.refreshed_at,
        approximate=boundary_set.approximate,
        targets=orders.targets_of(campaign, scope=rules.Scope.UNIT) if campaign else {},
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A table as those see it who are inside every unit, and its rows as those see them who are inside none."""

    rows: list[Row]
    concealed: list[Row]
    total: Row
    unplaced: Row | None
    unplaced_concealed: Row | None


def _nobody(_unit_id: int) -> bool:
    return False


def _whole(level: str, day: date, boundaries: date) -> Whole:
    units = places.units_on(boundaries, level)
    counts = counts_by_unit(level, day, places.boundary_set(on=boundaries).id)
    found = bases.bases_of(level, day, boundaries)
    communes = found if level == "commune" else bases.bases_of("commune", day, boundaries)
    lacking = bases.lacking(level, day, boundaries, communes)
    parents = places.views({unit.parent_id for unit in units if unit.parent_id is not None}, boundaries)
    nothing = Counts(dict.fromkeys(metrics.CITIZEN, 0.0), 0.0)
    rows = [
        Row(
            unit_id=unit.id,
            uid=unit.uid,
            code=unit.code,
            name=unit.full_name,
            kind=unit.kind,
            parent_name=parents[unit.parent_id].full_name if unit.parent_id in parents else "",
            parent_id=unit.parent_id,
            values=_figures(counts.get(unit.id, nothing), found.get(unit.id, {}), lacking.get(unit.id, set()), day),
        )
        for unit in units
    ]
    everyone = counts[0]
    unplaced = _unplaced(everyone, [counts[unit.id] for unit in units if unit.id in counts], day)
    order = _stable_order([unit.id for unit in units], found)
    concealed = figuring.conceal(rows, inside=_nobody, order=order, apart=unplaced)
    return Whole(
        rows=rows,
        concealed=concealed[: len(rows)],
        total=_plain_row("Tổng số", everyone, found.get(0, {}), lacking.get(0, set()), day),
        unplaced=unplaced,
        unplaced_concealed=concealed[-1] if unplaced else None,
    )


def counts_by_unit(level: str, day: date, boundary_set_id: int) -> dict[int, Counts]:
    """Return counts by unit of a level on a counted day; unit 0 holds everyone. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT c.ancestor_id, COALESCE(sum(r.activated * c.weight) FILTER (WHERE c.weight < 1), 0), {_SUMS}
            FROM rollout_citizen_day r JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id
            WHERE r.day = %(day)s AND c.boundary_set_id = %(set)s AND c.basis = 'population' AND c.level = %(level)s
            GROUP BY c.ancestor_id
            UNION ALL
            SELECT 0, 0, {_PLAIN} FROM rollout_citizen_day r WHERE r.day = %(day)s""",
            {"day": day, "set": boundary_set_id, "level": level},
        )
        found = {}
        for unit_id, estimated, *values in cursor.fetchall():
            named = {name: float(value or 0) for name, value in zip(metrics.CITIZEN, values, strict=True)}
            found[unit_id] = Counts(named, estimated / named["activated"] if named["activated"] else 0.0)
        return found


def _figures(counts: Counts, found: Mapping[str, Base], lacking: set[str], day: date) -> dict[str, Figure]:
    whole = {name: replace(base, partial=True) if name in lacking else base for name, base in found.items()}
    return figuring.citizen_figures(counts.values, whole, day=day, estimated_share=counts.estimated_share)


def _plain_row(name: str, counts: Counts, found: Mapping[str, Base], lacking: set[str], day: date) -> Row:
    return Row(0, None, "", name, "", "", _figures(counts, found, lacking, day))


def _unplaced(everyone: Counts, placed: list[Counts], day: date) -> Row | None:
    """Return the row of persons in no unit of the table: home unknown, or outside these boundaries."""
    left = {
        name: round(value - sum(counts.values[name] for counts in placed), 6) for name, value in everyone.values.items()
    }
    if not any(left.values()):
        return None
    return _plain_row(UNPLACED, Counts(left, 0.0), {}, set(), day)


def _stable_order(units: Iterable[int], found: Mapping[int, Mapping[str, Base]]) -> list[int]:
    """Order units by how many owners they have: the complement of a hidden cell is the smallest unit, whatever was counted."""
    owners = rules.Measure.SMARTPHONE_OWNERS.value

    def size(unit: int) -> float:
        base = found.get(unit, {}).get(owners)
        return base.value if base else 0.0

    return sorted(units, key=lambda unit: (size(unit), unit))
