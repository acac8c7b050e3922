"""A warning's content as one value: what is checked, what is hashed, what is kept."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum

from smarthd.alerts.models import Alert
from smarthd.alerts.rules import areas, binding, linting
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.messages import Certainty, Channel, Kind, Response, Severity, Status, Urgency
from smarthd.alerts.values import Draft

FIELDS = tuple(field.name for field in fields(Draft))
_TEXTS = (
    "headline_vi",
    "description_vi",
    "instruction_vi",
    "headline_en",
    "description_en",
    "instruction_en",
    "contact",
)


def put(alert: Alert, draft: Draft) -> str:
    """Write a draft's content into a row, hash it, and return what is wrong with its polygon (the polygon is then left out)."""
    for name in FIELDS:
        value = getattr(draft, name)
        if name in _TEXTS:
            value = " ".join(value.split()) if name not in {"description_vi", "description_en"} else value.strip()
        elif isinstance(value, tuple):
            value = [str(one) if isinstance(one, StrEnum) else one for one in value]
        setattr(alert, name, value)
    alert.communes = sorted(set(draft.communes))
    drawn = areas.take(draft.ring) if draft.ring else areas.Drawn([])
    alert.ring = drawn.ring or None
    alert.content_hash = hash_of(alert)
    return drawn.problem


def hash_of(alert: Alert) -> str:
    """Return the hash of a row's content."""
    content: dict[str, object] = {
        name: getattr(alert, name) for name in FIELDS if name not in {"effective_at", "expires_at"}
    }
    content |= {name: _instant(getattr(alert, name)) for name in ("effective_at", "expires_at")}
    content |= {
        "kind": alert.kind,
        "incident": str(alert.incident),
        "replaces": alert.replaces_id,
        "sender": alert.sender_name,
    }
    return binding.content_hash(content)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def draft_of(alert: Alert) -> Draft:
    """Return a row's content as a draft."""
    return Draft(
        hazard=Hazard(alert.hazard),
        status=Status(alert.status),
        level=alert.level,
        urgency=Urgency(alert.urgency),
        severity=Severity(alert.severity),
        certainty=Certainty(alert.certainty),
        responses=tuple(Response(one) for one in alert.responses),
        headline_vi=alert.headline_vi,
        description_vi=alert.description_vi,
        instruction_vi=alert.instruction_vi,
        headline_en=alert.headline_en,
        description_en=alert.description_en,
        instruction_en=alert.instruction_en,
        contact=alert.contact,
        effective_at=alert.effective_at,
        expires_at=alert.expires_at,
        communes=tuple(alert.communes),
        ring=tuple((lon, lat) for lon, lat in alert.ring or ()),
        channels=tuple(Channel(one) for one in alert.channels),
        testers=tuple(alert.testers),
    )


def problems(alert: Alert, *, now: datetime, ring_problem: str = "") -> dict[str, str]:
    """Return what stands between a warning and its approval, by field."""
    found = linting.problems(
        linting.Content(
            kind=Kind(alert.kind),
            headline_vi=alert.headline_vi,
            description_vi=alert.description_vi,
            instruction_vi=alert.instruction_vi,
            headline_en=alert.headline_en,
            description_en=alert.description_en,
            instruction_en=alert.instruction_en,
            contact=alert.contact,
            sender_name=alert.sender_name,
            severity=Severity(alert.severity),
            level=alert.level,
            levels=FACTS[Hazard(alert.hazard)].levels,
            effective_at=alert.effective_at,
            expires_at=alert.expires_at,
            communes=len(alert.communes),
            ring_problem=ring_problem,
            channels=tuple(Channel(one) for one in alert.channels),
        ),
        now=now,
    )
    if alert.status == Status.TEST and not alert.testers:
        found["testers"] = "Gửi thử cần nêu số điện thoại của người nhận thử."
    return found
