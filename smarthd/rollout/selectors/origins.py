"""The rows behind a figure: which atoms it was added up from, with what weight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.places import selectors as places
from smarthd.rollout import rules
from smarthd.rollout.errors import FigureUnknown
from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors import reading
from smarthd.rollout.selectors.indicators import KEYS


@dataclass(frozen=True, slots=True)
class Part:
    """What one atom gave: its own count and base, hidden outside where they are small, and the weight with which it counts."""

    atom_id: int
    name: str
    count: float | None
    weight: float
    base: float | None

    @property
    def counted(self) -> float | None:
        """The part of the figure that comes from this atom."""
        return None if self.count is None else self.count * self.weight


def rows_behind(key: str, unit_id: int, as_of: date, boundaries: date, *, actor: Actor = ANONYMOUS) -> list[Part]:
    """Return the atoms a citizen figure of a unit was added up from, the largest first. One query and names from memory."""
    indicator = KEYS.get(key)
    if indicator is None or indicator.of != "citizen":
        raise FigureUnknown(key=key)
    day, _ = reading.counted_day(as_of)
    base = f"r.{indicator.base}" if indicator.base in metrics.CITIZEN else "NULL::int"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT r.atom_id, r.{indicator.numerator}, c.weight, {base}
            FROM rollout_citizen_day r JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id
            WHERE r.day = %(day)s AND c.boundary_set_id = %(set)s AND c.basis = 'population' AND c.ancestor_id = %(unit)s
              AND r.{indicator.numerator} <> 0
            ORDER BY r.{indicator.numerator} * c.weight DESC, r.atom_id""",
            {"day": day, "set": places.boundary_set(on=boundaries).id, "unit": unit_id},
        )
        found = cursor.fetchall()
    names = places.views({row[0] for row in found}, boundaries)
    hidden = set() if reading.inside_of(actor, boundaries)(unit_id) else _hidden(found)
    return [
        Part(
            atom,
            names[atom].full_name if atom in names else "",
            None if atom in hidden else count,
            weight,
            None if atom in hidden else of,
        )
        for atom, count, weight, of in found
    ]


def _hidden(found: Sequence[tuple[int, int, float, int | None]]) -> set[int]:
    """Return the atoms of which an outsider sees neither count nor base: small ones, and one more with a single one."""
    order = sorted(row[0] for row in found)
    hidden: set[int] = set()
    for counts in ({row[0]: row[1] for row in found}, {row[0]: row[3] for row in found}):
        hidden |= rules.spare_cells(counts, order)
    return hidden
