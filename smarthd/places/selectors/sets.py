"""Boundary sets and their closure: how facts of any time add up under the units of one day."""

from __future__ import annotations

from datetime import date

from smarthd.places.errors import NoBoundariesThen
from smarthd.places.models import BoundarySet, Closure
from smarthd.places.rules import SetKind
from smarthd.places.selectors import world
from smarthd.places.values import BoundarySetView, ClosureRow


def _view(row: BoundarySet) -> BoundarySetView:
    return BoundarySetView(id=row.pk, key=row.key, as_of=row.as_of, kind=row.kind, approximate=row.approximate)


def boundary_sets() -> list[BoundarySetView]:
    """Return every set, official ones first, oldest first."""
    now = world.current()
    sets: list[BoundarySetView] | None = now.memo.get("sets")
    if sets is None:
        sets = [_view(row) for row in BoundarySet.objects.order_by("kind", "as_of", "id")]
        now.memo["sets"] = sets
    return list(sets)


def boundary_set(on: date) -> BoundarySetView:
    """Return the official set in force on a day: the latest whose ``as_of`` is not after it."""
    past = [view for view in boundary_sets() if view.kind == SetKind.OFFICIAL and view.as_of <= on]
    if not past:
        raise NoBoundariesThen(on=on)
    return past[-1]


def closure_sql() -> str:
    """Return a subquery of (boundary_set_id, basis, level, ancestor_id, atom_id, weight) for others' SQL to join.

    Filter by ``boundary_set_id`` and ``basis`` (the primary key begins with them), then by ``level`` or ``ancestor_id``. For each
    (set, basis, level) the weights of one atom add up to 1, or to 0 for an atom outside the set (say, of the other province
    before the merger) and for a level the set does not have. A weight strictly between 0 and 1 is an estimate.
    """
    return "(SELECT boundary_set_id, basis, level, ancestor_id, atom_id, weight FROM places_closure)"


def closure(boundary_set_id: int, basis: str, level: str | None = None) -> list[ClosureRow]:
    """Return the closure of a set on one basis."""
    rows = Closure.objects.filter(boundary_set_id=boundary_set_id, basis=basis)
    if level is not None:
        rows = rows.filter(level=level)
    return [ClosureRow(*row) for row in rows.values_list("ancestor_id", "level", "atom_id", "weight")]
