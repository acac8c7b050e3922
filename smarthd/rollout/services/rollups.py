"""Making the roll-ups: all of them from the raw rows, one day, or what has become untrue since the last time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from smarthd.kernel import clock
from smarthd.rollout.models import CitizenDay, DirtyDay, RollupState, StaffDay
from smarthd.rollout.services import citizen_counts, dirt, staff_counts
from smarthd.rollout.services.settling import settle

_FOREVER = date(9999, 12, 31)
_FIRST = """
SELECT min(day) FROM (
  SELECT min(installed_on) FROM rollout_participant UNION ALL SELECT min(activated_on) FROM rollout_participant
  UNION ALL SELECT min(opened_on) FROM rollout_install_state UNION ALL SELECT min(valid_from) FROM rollout_staff_seat
  UNION ALL SELECT min(day) FROM rollout_citizen_ledger UNION ALL SELECT min(day) FROM rollout_staff_ledger
) firsts(day)"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Which days were counted again; nothing when ``days`` is 0."""

    first: date | None
    last: date | None
    days: int


@transaction.atomic
def rebuild_rollups(*, now: datetime) -> Refreshed:
    """Count every day anew from the raw rows, dates of the ladder included. Readers keep the old counts until it commits."""
    dirt.lock_counting()
    seen = _dirty()
    settle()
    first, today = _first_day(), clock.day_of(now)
    CitizenDay.objects.all().delete()
    StaffDay.objects.all().delete()
    _clean(seen)
    if first is None or first > today:
        RollupState.objects.all().delete()
        return Refreshed(None, None, 0)
    _count(first, today)
    _cover(first, today, now=now)
    return Refreshed(first, today, (today - first).days + 1)


@transaction.atomic
def refresh_day(day: date, *, now: datetime) -> Refreshed:
    """Count one day anew, and what lies between it and the days counted so far: days covered have no gap.

    Days after it that its facts touch are ``refresh_rollups``'s to see to.
    """
    dirt.lock_counting()
    state = RollupState.objects.first()
    first, last = day, day
    if state is not None:
        first = min(day, state.covers_to + timedelta(days=1))
        last = max(day, state.covers_from - timedelta(days=1))
    CitizenDay.objects.filter(day__range=(first, last)).delete()
    StaffDay.objects.filter(day__range=(first, last)).delete()
    _count(first, last)
    _cover(first, last, now=now)
    return Refreshed(first, last, (last - first).days + 1)


@transaction.atomic
def refresh_rollups(*, now: datetime) -> Refreshed:
    """Count again from the earliest day that changed, or that was never counted, to today; nothing if nothing changed."""
    dirt.lock_counting()
    state = RollupState.objects.first()
    if state is None:
        return rebuild_rollups(now=now)
    today = clock.day_of(now)
    seen = _dirty()
    starts = [day for _, day in seen] + ([state.covers_to + timedelta(days=1)] if state.covers_to < today else [])
    if not starts:
        _cover(state.covers_from, today, now=now)
        return Refreshed(None, None, 0)
    first = min(*starts, today)
    CitizenDay.objects.filter(day__gte=first).delete()
    StaffDay.objects.filter(day__gte=first).delete()
    _count(first, today)
    _clean(seen)
    _cover(first, today, now=now)
    return Refreshed(first, today, (today - first).days + 1)


def _first_day() -> date | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIRST)
        day: date | None = cursor.fetchone()[0]
        return day


def _dirty() -> list[tuple[int, date]]:
    """Return the marks seen now; only these are taken away, so that a mark set while counting stays for the next time."""
    return list(DirtyDay.objects.values_list("id", "day"))


def _clean(seen: list[tuple[int, date]]) -> None:
    DirtyDay.objects.filter(id__in=[pk for pk, _ in seen]).delete()


def _count(first: date, last: date) -> None:
    parameters = {"first": first, "last": last, "until": _FOREVER}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute(citizen_counts.count_sql(), parameters)
        cursor.execute(staff_counts.count_sql(), parameters)


def _cover(first: date, last: date, *, now: datetime) -> None:
    state = RollupState.objects.first()
    RollupState.objects.update_or_create(
        id=1,
        defaults={
            "covers_from": first if state is None else min(first, state.covers_from),
            "covers_to": last if state is None else max(last, state.covers_to),
            "refreshed_at": now,
        },
    )
