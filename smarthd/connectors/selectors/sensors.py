"""Stations as they stand: for citizens beside the chart, for officials with their levels and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.connectors.errors import StationUnknown
from smarthd.connectors.models import DataRow, Station, StationStep
from smarthd.connectors.rules import thresholds
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.selectors.cells import cell, cell_or_nothing
from smarthd.connectors.selectors.public import Dataset
from smarthd.connectors.selectors.sources import source_for
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class StationLine:
    """Where one station stands, for citizens."""

    name: str
    quantity: str
    measure: str
    value: float | None
    at: datetime | None
    stale: bool
    level: int
    words: str
    levels: Levels


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest reading of a station."""

    value: float
    at: datetime


def stations_of(source_id: int) -> list[Station]:
    """Return the stations watched in a dataset, by name."""
    return list(Station.objects.filter(source_id=source_id, ended_at=None).order_by("name", "quantity"))


def lines_of(source_id: int) -> list[StationLine]:
    """Return where the stations of a dataset stand. One query."""
    return [
        StationLine(
            name=one.name,
            quantity=one.quantity,
            measure=one.measure,
            value=one.value,
            at=one.measured_at,
            stale=one.stale,
            level=one.level,
            words=level_words(one),
            levels=levels_of(one),
        )
        for one in stations_of(source_id)
    ]


def stations_for(actor: Actor, uid: UUID) -> list[Station]:
    """Return them for an official; an unseen source is not found."""
    return stations_of(source_for(actor, uid).pk)


def station_for(actor: Actor, uid: UUID, station_uid: UUID) -> Station:
    """Return one station of a source within reach. Raises StationUnknown."""
    found = Station.objects.filter(source=source_for(actor, uid), uid=station_uid, ended_at=None).first()
    if found is None:
        raise StationUnknown(uid=str(station_uid))
    return found


def steps_of(source_id: int, limit: int = 20) -> list[StationStep]:
    """Return the newest changes of a dataset's stations."""
    found = StationStep.objects.filter(station__source_id=source_id).select_related("station")
    return list(found.order_by("-at", "-id")[:limit])


def silent_in(source_ids: list[int]) -> list[Station]:
    """Return the stations of some datasets that fell silent, the longest silent first."""
    found = Station.objects.filter(source_id__in=source_ids, ended_at=None, stale=True).select_related("source")
    return list(found.order_by("measured_at", "id"))


def levels_of(station: Station) -> Levels:
    """Return a station's levels."""
    return Levels(station.level_1, station.level_2, station.level_3, station.step)


def newest(shown: Dataset, station: Station) -> Reading | None:
    """Return the newest reading of a station in the public rows."""
    told = shown.publication
    found = DataRow.objects.filter(source_id=shown.id, until=None).alias(station=cell(told.series))
    found = found.filter(station=station.name)
    if station.quantity and (field := quantity_field(shown)):
        found = found.alias(quantity=cell(field)).filter(quantity=station.quantity)
    row = found.exclude(**{f"values__{told.y}": None}).order_by(cell_or_nothing(told.x).desc(), "-id").first()
    if row is None:
        return None
    at = datetime.fromisoformat(str(row.values[told.x])).replace(tzinfo=clock.ZONE)
    return Reading(float(row.values[told.y]), at)


def quantity_field(shown: Dataset) -> str:
    """Return the field that names what was measured: the class that is filtered by beside the stations' own."""
    others = (one.key for one in shown.mapping.fields if one.filtered and one.key != shown.publication.series)
    return next((key for key in others if key == "dai_luong"), "")


def level_words(station: Station) -> str:
    """Return where a station stands, in words; a silent one is neither high nor low."""
    if station.stale:
        return "Không có số đo mới, chưa biết cao hay thấp"
    return thresholds.LEVEL_WORDS[station.level]
