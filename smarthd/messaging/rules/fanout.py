"""How one public message reaches many phones: lanes, chunks, what an answer means, when to try again.

RFC 8030 (delivery, TTL, Urgency, Topic) and the design of docs/adr/0050-fan-out-ledger.md.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from smarthd.kernel.moves import Move

CHUNK = 1000
"""Ids a chunk at most: the border at which a more urgent message goes first."""

LONGEST_TTL = timedelta(days=28)
LEASE = timedelta(seconds=30)
"""A worker that has not flushed for so long is taken for dead, and its chunk is another's."""

MOST_UNCERTAIN = 200
"""Messages under way or answered and not yet written down, a worker: what may be sent twice when it is killed."""

FLUSH_EVERY_S = 0.1
LONGEST_WAIT = timedelta(minutes=5)
FIRST_WAIT = timedelta(seconds=1)
PROBE_AFTER = timedelta(minutes=5)
"""An origin that refuses us (400, 401, 403) is left alone for so long, then asked by one chunk again; the alarm stands meanwhile."""


class Lane(StrEnum):
    """How urgent a message is. A more urgent lane goes first at every chunk border."""

    LIFE = "life"  # cứu người: không giờ yên lặng nào giữ lại
    URGENT = "urgent"  # khẩn
    NOTICE = "notice"  # thông báo
    NEWS = "news"  # tin tức

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent."""
        return list(Lane).index(self)

    @property
    def wakes(self) -> bool:
        """Say whether it comes through quiet hours and muted topics."""
        return self is Lane.LIFE

    @property
    def from_pool(self) -> bool:
        """Say whether keys made beforehand are spent on it: public alerts only."""
        return self in {Lane.LIFE, Lane.URGENT}


class Urgency(StrEnum):
    """RFC 8030 section 5.3."""

    VERY_LOW = "very-low"
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class ChunkState(StrEnum):
    """Where a chunk stands."""

    WAITING = "waiting"  # chờ gửi
    LEASED = "leased"  # một tiến trình đang gửi
    DONE = "done"  # đã gửi xong
    DROPPED = "dropped"  # đã hủy phần chưa gửi


LEASE_CHUNK = Move(name="lease", sources=frozenset({ChunkState.WAITING, ChunkState.LEASED}), target=ChunkState.LEASED)
RELEASE_CHUNK = Move(name="release", sources=frozenset({ChunkState.LEASED}), target=ChunkState.WAITING)
FINISH_CHUNK = Move(name="finish", sources=frozenset({ChunkState.LEASED}), target=ChunkState.DONE)
DROP_CHUNK = Move(name="drop", sources=frozenset({ChunkState.WAITING, ChunkState.LEASED}), target=ChunkState.DROPPED)
CHUNK_MOVES = (LEASE_CHUNK, RELEASE_CHUNK, FINISH_CHUNK, DROP_CHUNK)


class Outcome(StrEnum):
    """What became of one message."""

    ACCEPTED = "accepted"  # máy chủ đẩy đã nhận
    GONE = "gone"  # máy không còn nhận
    FAILED = "failed"  # không gửi được, không thử nữa
    AGAIN = "again"  # thử lại sau
    OUR_FAULT = "our_fault"  # máy chủ đẩy từ chối ta


def outcome_of(status: int) -> Outcome:
    """Return what an answer of a push service means; 0 is none (no connection, time out, GOAWAY).

    404 and 410 say that the subscription is no more; 400, 401 and 403 that what we send is wrong, whoever gets it; 413 that this very
    message is too long.
    """
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status in {404, 410}:
        return Outcome.GONE
    if status in {400, 401, 403}:
        return Outcome.OUR_FAULT
    if status in {0, 408, 425, 429} or status >= 500:
        return Outcome.AGAIN
    return Outcome.FAILED


def ttl_s(*, expires_at: datetime, now: datetime) -> int:
    """Return the seconds a push service may keep a message: at least 1, at most 28 days."""
    return max(1, int(min(expires_at - now, LONGEST_TTL).total_seconds()))


def wait_after(attempt: int, *, chance: float, retry_after: timedelta | None = None) -> timedelta:
    """Return how long to wait after the ``attempt``-th round: full jitter under a doubling bound, never before ``retry_after``.

    ``chance`` is a number of [0, 1). Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    bound: timedelta = min(FIRST_WAIT * (1 << min(attempt, 16)), LONGEST_WAIT)
    return max(bound * chance, retry_after or timedelta(0))


def topic_header(tag: str) -> str:
    """Return the RFC 8030 Topic of a tag: 32 letters of its hash, so that an update replaces an undelivered message."""
    return urlsafe_b64encode(hashlib.sha256(tag.encode()).digest())[:32].decode()


def audience_hash(ids: Iterable[int]) -> str:
    """Return the SHA-256 of the sorted ids, one a line: what an approval saw and what was sent to are the same when it is."""
    return hashlib.sha256("\n".join(str(one) for one in sorted(ids)).encode()).hexdigest()


def chunks_of(ids: Sequence[int], size: int = CHUNK) -> list[Sequence[int]]:
    """Return the ids in pieces of at most ``size``."""
    return [ids[at : at + size] for at in range(0, len(ids), size)]


class Window:
    """How many requests an origin is trusted with at a time: additive increase, multiplicative decrease (Chiu and Jain, 1989)."""

    FIRST, LEAST, MOST = 64.0, 1.0, float(MOST_UNCERTAIN)

    def __init__(self) -> None:
        self.size = self.FIRST

    def accepted(self) -> None:
        """Grow by one request a full window of answers."""
        self.size = min(self.MOST, self.size + 1.0 / self.size)

    def pushed_back(self) -> None:
        """Halve."""
        self.size = max(self.LEAST, self.size / 2)


def retry_after(value: str, *, now: datetime) -> timedelta | None:
    """Return the wait a Retry-After header asks for: seconds or a date (RFC 9110 section 10.2.3); None when it says neither."""
    from email.utils import parsedate_to_datetime

    text = value.strip()
    if text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_TTL)
    try:
        return max(parsedate_to_datetime(text) - now, timedelta(0))
    except (TypeError, ValueError):
        return None
