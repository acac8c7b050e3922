"""What a department's program sends by itself: known by its key, or by the signature of its body; checked like everything else.

A signed call carries ``X-Smarthd-Timestamp`` (seconds since 1970) and ``X-Smarthd-Signature: sha256=<hex>``, the HMAC-SHA256 of
``timestamp "." body`` under the key; it counts for five minutes, once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from smarthd.connectors.adapters import documents
from smarthd.connectors.errors import PushKeyInvalid, PushRefused
from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import SourceRefused
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import VersionState
from smarthd.connectors.services import publishing, pulling, reading, sources
from smarthd.kernel import actor as actors
from smarthd.kernel import limits

MOST_ROWS = 10_000
PER_HOUR = 600
FRESH = timedelta(minutes=5)


def source_by_key(key: str, secret: str, *, now: datetime) -> Source:
    """Return the source a key lets into, its call counted. Raises PushKeyInvalid, TooManyAttempts."""
    digest = hashlib.sha256(secret.encode()).digest()
    source = Source.objects.filter(key=key, kind=SourceKind.PUSH, ended_at=None, push_hash=digest).first()
    return _counted(source, key, now)


def source_by_signature(key: str, *, body: bytes, timestamp: str, signature: str, now: datetime) -> Source:
    """Return the source whose key signed a body within the last five minutes and for the first time. Raises PushKeyInvalid."""
    source = Source.objects.filter(key=key, kind=SourceKind.PUSH, ended_at=None).exclude(sealed_secret=None).first()
    if source is None or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        raise PushKeyInvalid(key=key)
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise PushKeyInvalid(key=key)
    wanted = hmac.new(sources.secret_of(source)["push"].encode(), f"{timestamp}.".encode() + body, hashlib.sha256)
    if not hmac.compare_digest(f"sha256={wanted.hexdigest()}".encode(), signature.encode()):
        raise PushKeyInvalid(key=key)
    try:
        limits.count_attempt(f"connectors.once.{wanted.hexdigest()}", limit=1, window=timedelta(days=1), now=now)
    except limits.TooManyAttempts:
        raise PushKeyInvalid(key=key) from None
    return _counted(source, key, now)


def _counted(source: Source | None, key: str, now: datetime) -> Source:
    if source is None:
        raise PushKeyInvalid(key=key)
    limits.count_attempt(f"connectors.push.{source.uid}", limit=PER_HOUR, window=timedelta(hours=1), now=now)
    return source


def take(
    source: Source,
    rows: Sequence[Mapping[str, Any]],
    *,
    whole: bool,
    delete: Collection[Sequence[str]] = (),
    now: datetime,
) -> Run:
    """Check the rows a program sent, and publish them where the source has been public before and nothing speaks against it.

    ``whole``: what is not among them goes; otherwise only ``delete`` goes, each named by its key's parts. Raises PushRefused, SourceBusy.
    """
    if len(rows) > MOST_ROWS or len(delete) > MOST_ROWS:
        raise PushRefused(fields={"rows": f"Mỗi lần gửi nhiều nhất {MOST_ROWS} mục."})
    mapped = mapping_of(source.mapping)
    if not whole and not mapped.key:
        raise PushRefused(fields={"mode": "Dữ liệu không có cột mã, nên chỉ gửi được cả bảng."})
    try:
        table = documents.json_table(rows)
    except SourceRefused as why:
        raise PushRefused(fields={"rows": str(why)}) from None
    if mapped.fields and not whole:
        left_out = [one.header for one in mapped.fields if one.header and not one.required]
        missing = tuple(header for header in left_out if header not in table.columns)
        table = documents.widened(table, missing)
    gone = None if whole else {"\x1f".join(map(str, parts)) for parts in delete}
    run, version = reading.take_lines(
        source,
        table,
        actor=actors.system("connectors.push"),
        now=now,
        lease_until=now + pulling.LEASE,
        gone_keys=gone,
    )
    if version is not None and version.state == VersionState.CHECKED and source.version and not source.two_persons:
        publishing.publish(uid=source.uid, number=version.number, actor=actors.system("connectors.push"), now=now)
        run.refresh_from_db()
    return run
