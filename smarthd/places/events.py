"""Facts this context announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UnitEventApplied:
    """Units changed on a day; ``unit_ids`` are all that ended, began or changed."""

    event_uid: UUID
    kind: str
    effective_on: date
    unit_ids: list[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class UnitEventReverted:
    """A change of units was taken back."""

    event_uid: UUID
    kind: str
    effective_on: date
    unit_ids: list[int]
    at: datetime


@dataclass(frozen=True, slots=True)
class BoundarySetBuilt:
    """A boundary set was built, or built anew: figures under it must be added up again."""

    boundary_set_id: int
    key: str
    as_of: date
    at: datetime
