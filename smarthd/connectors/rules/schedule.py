"""When a source is read again: hours its server is left alone, and how soon after a failure that may pass by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from smarthd.kernel import clock

FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(hours=6)
TOLD_AFTER = 3
"""Failures running after which the owner is told."""


def left_alone_until(start: int | None, end: int | None, *, now: datetime) -> datetime | None:
    """Return when the hours end in which a source's server is left alone, or None where it may be asked now.

    Hours are local, from the full hour ``start`` to before the full hour ``end``; 22 to 5 goes over midnight. Equal hours: never.
    """
    if start is None or end is None or start == end:
        return None
    local = now.astimezone(clock.ZONE)
    over = start <= local.hour < end if start < end else local.hour >= start or local.hour < end
    if not over:
        return None
    ends = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return ends if ends > local else ends + timedelta(days=1)


def retry_after(failures: int, *, asked: int | None = None) -> timedelta:
    """Return how long to wait after so many failures in a row: 5 minutes, doubled each time, 6 hours at most; longer where the server asked."""
    usual = min(FIRST_RETRY * (1 << min(max(failures, 1) - 1, 10)), LAST_RETRY)
    return max(usual, min(timedelta(seconds=asked or 0), timedelta(days=1)))


def next_turn(due: datetime | None, every_minutes: int | None, *, now: datetime) -> datetime:
    """Return the first turn after now of a source that was due: turns keep their distance, however late one was taken; those that were
    missed are not made up for."""
    every = timedelta(minutes=every_minutes or 60)
    due = due or now
    return due + every * max(1, (now - due) // every + 1)
