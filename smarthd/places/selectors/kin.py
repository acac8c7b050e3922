"""What became of a unit, and what it was made of; the old ↔ new address question."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from datetime import date

from smarthd.kernel import lineage
from smarthd.places.rules import Basis, Level
from smarthd.places.selectors import world
from smarthd.places.values import AddressChange, Choice, Relative, UnitView

_BASES = (Basis.POPULATION, Basis.AREA)


def steps(now: world.World, basis: str, *, back: bool) -> lineage.Steps[int]:
    """Return where each unit's parts went, or (``back``) came from, on one basis; made once a state of the tables."""
    remembered: lineage.Steps[int] | None = now.memo.get(("steps", basis, back))
    if remembered is None:
        passages = [*now.passages, *now.undone] if back else now.passages
        shares = [lineage.Share(p.source, p.target, p.share) for p in passages if p.basis == basis]
        remembered = lineage.backward(shares, now.sizes.get(basis)) if back else lineage.forward(shares)
        now.memo["steps", basis, back] = remembered
    return remembered


def parts_on(
    now: world.World, unit: int, on: date, basis: str, standing: Collection[int] | None = None
) -> dict[int, float]:
    """Return the standing units of a day that hold a unit's parts: itself, its heirs, or what it was made of.

    ``standing`` takes the place of the day's own units where a plan is weighed.
    """
    on = now.epoch(on)
    if unit in now.ghosts:
        return _parts_of_origins(now, unit, on, basis, standing)
    back = now.versions[unit][0].valid_from > on
    memo: dict[int, dict[int, float]] = now.memo.setdefault(("spread", basis, back, on), {})
    there = now.standing_on(on) if standing is None else standing
    return lineage.spread(unit, standing=there, steps=steps(now, basis, back=back), memo=memo)


def _parts_of_origins(
    now: world.World, ghost: int, on: date, basis: str, standing: Collection[int] | None
) -> dict[int, float]:
    """Return where a unit whose founding was taken back counts: with what it was made of, whatever became of that since."""
    sums: dict[int, float] = defaultdict(float)
    for origin, part in steps(now, basis, back=True).get(ghost, ()):
        for place, weight in parts_on(now, origin, on, basis, standing).items():
            sums[place] += part * weight
    return dict(sums)


def standing_heirs(now: world.World, unit: int, on: date) -> list[UnitView]:
    """Return the units standing on a day that hold people or ground of ``unit``, largest part first."""
    people = parts_on(now, unit, on, Basis.POPULATION)
    ground = parts_on(now, unit, on, Basis.AREA)
    found = {**ground, **people}
    ordered = sorted(found, key=lambda heir: (-people.get(heir, 0.0), -ground.get(heir, 0.0), heir))
    return [now.view(heir, on) for heir in ordered]


def _relatives(unit_id: int, on: date, *, back: bool) -> list[Relative]:
    now = world.current()
    shares: dict[int, dict[str, world.Passage]] = defaultdict(dict)
    for passage in _passages_by_end(now, back=back).get(unit_id, ()):
        shares[passage.source if back else passage.target][passage.basis] = passage
    found = []
    for other, by_basis in shares.items():
        passage = by_basis.get(Basis.POPULATION) or by_basis[Basis.AREA]
        people = by_basis[Basis.POPULATION].share if Basis.POPULATION in by_basis else 0.0
        ground = by_basis[Basis.AREA].share if Basis.AREA in by_basis else people
        day = on if now.stands(other, on) else passage.on
        found.append(
            Relative(
                unit=now.view(other, day),
                share=people,
                area_share=ground,
                exact=people == 1.0 and ground == 1.0,
                confidence=passage.confidence,
                source=passage.origin,
                document=passage.document,
                on=passage.on,
            )
        )
    return sorted(found, key=lambda relative: (-relative.share, -relative.area_share, relative.unit.code))


def _passages_by_end(now: world.World, *, back: bool) -> dict[int, list[world.Passage]]:
    """Return the passages by the unit they come to (``back``) or from; sorted out once a state of the tables."""
    key = ("passages", back)
    if key not in now.memo:
        sorted_out: dict[int, list[world.Passage]] = defaultdict(list)
        for passage in now.passages:
            if passage.basis in _BASES:
                sorted_out[passage.target if back else passage.source].append(passage)
        now.memo[key] = dict(sorted_out)
    found: dict[int, list[world.Passage]] = now.memo[key]
    return found


def successors(unit_id: int, on: date) -> list[Relative]:
    """Return the units that directly followed this one, largest share first; empty while it stands. Views as of ``on``."""
    return _relatives(unit_id, on, back=False)


def predecessors(unit_id: int, on: date) -> list[Relative]:
    """Return the units this one was directly made of; ``share`` is the part of the predecessor that came here."""
    return _relatives(unit_id, on, back=True)


def address_change(unit_id: int, on: date, lat: float | None = None, lon: float | None = None) -> AddressChange:
    """Translate a unit to those standing on a day, forward or backward, with what tells several apart.

    One choice is an answer. Several need one question: each choice carries whether it is the main part, whether only ground went
    there, the villages known to belong to it, and the distance from the person's position if given. We know no more than that.
    """
    now = world.current()
    view = now.view(unit_id, on)
    people = {unit_id: 1.0} if view.standing else parts_on(now, unit_id, on, Basis.POPULATION)
    ground = {unit_id: 1.0} if view.standing else parts_on(now, unit_id, on, Basis.AREA)
    heirs = [view] if view.standing else standing_heirs(now, unit_id, on)
    largest = max(people.values(), default=0.0)
    choices = []
    for heir in heirs:
        share = people.get(heir.id, 0.0)
        choices.append(
            Choice(
                unit=heir,
                share=share,
                main=share > 0 and share == largest,
                area_only=share == 0.0 and ground.get(heir.id, 0.0) > 0.0,
                confidence="stated" if share == 1.0 else "inferred",
                villages=_villages_of_both(now, unit_id, heir.id, on),
                distance_km=_distance_km((lat, lon), (heir.lat, heir.lon)),
            )
        )
    return AddressChange(unit=view, choices=tuple(choices), outside_catalogue=not choices)


def _villages_of_both(now: world.World, one: int, other: int, on: date) -> tuple[str, ...]:
    """Return the villages that stood under one unit at some time and stand (stood) under the other on the day."""
    if one == other:
        return ()
    villages = {edge.child for edge in now.children.get(one, ()) if now.levels[edge.child] == Level.VILLAGE}
    return tuple(sorted(now.view(v, on).full_name for v in villages if now.parent_on(v, on) == other))


def _distance_km(one: tuple[float | None, float | None], other: tuple[float | None, float | None]) -> float | None:
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return None
    north = (other[0] - one[0]) * 110.7
    east = (other[1] - one[1]) * 111.3 * math.cos(math.radians(one[0]))
    return round(math.hypot(north, east), 1)
