"""A small land at two in the morning, planted once for a module; files in a folder of their own; phones are a fake's."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.selectors import public
from smarthd.alerts.services import broadcasting
from smarthd.alerts.tests import make
from smarthd.kernel import clock
from tests.planting import planted_once

_land = planted_once(make.land)


@pytest.fixture
def land(_land: make.Land, db: None, tmp_path: Path, settings: Any) -> Iterator[make.Land]:
    """The land, for one test that may write as it likes."""
    settings.DATA_DIR = tmp_path
    clock.set_now(make.NOW)
    public.forget()
    yield copy.deepcopy(_land)
    clock.set_now(None)
    public.forget()


@pytest.fixture
def phones(monkeypatch: pytest.MonkeyPatch) -> FakeBroadcaster:
    """What was brought to phones."""
    fake = FakeBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: fake)
    return fake
