"""Facts announced about warnings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AlertSubmitted:
    """A warning waits for approval."""

    alert_uid: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertReturned:
    """A warning was sent back with reasons."""

    alert_uid: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertApproved:
    """A warning was approved and is about to go out."""

    alert_uid: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertIssued:
    """A warning went out. ``kind`` is CAP's msgType, ``replaces`` the message it updates or cancels."""

    alert_uid: UUID
    code: str
    kind: str
    status: str
    replaces: UUID | None
    channels: list[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertEnded:
    """A warning is no longer in force: updated, cancelled, expired, or lapsed before it went out."""

    alert_uid: UUID
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A citizen called for help in answer to a warning."""

    answer_uid: UUID
    commune_id: int
    at: datetime
