"""Where a reader stands: the last day counted, and the units a reader is inside of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.kernel import clock
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


def _placed(unit_id: int) -> bool:
    return unit_id != 0


def inside_of(actor: Actor, day: date) -> Inside:
    """Return the test whether a unit of a day is within the actor's own reach; the system sees all.

    Inside is: the place of an agency within reach, all below it, and what stood on its ground before – a unit that is no more is
    inside for whoever is inside all that it became. A part of a divided unit shows nothing of the whole.
    """
    if actor.system:
        return _everywhere
    reach = {agency for grant in actor.grants for agency in (grant.agency_id, *grant.agency_ids)}
    if not reach:
        return _nowhere
    today = clock.today()
    tops = {grant.agency_id for grant in actor.grants if grant.kind == Kind.PROVINCE_COMMITTEE}
    if tops and any(
        view.level == "province" for view in places.views(agencies.places_of(tops, {day, today}), today).values()
    ):
        return _placed  # spares asking for the places of thousands of agencies
    homes = agencies.places_of(reach, {day, today})
    known: dict[int, bool] = {}

    def under(unit_id: int) -> bool:
        return any(view.id in homes for moment in (day, today) for view in places.path(unit_id, moment))

    def inside(unit_id: int) -> bool:
        if unit_id == 0:
            return False
        if unit_id not in known:
            known[unit_id] = False
            known[unit_id] = unit_id in homes or under(unit_id) or _became(unit_id)
        return known[unit_id]

    def _became(unit_id: int) -> bool:
        """A unit without heirs of its own (a district) is what its communes of that day became."""
        heirs = [heir.unit.id for heir in places.successors(unit_id, today) if heir.share > 0]
        parts = heirs or [part.id for part in places.units_on(day, "commune", unit_id)]
        return unit_id not in heirs and unit_id not in parts and bool(parts) and all(map(inside, parts))

    return inside
