"""Limits on attempts that hold across processes and restarts."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from smarthd.kernel.errors import Refusal


class TooManyAttempts(Refusal):
    """The limit of a window is used up; ``facts["retry_at"]`` says when the next one opens."""


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
