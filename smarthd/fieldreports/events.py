"""Facts this context announces."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A report came in, by whatever road; ``holder_id`` is the agency the routing chose."""

    report_uid: UUID
    code: str
    holder_id: int
    category_key: str
    commune_id: int
    urgent: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportStepped:
    """A later step of a report's life (``act`` is a key of ``rules.states.ACT_WORDS``); ``public``: everybody may know."""

    report_uid: UUID
    code: str
    number: int
    act: str
    state: str
    holder_id: int
    public: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportsMerged:
    """Reports are handled as one from now on; everybody who sent or follows one of them is told."""

    into_uid: UUID
    report_uids: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class VisibilityChanged:
    """A report, its text or its photos came into or went out of public sight: feeds, maps and searches follow."""

    report_uid: UUID
    code: str
    visible: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentProcessed:
    """A photo, recording or document is ready, or was refused (``why``)."""

    attachment_uid: UUID
    report_uid: UUID | None
    ready: bool
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineWarned:
    """A term of a report draws near; ``intake``: the term for looking at it, else the term for the answer."""

    report_uid: UUID
    code: str
    holder_id: int
    intake: bool
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class DeadlineEscalated:
    """A term has passed; ``level`` 1 is the holder's chief, 2 its superior, 3 the top; ``told_ids`` are the agencies told."""

    report_uid: UUID
    code: str
    holder_id: int
    level: int
    told_ids: tuple[int, ...]
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ReportRated:
    """Who sent it rated how it was handled."""

    report_uid: UUID
    agency_id: int
    stars: int
    at: datetime
