"""The board of ideas as everybody sees it, and one's own ideas as their author sees them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from smarthd.content.models.ideas import Idea, IdeaPicture, IdeaRound, IdeaStep, IdeaSupport
from smarthd.content.rules import ideas
from smarthd.content.selectors import pieces
from smarthd.kernel import clock, errors, text
from smarthd.kernel.actor import Actor
from smarthd.people import selectors as people
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

PAGE = 20
COMPARED = 20_000
"""How many of the newest public ideas that share a word with its title a new one is compared with."""


class IdeaUnknown(errors.NotFound):
    """No such idea, or none this person may see."""


class RoundUnknown(errors.NotFound):
    """No such round, or none this person may see."""


@dataclass(frozen=True, slots=True)
class IdeaCard:
    """An idea in a list; ``supporters`` are persons, its author among them."""

    code: str
    title: str
    words: str
    place: str
    agency_name: str
    state: ideas.State
    supporters: int
    published_at: datetime | None
    due_on: date | None
    late: bool
    author_name: str
    round_title: str
    sample: bool

    @property
    def path(self) -> str:
        """Return the address of its page."""
        return f"/hien-ke/{self.code}/"

    @property
    def state_word(self) -> str:
        """Return where it stands, in words."""
        return ideas.STATE_WORDS[self.state]


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of an idea's life as citizens read it; ``answer`` is an official one."""

    act: str
    words: str
    agency_name: str
    until: date | None
    at: datetime
    answer: bool
    into: str


@dataclass(frozen=True, slots=True)
class Support:
    """Who supports: ``people`` in all; ``near`` of them live in the unit, of ``base`` people of it on the app, on a day."""

    people: int
    near: int
    base: int
    on: date


@dataclass(frozen=True, slots=True)
class IdeaShown:
    """An idea with all that its reader may see. ``mine``: the reader proposed it; ``supported``: the reader supports it."""

    row: Idea
    card: IdeaCard
    steps: tuple[StepView, ...]
    support: Support
    pictures: tuple[UUID, ...]
    mine: bool
    supported: bool


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A call for ideas; ``ideas`` of it are public."""

    uid: UUID
    slug: str
    title: str
    intro: str
    agency_name: str
    state: ideas.RoundState
    opens_on: date
    closes_on: date
    ideas: int
    sample: bool

    @property
    def state_word(self) -> str:
        """Return where it stands, in words."""
        return ideas.ROUND_WORDS[self.state]


def public_rows() -> QuerySet[Idea]:
    """Return the ideas everybody reads."""
    return Idea.objects.filter(state__in=ideas.PUBLIC)


def cards_of(rows: list[Any], *, on: date) -> list[IdeaCard]:
    """Return cards of rows that carry ``supporters``; two statements for names."""
    names = pieces.agency_names({row.agency_id for row in rows}, on)
    units = places.views(list({row.unit_id for row in rows}), on) if rows else {}
    return [
        IdeaCard(
            code=row.code,
            title=row.title,
            words=row.words,
            place=units[row.unit_id].full_name if row.unit_id in units else "",
            agency_name=names.get(row.agency_id, ""),
            state=ideas.State(row.state),
            supporters=row.supporters,
            published_at=row.published_at,
            due_on=row.due_on,
            late=row.due_on is not None and row.due_on < on,
            author_name=row.author_name,
            round_title=row.round.title if row.round else "",
            sample=row.sample,
        )
        for row in rows
    ]


def counted(rows: QuerySet[Idea]) -> QuerySet[Any]:
    """Return rows with how many persons support each."""
    return rows.select_related("round").annotate(supporters=Count("supports"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; ``answered`` None means all; ``most`` sorts by supporters."""

    unit_id: int | None = None
    round_slug: str = ""
    words: str = ""
    answered: bool | None = None
    most: bool = False


def board(wanted: Wanted, *, now: datetime, number: int = 1) -> tuple[list[IdeaCard], bool]:
    """Return one page of public ideas, and whether there are more."""
    rows = public_rows()
    if wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.round_slug:
        rows = rows.filter(round__slug=wanted.round_slug)
    for word in text.fold(wanted.words).split()[:8]:
        rows = rows.filter(folded__contains=word)
    if wanted.answered is not None:
        rows = rows.exclude(state__in=ideas.TO_ANSWER) if wanted.answered else rows.filter(state__in=ideas.TO_ANSWER)
    ordered = counted(rows).order_by(*(("-supporters",) if wanted.most else ()), "-published_at", "-id")
    first = (max(1, min(number, 500)) - 1) * PAGE
    found = list(ordered[first : first + PAGE + 1])
    return cards_of(found[:PAGE], on=clock.day_of(now)), len(found) > PAGE


def mine(account_id: int, *, now: datetime) -> list[IdeaCard]:
    """Return one's own ideas, newest first."""
    rows = counted(Idea.objects.filter(author_id=account_id)).order_by("-id")[:100]
    return cards_of(list(rows), on=clock.day_of(now))


def seen(code: str, actor: Actor, *, now: datetime) -> IdeaShown:
    """Return an idea everybody reads, or one's own in any state; raises IdeaUnknown. A joined one is its author's alone here."""
    row = counted(Idea.objects.filter(code=code)).first()
    own = row is not None and row.author_id is not None and row.author_id == actor.account_id
    if row is None or not (own or row.state in ideas.PUBLIC):
        raise IdeaUnknown(code=code)
    return shown_of(row, actor, now=now)


def joined_to(code: str) -> str:
    """Return the code of the public idea that one was joined to, or nothing."""
    found = Idea.objects.filter(code=code, merged_into__state__in=ideas.PUBLIC)
    return found.values_list("merged_into__code", flat=True).first() or ""


