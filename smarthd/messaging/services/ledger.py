"""The ledger of chunks as senders use it: claim, flush, settle; and what is known of each push service.

Leases and pauses are reckoned by the database's own clock: machines whose clocks differ, or jump, agree on them.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from smarthd.messaging import rules
from smarthd.messaging.models import Fanout, FanoutChunk, PushOrigin
from smarthd.messaging.rules import ChunkState
from smarthd.messaging.services import fanouts

log = logging.getLogger(__name__)

_CLAIM = """
UPDATE messaging_fanoutchunk AS chunk
SET state = 'leased', worker = %(worker)s, lease_until = clock_timestamp() + %(lease)s, attempts = chunk.attempts + 1
FROM (
    SELECT c.id FROM messaging_fanoutchunk c
    JOIN messaging_fanout f ON f.id = c.fanout_id
    LEFT JOIN messaging_pushorigin o ON o.origin = c.origin
    WHERE c.state IN ('waiting', 'leased') AND c.not_before <= %(now)s
      AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
      AND (o.retry_at IS NULL OR o.retry_at <= clock_timestamp())
      AND c.origin <> ALL(%(beside)s)
      AND NOT EXISTS (
        SELECT 1 FROM messaging_fanoutchunk e WHERE e.fanout_id = f.replaces_id AND e.lease_until > clock_timestamp()
      )
    ORDER BY c.rank, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
) AS next, messaging_fanout AS fanout
WHERE chunk.id = next.id AND fanout.id = chunk.fanout_id
RETURNING chunk.id, chunk.attempts, chunk.rank, chunk.origin, chunk.ids, chunk.size, chunk.accepted, chunk.gone, chunk.failed,
          fanout.id, fanout.key, fanout.lane, fanout.payloads::text, fanout.expires_at
"""

_PHONES = """
SELECT id, endpoint, p256dh, auth, language, vapid_key FROM messaging_pushsubscription WHERE id = ANY(%s) ORDER BY id
"""

_FLUSH = """
UPDATE messaging_fanoutchunk
SET accepted = %s, gone = %s, failed = %s, accepted_count = %s, gone_count = %s, failed_count = %s,
    lease_until = clock_timestamp() + %s
WHERE id = %s AND worker = %s AND attempts = %s RETURNING state
"""

_PAUSE = """
INSERT INTO messaging_pushorigin (origin, retry_at, fault) VALUES (%(origin)s, clock_timestamp() + %(wait)s, '')
ON CONFLICT (origin) DO UPDATE SET retry_at = greatest(messaging_pushorigin.retry_at, excluded.retry_at)
"""

_REFUSE = """
INSERT INTO messaging_pushorigin (origin, retry_at, refused_at, fault)
VALUES (%(origin)s, clock_timestamp() + %(wait)s, %(now)s, %(fault)s)
ON CONFLICT (origin) DO UPDATE SET retry_at = excluded.retry_at, fault = excluded.fault,
    refused_at = coalesce(messaging_pushorigin.refused_at, excluded.refused_at)
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk in this process's hands. ``ids`` in the order of the bits; ``known``: the three bitmaps as numbers."""

    chunk_id: int
    attempt: int
    rank: int
    origin: str
    ids: tuple[int, ...]
    known: dict[str, int]
    fanout_id: int
    key: str
    lane: rules.Lane
    payloads: str
    expires_at: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class Phone:
    """What is needed to send to one phone."""

    id: int
    endpoint: str
    p256dh: bytes
    auth: bytes
    language: str
    vapid_key: str


