"""Agencies of a small province; files go to a folder of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import clock
from tests.planting import planted_once

_world = planted_once(lambda _tmp: agencies_make.world())


@pytest.fixture(autouse=True)
def _room_for_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser's story told before in this process leaves its loop running in this thread; what needs one of its own gets a thread."""
    if asyncio._get_running_loop() is None:
        return

    def apart(work: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(copy_context().run, plain, work).result()

    plain = asyncio.run
    monkeypatch.setattr(asyncio, "run", apart)


@pytest.fixture
def world(_world: agencies_make.World, db: None, tmp_path: Path, settings: Any) -> Any:
    from smarthd.connectors.tests import make

    settings.MEDIA_ROOT = tmp_path / "files"
    clock.set_now(make.NOW)
    yield _world
    clock.set_now(None)


def _country(_tmp: Path) -> int:
    """A whole province with one department: for what hangs on communes."""
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind
    from smarthd.connectors.tests import make
    from smarthd.places.tests import make as land

    land.the_province()
    january = clock.day_of(make.NOW).replace(month=1, day=1)
    city = agencies.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-tp")
    top = agencies.found_agency(city, valid_from=january)
    new = agencies.NewAgency(
        kind=Kind.DEPARTMENT, name="Sở Nông nghiệp và Môi trường", code="hp-snnmt", parent_id=top.id
    )
    return int(agencies.found_agency(new, valid_from=january).id)


_planted_country = planted_once(_country)


@pytest.fixture
def department(_planted_country: int, db: None, tmp_path: Path, settings: Any) -> Any:
    from smarthd.connectors.tests import make

    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PLACES_REVISION_SECONDS = float("inf")
    clock.set_now(make.NOW)
    yield _planted_country
    clock.set_now(None)
