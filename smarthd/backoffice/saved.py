"""Filters an official keeps under a name: kept, replaced, dropped; gone with the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction

from smarthd.backoffice.models import SavedFilter
from smarthd.kernel import text
from smarthd.kernel.errors import Conflict, Invalid, NotFound
from smarthd.people import exports

MOST = 20
_KEPT = {"xem", "q", "linh-vuc", "noi", "co-quan", "loc"}
"""Parameters of the queue that make sense tomorrow; days and pages do not."""


class FilterNameless(Invalid):
    """A filter needs a name of up to sixty letters."""


class TooManyFilters(Conflict):
    """An official keeps twenty at most."""


class FilterUnknown(NotFound):
    """There is no such filter of this account."""


def filters_of(account_id: int) -> list[SavedFilter]:
    """Return an account's filters by name. One statement."""
    return list(SavedFilter.objects.filter(account_id=account_id).order_by("name"))


@transaction.atomic
def save_filter(*, account_id: int, name: str, address: str, now: datetime) -> SavedFilter:
    """Keep a filter; one of the same name is replaced."""
    named = text.nfc(name)[:61]
    if not 1 <= len(named) <= 60:
        raise FilterNameless
    kept = urlencode([pair for pair in parse_qsl(address, max_num_fields=50) if pair[0] in _KEPT])[:600]
    known = SavedFilter.objects.filter(account_id=account_id)
    if known.exclude(name=named).count() >= MOST:
        raise TooManyFilters
    row, _made = SavedFilter.objects.update_or_create(
        account_id=account_id, name=named, defaults={"address": kept, "made_at": now}
    )
    return row


def drop_filter(uid: UUID, *, account_id: int) -> None:
    """Drop one of one's own; another's is not found."""
    gone, _kinds = SavedFilter.objects.filter(uid=uid, account_id=account_id).delete()
    if not gone:
        raise FilterUnknown


def forget(account_id: int) -> None:
    """Drop everything kept for an account that is erased."""
    SavedFilter.objects.filter(account_id=account_id).delete()


def sections(account_id: int) -> Iterator[exports.Section]:
    """Yield what is kept of an account, for that person's own eyes."""
    kept = filters_of(account_id)
    if kept:
        yield exports.Section(
            key="backoffice_filters",
            title="Bộ lọc đã lưu ở bàn làm việc",
            why="Theo lựa chọn của cán bộ, để mở lại nhanh.",
            how_long="Đến khi bỏ bộ lọc hoặc xóa tài khoản.",
            rows=[{"Tên": one.name, "Lưu lúc": one.made_at} for one in kept],
        )