def shown_of(row: Any, actor: Actor, *, now: datetime) -> IdeaShown:
    """Return a row with its life, figures and pictures; the caller has asked who may."""
    on = clock.day_of(now)
    supports = IdeaSupport.objects.filter(idea=row)
    return IdeaShown(
        row=row,
        card=cards_of([row], on=on)[0],
        steps=steps_of(row, on),
        support=support_of(row, on=on),
        pictures=tuple(row.pictures.values_list("uid", flat=True)),
        mine=row.author_id is not None and row.author_id == actor.account_id,
        supported=actor.account_id is not None and supports.filter(account_id=actor.account_id).exists(),
    )


def steps_of(row: Idea, on: date) -> tuple[StepView, ...]:
    """Return an idea's life, oldest first; of officials their agency only."""
    steps = list(IdeaStep.objects.filter(idea=row))
    names = pieces.agency_names({step.agency_id for step in steps}, on)
    answers = {state.value for state in ideas.ANSWERS}
    return tuple(
        StepView(
            act=step.act,
            words="" if step.act in {"merged", "joined"} else step.words,
            agency_name=names.get(step.agency_id or 0, ""),
            until=step.until,
            at=step.at,
            answer=step.act in answers,
            into=step.words if step.act in {"merged", "joined"} else "",
        )
        for step in steps
    )


def support_of(row: Idea, *, on: date) -> Support:
    """Return who supports an idea, and how many people its unit has on the app."""
    homes = homes_of(row.unit_id, on)
    supports = IdeaSupport.objects.filter(idea=row)
    return Support(
        people=supports.count(),
        near=supports.filter(unit_id__in=homes).count(),
        base=people.count_living_in(homes),
        on=on,
    )


def homes_of(unit_id: int, on: date) -> frozenset[int]:
    """Return the units whose people are a unit's people: itself and what it was made of; of a province, its communes too."""
    view = places.unit_view(unit_id, on)
    inside: list[UnitView] = [view]
    if view.level == "province":
        inside += places.units_on(on, "commune", under=unit_id)
    before = [one.unit.id for each in inside for one in places.predecessors(each.id, on) if one.share > 0]
    return frozenset([*(one.id for one in inside), *before])


def alike(title: str, words: str, unit_id: int | None, *, now: datetime, but: str = "") -> list[IdeaCard]:
    """Return public ideas that share a word with the title and say about the same, the likest first; one of the same unit weighs a little more."""
    shared = sorted(ideas.stems(title))
    if not shared:
        return []
    rows = public_rows().exclude(code=but).filter(folded__regex=rf"\m({'|'.join(map(re.escape, shared))})\M")
    told = rows.order_by("-published_at").values_list("pk", "title", "folded", "unit_id")[:COMPARED]
    measure = ideas.alikeness_to(title, words)
    scored = [
        (measure(other, folded) + (0.05 if home == unit_id else 0.0), pk)
        for pk, other, folded, home in told.iterator(chunk_size=1000)
    ]
    keys = ideas.alikest(scored)
    found = {row.pk: row for row in counted(Idea.objects.filter(pk__in=keys))}
    return cards_of([found[key] for key in keys if key in found], on=clock.day_of(now))


# --- rounds ----------------------------------------------------------------------------------------------------------
def _round_card(row: Any, names: dict[int, str], on: date) -> RoundCard:
    return RoundCard(
        uid=row.uid,
        slug=row.slug,
        title=row.title,
        intro=row.intro,
        agency_name=names.get(row.agency_id, ""),
        state=ideas.round_state_on(row.state, closes_on=row.closes_on, on=on),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
        ideas=row.shown,
        sample=row.sample,
    )


def round_cards(rows: QuerySet[IdeaRound], on: date) -> list[RoundCard]:
    """Return cards of rounds with how many ideas of each are public."""
    public = Count("ideas", filter=Q(ideas__state__in=ideas.PUBLIC))
    found: list[Any] = list(rows.annotate(shown=public))
    names = pieces.agency_names({row.agency_id for row in found}, on)
    return [_round_card(row, names, on) for row in found]


def rounds(*, now: datetime, limit: int = 20) -> list[RoundCard]:
    """Return rounds that have begun: those that take ideas first, then those that are over."""
    on = clock.day_of(now)
    rows = IdeaRound.objects.exclude(state=ideas.RoundState.DRAFT).filter(opens_on__lte=on)
    cards = round_cards(rows.order_by("-closes_on", "-id")[:limit], on)
    return sorted(cards, key=lambda card: card.state is not ideas.RoundState.OPEN)


def round_of(slug: str, *, now: datetime) -> RoundCard:
    """Return a round that has begun; raises RoundUnknown."""
    on = clock.day_of(now)
    rows = IdeaRound.objects.filter(slug=slug, opens_on__lte=on).exclude(state=ideas.RoundState.DRAFT)
    cards = round_cards(rows, on)
    if not cards:
        raise RoundUnknown(slug=slug)
    return cards[0]


# --- pictures --------------------------------------------------------------------------------------------------------
def picture_of(uid: UUID, actor: Actor, *, desk: frozenset[int] = frozenset()) -> str:
    """Return the sha256 of a picture its reader may see: public, one's own, or of an agency of the ``desk``; raises IdeaUnknown."""
    found = IdeaPicture.objects.filter(uid=uid).select_related("idea").first()
    if found is not None:
        idea = found.idea
        own = idea.author_id is not None and idea.author_id == actor.account_id
        if own or idea.state in ideas.PUBLIC or idea.agency_id in desk:
            return found.sha256
    raise IdeaUnknown(uid=str(uid))
