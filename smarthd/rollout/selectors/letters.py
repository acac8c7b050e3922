"""Urging letters, for others to read and to set in the form of a document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import LetterUnknown
from smarthd.rollout.models import Obligation, UrgingLetter


@dataclass(frozen=True, slots=True)
class LateUnit:
    """One unit a letter urges: what it owes, since when, in how many earlier periods it was late too."""

    agency_id: int
    name: str
    code: str
    form: str
    due_at: datetime
    late_before: int


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter as it stands; a signed one never changes."""

    id: int
    uid: UUID
    agency_id: int
    campaign_key: str
    period: str
    period_due_at: datetime
    obligations: int
    drafted_at: datetime
    late: tuple[LateUnit, ...]
    number: str
    signed_by: int | None
    signed_at: datetime | None

    @property
    def as_of(self) -> datetime:
        """Return the instant as of which the letter says who is late."""
        return self.signed_at or self.drafted_at


def letter_for(actor: Actor, uid: UUID) -> LetterView:
    """Return one letter, or raise LetterUnknown when there is none or the actor may not see it."""
    row = UrgingLetter.objects.select_related("period__campaign").filter(uid=uid).first()
    if row is None or not policies.can_see_letter(actor, row.agency_id):
        raise LetterUnknown
    return _view(row)


def letters_visible_to(actor: Actor, *, campaign_key: str = "") -> list[LetterView]:
    """Return the letters an actor may see, the newest first."""
    found: QuerySet[UrgingLetter] = UrgingLetter.objects.select_related("period__campaign").order_by("-id")
    if campaign_key:
        found = found.filter(period__campaign__key=campaign_key)
    return [_view(row) for row in found if policies.can_see_letter(actor, row.agency_id)]


def letters_signed(campaign_id: int, *, before: datetime, agency_ids: Iterable[int] | None = None) -> int:
    """Return how many letters of a campaign were signed before an instant; to any of some agencies only, when they are named."""
    letters = UrgingLetter.objects.filter(period__campaign_id=campaign_id, signed_at__lt=before)
    if agency_ids is None:
        return letters.count()
    wanted = set(agency_ids)
    return sum(1 for late in letters.values_list("late", flat=True) if wanted & {one["agency_id"] for one in late})


def _view(row: UrgingLetter) -> LetterView:
    return LetterView(
        id=row.pk,
        uid=row.uid,
        agency_id=row.agency_id,
        campaign_key=row.period.campaign.key,
        period=row.period.title,
        period_due_at=row.period.due_at,
        obligations=Obligation.objects.filter(period=row.period, exempt_at=None).count(),
        drafted_at=row.drafted_at,
        late=tuple(_late(one) for one in row.late),
        number=row.number,
        signed_by=row.signed_by,
        signed_at=row.signed_at,
    )


def _late(kept: Mapping[str, Any]) -> LateUnit:
    return LateUnit(
        kept["agency_id"],
        kept["name"],
        kept["code"],
        kept["form"],
        datetime.fromisoformat(kept["due_at"]),
        kept["late_before"],
    )
