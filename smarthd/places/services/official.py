"""Importing official boundaries from GeoJSON: matched to the units of a day, repaired where needed, everything reported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.text import fold
from smarthd.places import names
from smarthd.places.errors import FarAway, NoBoundariesThen, NothingMatched, SwappedAxes, UnknownCRS
from smarthd.places.geometry import geojson
from smarthd.places.models import Boundary, BoundarySet
from smarthd.places.rules import Level
from smarthd.places.selectors import sets, world
from smarthd.places.services import boundaries, ledger
from smarthd.places.values import UnitView

_CODE_KEYS = ("code", "ma", "ma_xa", "maxa", "ma_dvhc", "ma_huyen", "mahuyen", "ma_tinh", "matinh", "gso_code")
_NAME_KEYS = ("full_name", "name", "ten", "ten_xa", "tenxa", "ten_dvhc", "ten_huyen", "tenhuyen", "ten_tinh", "tentinh")


@dataclass(slots=True)
class BoundaryImport:
    """What an import did. Lists hold (feature number, words): repaired rings, features of no unit, names that disagree."""

    features: int = 0
    matched: int = 0
    repaired: list[tuple[int, str]] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    unmatched: list[tuple[int, str]] = field(default_factory=list)
    disagreeing: list[tuple[int, str]] = field(default_factory=list)
    without: list[str] = field(default_factory=list)


class _Matcher:
    """Finds the unit of a feature: by code in the day's catalogue if the name does not contradict it, else by its name alone."""

    def __init__(self, units: list[UnitView]) -> None:
        self.by_code = {unit.code: unit for unit in units if unit.code}
        self.by_name: dict[str, list[UnitView]] = defaultdict(list)
        for unit in units:
            self.by_name[fold(unit.name)].append(unit)

    def match(self, feature: geojson.Feature, report: BoundaryImport) -> UnitView | None:
        folded = {fold(str(key)).replace(" ", "_"): value for key, value in feature.properties.items()}
        code = next((str(folded[key]).strip() for key in _CODE_KEYS if folded.get(key) not in (None, "")), feature.id)
        name = next((str(folded[key]) for key in _NAME_KEYS if folded.get(key)), "")
        unit = self.by_code.get(code)
        if unit is not None and (not name or self._bears(unit, name)):
            return unit
        if unit is not None:
            report.disagreeing.append((feature.number, f"{code} {name} ≠ {unit.full_name}"))
        found = self._named(name)
        if len(found) == 1:
            return found[0]
        report.unmatched.append((feature.number, " ".join(part for part in (code, name) if part) or "?"))
        return None

    def _bears(self, unit: UnitView, name: str) -> bool:
        return any(wanted.folded == fold(unit.name) for wanted in names.take_apart(name))

    def _named(self, name: str) -> list[UnitView]:
        found: dict[int, UnitView] = {}
        for wanted in names.take_apart(name):
            for unit in self.by_name.get(wanted.folded, ()):
                if not wanted.kinds or unit.kind in wanted.kinds:
                    found[unit.id] = unit
        return list(found.values())


def import_boundaries(
    path: Path, *, on: date, actor: Actor, now: datetime, level: str = Level.COMMUNE, source: str = ""
) -> BoundaryImport:
    """Give the units of a day their official ground from a GeoJSON file; nothing is kept of a file that is refused.

    Refused by name: no GeoJSON (NotGeoJSON), coordinates not in CRS84 / EPSG:4326 (UnknownCRS), latitude first (SwappedAxes), somewhere
    else on earth (FarAway), no feature of any unit (NothingMatched). 3-D coordinates lose their height.
    """
    day = sets.boundary_set(on).as_of
    land = _known_land()
    report = BoundaryImport()
    matcher = _Matcher(_units(on, level))
    grounds: dict[int, list[bytes]] = defaultdict(list)
    for feature in geojson.Reader(path):
        report.features += 1
        if feature.ground is None:
            report.skipped.append((feature.number, ", ".join(feature.faults)))
            continue
        _refuse_misplaced(feature, land)
        report.repaired += [(feature.number, fault) for fault in dict.fromkeys(feature.faults)]
        unit = matcher.match(feature, report)
        if unit is not None:
            grounds[unit.id].append(shapely.to_wkb(feature.ground))
    if not grounds:
        raise NothingMatched(features=report.features)
    report.matched = len(grounds)
    report.without = [unit.full_name for unit in _units(on, level) if unit.id not in grounds]
    _write(grounds, day=day, source=source or path.name, actor=actor, now=now)
    return report


def _units(on: date, level: str) -> list[UnitView]:
    units = world.current()
    return [units.view(unit, on) for unit in sorted(units.standing_on(on)) if units.levels[unit] == level]


def _known_land() -> tuple[float, float, float, float]:
    places = [
        (version.lon, version.lat)
        for versions in world.current().versions.values()
        for version in versions
        if version.lat is not None and version.lon is not None
    ]
    if not places:
        raise NoBoundariesThen
    west, south, east, north = shapely.MultiPoint(places).bounds
    return west, south, east, north


def _refuse_misplaced(feature: geojson.Feature, land: tuple[float, float, float, float]) -> None:
    match geojson.misplaced(feature.ground.bounds, land):
        case "metres":
            raise UnknownCRS(crs="metres", feature=feature.number)
        case "swapped":
            raise SwappedAxes(feature=feature.number)
        case "far":
            raise FarAway(feature=feature.number)


@transaction.atomic
def _write(grounds: dict[int, list[bytes]], *, day: date, source: str, actor: Actor, now: datetime) -> None:
    ledger.lock()
    units = world.load()
    Boundary.objects.filter(ledger.in_force(day), unit__in=grounds).delete()
    rows = []
    for unit, parts in grounds.items():
        version, _ = units.version_on(unit, day)
        ground: Any = shapely.union_all(shapely.from_wkb(parts)) if len(parts) > 1 else shapely.from_wkb(parts[0])
        rows.append(
            Boundary(
                unit_id=unit,
                geometry=shapely.to_wkb(ground),
                source=source[:300],
                approximate=False,
                valid_from=version.valid_from,
                valid_to=units.versions[unit][-1].valid_to,
            )
        )
    Boundary.objects.filter(unit__in=grounds, valid_from__gte=min(row.valid_from for row in rows)).delete()
    Boundary.objects.bulk_create(rows)
    boundaries.mark_sets()
    subject = BoundarySet.objects.get(as_of=day, kind="official")
    audit.record(actor, "places.boundaries_imported", subject, at=now, units=len(rows), source=source[:100])
    ledger.touch()
