"""One public message to many phones: begun, replaced, cancelled. Sending is the sender's (services/sending.py).

The audience is fixed in the transaction that begins the message, as chunks of a ledger; nothing is lost by a process that dies, and
nobody is added or forgotten later (docs/adr/0050-fan-out-ledger.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction

from smarthd.messaging import rules, selectors
from smarthd.messaging.errors import FanoutExpired, FanoutKeyTaken, FanoutUnknown, NothingToReplace
from smarthd.messaging.models import Fanout, FanoutChunk
from smarthd.messaging.rules import ChunkState, Lane
from smarthd.messaging.values import FanoutView, PushPayload

_BY_COMMUNE = """
WITH phones AS (
    SELECT DISTINCT ON (subscription_id) subscription_id AS id, commune_id AS commune
    FROM messaging_pushplace WHERE commune_id = ANY(%(communes)s) AND muted & %(bit)s = 0
      AND (account_id IS NULL OR account_id <> ALL(%(silent)s))
    ORDER BY subscription_id, home DESC, commune_id
)"""
_BY_ACCOUNT = """
WITH phones AS (
    SELECT s.id, coalesce(p.commune_id, 0) AS commune FROM messaging_pushsubscription s
    LEFT JOIN messaging_pushplace p ON p.subscription_id = s.id AND p.home
    WHERE s.account_id = ANY(%(accounts)s)
)"""
_GROUPED = """
SELECT s.origin, s.quiet_from, s.quiet_to,
       array_agg(s.id ORDER BY phones.commune, s.id), array_agg(phones.commune ORDER BY phones.commune, s.id)
FROM phones JOIN messaging_pushsubscription s USING (id) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@transaction.atomic
def start_fanout(
    *,
    key: str,
    lane: Lane,
    communes: Sequence[int],
    topic: str,
    payloads: Mapping[str, PushPayload],
    expires_at: datetime,
    replaces: str | None,
    test_accounts: Sequence[int] | None,
    now: datetime,
) -> FanoutView:
    """Begin to push a message to every phone of some communes (unit ids), or to the phones of test accounts only.

    The same key again changes nothing and returns how far the message has come; with other words or places it is FanoutKeyTaken.
    ``payloads`` by language; "vi" must be there and is what other languages get. ``replaces`` is the key of an earlier message: what of
    it is not yet sent to phones of this one is dropped, and this one waits until no process is in the midst of a chunk of it.
    Lanes but LIFE skip phones that muted the topic and wait for the end of each phone's quiet hours. Raises FanoutExpired.
    """
    _lock(key)
    standing = Fanout.objects.filter(key=key).first()
    said = {language: asdict(payload) for language, payload in payloads.items()}
    if standing is not None:
        if (standing.payloads, standing.communes, standing.lane) != (said, sorted(set(communes)), lane):
            raise FanoutKeyTaken(key=key)
        return selectors.fanout(key)
    if "vi" not in payloads:
        msg = "a public message has Vietnamese words"
        raise ValueError(msg)
    if expires_at <= now:
        raise FanoutExpired(expires_at=expires_at)
    earlier = None if replaces is None else Fanout.objects.filter(key=replaces).first()
    if replaces is not None and earlier is None:
        raise NothingToReplace(key=replaces)
    groups = _snapshot(communes, topic, lane=lane, test_accounts=test_accounts)
    ids = [one for _, _, _, members, _ in groups for one in members]
    row = Fanout.objects.create(
        key=key,
        lane=lane,
        topic=rules.Topic(topic),
        payloads=said,
        communes=sorted(set(communes)),
        replaces=earlier,
        expires_at=expires_at,
        targeted=len(ids),
        audience_hash=rules.audience_hash(ids),
        created_at=now,
        finished_at=None if ids else now,
    )
    FanoutChunk.objects.bulk_create(_chunks(row, groups, now=now), batch_size=200)
    if earlier is not None:
        _supersede(earlier, set(ids), now=now)
    return selectors.fanout(key)


@transaction.atomic
def cancel_fanout(key: str, now: datetime) -> int:
    """Send no more of a message; what is under way in this instant still arrives. Return how many chunks were dropped.

    Cancelling again, or after all was sent, drops none. Raises FanoutUnknown.
    """
    row = Fanout.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise FanoutUnknown(key=key)
    dropped = FanoutChunk.objects.filter(fanout=row, state__in=[ChunkState.WAITING, ChunkState.LEASED]).update(
        state=ChunkState.DROPPED, closed_at=now
    )
    if row.cancelled_at is None and row.finished_at is None:
        row.cancelled_at = row.finished_at = now
        row.save(update_fields=["cancelled_at", "finished_at"])
    return dropped


