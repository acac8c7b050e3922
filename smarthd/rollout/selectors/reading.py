"""Where a reader stands: the last day counted, and the units a reader is inside of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from smarthd.agencies import selectors as agencies
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.models import RollupState

Inside = Callable[[int], bool]


def counted_day(as_of: date) -> tuple[date, RollupState]:
    """Return the day to read, at most the last one counted, and what the roll-ups cover; NothingMeasured before the first."""
    state = RollupState.objects.first()
    if state is None or as_of < state.covers_from:
        raise NothingMeasured(as_of=as_of.isoformat())
    return min(as_of, state.covers_to), state


def _everywhere(unit_id: int) -> bool:
    return True


def _nowhere(unit_id: int) -> bool:
    return False


def inside_of(actor: Actor, day: date) -> Inside:
    """Return the test whether a unit is within the actor's own reach: its place, or one above it; the system sees all."""
    if actor.system:
        return _everywhere
    reach = {agency for grant in actor.grants for agency in (grant.agency_id, *grant.agency_ids)}
    if not reach:
        return _nowhere
    homes = {view.place_id for view in agencies.agency_views(reach, day).values() if view.place_id is not None}

    def inside(unit_id: int) -> bool:
        if unit_id in homes:
            return True
        return unit_id != 0 and any(view.id in homes for view in places.path(unit_id, day))

    return inside
