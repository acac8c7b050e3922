"""Lists of difficulties: narrowed, counted by where they stand, what is due first on top."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.models import Difficulty
from smarthd.rollout.rules.difficulties import OPEN, UNANSWERED, State
from smarthd.rollout.selectors.difficulties.rows import Row, rows_in, visible

SHOWN, EXPORTED = 200, 20_000
STANDS: dict[str, frozenset[State]] = {
    "dang-mo": OPEN,
    "cho-tra-loi": UNANSWERED,
    "dang-xu-ly": frozenset({State.IN_HAND}),
    "cho-xac-nhan": frozenset({State.SOLVED}),
    "da-ket-thuc": frozenset({State.CONFIRMED}),
    "da-gop": frozenset({State.MERGED}),
    "tat-ca": frozenset(State),
}


@dataclass(frozen=True, slots=True)
class Query:
    """What of the difficulties is asked for; empty means all."""

    stand: str = "dang-mo"
    words: str = ""
    category: str = ""
    severity: str = ""
    tier: str = ""
    overdue: bool = False
    held_by_us: bool = False
    raised_by_us: bool = False
    place_id: int | None = None
    month: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows: rows (the first ones), how many there are, and how many stand where."""

    rows: tuple[Row, ...]
    count: int
    stands: Mapping[str, int]
    overdue: int
    held_by_us: int
    raised_by_us: int


def listing(actor: Actor, query: Query, *, now: datetime, limit: int = SHOWN) -> Listing:
    """Return what an actor asked for, what is due first on top; counts are of everything else asked for. Few queries."""
    base = _filtered(visible(actor), query, now)
    late = Q(state__in=OPEN, due_at__lt=now)
    held, raised = Q(holder_id__in=policies.works_at(actor)), Q(agency_id__in=_own(actor))
    counted = base.aggregate(
        **{key.replace("-", "_"): Count("id", filter=Q(state__in=states)) for key, states in STANDS.items()},
        late=Count("id", filter=late),
        held=Count("id", filter=held & Q(state__in=OPEN)),
        raised=Count("id", filter=raised),
    )
    found = base.filter(state__in=STANDS.get(query.stand, OPEN))
    if query.overdue:
        found = found.filter(late)
    if query.held_by_us:
        found = found.filter(held)
    if query.raised_by_us:
        found = found.filter(raised)
    ordered = found.order_by(F("due_at").asc(nulls_last=True), "-raised_at", "id")
    rows = rows_in(ordered[:limit], now)
    narrowed = query.overdue or query.held_by_us or query.raised_by_us
    count = counted[query.stand.replace("-", "_")] if not narrowed and query.stand in STANDS else found.count()
    return Listing(
        tuple(rows),
        count,
        {key: counted[key.replace("-", "_")] for key in STANDS},
        counted["late"],
        counted["held"],
        counted["raised"],
    )


def _own(actor: Actor) -> set[int]:
    return {grant.agency_id for grant in actor.grants}


def _filtered(found: QuerySet[Difficulty], query: Query, now: datetime) -> QuerySet[Difficulty]:
    exact = {
        "category": query.category,
        "severity": query.severity,
        "tier": query.tier,
        "place_id": query.place_id,
        "campaign__key": query.campaign,
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if query.month:
        first, after = _month(query.month)
        found = found.filter(raised_at__gte=clock.start_of(first), raised_at__lt=clock.start_of(after))
    for word in text.fold(query.words).split()[:8]:
        found = found.filter(
            Q(folded__contains=word) | Q(code__icontains=word) | Q(agency_id__in=_named(query.words, now))
        )
    return found


def _named(words: str, now: datetime) -> list[int]:
    return [view.id for view in agencies.search_agencies(words, clock.day_of(now), limit=50)]


def _month(written: str) -> tuple[date, date]:
    """Return the first day of a month written ``2026-11`` and of the next one; what is no month is this century's first."""
    try:
        first = date.fromisoformat(f"{written[:7]}-01")
    except ValueError:
        first = date(2000, 1, 1)
    return first, (first.replace(day=28) + (date(2000, 1, 8) - date(2000, 1, 1))).replace(day=1)
