"""What every act on a warning shares: the lock, the step written down, the audit line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from smarthd.alerts.errors import AlertUnknown
from smarthd.alerts.models import Alert, AlertStep
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor


def lock(uid: UUID) -> Alert:
    """Return a warning, locked until the transaction ends."""
    alert = Alert.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if alert is None:
        raise AlertUnknown
    return alert


def lock_incident(uid: UUID) -> list[Alert]:
    """Return all messages of a warning's incident, locked oldest first, so that two that go out at once wait and never deadlock."""
    incident = Alert.objects.filter(uid=uid).values_list("incident", flat=True).first()
    if incident is None:
        raise AlertUnknown
    return list(Alert.objects.select_for_update(of=("self",)).filter(incident=incident).order_by("id"))


def write(
    alert: Alert,
    act: str,
    *,
    actor: Actor,
    at: datetime,
    words: str = "",
    fields: Mapping[str, str] | None = None,
    **facts: object,
) -> None:
    """Save the warning and append one step, with its line in the trail."""
    alert.save()
    AlertStep.objects.create(
        alert=alert, act=act, state=alert.state, at=at, by=actor.account_id, words=words, fields=dict(fields or {})
    )
    audit.record(actor, f"alerts.{act}", alert, at=at, code=alert.code, state=str(alert.state), **facts)


def put_hand(alert: Alert, actor: Actor) -> None:
    """Note that the actor had a hand in the text: they will not approve it."""
    if actor.account_id is not None and actor.account_id not in alert.editors:
        alert.editors = [*alert.editors, actor.account_id]
