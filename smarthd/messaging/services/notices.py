"""A person's own messages on their phones: beside the inbox, never instead of it.

Each waits for the end of its owner's quiet hours, but for what an official on duty must hear at once; what has waited together goes as one. A notice whose item was read meanwhile, or whose
topic every phone mutes, is dropped. Phones are asked one account at a time, outside any transaction.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import QuerySet

from smarthd.messaging import rules
from smarthd.messaging.adapters.webpush.transport import Answer, Request
from smarthd.messaging.models import InboxItem, PushNotice, PushSubscription
from smarthd.messaging.rules import Lane, NoticeState, Outcome
from smarthd.messaging.services import ledger, pushing
from smarthd.messaging.services.ledger import Phone
from smarthd.messaging.services.sending import Transport
from smarthd.messaging.services.writing import Signers, Writer
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people

LIFE = timedelta(days=2)
PATIENCE_S = 20.0
LEASE = timedelta(minutes=1)
BATCH = 200


def queue_notices(key: str, account_ids: Iterable[int], *, now: datetime) -> int:
    """Let new inbox items of one key be pushed to those of the accounts that have a phone and agree. Return how many wait."""
    from smarthd.messaging.tasks import push_notices  # tasks import this module

    asked = set(account_ids)
    owners = set(PushSubscription.objects.filter(account_id__in=asked).values_list("account_id", flat=True))
    agreeing = people.accounts_with_consent([pk for pk in owners if pk is not None], people_rules.Purpose.PUSH)
    items = list(InboxItem.objects.filter(key=key, account_id__in=agreeing))
    rows = [
        PushNotice(item=item, account_id=item.account_id, topic=rules.topic_of_kind(item.kind), next_try_at=now)
        for item in items
    ]
    PushNotice.objects.bulk_create(rows, ignore_conflicts=True)
    for account_id in sorted({row.account_id for row in rows}):
        push_notices.defer(account_id=account_id)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Due:
    """What one account's phones are to be told now."""

    items: tuple[InboxItem, ...]
    phones: tuple[Phone, ...]
    origins: dict[int, str]
    tries: int


def push_due_notices(*, now: datetime, via: Callable[[], Transport] | None = None) -> int:
    """Push to every account whose turn it is: held, tried before, or left by a dead worker. Return how many accounts."""
    due = PushNotice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now).order_by("account_id")
    accounts = list(due.values_list("account_id", flat=True).distinct()[:BATCH])
    for account_id in accounts:
        push_notices_of(account_id, now=now, via=via)
    return len(accounts)


def push_notices_of(account_id: int, *, now: datetime, via: Callable[[], Transport] | None = None) -> None:
    """Push what waits for one account, as one notification a phone; the network is used outside any transaction."""
    due = _take(account_id, now=now)
    if due is None:
        return
    answers = _send(due, now=now, transport=(via or pushing.transport)())
    gone = [phone_id for phone_id, outcome in answers.items() if outcome is Outcome.GONE]
    if gone:
        ledger.forget_gone(gone)
    outcomes = set(answers.values())
    if Outcome.ACCEPTED in outcomes:
        _close(due.items, NoticeState.SENT, now=now)
    elif outcomes <= {Outcome.GONE}:
        _close(due.items, NoticeState.DROPPED, now=now, fault="no phone")
    elif (wait := rules.notice_wait(due.tries)) is not None:
        _of(due.items).update(next_try_at=now + wait, fault=",".join(sorted(outcomes)))
    else:
        _close(due.items, NoticeState.FAILED, now=now, fault=",".join(sorted(outcomes)))


def forget_notices(*, before: datetime) -> int:
    """Delete notices whose way ended before an instant; for retention. Return how many."""
    return PushNotice.objects.filter(closed_at__lt=before).delete()[0]


