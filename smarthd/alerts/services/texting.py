"""Texts stand in for push: some minutes after a grave warning went out, to people who live there and whom no push reached."""

from __future__ import annotations

from datetime import datetime

from smarthd.alerts.models import Alert
from smarthd.alerts.rules import saying, texts
from smarthd.alerts.rules.messages import Kind, Severity, Status, Urgency, is_life
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import ground, views
from smarthd.alerts.services import broadcasting
from smarthd.kernel import clock
from smarthd.messaging.services import texting
from smarthd.people import selectors as people


def text_owed(*, now: datetime) -> int:
    """Begin the texts of every warning in force whose push has had its time; return how many texts wait because of it."""
    rows = Alert.objects.filter(
        state=State.ISSUED,
        expires_at__gt=now,
        issued_at__lte=now - texts.AFTER,
        issued_at__gt=now - texts.UNTIL,
    ).defer("cap")
    return sum(_begin(row, now) for row in rows if _worth(row))


def _worth(row: Alert) -> bool:
    return texts.worth_a_text(
        status=Status(row.status),
        kind=Kind(row.kind),
        level=row.level,
        life=is_life(Severity(row.severity), Urgency(row.urgency)),
        channels=row.channels,
    )


def _begin(row: Alert, now: datetime) -> int:
    key = broadcasting.key_of(row.uid)
    if not texting.wants_texts(key):
        return 0
    told = views.told(row)
    return texting.begin_texts(
        key,
        title=saying.title(told),
        body=told.instruction_vi,
        href=f"/canh-bao/{row.code}/",
        account_ids=people.accounts_living_in(ground.atoms_of(row.communes, clock.day_of(now))),
        expires_at=row.expires_at,
        now=now,
    )
