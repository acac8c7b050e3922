"""Where is this point? And the map of a day's units."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from django.db.models import Q

from smarthd.places.errors import BadPoint
from smarthd.places.geometry.ground import OUTSIDE, Ground
from smarthd.places.models import Boundary
from smarthd.places.rules import Level
from smarthd.places.selectors import sets, world
from smarthd.places.values import Located, UnitView

MAP_BYTES = 300_000  # what a phone on a weak line may be asked to fetch for a map of all communes


def ground(on: date) -> Ground:
    """Return the polygons of a day, read once for each boundary set and process."""
    now = world.current()
    day = _set_day(on)
    found: Ground | None = now.memo.get(("ground", day))
    if found is None:
        rows = list(_boundaries(day))
        found = Ground([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
        now.memo["ground", day] = found
    return found


def _set_day(on: date) -> date:
    now = world.current()
    on = now.epoch(on)
    day: date | None = now.memo.get(("set day", on))
    if day is None:
        day = now.memo["set day", on] = sets.boundary_set(on).as_of
    return day


def _boundaries(day: date) -> list[tuple[int, Any, bool]]:
    """Return (unit, polygon, approximate) of the communes of a day: official ones first, then in order of id."""
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    rows = Boundary.objects.filter(in_force, unit__level=Level.COMMUNE).order_by("approximate", "unit_id")
    found = list(rows.values_list("unit_id", "geometry", "approximate"))
    shapes = shapely.from_wkb([bytes(row[1]) for row in found])
    return [(unit, shape, approximate) for (unit, _, approximate), shape in zip(found, shapes, strict=True)]


def locate(lat: float, lon: float, on: date) -> Located | None:
    """Return the commune a point (degrees) lies in on a day, with its path; None outside all known ground."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadPoint(lat=lat, lon=lon)
    day = _set_day(on)
    there = ground(on)
    found = there.locate(lat, lon)
    if found == OUTSIDE:
        return None
    now = world.current()
    located: Located | None = now.memo.get(("located", day, found))
    if located is None:
        unit = int(there.units[found])
        located = Located(now.view(unit, day), now.path(unit, day), bool(there.approximate[found]))
        now.memo["located", day, found] = located
    return located


def locate_many(lats: npt.ArrayLike, lons: npt.ArrayLike, on: date) -> npt.NDArray[np.int64]:
    """Return the unit ids of many points at once (degrees, arrays of one length), −1 outside all known ground."""
    return ground(on).locate_many(np.asarray(lats, dtype=np.float64), np.asarray(lons, dtype=np.float64))


def boundaries_geojson(level: str, on: date) -> str:
    """Return a GeoJSON FeatureCollection (text) of a level's units on a day, simplified to at most about 300 kB.

    Each feature's properties: uid, code, name (full), approximate. Shared borders stay shared (the coverage is simplified as one).
    ``without_boundary`` lists the names of units of which no ground is known.
    """
    now = world.current()
    on = now.epoch(on)
    key = ("geojson", level, on)
    text: str | None = now.memo.get(key)
    if text is None:
        text = _geojson(now, level, on)
        now.memo[key] = text
    return text


def _geojson(now: world.World, level: str, on: date) -> str:
    there = ground(on)
    owned: dict[int, list[int]] = {}
    for number, commune in enumerate(there.units.tolist()):
        owner = next((view.id for view in now.path(commune, on) if view.level == level), None)
        if owner is not None:
            owned.setdefault(owner, []).append(number)
    standing = [unit for unit in now.standing_on(on) if now.levels[unit] == level]
    official = {} if level == Level.COMMUNE else _official(standing, _set_day(on))
    units = sorted({*owned, *official})
    shapes = np.empty(len(units), dtype=object)
    approximate = []
    for number, unit in enumerate(units):
        shapes[number] = official.get(unit) or shapely.union_all(there.polygons[owned[unit]])
        approximate.append(unit not in official and bool(there.approximate[owned[unit]].any()))
    lacking = [now.view(unit, on).full_name for unit in standing if unit not in units]
    tolerance = 0.0004
    while True:
        features = [
            _feature(now.view(unit, on), shape, drawn)
            for unit, shape, drawn in zip(units, _simplified(shapes, tolerance), approximate, strict=True)
        ]
        collection = {"type": "FeatureCollection", "without_boundary": lacking, "features": features}
        text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) <= MAP_BYTES or tolerance > 0.02:
            return text
        tolerance *= 1.6


def _official(units: list[int], day: date) -> dict[int, Any]:
    """Return the official ground of units above the communes, where it was imported."""
    in_force = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))
    rows = Boundary.objects.filter(in_force, unit__in=units, approximate=False).values_list("unit_id", "geometry")
    return {unit: shapely.from_wkb(bytes(geometry)) for unit, geometry in rows}


def _simplified(shapes: npt.NDArray[Any], tolerance: float) -> npt.NDArray[Any]:
    """Simplify as one coverage; official polygons that overlap are no coverage and are simplified each for itself."""
    if not len(shapes):
        return shapes
    if bool(shapely.coverage_is_valid(shapes)):
        return np.asarray(shapely.coverage_simplify(shapes, tolerance))
    return np.asarray(shapely.simplify(shapes, tolerance, preserve_topology=True))


def _feature(view: UnitView, shape: Any, approximate: bool) -> dict[str, Any]:  # noqa: FBT001 - a property of the feature
    geometry = json.loads(shapely.to_geojson(shape))
    return {
        "type": "Feature",
        "properties": {"uid": str(view.uid), "code": view.code, "name": view.full_name, "approximate": approximate},
        "geometry": {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])},
    }


def _rounded(value: Any) -> Any:
    """Round coordinates to five decimals: about one metre."""
    return round(value, 5) if isinstance(value, float) else [_rounded(part) for part in value]
