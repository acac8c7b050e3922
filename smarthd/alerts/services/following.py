"""Following others' messages: sources kept by the administrator, fetched on time or when asked, each try's outcome written down.

What cannot be read or is wrongly signed stops only itself: the rest of a feed is still taken in, and the source says what was wrong.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from smarthd.agencies import selectors as agencies
from smarthd.alerts import policies
from smarthd.alerts.adapters.fetching import HttpsFetcher
from smarthd.alerts.errors import CapTooLarge, CapUnreadable, CapUnsigned, SourceFaulty, SourceUnknown
from smarthd.alerts.models import TrustedSource
from smarthd.alerts.ports import CapFetcher, SourceSilent
from smarthd.alerts.services import importing
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor, system
from smarthd.kernel.policies import require

log = logging.getLogger(__name__)
EVERY = (0, 5, 15, 30, 60)
"""Minutes between two fetches an administrator may choose; 0: only when asked."""
LEASE = timedelta(minutes=5)
MOST_LINKS = 30
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_ACTOR = system("alerts.following")


@cache
def fetcher() -> CapFetcher:
    """Return what fetches in this installation."""
    return HttpsFetcher()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWishes:
    """What a source is to be. ``certificate_pem`` empty keeps the one pinned."""

    key: str
    name: str
    sender: str
    url: str
    agency_id: int
    every_minutes: int
    certificate_pem: bytes = b""


@transaction.atomic
def keep_source(wishes: SourceWishes, *, actor: Actor, now: datetime) -> TrustedSource:
    """Pin a source or change it. Raises SourceFaulty with what is wrong beside each field; NotAllowed."""
    require(policies.can_keep_sources(actor), act="keep_source")
    wrong: dict[str, str] = {}
    if not _KEY.fullmatch(wishes.key):
        wrong["key"] = "Tên tắt gồm chữ thường không dấu, số và dấu gạch, ví dụ kttv-quoc-gia."
    if not wishes.name.strip():
        wrong["name"] = "Ghi tên nơi gửi."
    here = settings.PUSH_LOOPBACK and wishes.url.startswith("http://127.0.0.1:")  # the demonstration's and the tests'
    if not (wishes.url.startswith("https://") or here):
        wrong["url"] = "Địa chỉ nguồn tin phải bắt đầu bằng https://."
    if wishes.every_minutes not in EVERY:
        wrong["every"] = "Chọn một trong các nhịp lấy tin."
    if not policies.reaches_everywhere(agencies.agency_view(wishes.agency_id, clock.day_of(now)).kind):
        wrong["agency"] = "Bản nháp thuộc cơ quan cấp tỉnh."
    before = TrustedSource.objects.select_for_update().filter(key=wishes.key).first()
    pem = wishes.certificate_pem or (before.certificate.encode() if before else b"")
    if wrong:
        raise SourceFaulty(fields=wrong)
    url = wishes.url if wishes.url.startswith("https://") else ""
    row = importing.trust_source(
        wishes.key, name=wishes.name, sender=wishes.sender, certificate_pem=pem, url=url, actor=_ACTOR, now=now
    )
    row.url, row.agency_id, row.every_minutes, row.fault = wishes.url, wishes.agency_id, wishes.every_minutes, ""
    row.save(update_fields=["url", "agency_id", "every_minutes", "fault"])
    audit.record(actor, "alerts.source_kept", row, at=now, every=wishes.every_minutes, fingerprint=row.fingerprint)
    return row


@transaction.atomic
def let_source_go(key: str, *, actor: Actor, now: datetime) -> None:
    """Trust a source no longer; its drafts stay."""
    require(policies.can_keep_sources(actor), act="let_source_go")
    importing.end_source(key, actor=_ACTOR, now=now)
    audit.record(actor, "alerts.source_let_go", TrustedSource.objects.get(key=key), at=now)


@transaction.atomic
def ask_source(key: str, *, actor: Actor, now: datetime) -> None:
    """Have a source fetched now, by the worker."""
    from smarthd.alerts.tasks import follow_asked  # tasks import this package

    require(policies.can_ask_sources(actor), act="ask_source")
    if not TrustedSource.objects.filter(key=key, ended_at=None).update(asked_at=now):
        raise SourceUnknown(key=key)
    follow_asked.defer()


def follow_due(*, now: datetime, fetches: CapFetcher | None = None) -> int:
    """Fetch every source whose turn it is or that was asked for. Return how many were tried; one that fails stops no other."""
    tried = 0
    for key in _due(now):
        if _claimed(key, now):
            tried += 1
            follow_source(key, now=now, fetches=fetches)
    return tried


def _due(now: datetime) -> list[str]:
    asked = Q(asked_at__isnull=False) & (Q(tried_at=None) | Q(tried_at__lt=F("asked_at")))
    rows = TrustedSource.objects.filter(ended_at=None).exclude(agency_id=None).exclude(url="")
    return [
        row.key
        for row in rows.filter(asked | Q(every_minutes__gt=0)).order_by("id")
        if (row.asked_at and (row.tried_at is None or row.tried_at < row.asked_at))
        or row.tried_at is None
        or row.tried_at + timedelta(minutes=row.every_minutes) <= now
    ]


def _claimed(key: str, now: datetime) -> bool:
    """Take a source for this process: its try is written down first, so that two workers do not fetch it twice."""
    with transaction.atomic():
        row = TrustedSource.objects.select_for_update(skip_locked=True).filter(key=key, ended_at=None).first()
        if row is None or key not in _due(now):
            return False
        row.tried_at = now
        row.save(update_fields=["tried_at"])
        return True


def follow_source(key: str, *, now: datetime, fetches: CapFetcher | None = None) -> int:
    """Fetch one source and take its messages in; return how many became drafts. What was wrong is written beside the source, in words."""
    source = TrustedSource.objects.get(key=key)
    drafts, faults = 0, []
    try:
        documents = _documents((fetches or fetcher()), source.url)
    except (SourceSilent, CapUnreadable, CapTooLarge) as fault:
        documents, faults = [], [_said(fault)]
    for document in documents:
        made, wrong = _taken(document, source, now)
        drafts, faults = drafts + made, faults + wrong
    TrustedSource.objects.filter(pk=source.pk).update(
        fault="; ".join(dict.fromkeys(faults))[:300], **({} if faults and not drafts else {"fetched_at": now})
    )
    if faults:
        log.warning("source %s: %s", key, faults[0])
    return drafts


def _documents(fetches: CapFetcher, url: str) -> list[bytes]:
    raw = fetches.fetch(url)
    if b"application/cap+xml" in raw and b"urn:oasis:names:tc:emergency:cap:1.2}alert" not in raw:
        links = importing.links_in(raw)[:MOST_LINKS]
        return [fetches.fetch(link) for link in links] or [raw]
    return [raw]


def _taken(document: bytes, source: TrustedSource, now: datetime) -> tuple[int, list[str]]:
    drafts, faults = 0, []
    try:
        messages = list(importing.messages_in(document))
    except (CapUnreadable, CapTooLarge) as fault:
        return 0, [_said(fault)]
    for message in messages:
        try:
            taken = importing.take_message(message, agency_id=source.agency_id or 0, actor=_ACTOR, now=now)
            drafts += bool(taken.code)
        except (CapUnreadable, CapUnsigned) as fault:
            faults.append(_said(fault))
    return drafts, faults


def _said(fault: Exception) -> str:
    """Return what went wrong in words for officials."""
    if isinstance(fault, SourceSilent):
        return str(fault)
    if isinstance(fault, CapTooLarge):
        return "bản tin quá lớn"
    if isinstance(fault, CapUnsigned):
        return "có bản tin không mang chữ ký của chứng thư đã ghim; không nhận"
    why = str(fault.facts.get("why", "")) if isinstance(fault, CapUnreadable) else ""
    if "document type" in why:
        return "tệp khai báo DOCTYPE hoặc thực thể (entity); không nhận"
    return "tệp không phải bản tin CAP 1.2 đúng khuôn dạng"
