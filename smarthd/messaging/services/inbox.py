"""A person's inbox: told once however often the teller repeats itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.messaging import rules
from smarthd.messaging.errors import ItemUnknown
from smarthd.messaging.models import InboxItem
from smarthd.messaging.services import notices
from smarthd.people import selectors as people


@transaction.atomic
def tell(
    account_ids: Iterable[int], *, kind: str, title: str, body: str = "", href: str = "", key: str, now: datetime
) -> int:
    """Put a message into inboxes; whoever has one of this key already keeps the one they have. Return how many are new.

    Whoever agreed to push and has a phone is told there too, after this transaction; the inbox is the truth.

    ``href`` is an address of our own, or empty. An erased account is nobody, and is told nothing.
    """
    asked = set(account_ids)
    living = {facts.id for facts in people.account_facts(asked).values() if not facts.erased}
    has = set(InboxItem.objects.filter(account_id__in=living, key=key).values_list("account_id", flat=True))
    items = [
        InboxItem(account_id=account_id, key=key, kind=kind, title=title[:300], body=body, href=href, created_at=now)
        for account_id in sorted(living - has)
    ]
    InboxItem.objects.bulk_create(items, ignore_conflicts=True)  # another worker may be telling the same
    if kind not in rules.TOLD_APART:
        notices.queue_notices(key, [item.account_id for item in items], now=now)
    return len(items)


def mark_read(uid: UUID, *, account_id: int, now: datetime) -> str:
    """Note that a person opened a message of theirs, the first time it happens; return where it leads, or nothing."""
    item = InboxItem.objects.filter(uid=uid, account_id=account_id).first()
    if item is None:
        raise ItemUnknown
    InboxItem.objects.filter(pk=item.pk, read_at=None).update(read_at=now)
    return item.href


def mark_all_read(account_id: int, *, now: datetime) -> int:
    """Note that a person has seen all there is. Return how many were unread."""
    return InboxItem.objects.filter(account_id=account_id, read_at=None).update(read_at=now)


def forget_inbox_of(account_id: int) -> int:
    """Empty an inbox whose owner is gone. Return how many messages there were."""
    return InboxItem.objects.filter(account_id=account_id).delete()[0]


def forget_old_items(*, before: datetime) -> int:
    """Delete messages told before an instant, read or not; for retention. Return how many."""
    return InboxItem.objects.filter(created_at__lt=before).delete()[0]
