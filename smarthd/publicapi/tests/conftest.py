"""Open311 stands on the small land of the reports' own tests; the clock stands at its hour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.programs import services as keys
from smarthd.publicapi.tests.open311_make import SYSTEM


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
