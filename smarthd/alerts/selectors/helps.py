"""Calls for help as the duty desk sees them: the open first, the oldest on top; each official those of their ground."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from smarthd.alerts import policies
from smarthd.alerts.models import Answer, HelpStep
from smarthd.alerts.rules.states import Help
from smarthd.alerts.selectors import ground
from smarthd.alerts.values import HelpView
from smarthd.kernel import clock, sealing
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

_PHONE = "alerts.phone"
_ORDER = {Help.OPEN: 0, Help.ASSIGNED: 1, Help.CLOSED: 2}


def communes_for(actor: Actor, communes: Iterable[int], now: datetime) -> set[int]:
    """Return those of the communes whose calls the actor may see."""
    own = ground.committees_places({grant.agency_id for grant in actor.grants}, clock.day_of(now))
    return policies.helps_in(actor, communes, own)


def helps_for(actor: Actor, incident: UUID, *, now: datetime, limit: int = 500) -> list[HelpView]:
    """Return the calls of one incident the actor may see."""
    rows = list(
        Answer.objects.filter(incident=incident, answer="help")
        .exclude(superseded_at__isnull=False, state="")
        .select_related("alert")
        .defer("alert__cap")
        .order_by("id")[:limit]
    )
    allowed = communes_for(actor, {row.commune_id for row in rows}, now)
    seen = [row for row in rows if row.commune_id in allowed]
    steps: dict[int, list[tuple[str, datetime, str]]] = {}
    for step in HelpStep.objects.filter(answer__in=seen).order_by("id"):
        steps.setdefault(step.answer_id, []).append((step.act, step.at, step.words))
    names = places.views({row.commune_id for row in seen}, clock.day_of(now))
    found = [
        HelpView(
            uid=row.uid,
            alert_code=row.alert.code,
            commune_id=row.commune_id,
            commune=names[row.commune_id].full_name,
            place=row.place,
            lat=row.lat,
            lon=row.lon,
            people=row.people,
            phone=sealing.unseal(row.phone_sealed, purpose=_PHONE) if row.phone_sealed is not None else "",
            words=row.words,
            state=Help(row.state),
            assigned_to=row.assigned_to,
            at=row.at,
            received_at=row.received_at,
            steps=tuple(steps.get(row.pk, [])),
        )
        for row in seen
    ]
    return sorted(found, key=lambda one: (_ORDER[one.state], one.received_at))
