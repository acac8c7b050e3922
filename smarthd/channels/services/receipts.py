"""What the other side says: a cluster that it played, a receiver that it has it or aired it, a portal that its frame asked."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from smarthd.channels.errors import ReceiverUnknown
from smarthd.channels.models import Attempt, Dispatch, Outlet
from smarthd.channels.ports import Loudspeaker, OutletUnavailable, Word
from smarthd.channels.rules import dispatches as rules
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.selectors import receivers
from smarthd.channels.services import roads
from smarthd.channels.services.outlets import SECRET
from smarthd.kernel import sealing, text

log = logging.getLogger(__name__)
ASKED_FOR = timedelta(days=3)
RECEIVED, AIRED = "nhan", "phat"
SIGNED = " · "
"""Between what a receiver says and who says it; what stands after it is forgotten in time."""


def collect_words(*, now: datetime, reach: Callable[[Outlet], Loudspeaker] | None = None) -> int:
    """Ask every cluster that has jobs not yet spoken of what became of them. Return how many words came. One that is silent stops nobody."""
    find = reach or _reached
    waiting: dict[Outlet, list[str]] = defaultdict(list)
    for row in _unspoken(now).select_related("outlet").order_by("id"):
        waiting[row.outlet].append(str(row.uid))
    heard = 0
    for outlet, keys in waiting.items():
        try:
            said = find(outlet).words(keys)
        except OutletUnavailable as silence:
            log.info("outlet %s says nothing: %s", outlet.uid, silence)
            continue
        heard += sum(hear(word, now=now) for word in said)
    return heard


def awaits_words(*, now: datetime) -> bool:
    """Say whether a cluster has a job of which it has not told what became."""
    return _unspoken(now).exists()


def _unspoken(now: datetime) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(state=State.SENT, outlet__kind=Kind.LOUDSPEAKER, sent_at__gte=now - ASKED_FOR)


def _reached(outlet: Outlet) -> Loudspeaker:
    sealed = outlet.secret_sealed
    return roads.loudspeaker(outlet.address, sealing.unseal(sealed, purpose=SECRET) if sealed else "")


@transaction.atomic
def hear(word: Word, *, now: datetime) -> bool:
    """Write down what a cluster says of a job. Said twice it counts once. Return whether it was news."""
    row = Dispatch.objects.select_for_update().filter(uid=word.key, state=State.SENT).first()
    if row is None:
        return False
    said = word.said[:200]
    Attempt.objects.create(dispatch=row, at=now, outcome="played" if word.played else "not_played", said=said)
    if word.played:
        row.state, row.received_at, row.receipt = rules.RECEIVE.apply(State.SENT), now, said
    else:
        row.state, row.fault = rules.FAIL.apply(State.SENT), said or "cụm loa báo không phát được"
    row.save(update_fields=["state", "received_at", "receipt", "fault"])
    return True


@transaction.atomic
def confirm(token: str, *, what: str, name: str, now: datetime) -> Dispatch:
    """Write down that a receiver has a bulletin (``nhan``) or aired it (``phat``), and who says so. Raises ReceiverUnknown."""
    row = Dispatch.objects.select_for_update().filter(pk=receivers.dispatch_of(token, now=now).pk).get()
    said = {RECEIVED: "đã nhận", AIRED: "đã phát, đã đăng"}.get(what)
    if said is None:
        raise ReceiverUnknown
    who = text.nfc(name)[:80]
    row.receipt = f"{said}{SIGNED}{who}" if who else said
    if State(row.state) is State.SENT:
        row.state, row.received_at = rules.RECEIVE.apply(State.SENT), now
    row.save(update_fields=["state", "received_at", "receipt"])
    Attempt.objects.create(dispatch=row, at=now, outcome="confirmed", said=row.receipt)
    return row


def portal_asked(outlet_id: int, *, now: datetime) -> int:
    """Write down that a portal's frame was shown: its receipt for what stands in it. One statement, which finds nothing the next time."""
    return Dispatch.objects.filter(outlet_id=outlet_id, state=State.SENT, outlet__kind=Kind.PORTAL).update(
        state=State.RECEIVED, received_at=now, receipt="khung nhúng đã hiện trên trang"
    )
