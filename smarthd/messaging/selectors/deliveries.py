"""Reads of messaging."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.kernel.paging import Page, decode_cursor, encode_cursor
from smarthd.messaging import rules
from smarthd.messaging.models import CodeDelivery, InboxItem, MailDelivery, PushSubscription
from smarthd.people.exports import Section


def code_delivery_state(request_uid: UUID) -> rules.DeliveryState | None:
    """Return where a code stands on its way; None before messaging has heard of it."""
    state = CodeDelivery.objects.filter(request_uid=request_uid).values_list("state", flat=True).first()
    return None if state is None else rules.DeliveryState(state)


def failed_deliveries(*, since: datetime) -> int:
    """Return how many codes could not be delivered since an instant: what operators watch."""
    return CodeDelivery.objects.filter(
        asked_at__gte=since, state__in=[rules.DeliveryState.FAILED, rules.DeliveryState.EXPIRED]
    ).count()


@dataclass(frozen=True, slots=True)
class InboxView:
    """One message as its owner sees it; ``href`` leads to what it is about, or is empty."""

    uid: UUID
    kind: str
    title: str
    body: str
    href: str
    created_at: datetime
    read: bool


def inbox_for(account_id: int, *, limit: int = 30, cursor: str = "") -> Page[InboxView]:
    """Return a person's messages, the newest first. One query."""
    found = InboxItem.objects.filter(account_id=account_id).order_by("-id")
    if cursor:
        found = found.filter(id__lt=decode_cursor(cursor, length=1)[0])
    rows = list(found[: limit + 1])
    items = [
        InboxView(row.uid, row.kind, row.title, row.body, row.href, row.created_at, row.read_at is not None)
        for row in rows[:limit]
    ]
    return Page(items=items, next_cursor=encode_cursor(rows[limit - 1].pk) if len(rows) > limit else "")


def unread_count(account_id: int) -> int:
    """Return how many messages a person has not read. One query on an index of unread rows."""
    return InboxItem.objects.filter(account_id=account_id, read_at=None).count()


def failed_mails(*, since: datetime) -> int:
    """Return how many e-mails could not be sent since an instant: what operators watch."""
    return MailDelivery.objects.filter(state=rules.MailState.FAILED, closed_at__gte=since).count()


def kept_about(account_id: int) -> Iterable[Section]:
    """Return what messaging keeps about a person, for that person's own page."""
    yield Section(
        key="phones",
        title="Điện thoại nhận thông báo",
        why="Để báo tin và cảnh báo tới điện thoại đã bật",
        how_long="Đến khi tắt, hoặc 12 tháng không mở ứng dụng",
        rows=[
            {"Máy chủ thông báo": row.origin, "Bật lúc": row.agreed_at, "Mở ứng dụng lần cuối": row.last_seen_at}
            for row in PushSubscription.objects.filter(account_id=account_id).order_by("id")
        ],
    )
    yield Section(
        key="inbox",
        title="Hộp thư trong ứng dụng",
        why="Để báo việc cần làm và kết quả",
        how_long="12 tháng",
        rows=[
            {"Lúc": row.created_at, "Nội dung": row.title, "Đã đọc lúc": row.read_at}
            for row in InboxItem.objects.filter(account_id=account_id).order_by("-id")
        ],
    )
