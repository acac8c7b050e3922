"""Builders that reach states through services."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

from smarthd.kernel.ids import uuid7
from smarthd.people import services
from smarthd.people.models import Account

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ADDRESS = "203.0.113.7"

_numbers = itertools.count(1)


def phone() -> str:
    """Return a fresh mobile number as a person would type it."""
    return f"0912 {next(_numbers):06d}"


def account(number: str = "", *, now: datetime = NOW) -> Account:
    """Sign somebody in by code and return the account."""
    number = number or phone()
    ticket = services.request_code(number, address=ADDRESS, now=now)
    return services.verify_code(number, code=ticket.shown_code, install_uid=None, address=ADDRESS, now=now)


def install(*, standalone: bool = True, team_code: str = "", now: datetime = NOW) -> UUID:
    """Report the first open of a fresh install and return its identifier."""
    uid = uuid7()
    services.record_first_open(
        uid, platform="android", standalone=standalone, atom_id=None, opened_at=now, team_code=team_code, now=now
    )
    return uid


def later(**delta: float) -> datetime:
    """Return an instant after NOW."""
    return NOW + timedelta(**delta)
