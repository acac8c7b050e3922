"""Texts to people whose phones push did not reach: Zalo where the province has an account, else SMS; bounded in number, agreed to, tried, ended.

The number is asked of people when it is needed and kept nowhere here. The network is used outside any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smarthd.messaging import rules
from smarthd.messaging.models import FanoutChunk, PushSubscription, TextNotice, TextRun
from smarthd.messaging.ports import GatewayRefused, GatewayUnavailable, TextGateway, ZaloNotice, ZaloSender
from smarthd.messaging.rules import TextState, Way
from smarthd.messaging.services import codes, official_account
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people

LEASE = timedelta(minutes=2)
BATCH = 100


def accounts_reached(key: str) -> set[int]:
    """Return the accounts on whose phones a fan-out was accepted. A statement a chunk, of a thousand phones at most."""
    found: set[int] = set()
    chunks = FanoutChunk.objects.filter(fanout__key=key, accepted_count__gt=0).only("ids", "accepted", "size")
    for chunk in chunks.iterator(chunk_size=50):
        accepted, raw = rules.bits(chunk.accepted), bytes(chunk.ids)
        ids = [int.from_bytes(raw[8 * at : 8 * at + 8], "little") for at in range(chunk.size) if (accepted >> at) & 1]
        rows = PushSubscription.objects.filter(pk__in=ids).filter(account_id__isnull=False)
        found |= set(rows.values_list("account_id", flat=True))
    return found


def wants_texts(key: str) -> bool:
    """Say whether texts of a key are still to be begun: this installation sends any, and none of the key were."""
    return settings.TEXTS_MOST > 0 and not TextRun.objects.filter(key=key).exists()


@transaction.atomic
def begin_texts(
    key: str,
    *,
    title: str,
    body: str,
    href: str,
    account_ids: Sequence[int],
    expires_at: datetime,
    now: datetime,
) -> int:
    """Put texts on their way to those of some accounts that agreed to be told on their telephone and that push did not reach.

    ``key`` is the fan-out's; begun again it is one run. At most ``TEXTS_MOST`` of the installation's settings go; those beyond it are
    counted, never silently left out. Return how many texts wait.
    """
    if expires_at <= now or not wants_texts(key):
        return 0
    unreached = set(account_ids) - accounts_reached(key)
    wanted = sorted(people.accounts_with_consent(unreached, people_rules.Purpose.PUSH))
    url = f"{settings.ORIGIN}{href}"
    run, made = TextRun.objects.get_or_create(
        key=key,
        defaults={
            "title": title[:200],
            "text": rules.sms_of(title, body, url),
            "url": url[:300],
            "over_limit": max(0, len(wanted) - settings.TEXTS_MOST),
            "expires_at": expires_at,
            "created_at": now,
        },
    )
    if not made:
        return 0
    rows = [TextNotice(run=run, account_id=one, next_try_at=now) for one in wanted[: settings.TEXTS_MOST]]
    TextNotice.objects.bulk_create(rows)
    return len(rows)


def cancel_texts(key: str, *, now: datetime) -> int:
    """Drop what was not sent of a run; return how many."""
    TextRun.objects.filter(key=key, cancelled_at=None).update(cancelled_at=now)
    waiting = TextNotice.objects.filter(run__key=key, state=TextState.WAITING)
    return waiting.update(state=TextState.DROPPED, closed_at=now, fault="cancelled")


@dataclass(frozen=True, slots=True)
class _Due:
    """One text to be sent now."""

    pk: int
    uid: UUID
    account_id: int
    title: str
    text: str
    url: str
    tries: int


def send_due_texts(*, now: datetime, sms: TextGateway | None = None, zalo: ZaloSender | None = None) -> int:
    """Send every text whose turn it is, once; return how many were tried."""
    due = _take(now)
    agreeing = people.accounts_with_consent([one.account_id for one in due], people_rules.Purpose.PUSH)
    for one in due:
        phone = people.verified_phone(one.account_id) if one.account_id in agreeing else ""
        if not phone:
            _close(one.pk, TextState.DROPPED, now=now, fault="no agreement or no number")
            continue
        _send(one, phone, now=now, sms=sms, zalo=zalo)
    return len(due)


@transaction.atomic
def _take(now: datetime) -> list[_Due]:
    """Lease what is due; what is past its time is dropped."""
    rows = list(
        TextNotice.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("run")
        .filter(state=TextState.WAITING, next_try_at__lte=now)
        .order_by("next_try_at", "id")[:BATCH]
    )
    late = [row.pk for row in rows if row.run.expires_at <= now or row.run.cancelled_at is not None]
    TextNotice.objects.filter(pk__in=late).update(state=TextState.DROPPED, closed_at=now, fault="over")
    due = [row for row in rows if row.pk not in late]
    for row in due:
        row.tries += 1
        row.next_try_at = now + LEASE
    TextNotice.objects.bulk_update(due, ["tries", "next_try_at"])
    return [_Due(r.pk, r.uid, r.account_id, r.run.title, r.run.text, r.run.url, r.tries) for r in due]


def _send(one: _Due, phone: str, *, now: datetime, sms: TextGateway | None, zalo: ZaloSender | None) -> None:
    """Try one text by the ways there are, the cheaper first: refused by Zalo (no Zalo on this number) it goes by SMS."""
    fault = ""
    if settings.ZALO_TOKEN or zalo is not None:
        sender = zalo or official_account.zalo()
        try:
            sender.send(ZaloNotice(phone, one.title, one.text, one.url, str(one.uid)))
        except (GatewayRefused, GatewayUnavailable) as failure:
            fault = str(failure)
        else:
            _close(one.pk, TextState.SENT, now=now, via=Way.ZALO)
            return
    try:
        (sms or codes.gateway()).send(phone=phone, text=one.text, reference=one.uid)
    except GatewayRefused as refusal:
        _close(one.pk, TextState.FAILED, now=now, via=Way.SMS, fault=f"{fault} {refusal}".strip())
    except GatewayUnavailable as failure:
        _again(one, now=now, fault=f"{fault} {failure}".strip())
    else:
        _close(one.pk, TextState.SENT, now=now, via=Way.SMS)


def _again(one: _Due, *, now: datetime, fault: str) -> None:
    wait = rules.text_wait(one.tries)
    if wait is None:
        _close(one.pk, TextState.FAILED, now=now, via=Way.SMS, fault=fault)
        return
    TextNotice.objects.filter(pk=one.pk, state=TextState.WAITING).update(next_try_at=now + wait, fault=fault[:100])


def _close(pk: int, state: TextState, *, now: datetime, via: str = "", fault: str = "") -> None:
    TextNotice.objects.filter(pk=pk, state=TextState.WAITING).update(
        state=state, via=via, closed_at=now, fault=fault[:100]
    )


def forget_texts_of(account_id: int) -> int:
    """Let go of what was texted to a person who is gone. Return how many texts there were."""
    return TextNotice.objects.filter(account_id=account_id).delete()[0]


def forget_texts(*, before: datetime) -> int:
    """Delete runs begun before an instant; for retention. Return how many rows."""
    return TextRun.objects.filter(created_at__lt=before).delete()[0]
