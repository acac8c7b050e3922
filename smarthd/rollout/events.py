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
class DifficultyRaised:
    """An agency raised a difficulty; ``holder_id`` owes the first answer."""

    difficulty_uid: UUID
    agency_id: int
    holder_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultyAnswered:
    """Who holds a difficulty answered it, for the first time or again."""

    difficulty_uid: UUID
    agency_id: int
    holder_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultyMoved:
    """A difficulty is in other hands: passed up, gone up by silence, or taken over."""

    difficulty_uid: UUID
    agency_id: int
    from_id: int
    holder_id: int
    by_silence: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultiesMerged:
    """Difficulties are handled as one from now on; everybody who raised one of them is told."""

    into_uid: UUID
    difficulty_uids: tuple[UUID, ...]
    agency_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultySolved:
    """A difficulty was solved; who raised it is asked to confirm. ``decision_number`` is empty without a decision."""

    difficulty_uid: UUID
    agency_id: int
    decision_number: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultyClosed:
    """Who raised a difficulty confirmed that it is solved, or withdrew it."""

    difficulty_uid: UUID
    agency_id: int
    confirmed: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DifficultyReopened:
    """Who raised a difficulty does not agree that it is solved."""

    difficulty_uid: UUID
    agency_id: int
    holder_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class AiringPlanned:
    """An agency is to air something by a channel; ``channels`` may send it."""

    airing_uid: UUID
    agency_id: int
    channel: str
    planned_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class AiringMarked:
    """What became of an airing: aired, proven, missed, cancelled."""

    airing_uid: UUID
    agency_id: int
    state: str
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
