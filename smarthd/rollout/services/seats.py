"""The projection of rosters: seats in time, re-read from agencies whenever they say that a roster changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.rollout.models import StaffSeat
from smarthd.rollout.services import dirt

Seat = tuple[int, int, int | None, bool]  # staff, agency, account, exempt


@transaction.atomic
def sync_seats(agency_ids: Iterable[int], *, day: date, now: datetime) -> None:
    """Make the seats of these agencies, from ``day`` on, those of the rosters of that day and of each later one up to today."""
    dirt.lock_counting()
    ids = sorted(set(agency_ids))
    if not ids:
        return
    today = clock.day_of(now)
    for moment in [day, *agencies.roster_changes(ids, after=day, until=today)]:
        _write_from(ids, moment)
    dirt.mark_dirty(min(day, today))


@transaction.atomic
def link_staff(staff_id: int, *, account_id: int, agency_id: int, at: datetime) -> None:
    """Take in that a person of a roster and an account are one; the account's whole history counts for the seat."""
    seats = StaffSeat.objects.filter(staff_id=staff_id)
    if not seats.exists():
        sync_seats([agency_id], day=clock.day_of(at), now=at)
        return
    first = seats.order_by("valid_from").values_list("valid_from", flat=True).first()
    if seats.exclude(account_id=account_id).update(account_id=account_id) or seats.filter(account_id=None).update(
        account_id=account_id
    ):
        dirt.mark_dirty(first)


def _write_from(agency_ids: list[int], day: date) -> None:
    """Close what ended on ``day`` and open what began; a seat that goes on keeps its row."""
    wanted: set[Seat] = {
        (staff.id, staff.agency_id, staff.account_id, staff.exempt) for staff in agencies.roster_on(agency_ids, day)
    }
    StaffSeat.objects.filter(agency_id__in=agency_ids, valid_from__gt=day).delete()
    open_seats = StaffSeat.objects.filter(agency_id__in=agency_ids).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    kept: set[Seat] = set()
    ended: list[int] = []
    for seat in open_seats:
        key = (seat.staff_id, seat.agency_id, seat.account_id, seat.exempt)
        if key in wanted and key not in kept:
            kept.add(key)
        else:
            ended.append(seat.pk)
    StaffSeat.objects.filter(id__in=ended, valid_from=day).delete()
    StaffSeat.objects.filter(id__in=ended, valid_from__lt=day).update(valid_to=day)
    open_seats.filter(valid_to__isnull=False).update(valid_to=None)
    StaffSeat.objects.bulk_create(
        StaffSeat(staff_id=staff, agency_id=agency, account_id=account, exempt=exempt, valid_from=day)
        for staff, agency, account, exempt in sorted(wanted - kept, key=lambda seat: (seat[1], seat[0]))
    )
