"""Keys of other programs: issued once in clear, known again by their hash, counted, changed, ended (docs/adr/0041-keys-of-programs.md);
and what is taken away from open data, counted by dataset, day and format, without who took it (docs/adr/0108)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from smarthd.kernel import audit, clock, limits, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.programs import policies
from smarthd.programs.errors import KeyFaulty, KeyInvalid, KeyMissing, KeyUnknown, TooManyCalls
from smarthd.programs.metering import METER, Standing
from smarthd.programs.models import ApiKey, CallCount

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
    row = _in_force_by_secret(secret, now=now)
    try:
        limits.count_attempt(f"api.key.{row.uid}", limit=row.per_hour, window=timedelta(hours=1), now=now)
    except limits.TooManyAttempts as full:
        raise TooManyCalls(limit=row.per_hour, retry_at=full.facts["retry_at"]) from None
    return row


def _in_force_by_secret(secret: str, *, now: datetime) -> ApiKey:
    row = ApiKey.objects.filter(key_hash=_hash(secret), ended_at=None).first()
    if row is None:
        raise KeyInvalid
    day = clock.day_of(now)
    if row.last_used_on != day:
        ApiKey.objects.filter(pk=row.pk).update(last_used_on=day)
    return row


@dataclass(frozen=True, slots=True)
class Asker:
    """Who calls open data: a mark that is counted, and how often it may call an hour."""

    mark: str
    limit: int


_ASKERS: dict[bytes, tuple[Asker, float]] = {}
"""Programs by the hash of their key, and when each was looked up; only keys in force are here."""


def asker_of(secret: str, address: str, *, limit: int, now: datetime) -> Asker:
    """Return who calls: the program of the key, else the address, known only by a keyed hash of the day. Raises KeyInvalid.

    A key is looked up again after a moment (``OPEN_DATA_COUNT_S``): so long may one that was ended go on.
    """
    if secret:
        return _asker_by_key(secret, now=now)
    told = f"{clock.day_of(now)} {address}".encode()
    return Asker(hmac.new(settings.SECRET_KEY.encode(), told, hashlib.sha256).hexdigest()[:32], limit)


def _asker_by_key(secret: str, *, now: datetime) -> Asker:
    key, moment = _hash(secret), time.monotonic()
    asker, read = _ASKERS.get(key, (None, 0.0))
    if asker is None or moment - read >= settings.OPEN_DATA_COUNT_S:
        row = _in_force_by_secret(secret, now=now)
        asker = Asker(f"key {row.uid}", row.per_hour)
        _ASKERS[key] = (asker, moment)
    return asker


def count_call(asker: Asker, *, now: datetime, dataset: str = "", kind: str = "") -> Standing:
    """Count a call, and the use of a dataset in a format if it names one. Raises TooManyCalls, and counts no use then."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    use = (dataset[:60], clock.day_of(now), kind[:20]) if kind else None
    calls = METER.count((asker.mark, hour), use, limit=asker.limit, moment=settings.OPEN_DATA_COUNT_S)
    until = hour + timedelta(hours=1)
    if calls > asker.limit:
        raise TooManyCalls(limit=asker.limit, retry_at=until)
    return Standing(asker.limit, calls, until)


def forget_calls(*, now: datetime) -> int:
    """Forget who called in hours that are over. Return how many marks."""
    return CallCount.objects.filter(hour__lt=now - timedelta(hours=1)).delete()[0]


def _hash(secret: str) -> bytes:
    """Return what is stored of a key: it is 192 random bits, so that a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).digest()
