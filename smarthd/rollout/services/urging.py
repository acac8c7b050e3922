"""Letters that urge late units: drafted by the ladder, kept up to date until somebody signs, then never changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import LetterUnknown, NobodyLate
from smarthd.rollout.models import Obligation, Period, UrgingLetter
from smarthd.rollout.rules.reports import HANDED_IN


def draft_letter(period: Period, *, now: datetime) -> UrgingLetter | None:
    """Draft, or bring up to date, the coordinator's letter about a period: who is late, since when, how often before.

    Nothing is drafted where signed letters have already urged all of them for the terms they have now: nobody is urged twice for one.
    """
    if period.campaign.coordinator_id is None:
        return None
    late = late_units(period, now)
    if not late or {_term(one) for one in late} <= _urged(period):
        return None
    letter, _ = UrgingLetter.objects.update_or_create(
        period=period,
        agency_id=period.campaign.coordinator_id,
        signed_at=None,
        defaults={"late": late, "drafted_at": now},
    )
    return letter


def late_units(period: Period, now: datetime) -> list[dict[str, object]]:
    """Return the units whose term is over without a report: name, form, term, and in how many earlier periods they were late too."""
    rows = (
        Obligation.objects.filter(period=period, exempt_at=None, due_at__lt=now)
        .exclude(report__state__in=HANDED_IN)
        .select_related("report__form")
        .order_by("name", "form_key")
    )
    before = _late_before(period, [row.agency_id for row in rows])
    return [
        {
            "agency_id": row.agency_id,
            "name": row.name,
            "code": row.code,
            "form": row.report.form.title,
            "due_at": row.due_at.isoformat(),
            "late_before": before.get(row.agency_id, 0),
        }
        for row in rows
    ]


def _term(late: Mapping[str, object]) -> tuple[object, object, object]:
    return (late["agency_id"], late["form"], late["due_at"])


def _urged(period: Period) -> set[tuple[object, object, object]]:
    letters = UrgingLetter.objects.filter(period=period, agency=period.campaign.coordinator_id)
    signed = letters.exclude(signed_at=None).values_list("late", flat=True)
    return {_term(one) for late in signed for one in late}


def _late_before(period: Period, agency_ids: list[int]) -> dict[int, int]:
    earlier = Obligation.objects.filter(
        agency_id__in=agency_ids,
        period__campaign=period.campaign_id,
        period__number__lt=period.number,
        exempt_at=None,
    ).exclude(report__first_in_time=True)
    found: dict[int, int] = {}
    for agency_id in earlier.values_list("agency_id", flat=True):
        found[agency_id] = found.get(agency_id, 0) + 1
    return found


@transaction.atomic
def sign_letter(letter_uid: UUID, *, number: str, actor: Actor, now: datetime) -> UrgingLetter:
    """Number and sign a letter; who has reported since it was drafted is taken out first."""
    letter = (
        UrgingLetter.objects.select_for_update(of=("self",))
        .select_related("period__campaign")
        .filter(uid=letter_uid, signed_at=None)
        .first()
    )
    if letter is None:
        raise LetterUnknown
    require(policies.can_sign_for(actor, letter.agency_id))
    letter.late = late_units(letter.period, now)
    if not letter.late:
        raise NobodyLate
    letter.number, letter.signed_by, letter.signed_at = number.strip(), actor.account_id, now
    letter.save()
    audit.record(actor, "rollout.letter_signed", letter, at=now, units=len(letter.late))
    return letter
