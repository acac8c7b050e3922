"""How far a public message has come, and whom the next would reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Count, F, Min, Sum

from smarthd.messaging import rules
from smarthd.messaging.errors import FanoutUnknown
from smarthd.messaging.models import Fanout, FanoutChunk, PushOrigin, PushPlace, PushSubscription
from smarthd.messaging.rules import ChunkState, Lane
from smarthd.messaging.values import Audience, FanoutView, Reach
from smarthd.people import selectors as people

_COUNTED = """
WITH phones AS (
    SELECT subscription_id, account_id FROM messaging_pushplace
    WHERE commune_id = ANY(%(communes)s) AND muted & %(bit)s = 0
      AND (account_id IS NULL OR account_id <> ALL(%(silent)s)) GROUP BY subscription_id, account_id
)
SELECT count(*), count(*) FILTER (WHERE account_id IS NULL), count(DISTINCT account_id) FROM phones
"""


def audience(communes: Sequence[int], topic: str, lane: Lane = Lane.NOTICE) -> Audience:
    """Return how many phones and people of some communes (unit ids) a message about a topic would reach now, by a lane.

    A phone that chose several of them counts once. Phones on which nobody signed in count as a person each. Two queries, one index.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, audience_values(communes, topic, lane))
        phones, nameless, accounts = cursor.fetchone()
    return Audience(people=nameless + accounts, phones=phones)


def audience_values(communes: Sequence[int], topic: str, lane: Lane) -> dict[str, Any]:
    """Return whom a message leaves out: phones that muted its topic, people whose processing is restricted; nobody when life is at stake."""
    if lane.wakes:
        return {"communes": list(communes), "bit": 0, "silent": []}
    return {"communes": list(communes), "bit": rules.Topic(topic).bit, "silent": people.restricted_ids()}


def accounts_reached(commune_id: int, topic: str) -> frozenset[int]:
    """Return the accounts that have a phone which a NOTICE to this commune reaches."""
    places = PushPlace.objects.exclude(account_id=None).filter(commune_id=commune_id)
    bit = rules.Topic(topic).bit
    told = places.values_list("account_id", "muted")
    return frozenset(account_id for account_id, muted in told if account_id is not None and not muted & bit)


def fanout(key: str) -> FanoutView:
    """Return how far a message has come, in total and by commune, or raise FanoutUnknown. Two queries; exact to the last flush."""
    row = Fanout.objects.filter(key=key).first()
    if row is None:
        raise FanoutUnknown(key=key)
    return _view(row, row.chunks.only("spans", "size", "accepted", "gone", "failed", "state", "fanout"))


def _view(row: Fanout, chunks: Iterable[FanoutChunk]) -> FanoutView:
    places: dict[int, list[int]] = defaultdict(lambda: [0] * 6)
    for chunk in chunks:
        _add(places, chunk)
    by_commune = {
        commune: Reach(targeted=t, accepted=a, gone=g, failed=f, waiting=w, dropped=d)
        for commune, (t, a, g, f, w, d) in sorted(places.items())
    }
    total = [sum(column) for column in zip(*places.values(), strict=True)] or [0] * 6
    return _filled(row, total, by_commune)


def _filled(row: Fanout, total: Sequence[int], by_commune: Mapping[int, Reach]) -> FanoutView:
    return FanoutView(
        key=row.key,
        state="cancelled" if row.cancelled_at else "finished" if row.finished_at else "running",
        lane=row.lane,
        targeted=row.targeted,
        accepted=total[1],
        gone=total[2],
        failed=total[3],
        waiting=total[4],
        dropped=total[5],
        audience_hash=row.audience_hash,
        created_at=row.created_at,
        finished_at=row.finished_at,
        by_commune=by_commune,
    )


_TOTALS = """
SELECT fanout_id, sum(accepted_count), sum(gone_count), sum(failed_count),
       sum(size - accepted_count - gone_count - failed_count) FILTER (WHERE state <> 'dropped'),
       sum(size - accepted_count - gone_count - failed_count) FILTER (WHERE state = 'dropped')
FROM messaging_fanoutchunk WHERE fanout_id = ANY(%s) GROUP BY 1
"""


def latest_fanouts(limit: int = 20) -> list[FanoutView]:
    """Return the latest public messages with their totals, without the communes, the newest first. Two queries.

    A message whose ledger was forgotten (tasks.KEEP_DELIVERIES) shows how many it was for, and nothing of what became of them.
    """
    rows = list(Fanout.objects.order_by("-id")[:limit])
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, [[row.pk for row in rows]])
        totals = {pk: [0, *(int(count or 0) for count in counts)] for pk, *counts in cursor.fetchall()}
    return [_filled(row, totals.get(row.pk, [0] * 6), {}) for row in rows]


