"""What an urging letter (công văn đôn đốc) is made of: plain values, gathered once and kept, from which the same bytes are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from pydantic import TypeAdapter

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.insights import issuers
from smarthd.insights.material import Issuer, Order
from smarthd.kernel import clock
from smarthd.rollout import selectors as rollout


@dataclass(frozen=True, slots=True)
class LateLine:
    """One unit that has not reported: what, by when, for how many working days, and in how many earlier periods."""

    name: str
    code: str
    form: str
    due_at: datetime
    days_late: int
    late_before: int


@dataclass(frozen=True, slots=True)
class LetterMaterial:
    """All that an urging letter says. ``number`` and ``signed_on`` are empty while it is a draft."""

    uid: str
    demo: bool
    issuer: Issuer
    orders: tuple[Order, ...]
    campaign_title: str
    period: str
    due_at: datetime
    obligations: int
    as_of: datetime
    number: str
    signed_on: date | None
    lines: tuple[LateLine, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """Return the late units, each once, in the order of the list."""
        return tuple(dict.fromkeys(line.name for line in self.lines))


def gather(letter: rollout.LetterView) -> LetterMaterial:
    """Return what a letter says, as of its signing, or of its drafting while nobody has signed."""
    on = clock.day_of(letter.as_of)
    campaign = rollout.campaign(letter.campaign_key)
    issuer = issuers.issuer(agencies.agency_view(letter.agency_id, on), on)
    working = calendar.working_calendar()
    return LetterMaterial(
        uid=str(letter.uid),
        demo=settings.DEMO,
        issuer=_signed(issuer, letter, on),
        orders=_orders(campaign),
        campaign_title=campaign.title,
        period=letter.period,
        due_at=letter.period_due_at,
        obligations=letter.obligations,
        as_of=letter.as_of,
        number=letter.number,
        signed_on=on if letter.signed_at is not None else None,
        lines=tuple(
            LateLine(
                unit.name,
                unit.code,
                unit.form,
                unit.due_at,
                max(0, working.working_days_between(clock.day_of(unit.due_at), on)),
                unit.late_before,
            )
            for unit in letter.late
        ),
    )


def _orders(campaign: rollout.CampaignView) -> tuple[Order, ...]:
    if not campaign.document_number:
        return ()
    return (Order(campaign.document_number, campaign.document_on, campaign.issued_by, campaign.document_title),)


def _signed(issuer: Issuer, letter: rollout.LetterView, on: date) -> Issuer:
    """Put the signer's name, as the agency's roster has it, under the signature; the recipients of a letter are its own."""
    roster = agencies.roster_on([letter.agency_id], on) if letter.signed_by is not None else []
    name = next((person.full_name for person in roster if person.account_id == letter.signed_by), "")
    above = tuple(recipient for recipient in issuer.recipients if recipient.endswith("(để báo cáo)"))
    return replace(issuer, signer_name=name, recipients=above)


_ADAPTER: TypeAdapter[LetterMaterial] = TypeAdapter(LetterMaterial)


def to_json(material: LetterMaterial) -> dict[str, Any]:
    """Return the material as JSON-able values, to be kept beside its document."""
    kept: dict[str, Any] = _ADAPTER.dump_python(material, mode="json")
    return kept


def from_json(kept: Mapping[str, Any]) -> LetterMaterial:
    """Return the material that ``to_json`` kept."""
    return _ADAPTER.validate_python(dict(kept))
