"""The outbox emptied: take what is due, carry it with no transaction open, write down what came of it.

An outlet that hangs holds one thread for as long as its adapter's timeout, and nobody else. A worker that dies leaves a lease that ends.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from smarthd.channels import policies
from smarthd.channels.errors import BulletinOver, DispatchUnknown, SpeechUnavailable
from smarthd.channels.models import Attempt, Bulletin, Dispatch, Outlet
from smarthd.channels.ports import OutletRefused, OutletUnavailable, Taken
from smarthd.channels.rules import dispatches as rules
from smarthd.channels.rules.bulletins import Priority, Words
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.selectors.wording import words_of
from smarthd.channels.services import roads, speaking
from smarthd.channels.services.outlets import SECRET
from smarthd.channels.services.roads import Carry, Parcel
from smarthd.kernel import audit, sealing
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

log = logging.getLogger(__name__)
BATCH, THREADS = 64, 12
LANE, TAKES_FOR_S = 3, 40
"""How many parcels of one outlet are taken at a time, and for how long new ones are: their timeouts together stay within the lease."""
Ended = tuple[Parcel, Taken | Exception]
_SPOKEN = frozenset({Kind.LOUDSPEAKER, Kind.RADIO})
_LONGEST_REST = timedelta(minutes=10)


def send_due(*, now: datetime, carry: Carry = roads.carry) -> int:
    """Try everything whose turn it is, the urgent first. Return how many were tried.

    Outlets are asked side by side, each one's own parcels one after another; new ones are taken as soon as threads are free, so that
    an outlet that hangs holds one thread and no queue. After ``TAKES_FOR_S`` nothing new is taken: leases are reckoned from ``now``.
    """
    _speak_due(now=now)
    tried, began = 0, time.monotonic()
    going: dict[Future[list[Ended]], int] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="channels") as threads:
        while True:
            if len(going) < THREADS and time.monotonic() - began < TAKES_FOR_S:
                lanes: dict[int, list[Parcel]] = {}
                for parcel in _take_due(now=now, busy=set(going.values())):
                    lanes.setdefault(parcel.outlet_id, []).append(parcel)
                    tried += 1
                going |= {threads.submit(_lane, lane, carry): outlet_id for outlet_id, lane in lanes.items()}
            if not going:
                return tried
            _record_all(wait(going, return_when=FIRST_COMPLETED).done, going, now=now)


@transaction.atomic
def _record_all(done: set[Future[list[Ended]]], going: dict[Future[list[Ended]], int], *, now: datetime) -> None:
    """Write down what has ended, in one transaction; in the order of outlets, as everybody locks them, so that no two workers wait for each other."""
    results = [one for future in done for one in future.result()]
    for future in done:
        del going[future]
    for parcel, ended in sorted(results, key=lambda one: (one[0].outlet_id, one[0].dispatch_id)):
        record(parcel.dispatch_id, ended, now=now)


def _speak_due(*, now: datetime) -> None:
    """Have the words spoken that a loudspeaker or station is about to be sent; where no voice is, they go as text alone."""
    spoken = Bulletin.objects.filter(
        ended_at=None,
        valid_until__gt=now,
        dispatches__state=State.WAITING,
        dispatches__next_try_at__lte=now,
        dispatches__outlet__kind__in=_SPOKEN,
    )
    for row in spoken.distinct().order_by("id")[:BATCH]:
        with suppress(SpeechUnavailable):  # make_recording has logged why
            speaking.make_recording(words_of(row), now=now)


def _lane(parcels: list[Parcel], carry: Carry) -> list[Ended]:
    """Carry one outlet's parcels; once it is unavailable the rest of them need not wait for its timeout too."""
    ended: list[Ended] = []
    down: OutletUnavailable | None = None
    for parcel in parcels:
        if down is not None:
            ended.append((parcel, down))
            continue
        try:
            ended.append((parcel, carry(parcel)))
        except OutletUnavailable as failure:
            down = failure
            ended.append((parcel, failure))
        except OutletRefused as refusal:
            ended.append((parcel, refusal))
        except Exception as fault:
            log.exception("an adapter of %s failed", parcel.kind)
            ended.append((parcel, OutletUnavailable(type(fault).__name__)))
    return ended


@transaction.atomic
def _take_due(*, now: datetime, busy: Collection[int] = ()) -> list[Parcel]:
    """Lease what is due: count the try, move its turn on. What is past its time is closed instead, and says so."""
    rows = list(
        Dispatch.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("bulletin__replaces", "outlet")
        .filter(state=State.WAITING, next_try_at__lte=now)
        .filter(Q(rank=0) | Q(outlet__rests_until=None) | Q(outlet__rests_until__lte=now))
        .exclude(outlet__in=busy)
        .order_by("rank", "next_try_at", "id")[:BATCH]
    )
    late = [row for row in rows if row.bulletin.valid_until <= now]
    for row in late:
        row.state = rules.EXPIRE.apply(State(row.state))
    Dispatch.objects.bulk_update(late, ["state"])
    seen: Counter[int] = Counter()
    due = []
    for row in rows:
        seen[row.outlet_id] += 1
        if row.bulletin.valid_until > now and seen[row.outlet_id] <= LANE:
            due.append(row)
    for row in due:
        row.tries += 1
        row.next_try_at = now + rules.LEASE
    Dispatch.objects.bulk_update(due, ["tries", "next_try_at"])
    said = {row.bulletin_id: words_of(row.bulletin) for row in due}
    spoken = {row.bulletin_id for row in due if row.outlet.kind in _SPOKEN}
    audio = {bulletin_id: speaking.known_recording(said[bulletin_id]) for bulletin_id in spoken}
    return [_parcel(row, said[row.bulletin_id], audio.get(row.bulletin_id, ""), now=now) for row in due]


