"""Going out and ending. Going out is idempotent: whoever comes second finds it done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smarthd.alerts.cap import building, keys, signing
from smarthd.alerts.events import AlertEnded, AlertIssued
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import states
from smarthd.alerts.rules.hazards import Hazard
from smarthd.alerts.rules.messages import Kind, Status
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import public
from smarthd.alerts.services import publishing, steps
from smarthd.kernel import actor as actors
from smarthd.kernel import clock, events
from smarthd.places import selectors as places

SYSTEM = actors.system("alerts")


@transaction.atomic
def issue_alert(uid: UUID, *, now: datetime) -> Alert:
    """Send an approved warning out: its CAP message is built and signed, what it replaces ends, everybody who listens is told.

    Not approved (already out, or over) is left as it is. Past its time it lapses.
    """
    chain = steps.lock_incident(uid)
    alert = next(one for one in chain if one.uid == uid)
    if alert.state != State.APPROVED:
        return alert
    before = next((one for one in chain if one.pk == alert.replaces_id), None)
    if alert.expires_at <= now or (before is not None and before.state != State.ISSUED):
        alert.state, alert.ended_at = states.LAPSE.apply(State(alert.state)), now
        steps.write(alert, "lapsed", actor=SYSTEM, at=now)
        events.announce(AlertEnded(alert_uid=alert.uid, state=State.LAPSED, at=now))
        return alert
    alert.identifier = f"{keys.host()}.{now.astimezone(clock.ZONE):%Y%m%d}.{alert.uid.hex[-12:]}"
    alert.issued_at = now
    ours = keys.signer()
    earlier = [one for one in chain if one.identifier and one.pk != alert.pk and one.expires_at > now]
    alert.cap = signing.sign(building.element(message_of(alert, earlier)), key=ours.key, certificate=ours.certificate)
    if before is not None:
        _end_replaced(before, alert, now)
    alert.state = states.ISSUE.apply(State(alert.state))
    steps.write(alert, "issued", actor=SYSTEM, at=now, identifier=alert.identifier)
    _forget()
    # At once in this process, whatever becomes of the workers; the event does it again.
    transaction.on_commit(lambda: publishing.publish_for(uid, now=now), robust=True)
    events.announce(
        AlertIssued(
            alert_uid=alert.uid,
            code=alert.code,
            kind=alert.kind,
            status=alert.status,
            replaces=before.uid if before else None,
            channels=list(alert.channels),
            at=now,
        )
    )
    return alert


def _end_replaced(before: Alert, alert: Alert, now: datetime) -> None:
    move, act = (states.CANCEL, "cancelled") if alert.kind == Kind.CANCEL else (states.UPDATE, "updated")
    before.state, before.ended_at = move.apply(State(before.state)), now
    steps.write(before, act, actor=SYSTEM, at=now, by_code=alert.code)
    events.announce(AlertEnded(alert_uid=before.uid, state=before.state, at=now))


def _forget() -> None:
    """Let this process read anew what is in force, now and after the commit (another thread may have read in between)."""
    public.forget()
    transaction.on_commit(public.forget)


def message_of(alert: Alert, earlier: list[Alert]) -> building.Message:
    """Return the CAP message of a row."""
    day = clock.day_of(alert.issued_at or alert.drafted_at)
    units = sorted(places.views(alert.communes, day).values(), key=lambda unit: unit.code)
    return building.Message(
        identifier=alert.identifier,
        sender=keys.sender(),
        sent=alert.issued_at or alert.drafted_at,
        status=Status(alert.status),
        kind=Kind(alert.kind),
        incident=str(alert.incident),
        references=[(keys.sender(), one.identifier, one.issued_at) for one in earlier if one.issued_at is not None],
        hazard=Hazard(alert.hazard),
        level=alert.level,
        urgency=alert.urgency,
        severity=alert.severity,
        certainty=alert.certainty,
        responses=alert.responses,
        texts={
            "vi": (alert.headline_vi, alert.description_vi, alert.instruction_vi),
            "en": (alert.headline_en, alert.description_en, alert.instruction_en),
        },
        sender_name=alert.sender_name,
        contact=alert.contact,
        effective=alert.effective_at,
        expires=alert.expires_at,
        web=f"{settings.ORIGIN}/canh-bao/{alert.code}/",
        places=[unit.full_name for unit in units],
        codes=[(unit.catalogue, unit.code) for unit in units],
        ring=alert.ring or (),
    )


def issue_owed(*, now: datetime) -> int:
    """Send out what was approved and did not go out (a worker died, a disk was full). Returns how many."""
    owed = list(Alert.objects.filter(state=State.APPROVED).order_by("id").values_list("uid", flat=True))
    return sum(issue_alert(uid, now=now).state == State.ISSUED for uid in owed)


def expire_due(*, now: datetime) -> int:
    """End what is past its time; readers stop showing it at that instant by themselves. Returns how many."""
    due = list(Alert.objects.filter(state=State.ISSUED, expires_at__lte=now).values_list("uid", flat=True))
    return sum(_expire(uid, now) for uid in due)


@transaction.atomic
def _expire(uid: UUID, now: datetime) -> bool:
    alert = steps.lock(uid)
    if alert.state != State.ISSUED or alert.expires_at > now:
        return False
    alert.state, alert.ended_at = states.EXPIRE.apply(State(alert.state)), now
    steps.write(alert, "expired", actor=SYSTEM, at=now)
    events.announce(AlertEnded(alert_uid=alert.uid, state=State.EXPIRED, at=now))
    return True
