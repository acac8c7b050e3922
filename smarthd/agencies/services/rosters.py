"""Rosters without a file: persons entered one by one, or made for demonstrations and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F

from smarthd.agencies import phones
from smarthd.agencies.models import Agency, Staff
from smarthd.kernel import text


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStaff:
    """One person to enter. ``phone`` is E.164 (``+84…``) or empty."""

    agency_id: int
    full_name: str
    position: str = ""
    phone: str = ""
    account_id: int | None = None


@transaction.atomic
def add_staff(persons: Iterable[NewStaff], *, valid_from: date) -> list[Staff]:
    """Enter persons into rosters from a day on, in bulk; for demonstration worlds. Officials use an import."""
    rows = Staff.objects.bulk_create(
        (
            Staff(
                agency_id=person.agency_id,
                full_name=person.full_name,
                name_key=text.tone_free_key(person.full_name),
                position=person.position,
                phone_sealed=phones.sealed(person.phone) if person.phone else None,
                phone_index=phones.index_of(person.phone) if person.phone else None,
                account_id=person.account_id,
                valid_from=valid_from,
            )
            for person in persons
        ),
        batch_size=2000,
    )
    touched = {row.agency_id for row in rows}
    Agency.objects.filter(id__in=touched).update(roster_version=F("roster_version") + 1)
    return rows
