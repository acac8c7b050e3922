"""A window of the map: counted as going through the rows would count, pins where they are few, the whole summed once a version."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.connectors.rules.sources import Publication
from smarthd.connectors.selectors import maps, public
from smarthd.connectors.selectors.maps import Window
from smarthd.connectors.selectors.public import Query
from smarthd.connectors.tests import make
from smarthd.connectors.tests.test_indexes import COLUMNS, MAPPED, SORTS

COUNT = 500
WHOLE = Window(105.5, 20.3, 107.5, 21.8)


def points(count: int = COUNT, *, seed: int = 5) -> list[tuple[float, float, str]]:
    rng = random.Random(seed)
    return [(round(20.5 + rng.random(), 5), round(106 + rng.random(), 5), SORTS[number % 5]) for number in range(count)]


def rows(found: list[tuple[float, float, str]]) -> list[tuple[str, ...]]:
    placed = [(f"M{n}", f"Nơi {n}", sort, "1", "", str(lat), str(lon)) for n, (lat, lon, sort) in enumerate(found)]
    return [*placed, ("K1", "Không có chỗ", "Chợ", "1", "", "", "")]


@pytest.fixture
def places(world, monkeypatch):
    monkeypatch.setattr(maps, "FEW", 20)
    return make.published(make.mapped(make.source(world.department), MAPPED), make.table(rows(points()), COLUMNS))


def held(window: Window, sort: str = "") -> list[tuple[float, float]]:
    return [
        (lat, lon)
        for lat, lon, of in points()
        if window.south <= lat <= window.north and window.west <= lon <= window.east and sort in {"", of}
    ]


@pytest.mark.parametrize("sort", ["", "Chợ"])
@pytest.mark.parametrize("zoom", [0, 7, 9, 11, 12, 13, 15, 22])
def test_the_whole_is_counted_whole_at_every_zoom(places, zoom, sort):
    shown = public.dataset(places.key, now=make.NOW)
    query = Query(chosen={"loai": sort}) if sort else Query()
    found = maps.seen(shown, query, WHOLE, zoom=zoom, now=make.NOW)
    assert found.count == sum(one.count for one in found.clusters) == len(held(WHOLE, sort))
    assert found.rows == ()
    middle = sum(one.lat * one.count for one in found.clusters) / found.count
    assert middle == pytest.approx(sum(lat for lat, _lon in held(WHOLE, sort)) / found.count)


@pytest.mark.parametrize("window", [Window(106.2, 20.6, 106.6, 20.9), Window(106.1, 20.5, 106.7, 21.5)])
def test_a_window_holds_what_lies_in_it(places, window):
    shown = public.dataset(places.key, now=make.NOW)
    found = maps.seen(shown, Query(), window, zoom=13, now=make.NOW)
    assert found.count == len(held(window))
    assert len(found.clusters) > 10
    kept = maps.seen(
        shown, Query(), window, zoom=12, now=make.NOW
    )  # by cells of the whole: those at the edge by their middle
    assert abs(kept.count - found.count) < 25


def test_few_are_pins_of_their_own(places):
    shown = public.dataset(places.key, now=make.NOW)
    window = Window(106.3, 20.8, 106.45, 20.9)
    for zoom in (11, 14):
        found = maps.seen(shown, Query(), window, zoom=zoom, now=make.NOW)
        assert sorted((one.lat, one.lon) for one in found.rows) == sorted(held(window))
        assert found.clusters == ()
        assert found.count == len(held(window))


def test_the_whole_is_read_once_a_version_and_what_hangs_on_the_hour_never_from_memory(places):
    shown = public.dataset(places.key, now=make.NOW)

    def asked(told, window=WHOLE, zoom=9):
        with CaptureQueriesContext(connection) as queries:
            found = maps.seen(told, Query(), window, zoom=zoom, now=make.NOW)
        return len(queries), found.count

    assert asked(shown) == (1, COUNT)
    assert [asked(shown, zoom=zoom)[0] for zoom in (5, 9, 12)] == [0, 0, 0]
    hourly = replace(shown, publication=Publication(until="tu"))
    assert [asked(hourly)[0] for _ in range(2)] == [1, 1]
    make.published(places, make.table(rows(points(COUNT - 30)), COLUMNS), now=make.NOW + timedelta(days=1))
    assert asked(public.dataset(places.key, now=make.NOW)) == (1, COUNT - 30)


def test_a_window_as_wide_as_the_world_is_not_cut_into_a_million_cells(places):
    shown = public.dataset(places.key, now=make.NOW)
    found = maps.seen(shown, Query(words=""), Window(-180, -90, 180, 90), zoom=22, now=make.NOW)
    assert found.count == COUNT
    assert len(found.clusters) <= 64


@pytest.mark.parametrize(
    "window",
    [
        (106.0, 20.0, 105.0, 21.0),
        (105.0, 21.0, 106.0, 20.0),
        (float("nan"), 20.0, 106.0, 21.0),
        (105.0, 20.0, float("inf"), 21.0),
    ],
)
def test_what_is_no_window_says_so(window):
    assert not Window(*window).sound
