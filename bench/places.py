"""Where is this point: in bulk and singly, beside the plain loop over polygons it must equal."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from bench.figures import Figure, figure
from smarthd.places.geometry import cells
from smarthd.places.geometry.ground import Ground

POINTS = 1_000_000
SINGLES = 20_000
LOOPED = 400
_ROOT = Path(__file__).resolve().parent
CATALOGUES = _ROOT.parent / "smarthd/places/catalogues"


def _drawn() -> Ground:
    """The 235 communes of 20/4/2024, as the product draws them."""
    with (CATALOGUES / "units-2024-04-20.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["lat"]]
    points = {number: [(float(row["lat"]), float(row["lon"]))] for number, row in enumerate(rows)}
    drawn = cells.draw(points)
    return Ground(list(drawn), list(drawn.values()), [True] * len(drawn))


def _real() -> Ground | None:
    """The 64 real polygons of 2025 (some 27,000 corners), where the public file is at hand."""
    path = next(
        (up / "shared/data/places/communes-2025.geojson" for up in _ROOT.parents if (up / "shared").is_dir()), None
    )
    if path is None or not path.exists():
        return None
    shapes = [
        shapely.from_geojson(json.dumps(found["geometry"]))
        for found in json.loads(path.read_text(encoding="utf-8"))["features"]
    ]
    shapes = [shape if shape.is_valid else shapely.make_valid(shape) for shape in shapes]
    return Ground(range(len(shapes)), shapes, [False] * len(shapes))


def _best(work: Callable[[], Any], times: int = 3) -> float:
    """Return the shortest of some runs, in seconds: on a shared machine the rest is the neighbours'."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return min(took)


def _figures(name: str, there: Ground) -> list[Figure]:
    west, south, east, north = shapely.total_bounds(there.polygons)
    chance = np.random.default_rng(20240420)
    lons, lats = chance.uniform(west, east, POINTS), chance.uniform(south, north, POINTS)
    looped = [(float(lat), float(lon)) for lat, lon in zip(lats[:LOOPED], lons[:LOOPED], strict=True)]
    singles = [(float(lat), float(lon)) for lat, lon in zip(lats[:SINGLES], lons[:SINGLES], strict=True)]

    naive = _best(lambda: [there.locate_slowly(*point) for point in looped]) / LOOPED
    bulk = _best(lambda: there.locate_many(lats, lons)) / POINTS
    one = _best(lambda: [there.locate(*point) for point in singles]) / SINGLES
    one_by_one = there.units[[there.locate(*point) for point in looped]]
    inside = np.array([there.locate_slowly(*point) for point in looped]) >= 0
    if not np.array_equal(one_by_one[inside], there.locate_many(lats[:LOOPED], lons[:LOOPED])[inside]):
        msg = "bulk, single and plain loop disagree"
        raise AssertionError(msg)
    return [
        figure(
            f"locate in bulk, {name}",
            1 / bulk,
            "points/s",
            target="≥ 500,000 points/s",
            met=1 / bulk >= 500_000,
            peer="plain loop over prepared polygons",
            peer_value=1 / naive,
        ),
        figure(
            f"locate singly, {name}",
            one * 1e6,
            "µs",
            target="≤ 50 µs",
            met=one * 1e6 <= 50,
            peer="plain loop over prepared polygons",
            peer_value=naive * 1e6,
        ),
    ]


def run() -> list[Figure]:
    """Measure on the drawn cells, on the real polygons where they are at hand, and how long the ground takes to make ready."""
    ready = _best(_drawn, times=1)
    found = _figures("235 drawn communes", _drawn())
    real = _real()
    if real is not None:
        found += _figures("64 real communes", real)
    found.append(
        figure("ground of 235 communes drawn and made ready", ready * 1000, "ms", target="≤ 2,000 ms", met=ready <= 2)
    )
    return found
