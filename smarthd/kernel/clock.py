"""The only clock. Instants are aware UTC datetimes; days are days in Asia/Ho_Chi_Minh."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

_set: dict[str, tuple[datetime, datetime]] = {}
_told: dict[int, tuple[datetime, datetime]] = {}


def now() -> datetime:
    """Return the present instant (UTC).

    In demonstration and tests ``settings.SMARTHD_NOW`` starts the clock at another instant, from which it runs on, and
    ``tell_everyone`` sets it while the site runs; production has neither (config/env.py, docs/adr/0021-a-clock-to-set.md).
    """
    real = datetime.now(UTC)
    if "moved" in _set:
        shown, since = _set["moved"]
        return shown + (real - since)
    if settings.CLOCK_FILE is not None and (told := _read(settings.CLOCK_FILE)) is not None:
        return told[0] + (real - told[1])
    start: datetime | None = getattr(settings, "SMARTHD_NOW", None)
    if start is None:
        return real
    return start + (real - settings.SMARTHD_NOW_SET_AT)


def world_now() -> datetime:
    """Return the instant the world outside goes by (UTC), wherever our clock was set: for tokens that other services check."""
    return datetime.now(UTC)


def set_now(instant: datetime | None) -> None:
    """Move the clock of this process, in a demonstration or a test; ``None`` gives it back."""
    if settings.PRODUCTION:
        msg = "the clock cannot be set in production"
        raise RuntimeError(msg)
    _set.clear()
    if instant is not None:
        _set["moved"] = (instant.astimezone(UTC), datetime.now(UTC))


def tell_everyone(instant: datetime | None) -> None:
    """Set the clock of every process of this demonstration or test at once; ``None`` gives it back."""
    if settings.CLOCK_FILE is None:
        msg = "the clock cannot be set in production"
        raise RuntimeError(msg)
    place = Path(settings.CLOCK_FILE)
    if instant is None:
        place.unlink(missing_ok=True)
        return
    fresh = place.with_suffix(".new")
    fresh.write_text(f"{instant.astimezone(UTC).isoformat()} {datetime.now(UTC).isoformat()}")
    fresh.replace(place)


def _read(place: Path) -> tuple[datetime, datetime] | None:
    """Return what the clock showed and when that was told; read anew only when the file is another one."""
    try:
        told = os.stat(place)
    except FileNotFoundError:
        return None
    mark = hash((told.st_mtime_ns, told.st_ino))
    if mark not in _told:
        shown, since = place.read_text().split()
        _told.clear()
        _told[mark] = (datetime.fromisoformat(shown), datetime.fromisoformat(since))
    return _told[mark]


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
