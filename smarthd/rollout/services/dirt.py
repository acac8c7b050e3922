"""Which days' roll-ups no longer tell the raw rows, and the one lock under which counts are made."""

from __future__ import annotations

from datetime import date

from django.db import connection

from smarthd.rollout.models import DirtyDay

_COUNTING = 0x524F4C4C  # "ROLL": the advisory lock of whoever counts


def mark_dirty(day: date | None) -> None:
    """Say that counts from this day on must be made again; None marks nothing (a person counted nowhere yet)."""
    if day is not None:
        DirtyDay.objects.create(day=day)


def lock_counting() -> None:
    """Wait until no one else counts; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
