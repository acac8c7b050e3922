"""Rounds of ideas: one person writes, another opens; a round is over at its last day or when it is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from smarthd.content import policies, rules
from smarthd.content.models.ideas import IdeaRound
from smarthd.content.rules import ideas, kinds
from smarthd.content.selectors.ideas import RoundUnknown
from smarthd.kernel import audit, clock, ids, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class NewRound:
    """A call for ideas; both days are included."""

    agency_id: int
    title: str
    intro: str
    opens_on: date
    closes_on: date
    sample: bool = False


@transaction.atomic
def draft_round(new: NewRound, *, actor: Actor, now: datetime) -> IdeaRound:
    """Begin a round. Raises NotAllowed, IdeaFaulty."""
    require(bool(actor.system) or new.agency_id in policies.agencies_written(actor))
    title, intro = text.nfc(new.title), kinds.tidy(new.intro)
    if len(title) < ideas.SHORTEST or not intro or new.closes_on < max(new.opens_on, clock.day_of(now)):
        raise ideas.IdeaFaulty(fields={"closes_on": "Cần tên, lời giới thiệu và ngày kết thúc từ hôm nay trở đi."})
    held = IdeaRound.objects.create(
        slug=rules.notice_slug(title, ids.spoken_code(5)),
        agency_id=new.agency_id,
        title=title,
        intro=intro,
        opens_on=new.opens_on,
        closes_on=new.closes_on,
        written_by_id=actor.account_id,
        sample=new.sample,
    )
    audit.record(actor, "content.idea_round_drafted", held, at=now)
    return held


def _held(uid: UUID, actor: Actor) -> IdeaRound:
    found = IdeaRound.objects.select_for_update().filter(uid=uid).first()
    if found is None or not (actor.system or found.agency_id in policies.agencies_seen(actor)):
        raise RoundUnknown(uid=str(uid))
    return found


@transaction.atomic
def open_round(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """Open a round somebody else wrote. Raises RoundUnknown, OwnRoundOpening, NotAllowed, IllegalMove."""
    held = _held(uid, actor)
    if not actor.system and held.written_by_id == actor.account_id:
        raise ideas.OwnRoundOpening(uid=str(uid))
    require(bool(actor.system) or held.agency_id in policies.agencies_moderated(actor))
    held.state = ideas.OPEN_ROUND.apply(ideas.RoundState(held.state))
    held.save(update_fields=["state"])
    audit.record(actor, "content.idea_round_opened", held, at=now)


@transaction.atomic
def close_round(uid: UUID, *, actor: Actor, now: datetime) -> None:
    """End a round before its last day; one person is enough. Raises RoundUnknown, NotAllowed, IllegalMove."""
    held = _held(uid, actor)
    require(bool(actor.system) or held.agency_id in policies.agencies_moderated(actor))
    held.state = ideas.CLOSE_ROUND.apply(ideas.RoundState(held.state))
    held.save(update_fields=["state"])
    audit.record(actor, "content.idea_round_closed", held, at=now)
