"""The map's grid: points as whole numbers in web mercator, cells by level, so that clusters are sums and never geometry.

``mx``, ``my`` are web mercator (EPSG:3857) in units of the world's width / 2^SCALE_BITS, from the north-west corner: about 0.3 m on the
ground at 21° north. A cell of level L is those bits shifted right by SCALE_BITS − L; at zoom z a cell of level z + 2 is 64 pixels wide.
"""

from __future__ import annotations

import math

SCALE_BITS = 27
LEVELS = tuple(range(8, 17))
"""Levels kept as sums: zooms 6 to 14; nearer than that the points themselves are few."""
POINTS_FROM_ZOOM = 15
_MOST_LATITUDE = 85.05


def grid_of(lat: float, lon: float) -> tuple[int, int]:
    """Return a point (degrees) in the map's grid."""
    lat = max(-_MOST_LATITUDE, min(_MOST_LATITUDE, lat))
    size = 1 << SCALE_BITS
    x = (lon + 180) / 360 * size
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size
    return min(size - 1, max(0, int(x))), min(size - 1, max(0, int(y)))


def degrees_of(mx: float, my: float) -> tuple[float, float]:
    """Return latitude and longitude of a place in the grid."""
    size = 1 << SCALE_BITS
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * my / size))))
    return lat, mx / size * 360 - 180


def units_per_metre(lat: float) -> float:
    """Return how many grid units a metre on the ground is at a latitude."""
    return (1 << SCALE_BITS) / (40_075_016.686 * math.cos(math.radians(lat)))


def level_of(zoom: int) -> int:
    """Return the level of cells shown at a zoom."""
    return max(LEVELS[0], min(LEVELS[-1], zoom + 2))


def shift_of(level: int) -> int:
    """Return how many bits a grid number loses to become a cell of the level."""
    return SCALE_BITS - level


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance of two points (lat, lon in degrees) in metres; within a province a plane is exact to a metre."""
    lat = math.radians((one[0] + other[0]) / 2)
    north = (one[0] - other[0]) * 110_574
    east = (one[1] - other[1]) * 111_320 * math.cos(lat)
    return math.hypot(north, east)
