"""Keys of other programs: issued once in clear, known again by their hash, counted, ended (docs/adr/0041-keys-of-programs.md)."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from smarthd.kernel import audit, clock, limits, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid, NotAllowed, NotFound
from smarthd.kernel.policies import require
from smarthd.publicapi.models import ApiKey

PER_HOUR = 600
_BEGINNING = "shd_"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")


class KeyMissing(NotAllowed):
    """No key came with the request."""


class KeyInvalid(NotAllowed):
    """The key is not one of ours, or it was ended."""


class KeyUnknown(NotFound):
    """No key in force begins so, or several do."""


class KeyFaulty(Invalid):
    """The key that is asked for is not described right; facts: fields."""


class TooManyCalls(limits.TooManyAttempts):
    """The program's calls of this hour are used up; facts: limit, retry_at."""


@transaction.atomic
def issue(
    name: str, *, actor: Actor, now: datetime, per_hour: int = PER_HOUR, media_hosts: Sequence[str] = ()
) -> tuple[ApiKey, str]:
    """Make a key for a program and return it with its secret, which is stored nowhere and cannot be shown again."""
    require(bool(actor.system))
    named = text.nfc(name)
    hosts = sorted({host.strip().lower().rstrip(".") for host in media_hosts})
    problems = {}
    if not 2 <= len(named) <= 100:
        problems["name"] = "Ghi tên phần mềm hoặc đơn vị dùng khóa, từ 2 đến 100 chữ."
    if not 1 <= per_hour <= 100_000:
        problems["per_hour"] = "Số lần gọi mỗi giờ từ 1 đến 100.000."
    wrong = [host for host in hosts if not _HOST.fullmatch(host) or host.replace(".", "").isdigit()]
    if wrong:
        problems["media_hosts"] = f"Không phải tên máy chủ: {', '.join(wrong)}. Ví dụ đúng: anh.haiduong.gov.vn."
    if problems:
        raise KeyFaulty(fields=problems)
    secret = _BEGINNING + secrets.token_urlsafe(24)
    row = ApiKey.objects.create(
        name=named,
        hint=secret[: len(_BEGINNING) + 4],
        key_hash=_hash(secret),
        per_hour=per_hour,
        media_hosts=hosts,
        made_at=now,
    )
    audit.record(actor, "publicapi.key_issued", row, at=now, name=named, per_hour=per_hour, media_hosts=hosts)
    return row, secret


@transaction.atomic
def end(hint: str, *, actor: Actor, now: datetime) -> ApiKey:
    """Take a key out of force from now on; it is named by its beginning."""
    require(bool(actor.system))
    rows = list(ApiKey.objects.select_for_update().filter(hint=hint.strip()[:8], ended_at=None)[:2])
    if len(rows) != 1:
        raise KeyUnknown(hint=hint)
    rows[0].ended_at = now
    rows[0].save(update_fields=["ended_at"])
    audit.record(actor, "publicapi.key_ended", rows[0], at=now)
    return rows[0]


def all_keys() -> list[ApiKey]:
    """Return every key ever issued, the newest first."""
    return list(ApiKey.objects.order_by("-made_at", "-id"))


def program_of(secret: str, *, now: datetime) -> ApiKey:
    """Return the key a request came with, counted once, or raise KeyMissing, KeyInvalid, TooManyCalls."""
    if not secret:
        raise KeyMissing
    row = ApiKey.objects.filter(key_hash=_hash(secret), ended_at=None).first()
    if row is None:
        raise KeyInvalid
    try:
        limits.count_attempt(f"api.key.{row.uid}", limit=row.per_hour, window=timedelta(hours=1), now=now)
    except limits.TooManyAttempts as full:
        raise TooManyCalls(limit=row.per_hour, retry_at=full.facts["retry_at"]) from None
    day = clock.day_of(now)
    if row.last_used_on != day:
        ApiKey.objects.filter(pk=row.pk).update(last_used_on=day)
    return row


def _hash(secret: str) -> bytes:
    """Return what is stored of a key: it is 192 random bits, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()
