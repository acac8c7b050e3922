"""The only clock. Instants are aware UTC datetimes; days are days in Asia/Ho_Chi_Minh."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_set: dict[str, tuple[datetime, datetime]] = {}


def now() -> datetime:
    """Return the present instant (UTC).

    In demonstration and tests ``settings.SMARTHD_NOW`` starts the clock at another instant, from which it runs on;
    config/env.py refuses that setting in production.
    """
    real = datetime.now(UTC)
    if "moved" in _set:
        shown, since = _set["moved"]
        return shown + (real - since)
    start: datetime | None = getattr(settings, "SMARTHD_NOW", None)
    if start is None:
        return real
    return start + (real - settings.SMARTHD_NOW_SET_AT)


def set_now(instant: datetime | None) -> None:
    """Move the clock of this process, in a demonstration or a test; ``None`` gives it back."""
    if settings.PRODUCTION:
        msg = "the clock cannot be set in production"
        raise RuntimeError(msg)
    _set.clear()
    if instant is not None:
        _set["moved"] = (instant.astimezone(UTC), datetime.now(UTC))


def today() -> date:
    """Return the present day in Asia/Ho_Chi_Minh."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the local day an instant belongs to."""
    return instant.astimezone(ZONE).date()


def start_of(day: date) -> datetime:
    """Return the instant (UTC) at which a local day begins."""
    return datetime.combine(day, time.min, tzinfo=ZONE).astimezone(UTC)


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """Return the instant (UTC) of a wall-clock time on a local day."""
    return datetime.combine(day, time(hour, minute), tzinfo=ZONE).astimezone(UTC)
