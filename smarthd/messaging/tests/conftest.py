"""A small land of six communes, planted once a module."""

from __future__ import annotations

import pytest

from smarthd.places.tests import make as places
from smarthd.places.values import UnitView
from tests.planting import planted_once

_land = planted_once(places.small_land)


@pytest.fixture
def land(_land: dict[str, UnitView], db: None) -> dict[str, UnitView]:
    return _land


@pytest.fixture
def c(land: dict[str, UnitView]) -> list[int]:
    """Ids of the communes c0 to c5."""
    return [land[f"c{number}"].id for number in range(6)]
