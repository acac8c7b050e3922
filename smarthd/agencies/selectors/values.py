"""What others see of agencies, staff and roles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AgencyView:
    """An agency as it was on one day. ``parent_id`` is its superior in the chain of reporting, ``place_id`` its unit."""

    id: int
    uid: UUID
    kind: str
    name: str
    short_name: str
    code: str
    place_id: int | None
    parent_id: int | None


@dataclass(frozen=True, slots=True)
class StaffView:
    """One person of a roster on one day. ``exempt``: an approved exemption holds that day."""

    id: int
    uid: UUID
    agency_id: int
    full_name: str
    position: str
    account_id: int | None
    exempt: bool


@dataclass(frozen=True, slots=True)
class GrantView:
    """A role held at an agency; ``until`` is None while it is open."""

    uid: UUID
    account_id: int
    agency_id: int
    role: str
    since: date
    until: date | None
