"""Which polygon is a point in? Exact answers, fast: a grid answers for cells wholly inside one polygon, the tree for the rest.

The grid is a cache of exact answers, never an approximation: a cell that any boundary touches is marked mixed, and its points are put
to the polygons themselves. Where official polygons overlap, the first in order wins; ``locate_slowly`` is the plain loop this equals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

OUTSIDE, MIXED = -1, -2
_MOST_CELLS = 3_000_000
_FINEST = 0.001  # degrees, about 105 m

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]


class Ground:
    """The polygons of one day, ready for questions. ``units[i]`` owns ``polygons[i]``; earlier ones win where they overlap."""

    def __init__(self, units: Sequence[int], polygons: Sequence[Any], approximate: Sequence[bool]) -> None:
        self.units: Ints = np.array(units, dtype=np.int64)
        self.polygons: npt.NDArray[Any] = np.array(polygons, dtype=object)
        self.approximate = np.array(approximate, dtype=bool)
        shapely.prepare(self.polygons)
        self.tree = shapely.STRtree(self.polygons)
        self._make_grid()
        self._cells = memoryview(self.grid.ravel())  # type: ignore[arg-type]  # read like a list, without a list of a million numbers
        self._unit_list = self.units.tolist()

    # -- questions ----------------------------------------------------------------------------------------------------
    def locate(self, lat: float, lon: float) -> int:
        """Return the index of the polygon a point lies in or on, or −1."""
        column = math.floor((lon - self.west) / self.step)
        row = math.floor((lat - self.south) / self.step)
        if not (0 <= column < self.columns and 0 <= row < self.rows):
            return OUTSIDE
        found = self._cells[row * self.columns + column]
        return found if found != MIXED else self._ask(lat, lon)

    def locate_many(self, lats: Floats, lons: Floats) -> Ints:
        """Return unit ids for arrays of points (degrees), −1 outside."""
        columns = np.floor((lons - self.west) / self.step)
        rows = np.floor((lats - self.south) / self.step)
        inside = (columns >= 0) & (columns < self.columns) & (rows >= 0) & (rows < self.rows)
        found = np.full(len(lats), OUTSIDE, dtype=np.int64)
        at = np.flatnonzero(inside)
        found[at] = self.grid[rows[at].astype(np.int64), columns[at].astype(np.int64)]
        mixed = np.flatnonzero(found == MIXED)
        if len(mixed):
            found[mixed] = self._ask_many(lats[mixed], lons[mixed])
        return np.where(found >= 0, self.units[found], OUTSIDE) if len(self.units) else found

    def locate_slowly(self, lat: float, lon: float) -> int:
        """Return what ``locate`` must return, by asking every polygon in order; for tests and as the bench's peer."""
        point = shapely.Point(lon, lat)
        for number, polygon in enumerate(self.polygons):
            if polygon.intersects(point):
                return number
        return OUTSIDE

    def _ask(self, lat: float, lon: float) -> int:
        row = int((lat - self.south) / self.step)
        column = int((lon - self.west) / self.step)
        for number in self._near(row, column):
            if shapely.intersects_xy(self.polygons[number], lon, lat):
                return number
        return OUTSIDE

    def _near(self, row: int, column: int) -> list[int]:
        """Return the polygons that reach into a grid cell, in order; remembered."""
        key = row * self.columns + column
        near = self._reach.get(key)
        if near is None:
            west, south = self.west + column * self.step, self.south + row * self.step
            margin = self.step * 1e-3
            box = shapely.box(west - margin, south - margin, west + self.step + margin, south + self.step + margin)
            near = sorted(self.tree.query(box, predicate="intersects").tolist())
            self._reach[key] = near
        return near

    def _ask_many(self, lats: Floats, lons: Floats) -> Ints:
        """Ask the polygons whose box holds a point. The tree's own predicate would prepare the points, not the polygons."""
        points, polygons = self.tree.query(shapely.points(lons, lats))
        order = np.argsort(polygons, kind="stable")
        points, polygons = points[order], polygons[order]
        hit = shapely.intersects_xy(self.polygons[polygons], lons[points], lats[points])
        found = np.full(len(lats), len(self.units), dtype=np.int64)
        np.minimum.at(found, points[hit], polygons[hit])
        found[found == len(self.units)] = OUTSIDE
        return found

    # -- the grid -----------------------------------------------------------------------------------------------------
    def _make_grid(self) -> None:
        self._reach: dict[int, list[int]] = {}
        if not len(self.polygons):
            self.west = self.south = 0.0
            self.step, self.rows, self.columns = 1.0, 0, 0
            self.grid = np.full((0, 0), OUTSIDE, dtype=np.int16)
            return
        west, south, east, north = shapely.total_bounds(self.polygons)
        step = max(_FINEST, math.sqrt((east - west) * (north - south) / _MOST_CELLS))
        self.step = float(step)
        self.west, self.south = float(west) - step, float(south) - step
        self.columns = math.ceil((east - self.west) / step) + 2
        self.rows = math.ceil((north - self.south) / step) + 2
        self.grid = np.full((self.rows, self.columns), OUTSIDE, dtype=np.int16)
        self._mark_borders()
        self._fill_runs()

    def _mark_borders(self) -> None:
        """Mark as mixed every cell a border may touch: those within one cell of points set along it every half cell."""
        lines = shapely.segmentize(shapely.boundary(self.polygons), self.step / 2)
        along = shapely.get_coordinates(lines)
        rows = np.floor((along[:, 1] - self.south) / self.step).astype(np.int64)
        columns = np.floor((along[:, 0] - self.west) / self.step).astype(np.int64)
        cells = np.unique(rows * self.columns + columns)
        rows, columns = np.divmod(cells, self.columns)
        for up in (-1, 0, 1):
            for right in (-1, 0, 1):
                self.grid[np.clip(rows + up, 0, self.rows - 1), np.clip(columns + right, 0, self.columns - 1)] = MIXED

    def _fill_runs(self) -> None:
        """Between two mixed cells of a row the answer cannot change: ask once for each run."""
        clear = self.grid != MIXED
        starts = clear & ~np.pad(clear, ((0, 0), (1, 0)))[:, :-1]
        rows, columns = np.nonzero(starts)
        answers = self._ask_many(self.south + (rows + 0.5) * self.step, self.west + (columns + 0.5) * self.step).astype(
            np.int16
        )
        run = np.cumsum(starts.ravel()) - 1
        flat = self.grid.ravel()
        at = np.flatnonzero(clear.ravel())
        flat[at] = answers[run[at]]
