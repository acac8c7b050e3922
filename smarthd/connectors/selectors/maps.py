"""A large dataset on the map: what lies in a window, summed by cells of a grid, or the rows themselves where they are few."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, FloatField, QuerySet, Sum
from django.db.models.functions import Floor

from smarthd.connectors.models import DataRow
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Dataset, Query, RowView

FEW = 200
"""Rows of a window up to which each is a pin."""
_CELL_PX, _TILE_PX = 64, 256
_MOST_ACROSS = 64
"""Cells side by side in a window; one that is wider is summed by larger ones."""
_KEPT_AT = 12
"""The zoom at which the sums of a whole dataset are remembered: those of all lower zooms are made of them."""
_SQUARE = math.cos(math.radians(20.9))
"""How much shorter a degree is to the east than to the north, here: cells look square on the map."""
_MOST_KEPT = 64
_KEPT: dict[tuple[object, ...], tuple[int, tuple[Cell, ...]]] = {}


class Cell(NamedTuple):
    """So many rows in one cell of the grid, and the sums of their degrees."""

    y: int
    x: int
    rows: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """So many rows, around their middle in degrees."""

    lat: float
    lon: float
    count: int


@dataclass(frozen=True, slots=True)
class Window:
    """What is seen of the map, in degrees (WGS 84)."""

    west: float
    south: float
    east: float
    north: float

    @property
    def sound(self) -> bool:
        """Say whether it is a window: its edges are numbers, and in their order."""
        edges = (self.west, self.south, self.east, self.north)
        return all(map(math.isfinite, edges)) and self.west < self.east and self.south < self.north


@dataclass(frozen=True, slots=True)
class Seen:
    """What a window holds: rows where they are few, sums where they are many, never both; ``count`` of all."""

    clusters: tuple[Cluster, ...]
    rows: tuple[RowView, ...]
    count: int


def seen(shown: Dataset, query: Query, window: Window, *, zoom: int, now: datetime) -> Seen:
    """Return what lies in a window at a zoom (0 to 22). At most two queries; the whole, and each of its classes, is summed once a version."""
    level = _level(window, zoom)
    found = public.standing(shown, query, now=now).filter(
        lat__range=(window.south, window.north), lon__range=(window.west, window.east)
    )
    if level <= _KEPT_AT and query == Query(chosen=query.chosen) and not shown.publication.until:
        clusters = [one for one in map(_cluster, _coarser(_whole(shown, query, now), level)) if _inside(one, window)]
    else:
        clusters = [_cluster(one) for one in _summed(found, level)]
    count = sum(one.count for one in clusters)
    if count > FEW:
        return Seen(tuple(clusters), (), count)
    rows = tuple(public.view(shown, one) for one in found.order_by("id")[:FEW])
    return Seen((), rows, len(rows))


def _step(level: int) -> float:
    """Return how wide a cell is, in degrees to the east."""
    return 360 * _CELL_PX / _TILE_PX / float(2**level)


def _level(window: Window, zoom: int) -> int:
    while zoom and (window.east - window.west) / _step(zoom) > _MOST_ACROSS:
        zoom -= 1
    return zoom


def _whole(shown: Dataset, query: Query, now: datetime) -> tuple[Cell, ...]:
    key = (shown.id, *sorted(query.chosen.items()))
    version, cells = _KEPT.get(key, (0, ()))
    if version != shown.version:
        cells = _summed(public.standing(shown, query, now=now).exclude(lat=None), _KEPT_AT)
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = (shown.version, cells)
    return cells


def _coarser(cells: tuple[Cell, ...], level: int) -> list[Cell]:
    """Return the cells of a lower zoom: each is made of four of the next, whole."""
    shift, made = _KEPT_AT - level, dict[tuple[int, int], Cell]()
    for one in cells:
        at = one.y >> shift, one.x >> shift
        told = made.get(at, Cell(*at, 0, 0.0, 0.0))
        made[at] = Cell(*at, told.rows + one.rows, told.lat + one.lat, told.lon + one.lon)
    return list(made.values())


def _cluster(one: Cell) -> Cluster:
    return Cluster(round(one.lat / one.rows, 6), round(one.lon / one.rows, 6), one.rows)


def _inside(one: Cluster, window: Window) -> bool:
    return window.west <= one.lon <= window.east and window.south <= one.lat <= window.north


def _summed(found: QuerySet[DataRow], level: int) -> tuple[Cell, ...]:
    step = _step(level)
    cells = found.annotate(
        y=Floor(F("lat") / (step * _SQUARE), output_field=FloatField()),
        x=Floor(F("lon") / step, output_field=FloatField()),
    )
    sums = cells.values("y", "x").annotate(n=Count("*"), lats=Sum("lat"), lons=Sum("lon")).order_by()
    return tuple(Cell(int(y), int(x), *told) for y, x, *told in sums.values_list("y", "x", "n", "lats", "lons"))
