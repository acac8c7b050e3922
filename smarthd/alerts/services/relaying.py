"""Exchanging signed messages with other provinces and the centre (docs/adr/0090-cells.md).

Ours are posted in the order in which they went out; others' are read in the order of the log and taken in exactly as a feed is. How far
we have read is kept in the transaction that keeps the message: whoever is killed between any two steps goes on without loss, and nothing
comes in twice. What is not believed waits in quarantine, in sight of the duty desk, and holds nothing up.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, OperationalError, transaction

from smarthd.alerts.models import Alert, QuarantinedMessage, RelayPosition, RelayPost
from smarthd.alerts.ports import Exchange, Received
from smarthd.alerts.selectors import cells
from smarthd.alerts.services import importing, telling
from smarthd.alerts.values import Taken
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Refusal
from smarthd.kernel.policies import require

MOST_KEPT = 500
"""Messages in quarantine kept whole, a cell; of more only where they stand in the log, so that nobody fills our disk."""

_UNUSABLE = (Refusal, ValueError, TypeError, LookupError, DatabaseError)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of one message from the log: ``taken`` by message inside, or ``why`` it is in quarantine; neither for our own."""

    sequence: int
    cell: str
    taken: tuple[Taken, ...] = ()
    why: str = ""


def begin(exchange: Exchange, *, cell: str, now: datetime) -> RelayPosition:
    """Connect and read on where this cell stood; a log made anew is read from its beginning. Raises ExchangeLost."""
    log = exchange.open(cell)
    with transaction.atomic():
        position, _ = RelayPosition.objects.select_for_update().get_or_create(cell=cell, defaults={"began_at": now})
        if position.log != log:
            position.log, position.sequence = log, 0
        position.seen_at, position.fault, position.fault_at = now, "", None
        position.save()
    exchange.follow(position.sequence)
    return position


def note_fault(*, cell: str, why: str, now: datetime) -> None:
    """Write down that the exchange does not answer."""
    position, _ = RelayPosition.objects.get_or_create(cell=cell, defaults={"began_at": now})
    RelayPosition.objects.filter(pk=position.pk).update(fault=why[:200] or "?")
    RelayPosition.objects.filter(pk=position.pk, fault_at=None).update(fault_at=now)


def note_seen(*, cell: str, now: datetime) -> None:
    """Write down that the exchange answers."""
    RelayPosition.objects.filter(cell=cell).update(seen_at=now)


def post_owed(exchange: Exchange, *, cell: str, now: datetime) -> int:
    """Post what went out here and is not in the log yet, the oldest first. Returns how many. Raises ExchangeLost.

    Killed between the log's word and our own, a message is posted again under its id, which the log counts once an hour; whoever reads it
    later still takes it in once.
    """
    posted = 0
    for alert in cells.owed(cell):
        sequence = exchange.post(message_id(alert), bytes(alert.cap or b""))
        RelayPost.objects.get_or_create(alert=alert, defaults={"sequence": sequence, "posted_at": now})
        posted += 1
    return posted


def message_id(alert: Alert) -> str:
    """Return the id under which the log knows a message: the hash of identifier and instant."""
    return hashlib.sha256(f"{alert.identifier} {alert.issued_at:%Y%m%dT%H%M%S%z}".encode()).hexdigest()


@transaction.atomic
def take_in(received: Received, *, cell: str, agency_id: int, actor: Actor, now: datetime) -> Arrived | None:
    """Keep a message of the log and how far we have read, in one transaction. None where it was read before."""
    require(bool(actor.system), act="take_in")
    position = RelayPosition.objects.select_for_update().get(cell=cell)
    if received.sequence <= position.sequence:
        return None
    arrived = Arrived(received.sequence, received.cell)
    if received.cell != cell:
        arrived = _arrive(received, agency_id=agency_id, actor=actor, now=now)
    position.sequence, position.seen_at = received.sequence, now
    position.save(update_fields=["sequence", "seen_at"])
    return arrived