def claim(worker: str, *, now: datetime, beside: Collection[str] = ()) -> Claim | None:
    """Take the most urgent chunk whose turn it is, for a lease, but none of the push services ``beside``; None when there is none.

    Nobody waits for anybody.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, _values(worker=worker, lease=rules.LEASE, now=now, beside=list(beside)))
        row = cursor.fetchone()
    if row is None:
        return None
    chunk_id, attempt, rank, origin, ids, _size, accepted, gone, failed, fanout_id, key, lane, payloads, expires = row
    known = dict(zip(rules.BITMAPS, map(rules.bits, (accepted, gone, failed)), strict=True))
    return Claim(
        chunk_id=chunk_id,
        attempt=attempt,
        rank=rank,
        origin=origin,
        ids=tuple(rules.unpacked(ids)),
        known=known,
        fanout_id=fanout_id,
        key=key,
        lane=rules.Lane(lane),
        payloads=payloads,
        expires_at=expires,
        worker=worker,
    )


def phones(ids: Sequence[int]) -> list[Phone]:
    """Return the phones that are still there."""
    with connection.cursor() as cursor:
        cursor.execute(_PHONES, [list(ids)])
        return [Phone(*row) for row in cursor.fetchall()]


def flush(claimed: Claim, known: Mapping[str, int]) -> bool:
    """Write down what is known and renew the lease; False when no more of the chunk shall be sent: cancelled, or another's by now."""
    size = len(claimed.ids)
    values: list[Any] = [rules.bitmap(known[name], size) for name in rules.BITMAPS]
    values += [*(known[name].bit_count() for name in rules.BITMAPS), rules.LEASE]
    with connection.cursor() as cursor:
        cursor.execute(_FLUSH, [*values, claimed.chunk_id, claimed.worker, claimed.attempt])
        row = cursor.fetchone()
    return row is not None and row[0] == ChunkState.LEASED


@transaction.atomic
def settle(claimed: Claim, known: Mapping[str, int], *, again_at: datetime, now: datetime) -> None:
    """Let go of a chunk: done when every phone's answer is known, given up when the message is over, else tried again at ``again_at``."""
    chunk = FanoutChunk.objects.select_for_update().filter(pk=claimed.chunk_id, worker=claimed.worker).first()
    if chunk is None or chunk.attempts != claimed.attempt:
        return  # the lease ended and another process took it: its word counts
    size = len(claimed.ids)
    known = dict(known)
    unsent = ((1 << size) - 1) & ~(known["accepted"] | known["gone"] | known["failed"])
    if chunk.state == ChunkState.LEASED and unsent and now >= claimed.expires_at:
        known["failed"] |= unsent
        unsent = 0
    for name in rules.BITMAPS:
        setattr(chunk, name, rules.bitmap(known[name], size))
        setattr(chunk, f"{name}_count", known[name].bit_count())
    chunk.lease_until = None
    if chunk.state == ChunkState.LEASED:
        move = rules.RELEASE_CHUNK if unsent else rules.FINISH_CHUNK
        chunk.state = move.apply(ChunkState(chunk.state))
        chunk.not_before, chunk.closed_at = again_at, None if unsent else now
    chunk.save()
    if chunk.state == ChunkState.WAITING:
        _drop_if_replaced(chunk, now=now)
    if chunk.state != ChunkState.WAITING:
        fanouts.close_if_over(chunk.fanout_id, now=now)


def _drop_if_replaced(chunk: FanoutChunk, *, now: datetime) -> None:
    newer = Fanout.objects.filter(replaces_id=chunk.fanout_id).order_by("id").first()
    if newer is not None:
        fanouts.drop_replaced(chunk, fanouts.ids_of(newer.pk), now=now)


def forget_gone(ids: Sequence[int]) -> None:
    """Delete phones of which their push service said that they are no more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM messaging_pushplace WHERE subscription_id = ANY(%s)", [list(ids)])
        cursor.execute("DELETE FROM messaging_pushsubscription WHERE id = ANY(%s)", [list(ids)])


def pause(origin: str, wait: timedelta) -> None:
    """Leave a push service alone for a while, in every process."""
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, _values(origin=origin, wait=wait))


def refuse(origin: str, fault: str, *, now: datetime) -> None:
    """Note that a push service refuses us: nothing more goes there but a chunk now and then, and operators see it."""
    log.error("push service %s refuses us: %s", origin, fault)
    with connection.cursor() as cursor:
        cursor.execute(_REFUSE, _values(origin=origin, wait=rules.PROBE_AFTER, now=now, fault=fault[:200]))


def reopen(origin: str) -> bool:
    """Take back that a push service refuses us: it takes messages again, or an operator saw to it. Say whether it was so."""
    return (
        PushOrigin.objects.filter(origin=origin, refused_at__isnull=False).update(
            refused_at=None, retry_at=None, fault=""
        )
        > 0
    )


def _values(**named: Any) -> dict[str, Any]:
    return named
