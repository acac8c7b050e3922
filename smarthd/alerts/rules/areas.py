"""Ground a warning is about: a drawn polygon made small enough for CAP, or refused with words a person can act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely

MOST_VERTICES = 100
MOST_DRAWN = 10_000
_TOLERANCES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02)  # degrees; 0.001 is about 110 m
Ring = list[list[float]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A polygon as it was taken: ``ring`` closed, in longitude, latitude; or what is wrong with it, in words."""

    ring: Ring
    problem: str = ""
    simplified: bool = False


def take(points: Sequence[Sequence[float]]) -> Drawn:
    """Return a polygon of at most 100 vertices (degrees, five decimals), closed; or a problem. Never repairs by guessing."""
    problem = _wrong(points)
    if problem:
        return Drawn([], problem)
    ring = [[round(float(lon), 5), round(float(lat), 5)] for lon, lat in points]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    shape = shapely.Polygon(ring)
    if not shape.is_valid:
        return Drawn([], "Đường vẽ tự cắt chính nó. Xin xóa và vẽ lại theo một vòng.")
    if shape.area < 1e-7:
        return Drawn([], "Vùng vẽ quá nhỏ hoặc chỉ là một đường thẳng. Xin vẽ rộng hơn.")
    if len(ring) <= MOST_VERTICES:
        return Drawn(ring)
    return _simplified(shape)


def _wrong(points: Sequence[Sequence[float]]) -> str:
    if len(points) < 3:
        return "Vùng vẽ cần ít nhất ba điểm."
    if len(points) > MOST_DRAWN:
        return f"Vùng vẽ có {len(points)} điểm, nhiều quá. Xin vẽ đơn giản hơn, nhiều nhất {MOST_DRAWN} điểm."
    for point in points:
        if len(point) != 2 or not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
            return "Vùng vẽ có điểm không đọc được. Xin xóa và vẽ lại."
    return ""


def _simplified(shape: Any) -> Drawn:
    for tolerance in _TOLERANCES:
        smaller = shapely.simplify(shape, tolerance, preserve_topology=True)
        if smaller.is_valid and len(smaller.exterior.coords) <= MOST_VERTICES:
            ring = [[round(lon, 5), round(lat, 5)] for lon, lat in smaller.exterior.coords]
            if shapely.Polygon(ring).is_valid:
                return Drawn(ring, simplified=True)
    return Drawn([], f"Vùng vẽ quá rối, không rút gọn được về {MOST_VERTICES} điểm. Xin vẽ đơn giản hơn.")


def cap_polygon(ring: Sequence[Sequence[float]]) -> str:
    """Return a polygon as CAP writes it: "lat,lon lat,lon …", first and last the same."""
    return " ".join(f"{lat:.5f},{lon:.5f}" for lon, lat in ring)
