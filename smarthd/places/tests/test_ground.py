"""Where is this point: the fast answer is the slow answer, always."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthd.places import selectors
from smarthd.places.errors import BadPoint
from smarthd.places.geometry import cells
from smarthd.places.geometry.ground import Ground

APRIL, JULY = date(2024, 4, 20), date(2025, 7, 1)


@cache
def patchwork(seed: int) -> Ground:
    """Cells of random centres, some overlapping squares, a hole and an island: everything official files bring."""
    chance = np.random.default_rng(seed)
    drawn = cells.draw({n: [(20.8 + y, 106.2 + x)] for n, (x, y) in enumerate(chance.random((25, 2)) * 0.3)})
    polygons = list(drawn.values())
    polygons += [shapely.box(x, y, x + 0.05, y + 0.05) for x, y in 106.2 + chance.random((3, 2)) * 0.3 - [0, 85.4]]
    polygons.append(shapely.Point(107.2, 20.5).buffer(0.1).difference(shapely.Point(107.2, 20.5).buffer(0.04)))
    return Ground(range(100, 100 + len(polygons)), polygons, [False] * len(polygons))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3), st.floats(20.3, 21.3), st.floats(106.0, 107.4))
def test_a_point_is_found_where_the_plain_loop_finds_it(seed: int, lat: float, lon: float) -> None:
    there = patchwork(seed)
    assert there.locate(lat, lon) == there.locate_slowly(lat, lon)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_points_in_bulk_are_found_where_the_plain_loop_finds_them(seed: int, dice: int) -> None:
    there = patchwork(seed)
    chance = np.random.default_rng(dice)
    corners = shapely.get_coordinates(there.polygons)
    near = corners[chance.integers(0, len(corners), 40)] + chance.normal(0, 1e-4, (40, 2))
    on = corners[chance.integers(0, len(corners), 20)]
    far = np.column_stack([chance.uniform(105, 108, 40), chance.uniform(20, 22, 40)])
    points = np.vstack([near, on, far])
    found = there.locate_many(points[:, 1], points[:, 0])
    slowly = [there.locate_slowly(lat, lon) for lon, lat in points]
    assert found.tolist() == [there.units[n] if n >= 0 else -1 for n in slowly]


def test_ground_without_polygons_finds_nothing() -> None:
    nothing = Ground([], [], [])
    assert nothing.locate(20.9, 106.3) == -1
    assert nothing.locate_many(np.array([20.9]), np.array([106.3])).tolist() == [-1]


def test_a_point_two_units_share_belongs_to_neither_and_a_lone_point_gets_ground() -> None:
    drawn = cells.draw({1: [(20.9, 106.3)], 2: [(20.9, 106.3)], 3: [(20.95, 106.35)], 4: []})
    assert list(drawn) == [3]
    assert drawn[3].contains(shapely.Point(106.35, 20.95))


def test_a_far_island_is_ground_of_its_own_and_not_a_bridge_over_the_sea() -> None:
    coast = {n: [(20.8 + n * 0.03, 106.5 + (n % 2) * 0.05)] for n in range(6)}
    drawn = cells.draw({**coast, 9: [(20.13, 107.73)]})
    assert drawn[9].contains(shapely.Point(107.73, 20.13))
    assert not any(ground.contains(shapely.Point(107.2, 20.45)) for ground in drawn.values())


def test_each_stated_centre_lies_in_its_own_commune(province: None) -> None:
    for day in (APRIL, JULY):
        for unit in selectors.units_on(day, "commune"):
            if unit.centre_confidence == "stated" and unit.lat is not None and unit.lon is not None:
                located = selectors.locate(unit.lat, unit.lon, day)
                assert located is not None
                assert located.unit.id == unit.id, unit.full_name


def test_a_located_point_tells_its_path_and_that_the_map_is_approximate(province: None) -> None:
    located = selectors.locate(20.9409, 106.335, APRIL)
    assert located is not None
    assert [unit.full_name for unit in located.path] == ["Tỉnh Hải Dương", "Thành phố Hải Dương", "Phường Quang Trung"]
    assert located.approximate
    today = selectors.locate(20.9409, 106.335, JULY)
    assert today is not None
    assert today.path[0].full_name == "Thành phố Hải Phòng"


@pytest.mark.parametrize(("lat", "lon"), [(10.77, 106.7), (0.0, 0.0), (21.03, 105.85)])
def test_a_point_outside_is_nowhere(province: None, lat: float, lon: float) -> None:
    assert selectors.locate(lat, lon, JULY) is None
    assert selectors.locate_many([lat], [lon], JULY).tolist() == [-1]


@pytest.mark.parametrize(("lat", "lon"), [(106.3, 20.9), (float("nan"), 106.0), (91, 0), (0, 181)])
def test_a_point_that_is_none_is_refused_by_name(province: None, lat: float, lon: float) -> None:
    with pytest.raises(BadPoint):
        selectors.locate(lat, lon, JULY)


@pytest.mark.parametrize(
    ("day", "level", "count"), [(APRIL, "commune", 235), (APRIL, "district", 12), (JULY, "commune", 114)]
)
def test_the_map_of_a_day_is_small_and_whole(province: None, day: date, level: str, count: int) -> None:
    text = selectors.boundaries_geojson(level, day)
    assert len(text.encode()) <= 300_000
    collection = json.loads(text)
    assert len(collection["features"]) == count
    assert collection["without_boundary"] == []
    for feature in collection["features"]:
        assert set(feature["properties"]) == {"uid", "code", "name", "approximate"}
        assert shapely.from_geojson(json.dumps(feature["geometry"])).is_valid
