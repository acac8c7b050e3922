"""Limits on attempts that hold across processes and restarts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection

from smarthd.kernel.errors import Refusal


class TooManyAttempts(Refusal):
    """The limit of a window is used up; ``facts["retry_at"]`` says when the next one opens."""


def count_attempts(attempts: Iterable[tuple[str, int, timedelta]], *, now: datetime) -> None:
    """Count one attempt in each of several (key, limit, window) by one statement, or raise TooManyAttempts beyond any limit."""
    wanted = {
        (key, datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)): (limit, window)
        for key, limit, window in attempts
        for seconds in [int(window.total_seconds())]
    }
    rows = sorted(wanted)  # one order for everybody: no two of these statements wait for each other
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_attempt (key, window_start, count) SELECT key, start, 1 "
            "FROM unnest(%s::text[], %s::timestamptz[]) AS asked (key, start) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = kernel_attempt.count + 1 RETURNING key, window_start, count",
            [[key for key, _start in rows], [start for _key, start in rows]],
        )
        counts = {(key, start): count for key, start, count in cursor.fetchall()}
    over = [start + wanted[key, start][1] for (key, start), count in counts.items() if count > wanted[key, start][0]]
    if over:
        raise TooManyAttempts(retry_at=max(over))


def count_attempt(key: str, *, limit: int, window: timedelta, now: datetime) -> int:
    """Count one attempt of ``key`` and return the count, or raise TooManyAttempts beyond ``limit`` a ``window``."""
    seconds = int(window.total_seconds())
    start_s = int(now.timestamp()) // seconds * seconds
    start = datetime.fromtimestamp(start_s, tz=now.tzinfo)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_attempt (key, window_start, count) VALUES (%s, %s, 1) "
            "ON CONFLICT (key, window_start) DO UPDATE SET count = kernel_attempt.count + 1 RETURNING count",
            [key, start],
        )
        (count,) = cursor.fetchone()
    if count > limit:
        raise TooManyAttempts(retry_at=start + window)
    return int(count)


def forget_attempts(*, before: datetime) -> int:
    """Delete counters of windows that began before an instant. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_attempt WHERE window_start < %s", [before])
        return int(cursor.rowcount)