@transaction.atomic
def _take(account_id: int, *, now: datetime) -> _Due | None:
    """Lease what waits for an account; None when nothing is due, it is quiet, or nobody wants it."""
    rows = list(
        PushNotice.objects.select_for_update(of=("self",))
        .filter(account_id=account_id, state=NoticeState.WAITING, next_try_at__lte=now)
        .select_related("item")
        .order_by("item_id")
    )
    if not rows:
        return None
    phones = list(PushSubscription.objects.filter(account_id=account_id))
    wanted = [row for row in rows if row.item.read_at is None and any(_wants(phone, row.topic) for phone in phones)]
    unwanted = [row.item for row in rows if row not in wanted]
    _close(unwanted, NoticeState.DROPPED, now=now, fault="read, muted or no phone")
    if not wanted:
        return None
    awake = [phone for phone in phones if _quiet_until(phone, now) is None]
    if not awake and (urgent := [row for row in wanted if rules.wakes(row.item.kind)]):
        wanted, awake = urgent, phones  # the rest goes on waiting, and is held when it is looked at next
    if not awake:
        until = min(quiet for phone in phones if (quiet := _quiet_until(phone, now)) is not None)
        _of([row.item for row in wanted]).update(next_try_at=until)
        return None
    tries = max(row.tries for row in wanted) + 1
    _of([row.item for row in wanted]).update(next_try_at=now + LEASE, tries=tries)
    reached = [phone for phone in awake if any(_wants(phone, row.topic) for row in wanted)]
    return _Due(
        items=tuple(row.item for row in wanted),
        phones=tuple(
            Phone(one.pk, one.endpoint, bytes(one.p256dh), bytes(one.auth), one.language, one.vapid_key)
            for one in reached
        ),
        origins={one.pk: one.origin for one in reached},
        tries=tries,
    )


def _wants(phone: PushSubscription, topic: str) -> bool:
    return not phone.muted & rules.Topic(topic).bit


def _quiet_until(phone: PushSubscription, now: datetime) -> datetime | None:
    return rules.quiet_until(now, quiet_from=phone.quiet_from, quiet_to=phone.quiet_to)


def _send(due: _Due, *, now: datetime, transport: Transport) -> dict[int, Outcome]:
    """Return what became of the message, by phone; a phone without an answer in time is AGAIN."""
    signers = Signers()
    said = rules.digest([(item.title, item.body, item.href, str(item.uid)) for item in due.items])
    if any(rules.wakes(item.kind) for item in due.items):
        said = {language: {**words, "urgency": rules.Urgency.HIGH} for language, words in said.items()}
    for phone in due.phones:
        writer = Writer(
            said, message_id=said["vi"]["tag"], origin=due.origins[phone.id], lane=Lane.NOTICE, expires_at=now + LIFE, signers=signers
        )  # fmt: skip
        transport.start(Request(phone.endpoint, writer.body(phone, None), writer.headers(phone, now=now), phone.id))
    found: dict[int, Outcome] = {phone.id: Outcome.AGAIN for phone in due.phones}
    ends = monotonic() + PATIENCE_S
    while transport.in_flight and monotonic() < ends:
        for answer in transport.answers(wait_s=0.2):
            found[answer.token] = _outcome(answer, due.origins[answer.token], now=now)
    return found


def _outcome(answer: Answer, origin: str, *, now: datetime) -> Outcome:
    outcome = rules.outcome_of(answer.status)
    if outcome is Outcome.OUR_FAULT:
        ledger.refuse(origin, f"HTTP {answer.status}", now=now)
    elif answer.retry_after_s:
        ledger.pause(origin, timedelta(seconds=answer.retry_after_s + random.random()))  # noqa: S311 - jitter
    return outcome


def _of(items: Sequence[InboxItem]) -> QuerySet[PushNotice]:
    return PushNotice.objects.filter(item__in=items, state=NoticeState.WAITING)


def _close(items: Sequence[InboxItem], state: NoticeState, *, now: datetime, fault: str = "") -> None:
    _of(items).update(state=state, closed_at=now, fault=fault[:100])
