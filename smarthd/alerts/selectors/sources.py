"""Others' messages at the desk: the sources with how fetching them goes, and what came of their latest messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from smarthd.agencies import selectors as agencies
from smarthd.alerts import policies
from smarthd.alerts.errors import SourceUnknown
from smarthd.alerts.models import ImportedMessage, TrustedSource
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

LATEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceView:
    """A source as pages show it. ``waiting``: somebody asked for it and the worker has not tried yet."""

    key: str
    name: str
    sender: str
    url: str
    agency_id: int | None
    agency: str
    fingerprint: str
    every_minutes: int
    waiting: bool
    tried_at: datetime | None
    fetched_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message taken in: the draft that came of it, or why there is none."""

    source: str
    identifier: str
    received_at: datetime
    code: str
    headline: str
    state: str
    note: str


def sources_for(actor: Actor, *, now: datetime) -> list[SourceView]:
    """Return the sources in force, for whoever watches warnings of a province-wide agency; nobody else knows of them."""
    if not policies.sees_sources(actor):
        raise SourceUnknown
    rows = list(TrustedSource.objects.filter(ended_at=None).order_by("name"))
    owners = agencies.agency_views({row.agency_id for row in rows if row.agency_id is not None}, clock.day_of(now))
    return [
        SourceView(
            key=row.key,
            name=row.name,
            sender=row.sender,
            url=row.url,
            agency_id=row.agency_id,
            agency=owners[row.agency_id].name if row.agency_id in owners else "",
            fingerprint=row.fingerprint,
            every_minutes=row.every_minutes,
            waiting=row.asked_at is not None and (row.tried_at is None or row.tried_at < row.asked_at),
            tried_at=row.tried_at,
            fetched_at=row.fetched_at,
            fault=row.fault,
        )
        for row in rows
    ]


def source_for(actor: Actor, key: str, *, now: datetime) -> SourceView:
    """Return one source, or raise SourceUnknown."""
    found = next((one for one in sources_for(actor, now=now) if one.key == key), None)
    if found is None:
        raise SourceUnknown(key=key)
    return found


def latest_messages(actor: Actor) -> list[MessageView]:
    """Return the latest messages taken in, and what came of each."""
    if not policies.sees_sources(actor):
        raise SourceUnknown
    rows = ImportedMessage.objects.select_related("source", "alert").order_by("-id")[:LATEST]
    return [
        MessageView(
            source=row.source.name,
            identifier=row.identifier,
            received_at=row.received_at,
            code=row.alert.code if row.alert else "",
            headline=row.alert.headline_vi if row.alert else "",
            state=row.alert.state if row.alert else "",
            note=row.note,
        )
        for row in rows
    ]
