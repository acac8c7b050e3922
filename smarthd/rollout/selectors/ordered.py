"""Whose level of use an order asks for: persons on a roster, while an order that sets staff a target is being carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.people import selectors as people
from smarthd.rollout import rules
from smarthd.rollout.models import Campaign, StaffSeat


@dataclass(frozen=True, slots=True)
class OrderNotice:
    """What a member of staff is told: whose staff they are, and the document that asks for their level."""

    agency_names: tuple[str, ...]
    title: str
    document_number: str
    document_on: date | None
    document_title: str
    issued_by: str


def order_on(account_id: int, day: date) -> OrderNotice | None:
    """Return what this person must be told, or None: on no roster, or no order asks for staff on the day."""
    campaign = order_for(account_id, day)
    if campaign is None:
        return None
    agency_ids = _agencies_of([account_id], day)[account_id]
    views = agencies.agency_views(agency_ids, day)
    return OrderNotice(
        agency_names=tuple(view.name for view in views.values()),
        title=campaign.title,
        document_number=campaign.document_number,
        document_on=campaign.document_on,
        document_title=campaign.document_title,
        issued_by=campaign.issued_by,
    )


def order_for(account_id: int, day: date) -> Campaign | None:
    """Return the order that asks for this person's level on the day."""
    return _order_of(day) if ordered([account_id], day) else None


def ordered(account_ids: Collection[int], day: date) -> frozenset[int]:
    """Return those of the accounts whose level may be kept on the day without their consent. At most five queries.

    Nobody's while they have processing restricted: they were told that nothing is counted.
    """
    if not account_ids or _order_of(day) is None:
        return frozenset()
    found = _agencies_of(account_ids, day)
    facts = people.account_facts(found)
    return frozenset(pk for pk in found if pk not in facts or not facts[pk].restricted)


def _order_of(day: date) -> Campaign | None:
    running = Campaign.objects.filter(status=rules.CampaignStatus.RUNNING, opens_on__lte=day)
    return running.filter(targets__scope=rules.Scope.AGENCY).order_by("-opens_on", "-id").first()


def _agencies_of(account_ids: Iterable[int], day: date) -> dict[int, list[int]]:
    """Return the agencies of each account's seats; by the roster's number where news of a link is still on its way."""
    found: dict[int, list[int]] = {}
    seats = StaffSeat.objects.filter(account_id__in=account_ids, valid_from__lte=day)
    seats = seats.filter(Q(valid_to=None) | Q(valid_to__gt=day))
    for account_id, agency_id in seats.order_by("agency_id").values_list("account_id", "agency_id").distinct():
        found.setdefault(account_id or 0, []).append(agency_id)
    unseated = set(account_ids) - found.keys()
    return found | agencies.rosters_of(people.phone_indexes(unseated), day) if unseated else found
