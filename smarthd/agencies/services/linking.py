"""Persons of rosters and accounts with the same telephone number are the same person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from smarthd.agencies.events import StaffLinked
from smarthd.agencies.models import Staff
from smarthd.kernel import actor, audit, clock, events
from smarthd.people import selectors as people

SYSTEM = actor.system("agencies.linking")


@transaction.atomic
def link_account(*, account_id: int, phone_index: bytes, now: datetime) -> list[int]:
    """Link the persons with this number, now or later on a roster, to the account; returns their ids. Twice is once.

    A person formerly linked to another account (the number changed hands) is linked to the one who proved it last.
    """
    day = clock.day_of(now)
    persons = (
        Staff.objects.select_for_update()
        .filter(Q(valid_to=None) | Q(valid_to__gt=day), phone_index=phone_index)
        .exclude(account_id=account_id)
        .order_by("id")
    )
    linked = []
    for person in persons:
        person.account_id = account_id
        person.save(update_fields=["account"])
        audit.record(SYSTEM, "agencies.staff_linked", person, at=now)
        events.announce(StaffLinked(staff_id=person.pk, account_id=account_id, agency_id=person.agency_id, at=now))
        linked.append(person.pk)
    return linked


@transaction.atomic
def unlink_account(*, account_id: int, now: datetime) -> int:
    """Forget that an erased account was a person of a roster; the roster itself is the agency's record and stays."""
    persons = list(Staff.objects.select_for_update().filter(account_id=account_id))
    for person in persons:
        person.account_id = None
        person.save(update_fields=["account"])
        audit.record(SYSTEM, "agencies.staff_unlinked", person, at=now)
    return len(persons)


def link_known_accounts(persons: QuerySet[Staff]) -> int:
    """Link persons just entered to accounts that proved their number before; two reads and one write in bulk."""
    waiting = [
        (pk, bytes(index))
        for pk, index in persons.exclude(phone_index=None).values_list("id", "phone_index")
        if index is not None
    ]
    if not waiting:
        return 0
    accounts = people.account_ids_by_phone_index({index for _, index in waiting})
    found = [Staff(id=pk, account_id=accounts[index]) for pk, index in waiting if index in accounts]
    return Staff.objects.bulk_update(found, ["account"], batch_size=2000) if found else 0
