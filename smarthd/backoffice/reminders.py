"""Who is to be reminded, with which words, and the record that it was done. Names are for head and delegate alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from smarthd.agencies import policies as agency_policies
from smarthd.agencies import selectors as agencies
from smarthd.agencies.selectors import AgencyView
from smarthd.backoffice.ladders import LAPSED_WORDS, LEVEL_WORDS
from smarthd.insights import wording
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import selectors as rollout

ACT = "backoffice.reminder_sent"
USING = 3


@dataclass(frozen=True, slots=True)
class Missing:
    """One person who does not yet use the app; ``phone`` is empty where the roster has none."""

    staff_id: int
    full_name: str
    position: str
    words: str
    phone: str
    reminded_at: datetime | None


def missing(view: AgencyView, ladder: rollout.StaffLadder, actor: Actor, now: datetime) -> list[Missing]:
    """Return who is missing, those furthest down first; that the names were read is recorded."""
    persons = [one for one in ladder.persons or () if not one.exempt and (one.level < USING or one.lapsed)]
    if not persons:
        return []
    phones = agencies.staff_phones(actor, view.id, [one.staff_id for one in persons])
    reminded = _reminded(view)
    audit.looked(actor, "backoffice.missing_read", at=now, agency=str(view.uid), persons=len(persons))
    return [
        Missing(
            staff_id=one.staff_id,
            full_name=one.full_name,
            position=one.position,
            words=LAPSED_WORDS if one.lapsed else LEVEL_WORDS[int(one.level)],
            phone=phones.get(one.staff_id, ""),
            reminded_at=reminded.get(one.staff_id),
        )
        for one in sorted(persons, key=lambda one: (int(one.level), one.full_name))
    ]


def words(view: AgencyView, campaign: rollout.CampaignView | None) -> str:
    """Return the words of the reminder, with the address and the deadline."""
    until = _(" trước ngày %(day)s") % {"day": wording.day(clock.day_of(campaign.deadline_at))} if campaign else ""
    return _(
        "%(agency)s: đề nghị đồng chí cài đặt và sử dụng ứng dụng Smart-HaiDuong%(until)s. Mở %(address)s rồi chọn “Cài đặt lên màn hình chính”."
    ) % {"agency": view.name, "until": until, "address": settings.ORIGIN}


def record(view: AgencyView, chosen: Sequence[str], *, actor: Actor, now: datetime) -> int:
    """Write down that persons of this roster were reminded; returns how many of those chosen are on it. Raises NotAllowed."""
    require(agency_policies.can_see_staff_persons(actor, view.id))
    roster = agencies.roster_on([view.id], clock.day_of(now))
    known = sorted(person.id for person in roster if str(person.id) in chosen)
    if known:
        audit.looked(actor, ACT, at=now, agency=str(view.uid), staff=known)
    return len(known)


def _reminded(view: AgencyView) -> dict[int, datetime]:
    """Return when each person was last reminded, from the trail."""
    last: dict[int, datetime] = {}
    for entry in audit.trail(act=ACT, facts={"agency": str(view.uid)}, limit=200):
        for staff_id in entry.facts.get("staff", ()):
            last.setdefault(int(staff_id), entry.at)
    return last
