"""Bringing a warning to phones: through a port, from events, so that a worker that dies begins again and nobody is told twice."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from uuid import UUID

from smarthd.alerts.adapters.push import PushBroadcaster
from smarthd.alerts.models import Alert
from smarthd.alerts.ports import Broadcast, Broadcaster
from smarthd.alerts.rules import messages, saying
from smarthd.alerts.rules.messages import Channel, Severity, Status, Urgency
from smarthd.alerts.rules.states import OUT, State
from smarthd.alerts.selectors import views
from smarthd.messaging.services import texting


@cache
def broadcaster() -> Broadcaster:
    """Return who brings warnings to phones in this installation."""
    return PushBroadcaster()


def key_of(uid: UUID) -> str:
    """Return the name under which a warning's sending is known."""
    return f"alert:{uid}"


def bring(uid: UUID, *, now: datetime) -> bool:
    """Begin to bring a warning that went out to phones; what it replaces is stopped first. Returns whether there was anything to do."""
    alert = Alert.objects.select_related("replaces").defer("cap").get(uid=uid)
    if State(alert.state) not in OUT or Channel.APP not in alert.channels or alert.expires_at <= now:
        return False
    sends = broadcaster()
    if alert.replaces is not None:
        sends.cancel(key_of(alert.replaces.uid), now=now)
        texting.cancel_texts(key_of(alert.replaces.uid), now=now)
    if alert.state in {State.UPDATED, State.CANCELLED}:  # overtaken before it began
        return False
    sends.start(broadcast_of(alert), now=now)
    return True


def broadcast_of(alert: Alert) -> Broadcast:
    """Return a warning as the port takes it. The tag is the incident's, so that an update takes the place of what it updates."""
    lane = messages.lane_of(Severity(alert.severity), Urgency(alert.urgency))
    tag = f"cb-{alert.incident.hex[:12]}"
    return Broadcast(
        key=key_of(alert.uid),
        lane=lane.value,
        communes=tuple(alert.communes),
        payloads=saying.push_payload(views.told(alert), tag=tag),
        expires_at=alert.expires_at,
        replaces=key_of(alert.replaces.uid) if alert.replaces is not None else "",
        test_accounts=tuple(alert.testers) if alert.status == Status.TEST else (),
        topic=tag,
    )


def stop(uid: UUID, *, now: datetime) -> None:
    """Stop what was not sent yet of a warning that is over."""
    broadcaster().cancel(key_of(uid), now=now)
    texting.cancel_texts(key_of(uid), now=now)
