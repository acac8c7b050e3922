"""Shelters read: by citizens under a warning, by the officials who keep them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from smarthd.alerts import policies
from smarthd.alerts.errors import ShelterUnknown
from smarthd.alerts.models import Shelter
from smarthd.alerts.rules import shelters as rules
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.shelters import ORDER, Stand, Told
from smarthd.alerts.selectors import ground
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterView:
    """A shelter as pages show it; ``kilometres`` from the point asked about, None where one of the two has none."""

    uid: UUID
    commune_id: int
    commune: str
    told: Told
    stand: Stand
    stand_at: datetime
    kilometres: float | None = None

    @property
    def stand_words(self) -> str:
        """How it stands, in words."""
        return rules.STAND_WORDS[self.stand]


def shelters_for(
    communes: Iterable[int], hazard: Hazard, on: date, *, near: UnitView | None = None
) -> list[ShelterView]:
    """Return the shelters of some communes for a hazard that people may go to, nearest to a commune's centre first. Two queries.

    Without a commune to start from: the open ones first, then by commune and name. What cannot be used is left out.
    """
    found = _views(
        Shelter.objects.filter(commune__in=list(communes), withdrawn_at=None).exclude(stand=Stand.CLOSED), on, near
    )
    fit = [one for one in found if not one.told.hazards or hazard in one.told.hazards]
    far = float("inf")
    if near is None:
        return sorted(fit, key=lambda one: (ORDER[one.stand], one.commune, one.told.name))
    return sorted(
        fit,
        key=lambda one: (
            one.commune_id != near.id,
            one.stand is Stand.FULL,
            far if one.kilometres is None else one.kilometres,
            one.told.name,
        ),
    )


def kept_by(actor: Actor, on: date) -> list[UnitView]:
    """Return the communes whose shelters an official keeps, in the catalogue's order."""
    units = places.units_on(on, "commune")
    held = ground.committees_places({grant.agency_id for grant in actor.grants}, on)
    mine = policies.shelters_in(actor, [unit.id for unit in units], held)
    return [unit for unit in units if unit.id in mine]


def shelters_at_desk(actor: Actor, on: date) -> list[ShelterView]:
    """Return every shelter an official keeps, also those not in use; by commune and name."""
    mine = [unit.id for unit in kept_by(actor, on)]
    found = _views(Shelter.objects.filter(commune__in=mine, withdrawn_at=None), on, None)
    return sorted(found, key=lambda one: (one.commune, one.told.name))


def shelter_for(actor: Actor, uid: UUID, on: date) -> ShelterView:
    """Return one shelter an official keeps, or raise ShelterUnknown."""
    for one in shelters_at_desk(actor, on):
        if one.uid == uid:
            return one
    raise ShelterUnknown


def _views(rows: Iterable[Shelter], on: date, near: UnitView | None) -> list[ShelterView]:
    kept = list(rows)
    names = places.views({row.commune_id for row in kept}, on)
    return [
        ShelterView(
            uid=row.uid,
            commune_id=row.commune_id,
            commune=names[row.commune_id].full_name,
            told=told_of(row),
            stand=Stand(row.stand),
            stand_at=row.stand_at,
            kilometres=_distance(row, near),
        )
        for row in kept
    ]


def _distance(row: Shelter, near: UnitView | None) -> float | None:
    if near is None or near.lat is None or near.lon is None or row.lat is None or row.lon is None:
        return None
    return rules.kilometres(near.lat, near.lon, row.lat, row.lon)


def told_of(row: Shelter) -> Told:
    """Return what stands in a row, as its commune told it."""
    return Told(
        name=row.name,
        address=row.address,
        lat=row.lat,
        lon=row.lon,
        capacity=row.capacity,
        accessible=row.accessible,
        contact=row.contact,
        hazards=tuple(Hazard(one) for one in row.hazards),
        note=row.note,
    )
