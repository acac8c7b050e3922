"""Presets of communes, for whoever writes a warning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.alerts import policies
from smarthd.alerts.models import AreaPreset
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView


@dataclass(frozen=True, slots=True)
class PresetView:
    """A preset with its communes in order; those no longer standing are left out."""

    uid: UUID
    name: str
    along: bool
    units: tuple[UnitView, ...]


def presets_for(actor: Actor, *, now: datetime) -> list[PresetView]:
    """Return the presets of the agencies where the actor writes, by name."""
    agencies = {grant.agency_id for grant in policies.writes_at(actor)}
    standing = {unit.id: unit for unit in places.units_on(clock.day_of(now), "commune")}
    rows = AreaPreset.objects.filter(agency_id__in=agencies, ended_at=None).order_by("name")
    return [
        PresetView(row.uid, row.name, row.along, tuple(standing[unit] for unit in row.communes if unit in standing))
        for row in rows
    ]
