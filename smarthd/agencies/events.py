"""What this context announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class StaffLinked:
    """A person of a roster and a verified account were found to have the same telephone number, after the roster was confirmed.

    Links found while confirming a roster are not told one by one: ``RosterConfirmed`` covers them.
    """

    staff_id: int
    account_id: int
    agency_id: int
    at: datetime


@dataclass(frozen=True)
class RosterConfirmed:
    """A roster was saved. Re-read ``roster_on(agency_ids, day)``: those are all agencies whose roster changed, senders of moved
    persons included."""

    import_uid: UUID
    agency_id: int
    agency_ids: tuple[int, ...]
    as_of: date
    at: datetime


@dataclass(frozen=True)
class StaffLeft:
    """Persons left a roster from ``left_on`` (their first day outside it)."""

    staff_ids: tuple[int, ...]
    agency_id: int
    left_on: date
    at: datetime


@dataclass(frozen=True)
class AgencyEventApplied:
    """Agencies merged, split, ended or changed superior: closures and rosters from ``effective_on`` differ for ``agency_ids``."""

    event_uid: UUID
    kind: str
    agency_ids: tuple[int, ...]
    effective_on: date
    at: datetime


@dataclass(frozen=True)
class RoleGranted:
    """An account holds a role at an agency from now on."""

    account_id: int
    agency_id: int
    role: str
    at: datetime


@dataclass(frozen=True)
class RoleRevoked:
    """An account no longer holds a role at an agency."""

    account_id: int
    agency_id: int
    role: str
    at: datetime


@dataclass(frozen=True)
class ExemptionDecided:
    """An exemption was approved, refused or ended: figures of the agency net of exemptions change from ``valid_from``."""

    staff_id: int
    agency_id: int
    status: str
    valid_from: date
    at: datetime
