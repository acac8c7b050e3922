"""Limits on what one telephone, device or network address may send."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from smarthd.fieldreports.errors import TooManyReports
from smarthd.kernel import limits

Allowed = Iterable[tuple[int, timedelta]]


def count_sendings(what: str, keys: Iterable[tuple[str, str, Allowed]], *, now: datetime) -> None:
    """Count one sending of each (who, mark, limits by window); raise TooManyReports that says whose limit is used up."""
    limit_of = {
        f"{what}.{who}.{number}.{mark}": (who, limit, window)
        for who, mark, allowed in keys
        for number, (limit, window) in enumerate(allowed)
    }
    try:
        limits.count_attempts([(key, limit, window) for key, (_who, limit, window) in limit_of.items()], now=now)
    except limits.TooManyAttempts as full:
        who, limit, _window = limit_of[full.key]
        raise TooManyReports(who=who, limit=limit, retry_at=full.facts["retry_at"]) from None
