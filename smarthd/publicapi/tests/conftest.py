"""Open311 stands on the small land of the reports' own tests, open data on a world of its own; the clock stands at their hours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.programs import services as keys
from smarthd.publicapi.tests import open_data_make
from smarthd.publicapi.tests.open311_make import SYSTEM
from tests.planting import planted_once

_open_world = planted_once(open_data_make.world)


@pytest.fixture
def land(db, tmp_path: Path, settings, monkeypatch) -> Iterator[make.Land]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    fake = FakeDetector()
    monkeypatch.setattr(photos, "detector", lambda: fake)
    clock.set_now(make.NOW)
    yield make.land(tmp_path)
    clock.set_now(None)


@pytest.fixture
def api_key(db) -> str:
    """The secret of a program that may send, and whose pictures may come from one host."""
    _row, secret = keys.issue("Ứng dụng Đô thị", actor=SYSTEM, now=make.NOW, media_hosts=["anh.example.vn"])
    return secret


@pytest.fixture
def opened(_open_world: Any, db: None, tmp_path: Path, settings: Any) -> Iterator[Any]:
    """The source behind the open dataset; what is kept of it lies in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(open_data_make.NOW)
    yield _open_world
    clock.set_now(None)
