"""Keys of other programs: issued once in clear, known again by their hash, counted, changed, ended (docs/adr/0041-keys-of-programs.md);
and what is taken away from open data, counted by dataset, day and format, without who took it (docs/adr/0108)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from smarthd.kernel import audit, clock, limits, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.programs import policies
from smarthd.programs.errors import KeyFaulty, KeyInvalid, KeyMissing, KeyUnknown, TooManyCalls
from smarthd.programs.models import ApiKey

Program = ApiKey
"""One program, known by its key."""
PER_HOUR = 600
MOST_PER_HOUR = 100_000
_BEGINNING = "shd_"
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+")


@transaction.atomic
def issue(
    name: str, *, actor: Actor, now: datetime, per_hour: int = PER_HOUR, media_hosts: Sequence[str] = ()
) -> tuple[ApiKey, str]:
    """Make a key for a program and return it with its secret, which is stored nowhere and cannot be shown again."""
    require(policies.can_manage_keys(actor))
    named = text.nfc(name)
    hosts = sorted({host.strip().lower().rstrip(".") for host in media_hosts})
    problems = {}
    if not 2 <= len(named) <= 100:
        problems["name"] = "Ghi tên phần mềm hoặc đơn vị dùng khóa, từ 2 đến 100 chữ."
    problems |= _wrong_limit(per_hour)
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
    require(policies.can_manage_keys(actor))
    rows = list(ApiKey.objects.select_for_update().filter(hint=hint.strip()[:8], ended_at=None)[:2])
    if len(rows) != 1:
        raise KeyUnknown(hint=hint)
    return _ended(rows[0], actor=actor, now=now)


def _wrong_limit(per_hour: int) -> dict[str, str]:
    return {} if 1 <= per_hour <= MOST_PER_HOUR else {"per_hour": "Số lần gọi mỗi giờ từ 1 đến 100.000."}


@transaction.atomic
def set_limit(uid: UUID, *, per_hour: int, actor: Actor, now: datetime) -> ApiKey:
    """Let a key in force call more or less often from now on. Raises KeyUnknown, KeyFaulty."""
    require(policies.can_manage_keys(actor))
    row = _in_force(uid)
    if problems := _wrong_limit(per_hour):
        raise KeyFaulty(fields=problems)
    before, row.per_hour = row.per_hour, per_hour
    row.save(update_fields=["per_hour"])
    audit.record(actor, "programs.key_limited", row, at=now, per_hour=per_hour, before=before)
    return row


@transaction.atomic
def end_key(uid: UUID, *, actor: Actor, now: datetime) -> ApiKey:
    """Take a key out of force from now on. Raises KeyUnknown."""
    require(policies.can_manage_keys(actor))
    return _ended(_in_force(uid), actor=actor, now=now)


def _in_force(uid: UUID) -> ApiKey:
    row = ApiKey.objects.select_for_update().filter(uid=uid, ended_at=None).first()
    if row is None:
        raise KeyUnknown(uid=str(uid))
    return row


def _ended(row: ApiKey, *, actor: Actor, now: datetime) -> ApiKey:
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    audit.record(actor, "publicapi.key_ended", row, at=now)
    return row


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


def admit(address: str, *, limit: int, now: datetime) -> None:
    """Count a call without a key against the fair use of its address, of which only a keyed hash of the day is kept, for as
    long as the hour lasts. Raises TooManyCalls."""
    told = f"{clock.day_of(now)} {address}".encode()
    mark = hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:32]
    try:
        limits.count_attempt(f"open.{mark}", limit=limit, window=timedelta(hours=1), now=now)
    except limits.TooManyAttempts as full:
        raise TooManyCalls(limit=limit, retry_at=full.facts["retry_at"]) from None


def count_use(dataset: str, kind: str, *, now: datetime) -> None:
    """Count that a dataset was asked for in a format. One statement; losing the last second in a power cut is borne."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH soon AS (SELECT set_config('synchronous_commit', 'off', true)) "
            "INSERT INTO programs_datasetuse (dataset, day, kind, calls) SELECT %s, %s, %s, 1 FROM soon "
            "ON CONFLICT (dataset, day, kind) DO UPDATE SET calls = programs_datasetuse.calls + 1",
            [dataset[:60], clock.day_of(now), kind[:20]],
        )


def _hash(secret: str) -> bytes:
    """Return what is stored of a key: it is 192 random bits, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()