def forget_fanouts(*, before: datetime) -> int:
    """Delete the ledgers of messages that ended before an instant: who was told is nobody's business any more. Totals stay.

    Return how many chunks were deleted.
    """
    return FanoutChunk.objects.filter(fanout__finished_at__lt=before).delete()[0]


_Group = tuple[str, int | None, int | None, list[int], list[int]]


def _snapshot(communes: Sequence[int], topic: str, *, lane: Lane, test_accounts: Sequence[int] | None) -> list[_Group]:
    """Return (origin, quiet from, quiet to, ids, their communes), ids of a group ordered by commune."""
    chosen = _BY_COMMUNE if test_accounts is None else _BY_ACCOUNT
    values: dict[str, Any] = {
        **selectors.audience_values(communes, topic, lane),
        "accounts": list(test_accounts or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(chosen + _GROUPED, values)
        found: list[_Group] = cursor.fetchall()
    return found


def _chunks(row: Fanout, groups: list[_Group], *, now: datetime) -> list[FanoutChunk]:
    lane = Lane(row.lane)
    chunks = []
    for origin, quiet_from, quiet_to, ids, communes in groups:
        quiet = None if lane.wakes else rules.quiet_until(now, quiet_from=quiet_from, quiet_to=quiet_to)
        places = iter(communes)
        chunks += [
            FanoutChunk(
                fanout=row,
                rank=lane.rank,
                origin=origin,
                ids=rules.packed(piece),
                spans=rules.spans(islice(places, len(piece))),
                size=len(piece),
                not_before=quiet or now,
            )
            for piece in rules.chunks_of(ids)
        ]
    return chunks


def _supersede(earlier: Fanout, ids: set[int], *, now: datetime) -> None:
    """Drop what of an earlier message is not sent yet, but for phones that the new one does not reach: theirs goes on.

    A chunk in the midst of being sent is dropped when the new message reaches all of it; else it is seen to when it is released.
    """
    open_states = [ChunkState.WAITING, ChunkState.LEASED]
    for chunk in FanoutChunk.objects.select_for_update().filter(fanout=earlier, state__in=open_states):
        if chunk.state == ChunkState.WAITING or ids.issuperset(rules.unpacked(chunk.ids)):
            drop_replaced(chunk, ids, now=now)
    close_if_over(earlier.pk, now=now)


def drop_replaced(chunk: FanoutChunk, ids: set[int], *, now: datetime) -> None:
    """Drop a chunk of a message that another replaces for ``ids``; its phones outside of them go on in a chunk of their own."""
    slots = rules.slots(chunk)
    apart = [slot for slot in slots if slot.unsent and slot.id not in ids]
    if apart:
        FanoutChunk.objects.create(
            fanout_id=chunk.fanout_id,
            rank=chunk.rank,
            origin=chunk.origin,
            not_before=chunk.not_before,
            attempts=chunk.attempts,
            **rules.columns(apart),
        )
        left = rules.columns([slot for slot in slots if not slot.unsent or slot.id in ids])
        for name, value in left.items():
            setattr(chunk, name, value)
    chunk.state, chunk.closed_at = ChunkState.DROPPED, now
    chunk.save()


def ids_of(fanout_id: int) -> set[int]:
    """Return the ids of a message's whole audience."""
    chunks = FanoutChunk.objects.filter(fanout_id=fanout_id).values_list("ids", flat=True)
    return {one for raw in chunks for one in rules.unpacked(raw)}


def close_if_over(fanout_id: int, *, now: datetime) -> None:
    """Note that a message has no chunk left to send."""
    open_states = [ChunkState.WAITING, ChunkState.LEASED]
    if not FanoutChunk.objects.filter(fanout_id=fanout_id, state__in=open_states).exists():
        Fanout.objects.filter(pk=fanout_id, finished_at=None).update(finished_at=now)


def _lock(key: str) -> None:
    """Let one transaction at a time begin a message of this key: the same approval clicked on two nodes is one message."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [f"fanout:{key}"])
