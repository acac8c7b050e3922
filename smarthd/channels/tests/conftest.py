"""Every test of channels stands on the small land; nobody speaks aloud unless a test asks."""

from __future__ import annotations

import copy

import pytest

from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.services import speaking
from smarthd.channels.tests import make
from smarthd.kernel import clock
from tests.planting import planted_once

_land = planted_once(make.land)


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> FakeSpeaker:
    fake = FakeSpeaker()
    monkeypatch.setattr(speaking, "voice", lambda: fake)
    return fake


@pytest.fixture
def land(_land, db, voice, tmp_path, settings) -> make.Land:
    settings.MEDIA_ROOT = tmp_path / "files"
    clock.set_now(make.NOW)
    yield copy.deepcopy(_land)
    clock.set_now(None)
