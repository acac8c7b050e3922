"""The values this context takes and hands to others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Certainty, Channel, Kind, Response, Severity, Status, Urgency
from smarthd.alerts.rules.states import Answer, Help, State


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of another house's message: a draft's code, or why there is none."""

    identifier: str
    sender: str
    code: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A warning as its writer has it. ``ring`` is what was drawn (longitude, latitude), empty for none."""

    hazard: Hazard
    status: Status
    level: int | None
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    responses: tuple[Response, ...]
    headline_vi: str
    description_vi: str
    instruction_vi: str
    headline_en: str
    description_en: str
    instruction_en: str
    contact: str
    effective_at: datetime
    expires_at: datetime
    communes: tuple[int, ...]
    ring: tuple[tuple[float, float], ...] = ()
    channels: tuple[Channel, ...] = tuple(Channel)
    testers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertView:
    """A warning as pages and feeds show it. ``places`` are the communes' full names, in the catalogue's order."""

    uid: UUID
    code: str
    incident: UUID
    state: State
    kind: Kind
    status: Status
    hazard: Hazard
    level: int | None
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    responses: tuple[Response, ...]
    headline_vi: str
    description_vi: str
    instruction_vi: str
    headline_en: str
    description_en: str
    instruction_en: str
    contact: str
    sender_name: str
    agency_id: int
    effective_at: datetime
    expires_at: datetime
    issued_at: datetime | None
    ended_at: datetime | None
    commune_ids: tuple[int, ...]
    commune_codes: tuple[str, ...]
    places: tuple[str, ...]
    ring: tuple[tuple[float, float], ...]
    identifier: str
    life: bool
    colour: str
    replaced_by: str = ""

    @property
    def drill(self) -> bool:
        """Say whether it is not the real thing."""
        return self.status is not Status.ACTUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """What a citizen answers. ``client_id`` makes the same answer sent twice one; ``at`` is when it was given on the phone."""

    client_id: UUID
    code: str
    answer: Answer
    commune_id: int | None
    lat: float | None = None
    lon: float | None = None
    place: str = ""
    people: int | None = None
    phone: str = ""
    words: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    """A call for help at the duty desk."""

    uid: UUID
    alert_code: str
    commune_id: int
    commune: str
    place: str
    lat: float | None
    lon: float | None
    people: int | None
    phone: str
    words: str
    state: Help
    assigned_to: str
    at: datetime
    received_at: datetime
    steps: tuple[tuple[str, datetime, str], ...] = field(default_factory=tuple)