def _parcel(row: Dispatch, words: Words, audio: str, *, now: datetime) -> Parcel:
    kind = Kind(row.outlet.kind)
    sealed = row.outlet.secret_sealed
    before = (
        row.bulletin.replaces_id
        and Dispatch.objects.filter(bulletin=row.bulletin.replaces_id, outlet=row.outlet_id).first()
    )
    return Parcel(
        dispatch_id=row.pk,
        outlet_id=row.outlet_id,
        key=str(row.uid),
        round=row.round,
        kind=kind,
        address=row.outlet.address,
        secret=sealing.unseal(sealed, purpose=SECRET) if sealed else "",
        token=row.token,
        words=words,
        audio_sha256=audio if kind in _SPOKEN else "",
        replaces=str(before.uid) if before else "",
        at=now,
    )


@transaction.atomic
def record(dispatch_id: int, ended: Taken | Exception, *, now: datetime) -> State:
    """Write down how one try ended, and when the next one is. What was dropped meanwhile and went out all the same says that it did."""
    row = Dispatch.objects.select_for_update(of=("self",)).select_related("bulletin").get(pk=dispatch_id)
    if isinstance(ended, Taken):
        return _sent(row, ended, now=now)
    refused, said = isinstance(ended, OutletRefused), str(ended)[:200] or "không rõ"
    Attempt.objects.create(dispatch=row, at=now, outcome="refused" if refused else "unavailable", said=said)
    if State(row.state) is not State.WAITING:
        return State(row.state)
    wait = rules.wait_after(row.tries, Priority(row.bulletin.priority))
    row.fault = said
    if refused or wait is None:
        row.state = rules.FAIL.apply(State.WAITING)
    else:
        row.next_try_at = now + wait
    row.save(update_fields=["state", "fault", "next_try_at"])
    if not refused:
        _let_rest(row.outlet_id, now=now)
    return State(row.state)


def _sent(row: Dispatch, taken: Taken, *, now: datetime) -> State:
    Attempt.objects.create(dispatch=row, at=now, outcome="sent", said=taken.reference[:300])
    if State(row.state) in {State.WAITING, State.DROPPED}:
        row.state = rules.SEND.apply(State(row.state))
        row.sent_at, row.fault, row.reference = now, "", taken.reference[:200]
        if taken.received:
            row.state, row.received_at = rules.RECEIVE.apply(State(row.state)), now
        row.save(update_fields=["state", "sent_at", "fault", "reference", "received_at"])
    Outlet.objects.filter(pk=row.outlet_id).update(failing=0, rests_until=None, last_sent_at=now)
    return State(row.state)


def _let_rest(outlet_id: int, *, now: datetime) -> None:
    """Let an outlet that fails again and again rest from what is not urgent: 10 s, 20 s, 40 s … ten minutes."""
    outlet = Outlet.objects.select_for_update().get(pk=outlet_id)
    outlet.failing += 1
    rest = min(_LONGEST_REST, timedelta(seconds=5 * 2 ** min(outlet.failing, 10)))
    outlet.rests_until = now + rest if outlet.failing >= 3 else None
    outlet.save(update_fields=["failing", "rests_until"])


def seconds_to_next(*, now: datetime, within: timedelta = timedelta(minutes=1)) -> int | None:
    """Return in how many seconds the next urgent try is due, where that is before the sweep of the next minute."""
    due = (
        Dispatch.objects.filter(state=State.WAITING, rank=0, next_try_at__lte=now + within)
        .order_by("next_try_at")
        .values_list("next_try_at", flat=True)
        .first()
    )
    return None if due is None else max(1, int((due - now).total_seconds()) + 1)


@transaction.atomic
def resend(uid: UUID, *, actor: Actor, now: datetime) -> Dispatch:
    """Send a dispatch once more because an operator says so; its tries begin anew. Raises BulletinOver, IllegalMove."""
    from smarthd.channels.services.bulletins import send_soon

    row = _locked(uid, actor)
    require(policies.can_work(actor, row))
    if over(row.bulletin, now=now):
        raise BulletinOver
    row.state = rules.RESEND.apply(State(row.state))
    row.round, row.tries, row.next_try_at, row.fault = row.round + 1, 0, now, ""
    row.save(update_fields=["state", "round", "tries", "next_try_at", "fault"])
    Outlet.objects.filter(pk=row.outlet_id).update(failing=0, rests_until=None)
    Attempt.objects.create(dispatch=row, at=now, outcome="resent")
    audit.record(actor, "channels.dispatch_resent", row, at=now, round=row.round)
    send_soon()
    return row


def over(row: Bulletin, *, now: datetime) -> bool:
    """Say whether a bulletin is past its time, cancelled or replaced."""
    return row.ended_at is not None or row.valid_until <= now


def _locked(uid: UUID, actor: Actor) -> Dispatch:
    row = Dispatch.objects.select_for_update(of=("self",)).select_related("bulletin", "outlet").filter(uid=uid).first()
    if row is None or not policies.can_see_dispatch(actor, row):
        raise DispatchUnknown
    return row
