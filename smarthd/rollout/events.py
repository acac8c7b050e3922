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


@dataclass(frozen=True, slots=True)
class TeamEstablished:
    """A commune set up a community team."""

    team_uid: UUID
    agency_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class VisitsReceived:
    """A phone's log of visits arrived; ``conflicts`` of them contradict others."""

    team_uid: UUID
    kept: int
    conflicts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class TeamCredited:
    """A person reached the second rung with a team's help: once a person."""

    team_uid: UUID
    account_id: int
    certainty: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TeamCodeRushed:
    """More than twelve activations in an hour carried one code outside a declared event."""

    team_uid: UUID
    code_uid: UUID | None
    count: int
    at: datetime
