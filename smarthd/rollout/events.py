"""Facts the roll-out announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReportSubmitted:
    """An agency handed a report in, for the first time or again."""

    obligation_uid: UUID
    agency_id: int
    superior_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportReturned:
    """A superior sent a report back."""

    obligation_uid: UUID
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReminderTaken:
    """A step of the ladder was taken for an obligation; ``account_ids`` are to be told, nobody when the day's budget is spent."""

    obligation_uid: UUID
    step: str
    account_ids: tuple[int, ...]
    at: datetime
