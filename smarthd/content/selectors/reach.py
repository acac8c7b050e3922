"""Which units' words concern a person who lives in one unit, on one day."""

from __future__ import annotations

from datetime import date, timedelta

from smarthd.places import selectors as places

ONE_DAY = timedelta(days=1)
_MAX_STEPS = 6  # reorganisations followed backwards; the province has had two


def units_concerning(unit_id: int | None, *, on: date) -> frozenset[int]:
    """Return the ids of the unit, of its superiors, and of all these under their earlier and later names.

    A notice for a commune that has since been merged or split reaches the people of the commune they live in now; a
    person whose home is still kept as an old commune hears the new one. Superiors of earlier units (the districts
    until 30/6/2025) count too. No unit: nothing in particular concerns the reader.
    """
    if unit_id is None:
        return frozenset()
    found: set[int] = set()
    waiting = [(home, on) for home in _onward(unit_id, on)]
    for _step in range(_MAX_STEPS):
        earlier: list[tuple[int, date]] = []
        for home, day in waiting:
            found.update(view.id for view in places.path(home, day))
            earlier.extend(
                (before.unit.id, before.on - ONE_DAY) for before in places.predecessors(home, day) if before.share > 0
            )
        waiting = [(home, day) for home, day in earlier if home not in found]
        if not waiting:
            break
    return frozenset(found)


def _onward(unit_id: int, on: date) -> set[int]:
    """Return the unit and all that people of it live in since, step by step."""
    homes = {unit_id}
    waiting = [unit_id]
    for _step in range(_MAX_STEPS):
        later = {after.unit.id for home in waiting for after in places.successors(home, on) if after.share > 0}
        waiting = sorted(later - homes)
        homes |= later
        if not waiting:
            break
    return homes
