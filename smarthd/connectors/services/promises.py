"""Telling owners: what was held or failed, and what is older than promised."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.expressions import ExpressionWrapper
from django.db.models.fields import DateTimeField

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.connectors import events
from smarthd.connectors.models import Source
from smarthd.kernel import clock
from smarthd.kernel.events import announce
from smarthd.messaging import services as messaging

KIND = "connectors.desk"
_OWNERS = (Role.CLERK, Role.EDITOR, Role.HEAD, Role.DELEGATE)


def watch(*, now: datetime) -> int:
    """Announce every dataset that is older than promised, once a day each. Return how many."""
    today = clock.day_of(now)
    oldest = ExpressionWrapper(
        F("confirmed_at") + F("promise_hours") * timedelta(hours=1), output_field=DateTimeField()
    )
    stale = (
        Source.objects.filter(ended_at=None, version__gt=0)
        .exclude(promise_hours=None)
        .exclude(reminded_on=today)
        .annotate(runs_out=oldest)
        .filter(runs_out__lt=now)
    )
    return sum(_remind(source, today, now=now) for source in stale)


@transaction.atomic
def _remind(source: Source, today: date, *, now: datetime) -> bool:
    """Mark a source as told of and tell it, both or neither."""
    if not Source.objects.filter(pk=source.pk).exclude(reminded_on=today).update(reminded_on=today):
        return False
    announce(
        events.DatasetStale(
            source_uid=source.uid,
            key=source.key,
            agency_id=source.agency_id,
            title=source.title,
            promise_hours=source.promise_hours or 0,
            at=now,
        )
    )
    return True


def tell_owners(agency_id: int, source_uid: UUID, *, title: str, body: str, key: str, now: datetime) -> int:
    """Put a message into the inboxes of those who feed an agency's sources. Return how many were told."""
    accounts = {pk for role in _OWNERS for pk in agencies.holders_of(role, [agency_id], now).get(agency_id, [])}
    href = f"/can-bo/nguon-du-lieu/{source_uid}/"
    return messaging.tell(accounts, kind=KIND, title=title, body=body, href=href, key=key, now=now)
