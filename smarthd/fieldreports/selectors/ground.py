"""Which commune does a point belong to? In a river between two communes: the nearest one within a tolerance, and it is said."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

from smarthd.fieldreports.errors import NoPlace, OutsideProvince
from smarthd.fieldreports.rules import intake
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

_RINGS_M = (25, 50, 100, 150, 200, 300, 400)
_BEARINGS = 32
_MOST_PARTS = 8
_KINDS = re.compile(r" (?:xã|phường|thị trấn|đặc khu) ")


@dataclass(frozen=True, slots=True)
class Ground:
    """The commune of a point; ``snapped_m`` says about how far the point lies outside known ground, None when it lies in it."""

    commune: UnitView
    path: tuple[UnitView, ...]
    snapped_m: int | None


def stand(lat: float, lon: float, at: datetime) -> Ground:
    """Return the commune of a point in degrees on the day of an instant.

    A point on no ground is given to the nearest commune within ``intake.NEAR_M``, found on rings around it (the distance is that of
    the ring, within 100 m). Raises OutsideProvince farther away, and for what is no point at all.
    """
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise OutsideProvince(distance_m=None)
    day = clock.day_of(at)
    found = places.locate(lat, lon, day)
    if found is not None:
        return Ground(found.unit, found.path, None)
    east = 111_320 * math.cos(math.radians(lat))
    for ring in _RINGS_M:
        if ring > intake.NEAR_M:
            break
        angles = [2 * math.pi * number / _BEARINGS for number in range(_BEARINGS)]
        lats = [lat + ring * math.sin(angle) / 110_574 for angle in angles]
        lons = [lon + ring * math.cos(angle) / east for angle in angles]
        units = places.locate_many(lats, lons, day).tolist()
        counted = {unit: units.count(unit) for unit in units if unit >= 0}
        if counted:
            nearest = max(sorted(counted), key=lambda unit: counted[unit])
            path = tuple(places.path(nearest, day))
            return Ground(path[-1], path, ring)
    raise OutsideProvince(distance_m=None)


def commune(unit_id: int, at: datetime) -> Ground:
    """Return the commune somebody named, as of a day; what is no commune standing that day is refused."""
    day = clock.day_of(at)
    path = tuple(places.path(unit_id, day))
    standing = [unit for unit in path if unit.level == "commune" and unit.standing]
    if not standing:
        raise NoPlace
    return Ground(standing[-1], tuple(unit for unit in path if unit.level != "village"), None)


def named(address: str, at: datetime) -> list[UnitView]:
    """Return the communes an address in words can mean on the day of an instant: one is certain, several are a question, none is none.

    An address goes from the smallest part to the largest ("số 5 phố Chợ, xã Nam Sách, tỉnh …"), so its end is read first. Where the
    part before names a commune below what was found ("Hồng Phong, Nam Sách"), that commune is meant.
    """
    day = clock.day_of(at)
    parts = [part.strip() for part in address.split(",") if part.strip()][-_MOST_PARTS:]
    for place in range(len(parts) - 1, -1, -1):
        found = _communes(parts[place], day)
        below = _communes(", ".join(parts[place - 1 : place + 1]), day) if place else []
        if len(below) == 1:
            return below
        if found:
            return found
    return []


def _communes(words: str, day: date) -> list[UnitView]:
    """Return the standing communes of a name, or of its last words from the kind on ("gần chợ xã Nam Sách")."""
    lowered = f" {words.lower()}"
    starts = [0, *(found.start() for found in _KINDS.finditer(lowered))]
    for start in starts:
        found = places.resolve_name(words[start:], day)
        communes = [unit for unit in found if unit.level == "commune" and unit.standing]
        if communes:
            return communes
    return []