def _arrive(received: Received, *, agency_id: int, actor: Actor, now: datetime) -> Arrived:
    try:
        taken = _take(received.body, agency_id=agency_id, actor=actor, now=now)
    except OperationalError:
        raise  # the database's own trouble says nothing about the message
    except _UNUSABLE as problem:
        why = _why(problem)
        _quarantine(received, why, problem, now=now)
        telling.tell_quarantined(received.cell, received.sequence, why, agency_id=agency_id, now=now)
        return Arrived(received.sequence, received.cell, why=why)
    telling.tell_taken(taken, agency_id=agency_id, now=now)
    return Arrived(received.sequence, received.cell, taken)


@transaction.atomic
def _take(body: bytes, *, agency_id: int, actor: Actor, now: datetime) -> tuple[Taken, ...]:
    messages = importing.messages_in(body)
    return tuple(importing.take_message(one, agency_id=agency_id, actor=actor, now=now) for one in messages)


def _why(problem: Exception) -> str:
    words = {
        "CapUnsigned": "chữ ký không phải của chứng thư đã ghim",
        "CapUnreadable": "không phải bản tin CAP 1.2",
        "CapTooLarge": "quá lớn",
    }
    return words.get(type(problem).__name__, f"nội dung không dùng được ({type(problem).__name__})")


def _quarantine(received: Received, why: str, problem: Exception, *, now: datetime) -> None:
    held = QuarantinedMessage.objects.filter(cell=received.cell[:80], settled_at=None).count()
    facts = problem.facts if isinstance(problem, Refusal) else {}
    QuarantinedMessage.objects.get_or_create(
        cell=received.cell[:80],
        digest=hashlib.sha256(received.body).hexdigest(),
        defaults={
            "sequence": received.sequence,
            "body": received.body if held < MOST_KEPT else b"",
            "sender": str(facts.get("sender", ""))[:100],
            "why": why[:300],
            "received_at": now,
        },
    )


def try_again(*, agency_id: int, actor: Actor, now: datetime) -> list[Arrived]:
    """Take what waits in quarantine in again, the oldest first: its certificate may be pinned by now. What is still not believed stays."""
    require(bool(actor.system), act="try_again")
    found = (
        QuarantinedMessage.objects.filter(settled_at=None).exclude(body=b"").order_by("id").values_list("pk", flat=True)
    )
    return [_try(pk, agency_id=agency_id, actor=actor, now=now) for pk in list(found)]


@transaction.atomic
def _try(pk: int, *, agency_id: int, actor: Actor, now: datetime) -> Arrived:
    row = QuarantinedMessage.objects.select_for_update().get(pk=pk)
    try:
        taken = _take(bytes(row.body), agency_id=agency_id, actor=actor, now=now)
    except OperationalError:
        raise
    except _UNUSABLE as problem:
        return Arrived(row.sequence, row.cell, why=_why(problem))
    _settle(row, "taken", actor=actor, now=now)
    telling.tell_taken(taken, agency_id=agency_id, now=now)
    return Arrived(row.sequence, row.cell, taken)


@transaction.atomic
def dismiss(pk: int, *, actor: Actor, now: datetime) -> bool:
    """Settle a message in quarantine as nothing to be believed; it stays on record. Returns whether it was still open."""
    require(bool(actor.system), act="dismiss")
    row = QuarantinedMessage.objects.select_for_update().filter(pk=pk, settled_at=None).first()
    if row is None:
        return False
    _settle(row, "dismissed", actor=actor, now=now)
    return True


def _settle(row: QuarantinedMessage, how: str, *, actor: Actor, now: datetime) -> None:
    row.settled_at, row.settled_as = now, how
    row.save(update_fields=["settled_at", "settled_as"])
    audit.record(actor, f"alerts.quarantine_{how}", row, at=now, cell=row.cell, sequence=row.sequence)
