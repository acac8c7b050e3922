"""Agencies of a small province; files go to a folder of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import clock
from tests.planting import planted_once

_world = planted_once(lambda _tmp: agencies_make.world())


@pytest.fixture
def world(_world: agencies_make.World, db: None, tmp_path: Path, settings: Any) -> Any:
    from smarthd.connectors.tests import make

    settings.MEDIA_ROOT = tmp_path / "files"
    clock.set_now(make.NOW)
    yield _world
    clock.set_now(None)
