"""The datasets the conformance of open data is told on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smarthd.kernel import clock
from smarthd.publicapi.tests import open_data_make
from tests.planting import planted_once

planted = planted_once(open_data_make.world)


@pytest.fixture
def opened(planted: Any, db: None, tmp_path: Any, settings: Any) -> Iterator[Any]:
    """An open dataset of 23 rows on the map, beside one for looking only and one to look up."""
    settings.MEDIA_ROOT = tmp_path
    settings.OPEN_DATA_PER_HOUR = 10_000_000
    clock.set_now(open_data_make.NOW)
    yield planted
    clock.set_now(None)