_WHEN = """
SELECT extract(epoch FROM c.closed_at - f.created_at), c.accepted_count FROM messaging_fanoutchunk c
JOIN messaging_fanout f ON f.id = c.fanout_id
WHERE f.created_at >= %s AND c.closed_at IS NOT NULL AND c.accepted_count > 0 ORDER BY 1
"""


_WHEN_EACH = """
SELECT f.key, f.created_at, extract(epoch FROM c.closed_at - f.created_at), c.accepted_count FROM messaging_fanoutchunk c
JOIN messaging_fanout f ON f.id = c.fanout_id
WHERE f.key = ANY(%s) AND c.closed_at IS NOT NULL AND c.accepted_count > 0 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """When one message was begun, and within how many seconds of that shares of what was accepted so far were, to the chunk."""

    began_at: datetime
    within: Mapping[float, float]


def acceptance_of(keys: Sequence[str], *, shares: Sequence[float] = (0.5, 0.95, 0.99)) -> dict[str, Acceptance]:
    """Return how soon each message was accepted; without those nothing of which was. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WHEN_EACH, [list(keys)])
        rows = cursor.fetchall()
    found = {}
    for key, of_key in groupby(rows, key=lambda row: row[0]):
        chunks = list(of_key)
        found[key] = Acceptance(chunks[0][1], _within([(float(at), int(many)) for _, _, at, many in chunks], shares))
    return found


def acceptance_times(*, since: datetime, shares: Sequence[float] = (0.5, 0.95, 0.99)) -> dict[float, float]:
    """Return within how many seconds of the beginning shares of the messages begun since were accepted, to the chunk; {} when none was."""
    with connection.cursor() as cursor:
        cursor.execute(_WHEN, [since])
        rows = [(float(seconds), int(many)) for seconds, many in cursor.fetchall()]
    return _within(rows, shares)


def _within(rows: Sequence[tuple[float, int]], shares: Sequence[float]) -> dict[float, float]:
    """Return after how many seconds each share was reached; ``rows`` are (seconds, how many), in order of seconds."""
    total, reached, found = sum(many for _, many in rows), 0, dict[float, float]()
    for seconds, many in rows:
        reached += many
        for share in shares:
            if share not in found and reached >= share * total:
                found[share] = seconds
    return found


def phone_count() -> int:
    """Return how many phones want to be told."""
    return PushSubscription.objects.count()


def _add(places: dict[int, list[int]], chunk: FanoutChunk) -> None:
    """Add a chunk's phones to its communes: targeted, accepted, gone, failed, waiting, dropped."""
    maps = [rules.bits(getattr(chunk, name)) for name in rules.BITMAPS]
    unsent = 5 if chunk.state == ChunkState.DROPPED else 4
    at = 0
    for commune, many in chunk.spans:
        mask = (1 << many) - 1
        told = [((known >> at) & mask).bit_count() for known in maps]
        counts = places[commune]
        counts[0] += many
        for place, number in enumerate(told, start=1):
            counts[place] += number
        counts[unsent] += many - sum(told)
        at += many


@dataclass(frozen=True, slots=True)
class PushAlarm:
    """A push service that refuses what we send: nothing goes there until it is seen to."""

    origin: str
    fault: str
    since: datetime


def push_alarms() -> list[PushAlarm]:
    """Return the push services that refuse us, the longest first."""
    rows = PushOrigin.objects.filter(refused_at__isnull=False).order_by("refused_at")
    return [PushAlarm(row.origin, row.fault, row.refused_at) for row in rows if row.refused_at is not None]


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits to be sent: chunks whose turn has come, and since when the oldest message is not finished."""

    chunks: int
    phones: int
    oldest_at: datetime | None


def backlog(*, now: datetime) -> Backlog:
    """Return how much waits whose turn has come."""
    waiting = FanoutChunk.objects.filter(state__in=[ChunkState.WAITING, ChunkState.LEASED], not_before__lte=now)
    facts = waiting.aggregate(
        chunks=Count("id"),
        phones=Sum(F("size") - F("accepted_count") - F("gone_count") - F("failed_count")),
        oldest=Min("fanout__created_at"),
    )
    return Backlog(facts["chunks"], facts["phones"] or 0, facts["oldest"])
