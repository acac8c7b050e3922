"""Refusals of this context, by name. Decisions' own refusals stand in rules.py."""

from __future__ import annotations

from smarthd.kernel.errors import Conflict, Invalid, NotFound


class UnitNotFound(NotFound):
    """No unit with this id, uid, key or code."""


class EventUnknown(NotFound):
    """No change of units answers to this uid."""


class NoBoundariesThen(NotFound):
    """No catalogue reaches back to this day, or none was imported yet."""


class BadPoint(Invalid):
    """Latitude must lie in −90..90 and longitude in −180..180."""


class BadCatalogueFile(Invalid):
    """A catalogue or lineage file has faulty rows; ``facts["problems"]`` is a list of (line, what, detail)."""


class NotGeoJSON(Invalid):
    """The boundary file is no GeoJSON FeatureCollection."""


class UnknownCRS(Invalid):
    """The boundary file's coordinates are in a reference system other than CRS84 / EPSG:4326."""


class SwappedAxes(Invalid):
    """The boundary file gives latitude before longitude."""


class FarAway(Invalid):
    """The boundary file's coordinates lie nowhere near the units of the day."""


class NothingMatched(Invalid):
    """No feature of the boundary file could be matched to a unit of the day."""


class LaterEventStands(Conflict):
    """A later change of the same unit stands; it must be reverted first."""


class DayNotExplained(Conflict):
    """The units of a day are not those its events lead to: a catalogue was imported without its lineage."""


class DifferentDays(Invalid):
    """Events applied together must take effect on one day."""


class NotAVillageOf(Invalid):
    """A village needs a commune that stands on the day, and a name not yet used there."""
