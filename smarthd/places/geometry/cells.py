"""Approximate ground where no official polygon is known: Voronoi cells round centres, inside a hull of them. Pure geometry.

Coordinates are degrees, longitude first (OGC CRS84). One province spans about a degree, over which degrees are as good as metres for
a drawing that is called approximate wherever it is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

HULL_RATIO = (
    0.3  # of shapely.concave_hull: measured best on the 64 real polygons of 2025 (ground covered against ground beyond)
)
HULL_MARGIN = 0.025  # degrees, about 2.6 km: half the usual distance between two centres
ISLAND_APART = 0.24  # degrees: a centre with no other nearer is an island of its own
ISLAND_RADIUS = 0.05

Point = tuple[float, float]


def draw(points: Mapping[int, Sequence[Point]], within: Any = None) -> dict[int, Any]:
    """Return each unit's approximate ground from its points (lat, lon): the union of their cells, ``within`` a polygon if given.

    A point shared by two units belongs to neither; a unit without a point of its own gets no ground.
    """
    owners: dict[Point, set[int]] = defaultdict(set)
    for unit, places in points.items():
        for place in places:
            owners[place].add(unit)
    sole = {place: next(iter(units)) for place, units in owners.items() if len(units) == 1}
    if not sole:
        return {}
    places = sorted(sole)
    islands = _islands(places) if within is None else set()
    main = [place for place in places if place not in islands]
    grounds: dict[int, list[Any]] = defaultdict(list)
    for place in islands:
        grounds[sole[place]].append(shapely.Point(place[1], place[0]).buffer(ISLAND_RADIUS))
    for place, cell in zip(main, _cells(main, within), strict=True):
        grounds[sole[place]].append(cell)
    return {unit: shapely.union_all(parts) for unit, parts in grounds.items()}


def _islands(places: Sequence[Point]) -> set[Point]:
    if len(places) < 3:
        return set()
    where = np.array(places)
    apart = np.hypot(where[:, None, 0] - where[None, :, 0], where[:, None, 1] - where[None, :, 1])
    np.fill_diagonal(apart, np.inf)
    return {places[number] for number in np.flatnonzero(apart.min(axis=1) > ISLAND_APART).tolist()}


def _cells(places: Sequence[Point], within: Any) -> list[Any]:
    if not places:
        return []
    cloud = shapely.MultiPoint([(lon, lat) for lat, lon in places])
    hull = within
    if hull is None:
        hull = shapely.concave_hull(cloud, HULL_RATIO).buffer(HULL_MARGIN, quad_segs=4)
    if len(places) == 1:
        return [hull]
    cells = shapely.voronoi_polygons(cloud, extend_to=hull, ordered=True)
    return [shapely.intersection(cell, hull) for cell in cells.geoms]
