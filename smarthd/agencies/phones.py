"""Telephone numbers of rosters: sealed for the agency, indexed as ``people`` indexes them."""

from __future__ import annotations

from smarthd.kernel import sealing
from smarthd.people import services as people

SEAL_PURPOSE = "agencies.staff_phone"


def sealed(e164: str) -> bytes:
    """Return the number sealed for the roster's column."""
    return sealing.seal(e164, purpose=SEAL_PURPOSE)


def index_of(e164: str) -> bytes:
    """Return the blind index by which an account with this number is found."""
    return people.phone_index(e164)


def unsealed(sealed_phone: bytes | memoryview) -> str:
    """Return the number in E.164; only for the services that must show or call it."""
    return sealing.unseal(sealed_phone, purpose=SEAL_PURPOSE)
