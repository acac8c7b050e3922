"""Telephone numbers of rosters: sealed for the agency, indexed as ``people`` indexes them."""

from __future__ import annotations

from smarthd.kernel import sealing

SEAL_PURPOSE = "agencies.staff_phone"


def sealed(e164: str) -> bytes:
    """Return the number sealed for the roster's column."""
    return sealing.seal(e164, purpose=SEAL_PURPOSE)


def index_of(e164: str) -> bytes:
    """Return the blind index by which an account with this number is found."""
    return sealing.blind_index(e164, purpose="people.phone")
