"""How the exchange with other provinces and the centre stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Length

from smarthd.alerts.models import Alert, ImportedMessage, QuarantinedMessage, RelayPosition
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import OUT


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that was not believed. ``sender`` is what it claims, empty where it could not be read."""

    id: int
    cell: str
    sequence: int
    sender: str
    why: str
    kept: bool
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Foreign:
    """A message taken in from another house: ``code`` of the draft that came of it, or ``note`` why there is none."""

    source: str
    identifier: str
    code: str
    note: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """``sequence``: how far we have read; ``seen_at``: when the exchange last answered; ``fault``: why it does not; ``owed``: ours not posted."""

    cell: str
    sequence: int
    seen_at: datetime | None
    fault: str
    fault_at: datetime | None
    owed: int
    owed_since: datetime | None
    quarantined: int


def _owed(position: RelayPosition) -> QuerySet[Alert]:
    """What was in force since this cell joined, real or drill; a test is nobody's business but its testers'."""
    return Alert.objects.filter(
        state__in=list(OUT),
        status__in=[Status.ACTUAL, Status.EXERCISE],
        expires_at__gt=position.began_at,
        post=None,
    ).order_by("issued_at", "id")


def owed(cell: str) -> Iterator[Alert]:
    """Yield what went out here and is not posted, in the order in which it went out."""
    position = RelayPosition.objects.filter(cell=cell).first()
    return iter(()) if position is None else _owed(position).iterator(chunk_size=100)


def standing(cell: str = "") -> Standing | None:
    """Return how this cell's exchange stands; None where it has never joined one."""
    position = RelayPosition.objects.filter(cell=cell or settings.RELAY_CELL).first()
    if position is None:
        return None
    waits = list(_owed(position).values_list("issued_at", flat=True)[:1000])
    return Standing(
        cell=position.cell,
        sequence=position.sequence,
        seen_at=position.seen_at,
        fault=position.fault,
        fault_at=position.fault_at,
        owed=len(waits),
        owed_since=waits[0] if waits else None,
        quarantined=QuarantinedMessage.objects.filter(settled_at=None).count(),
    )


def quarantine(limit: int = 50) -> list[Quarantined]:
    """Return what waits in quarantine, the newest first."""
    rows = (
        QuarantinedMessage.objects.filter(settled_at=None).annotate(size=Length("body")).defer("body").order_by("-id")
    )
    return [
        Quarantined(row.pk, row.cell, row.sequence, row.sender, row.why, row.size > 0, row.received_at)
        for row in rows[:limit]
    ]


def latest_foreign(limit: int = 20) -> list[Foreign]:
    """Return the messages taken in lately, the newest first."""
    rows = ImportedMessage.objects.select_related("source", "alert").defer("alert__cap").order_by("-id")[:limit]
    return [
        Foreign(row.source.name, row.identifier, row.alert.code if row.alert else "", row.note, row.received_at)
        for row in rows
    ]
