"""A province at work, planted once for a module; it is ten o'clock on Saturday 20/4/2024."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from smarthd.backoffice.tests import make
from smarthd.fieldreports.adapters.fake import FakeDetector
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make as reports
from smarthd.kernel import clock
from tests.planting import planted_once, settle


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday() -> Iterator[None]:
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture(scope="module")
def planted(django_db_setup: None, django_db_blocker: Any) -> Iterator[make.Desk]:
    """The desk's province, rolled back after the module."""
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        clock.set_now(make.NOW)
        planted = make.desk()
        settle()
        clock.set_now(None)
    yield planted
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        held.__exit__(None, None, None)


@pytest.fixture
def desk(planted: make.Desk, db: None) -> make.Desk:
    """The province, for one test that may write as it likes."""
    return planted


@pytest.fixture
def monday() -> Iterator[None]:
    """It is ten o'clock on Monday 8/4/2024, when citizens' reports come in."""
    clock.set_now(reports.NOW)
    yield
    clock.set_now(None)


_land = planted_once(reports.land)


@pytest.fixture
def land(
    _land: reports.Land, db: None, monday: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> reports.Land:
    """The small land of citizens' reports, its files in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path
    fake = FakeDetector()
    monkeypatch.setattr(photos, "detector", lambda: fake)
    return copy.deepcopy(_land)
