"""Limits on attempts that hold across processes and restarts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from smarthd.kernel.errors import Refusal


class TooManyAttempts(Refusal):
    """The limit of a window is used up; ``facts["retry_at"]`` says when the next one opens. ``key`` is for the caller, and never shown."""

    def __init__(self, *, key: str = "", **facts: object) -> None:
        super().__init__("", **facts)
        self.key = key


def count_attempts(attempts: Iterable[tuple[str, int, timedelta]], *, now: datetime) -> None:
    """Count one attempt in each of several (key, limit, window) by one statement, or raise TooManyAttempts beyond any limit.

    Of several limits passed at once the one that opens last is told.
    """
    wanted = {
        (key, datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)): (limit, window)
        for key, limit, window in attempts
        for seconds in [int(window.total_seconds())]
    }
    if not wanted:
        return
    rows = sorted(wanted)  # one order for everybody: no two of these statements wait for each other
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_attempt (key, window_start, count) SELECT key, start, 1 "
            "FROM unnest(%s::text[], %s::timestamptz[]) AS asked (key, start) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = kernel_attempt.count + 1 RETURNING key, window_start, count",
            [[key for key, _start in rows], [start for _key, start in rows]],
        )
        counts = {(key, start): count for key, start, count in cursor.fetchall()}
    over = [
        (start + wanted[key, start][1], key) for (key, start), count in counts.items() if count > wanted[key, start][0]
    ]
    if over:
        opens, key = max(over)
        raise TooManyAttempts(key=key, retry_at=opens)


def count_attempt(key: str, *, limit: int, window: timedelta, now: datetime) -> None:
    """Count one attempt of ``key``, or raise TooManyAttempts beyond ``limit`` a ``window``."""
    count_attempts([(key, limit, window)], now=now)


def forget_attempts(*, before: datetime) -> int:
    """Delete counters of windows that began before an instant. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_attempt WHERE window_start < %s", [before])
        return int(cursor.rowcount)
