"""The board of ideas as officials see it: what waits, one idea with what was found in it, figures by agency, the list to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet

from smarthd.content import policies
from smarthd.content.models.ideas import Idea, IdeaRound
from smarthd.content.rules import ideas
from smarthd.content.selectors import ideas as board
from smarthd.content.selectors import pieces
from smarthd.content.selectors.ideas import IdeaCard, IdeaShown, IdeaUnknown, RoundCard, RoundUnknown
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

MOST = 300
TABS = {
    "cho-duyet": "Chờ duyệt",
    "cho-tra-loi": "Chờ trả lời",
    "da-hua": "Đã hứa làm",
    "da-tra-loi": "Đã trả lời",
    "khac": "Trả lại, gộp, gỡ",
}
_OF_TAB = {
    "cho-duyet": frozenset({ideas.State.WAITING}),
    "cho-tra-loi": ideas.TO_ANSWER,
    "da-hua": frozenset({ideas.State.PLANNED}),
    "da-tra-loi": frozenset({ideas.State.DONE, ideas.State.DECLINED}),
    "khac": frozenset({ideas.State.RETURNED, ideas.State.MERGED, ideas.State.HIDDEN, ideas.State.WITHDRAWN}),
}


def within(actor: Actor) -> QuerySet[Idea]:
    """Return the ideas of the agencies the actor reads for."""
    return Idea.objects.filter(agency_id__in=policies.agencies_seen(actor))


def tab_counts(actor: Actor) -> dict[str, int]:
    """Return how many ideas each tab holds; one statement."""
    wanted = {tab.replace("-", "_"): Count("id", filter=Q(state__in=states)) for tab, states in _OF_TAB.items()}
    found = within(actor).aggregate(**wanted)
    return {tab: found[tab.replace("-", "_")] for tab in TABS}


def listed(actor: Actor, tab: str, *, now: datetime) -> list[IdeaCard]:
    """Return the ideas of a tab, the nearest term first, then the most supported."""
    rows = board.counted(within(actor).filter(state__in=_OF_TAB[tab]))
    ordered = rows.order_by(F("due_on").asc(nulls_last=True), "-supporters", "-id")[:MOST]
    return board.cards_of(list(ordered), on=clock.day_of(now))


def for_desk(actor: Actor, code: str, *, now: datetime) -> IdeaShown:
    """Return an idea of an agency the actor reads for; raises IdeaUnknown."""
    row = board.counted(within(actor).filter(code=code)).first()
    if row is None:
        raise IdeaUnknown(code=code)
    return board.shown_of(row, actor, now=now)


@dataclass(frozen=True, slots=True)
class Owed:
    """How many ideas wait for one thing, and the nearest day by which it is owed."""

    count: int
    due_on: date | None


def owed_by(actor: Actor) -> tuple[Owed, Owed]:
    """Return what waits for who moderates, and for who answers, at their own agencies; never one's own ideas. One statement."""
    moderates = {grant.agency_id for grant in actor.grants} & policies.agencies_moderated(actor)
    answers = {grant.agency_id for grant in actor.grants} & policies.agencies_answered_for(actor)
    waiting = Q(state=ideas.State.WAITING, agency_id__in=moderates)
    to_answer = Q(state__in=[*ideas.TO_ANSWER, ideas.State.PLANNED], agency_id__in=answers)
    if not moderates:
        return Owed(0, None), Owed(0, None)
    found = Idea.objects.exclude(author_id=actor.account_id).aggregate(
        waiting=Count("id", filter=waiting),
        waiting_due=Min("due_on", filter=waiting),
        answers=Count("id", filter=to_answer),
        answers_due=Min("due_on", filter=to_answer),
    )
    return Owed(found["waiting"], found["waiting_due"]), Owed(found["answers"], found["answers_due"])


@dataclass(frozen=True, slots=True)
class AgencyFigures:
    """What an agency did with its ideas; ``on_time`` of ``answered`` came by the first promise, ``late`` are owed past their day."""

    agency_name: str
    waiting: int
    published: int
    answered: int
    on_time: int
    late: int


def by_agency(actor: Actor, *, now: datetime) -> list[AgencyFigures]:
    """Return figures of the agencies within reach that have ideas: those that owe most first."""
    on = clock.day_of(now)
    rows = (
        within(actor)
        .values("agency_id")
        .annotate(
            waiting=Count("id", filter=Q(state=ideas.State.WAITING)),
            published=Count("id", filter=Q(state__in=ideas.PUBLIC)),
            answered=Count("id", filter=Q(state__in=ideas.PUBLIC, answered_at__isnull=False)),
            on_time=Count(
                "id",
                filter=Q(state__in=ideas.PUBLIC, answered_at__isnull=False, answered_at__date__lte=F("promised_on")),
            ),
            late=Count("id", filter=Q(due_on__lt=on)),
        )
    )
    found = list(rows)
    names = pieces.agency_names({row["agency_id"] for row in found}, on)
    told = [
        AgencyFigures(
            agency_name=names.get(row["agency_id"], ""),
            waiting=row["waiting"],
            published=row["published"],
            answered=row["answered"],
            on_time=row["on_time"],
            late=row["late"],
        )
        for row in found
    ]
    return sorted(told, key=lambda one: (-one.late, -one.waiting, one.agency_name))


def table(actor: Actor, *, now: datetime, round_uid: UUID | None = None) -> tuple[list[str], Iterator[list[object]]]:
    """Return heads and one line an idea within reach, without who proposed it unless they let it be shown."""
    heads = [
        "Mã", "Ý tưởng", "Làm gì, vì sao", "Nơi", "Cơ quan", "Đợt", "Tình trạng", "Người ủng hộ", "Ngày đăng", "Hẹn trả lời",
        "Câu trả lời", "Người đề xuất (nếu cho hiện)",
    ]  # fmt: skip
    rows = within(actor).exclude(state__in=[ideas.State.WITHDRAWN, ideas.State.RETURNED])
    if round_uid is not None:
        rows = rows.filter(round__uid=round_uid)
    return heads, _lines(rows, clock.day_of(now))


def _lines(rows: QuerySet[Idea], on: date) -> Iterator[list[object]]:
    found = list(board.counted(rows).prefetch_related("steps").order_by("-supporters", "id")[:5000])
    answers = {state.value for state in ideas.ANSWERS}
    for row, card in zip(found, board.cards_of(found, on=on), strict=True):
        told = [step.words for step in row.steps.all() if step.act in answers]
        yield [
            card.code, card.title, card.words, card.place, card.agency_name, card.round_title, card.state_word,
            card.supporters, f"{card.published_at:%d/%m/%Y}" if card.published_at else "",
            f"{card.due_on:%d/%m/%Y}" if card.due_on else "", told[-1] if told else "", card.author_name,
        ]  # fmt: skip


def rounds(actor: Actor, *, now: datetime) -> list[RoundCard]:
    """Return the rounds of the agencies the actor reads for, newest first."""
    rows = IdeaRound.objects.filter(agency_id__in=policies.agencies_seen(actor)).order_by("-id")[:100]
    return board.round_cards(rows, clock.day_of(now))


def round_for(actor: Actor, uid: UUID) -> IdeaRound:
    """Return a round of an agency the actor reads for; raises RoundUnknown."""
    found = IdeaRound.objects.filter(uid=uid, agency_id__in=policies.agencies_seen(actor)).first()
    if found is None:
        raise RoundUnknown(uid=str(uid))
    return found
