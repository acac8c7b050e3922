"""Every test of reports stands on the small land; files go to a folder of their own."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make
from tests.planting import planted_once

_land = planted_once(make.land)


@pytest.fixture
def land(_land: make.Land, db, tmp_path: Path, settings, monkeypatch) -> make.Land:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    fake = FakeDetector()
    monkeypatch.setattr(photos, "detector", lambda: fake)
    return copy.deepcopy(_land)
