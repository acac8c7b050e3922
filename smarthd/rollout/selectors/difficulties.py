"""Difficulties for reading: lists by who may see them, one with its whole life, likely duplicates, patterns, indicators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout import policies
from smarthd.rollout.errors import DifficultyUnknown
from smarthd.rollout.models import Difficulty, DifficultyStep
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import OPEN, UNANSWERED, Category, Severity, State, Tier

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
class Row:
    """One difficulty as a list shows it."""

    uid: UUID
    code: str
    campaign_key: str
    category: Category
    severity: Severity
    affected: int | None
    text: str
    agency_id: int
    agency: str
    place_id: int | None
    place: str
    holder_id: int
    holder: str
    tier: Tier
    state: State
    raised_at: datetime
    held_since: datetime
    due_at: datetime | None
    solve_due_at: datetime
    answered_at: datetime | None
    solved_at: datetime | None
    confirm_due_at: datetime | None
    confirmed_at: datetime | None
    solution: str
    escalations: int
    reopenings: int
    followers: int
    followed_affected: int
    into: str
    into_uid: UUID | None
    decision_uid: UUID | None
    decision: str
    overdue: bool
    days_left: int | None

    @property
    def open(self) -> bool:
        """Say whether somebody still has to do something about it."""
        return self.state in OPEN

    @property
    def affected_in_all(self) -> int | None:
        """How many are affected, by it and by those merged into it; None where nobody counted."""
        if self.affected is None and not self.followed_affected:
            return None
        return (self.affected or 0) + self.followed_affected

    @property
    def units(self) -> int:
        """How many units raised it, merged ones counted in."""
        return 1 + self.followers


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life: what, when, who in the name of whom, who holds it from then, until when."""

    act: str
    at: datetime
    by_us: bool
    by_agency: str
    holder: str
    due_at: datetime | None
    text: str
    note: Mapping[str, Any]
    by_system: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole difficulty: the row, its life, those merged with it, who stands above, what the actor may do."""

    row: Row
    steps: tuple[Step, ...]
    followers: tuple[Row, ...]
    chain: tuple[str, ...]
    above: str
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list shows: rows (the first ones), how many there are, and how many stand where."""

    rows: tuple[Row, ...]
    count: int
    stands: Mapping[str, int]
    overdue: int
    held_by_us: int
    raised_by_us: int


def visible(actor: Actor) -> QuerySet[Difficulty]:
    """Return the difficulties an actor may read: of units within reach, held by them, into which one of theirs was merged, and all
    of a campaign whose coordinator the actor works for."""
    if actor.system:
        return _whole()
    seen = list(policies.sees_difficulties_of(actor))
    return _whole().filter(
        Q(agency_id__in=seen)
        | Q(holder_id__in=seen)
        | Q(pk__in=_heads_of(seen))
        | Q(campaign__coordinator__in=policies.coordinates_at(actor)),
    )


def _whole() -> QuerySet[Difficulty]:
    return Difficulty.objects.select_related("campaign", "decision", "merged_into")


def _heads_of(agency_ids: list[int]) -> QuerySet[Difficulty, int | None]:
    merged = Difficulty.objects.filter(agency_id__in=agency_ids, merged_into__isnull=False)
    return merged.values_list("merged_into_id", flat=True)


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
    rows = _rows(ordered[:limit], now)
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


def difficulty_for(actor: Actor, uid: UUID, *, now: datetime) -> Seen:
    """Return one difficulty whole, or raise DifficultyUnknown when there is none or the actor may not see it."""
    row = visible(actor).filter(uid=uid).first()
    if row is None:
        raise DifficultyUnknown
    [seen] = _rows([row], now)
    chain = agencies.chain_of(row.agency_id, clock.day_of(now))
    above = agencies.chain_of(row.holder_id, clock.day_of(now))[1:]
    return Seen(
        row=seen,
        steps=tuple(_steps(actor, row, now)),
        followers=tuple(_rows(_whole().filter(merged_into=row, state=State.MERGED).order_by("raised_at"), now)),
        chain=tuple(view.short_name or view.name for view in chain),
        above=above[0].name if above else "",
        may=_may(actor, row, has_superior=bool(above)),
    )


def _may(actor: Actor, row: Difficulty, *, has_superior: bool) -> frozenset[str]:
    state = State(row.state)
    answers, settles = policies.can_answer(actor, row), policies.can_settle(actor, row)
    over, speaks = policies.takes_over_as(actor, row) is not None, policies.can_speak_for_raiser(actor, row)
    allowed = {
        rules.ANSWER: answers,
        rules.ESCALATE: settles and has_superior,
        rules.TAKE_OVER: over,
        rules.SOLVE: settles,
        rules.MERGE: answers or over,
        rules.PART: answers or over,
        rules.CONFIRM: speaks,
        rules.REOPEN: speaks,
        rules.WITHDRAW: speaks,
    }
    return frozenset(move.name for move, may in allowed.items() if may and move.may_start(state))


def _steps(actor: Actor, row: Difficulty, now: datetime) -> Iterable[Step]:
    steps = list(DifficultyStep.objects.filter(difficulty=row).order_by("number"))
    names = _names({one for step in steps for one in (step.by_agency_id, step.holder_id) if one}, now)
    for step in steps:
        yield Step(
            act=step.act,
            at=step.at,
            by_us=step.by is not None and step.by == actor.account_id,
            by_agency=names.get(step.by_agency_id or 0, ""),
            holder=names.get(step.holder_id, ""),
            due_at=step.due_at,
            text=step.text,
            note=step.note,
            by_system=step.act == "escalated_by_silence",
        )


def _names(agency_ids: Iterable[int], now: datetime) -> dict[int, str]:
    """Return names by id as of today; of those that no longer stand, as of the day before 1/7/2025."""
    ids, today = set(agency_ids), clock.day_of(now)
    names = {view.id: view.name for view in agencies.agency_views(ids, today).values()}
    gone = ids - names.keys()
    if gone:
        names |= {view.id: view.name for view in agencies.agency_views(gone, date(2025, 6, 30)).values()}
    return names


def _rows(found: Iterable[Difficulty], now: datetime) -> list[Row]:
    rows = list(found)
    followers = _followers([row.pk for row in rows])
    names = _names({one for row in rows for one in (row.agency_id, row.holder_id)}, now)
    units = places.views({row.place_id for row in rows if row.place_id}, clock.day_of(now))
    working = calendar.working_calendar()
    made = []
    for row in rows:
        count, affected = followers.get(row.pk, (0, 0))
        head = row.merged_into
        state = State(row.state)
        unit = units.get(row.place_id or 0)
        made.append(
            Row(
                uid=row.uid,
                code=row.code,
                campaign_key=row.campaign.key,
                category=Category(row.category),
                severity=Severity(row.severity),
                affected=row.affected,
                text=row.text,
                agency_id=row.agency_id,
                agency=names.get(row.agency_id, ""),
                place_id=row.place_id,
                place=unit.full_name if unit else "",
                holder_id=row.holder_id,
                holder=names.get(row.holder_id, ""),
                tier=Tier(row.tier),
                state=state,
                raised_at=row.raised_at,
                held_since=row.held_since,
                due_at=row.due_at,
                solve_due_at=row.solve_due_at,
                answered_at=row.answered_at,
                solved_at=row.solved_at,
                confirm_due_at=row.confirm_due_at,
                confirmed_at=row.confirmed_at,
                solution=row.solution,
                escalations=row.escalations,
                reopenings=row.reopenings,
                followers=count,
                followed_affected=affected,
                into=head.code if head and state is State.MERGED else "",
                into_uid=head.uid if head and state is State.MERGED else None,
                decision_uid=row.decision.uid if row.decision else None,
                decision=row.decision.number if row.decision else "",
                overdue=state in OPEN and row.due_at is not None and row.due_at < now,
                days_left=working.working_days_between(clock.day_of(now), clock.day_of(row.due_at))
                if row.due_at is not None and state in OPEN
                else None,
            )
        )
    return made


def _followers(ids: list[int]) -> dict[int, tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT merged_into_id, count(*), COALESCE(sum(affected), 0) FROM rollout_difficulty "
            "WHERE merged_into_id = ANY(%s) AND state = 'merged' GROUP BY 1",
            [ids],
        )
        return {head: (count, int(affected)) for head, count, affected in cursor}


# --- duplicates ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Likely:
    """A difficulty that may be the same as another, 0..1."""

    row: Row
    likeness: float
    same_place: bool


def likely_duplicates(actor: Actor, uid: UUID, *, now: datetime, limit: int = 12) -> list[Likely]:
    """Return open difficulties of the same campaign and category the actor may see, the likeliest first."""
    row = visible(actor).filter(uid=uid).first()
    if row is None:
        raise DifficultyUnknown
    said = rules.Said(Category(row.category), row.place_id, row.folded)
    others = (
        visible(actor)
        .filter(campaign_id=row.campaign_id, category=row.category, state__in=OPEN)
        .exclude(pk=row.pk)
        .order_by("-raised_at")[:500]
    )
    scored = [
        (rules.likeness(said, rules.Said(Category(other.category), other.place_id, other.folded)), other)
        for other in others
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].raised_at))[:limit]
    rows = {one.uid: one for one in _rows([other for _, other in best], now)}
    return [
        Likely(rows[other.uid], score, other.place_id is not None and other.place_id == row.place_id)
        for score, other in best
    ]


# --- what waits ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Held:
    """What waits at one agency: how many, and the nearest term."""

    agency_id: int
    agency: str
    count: int
    due_at: datetime | None


def waiting(actor: Actor, *, now: datetime) -> dict[str, list[Held]]:
    """Return, by what is to be done (answer, work, confirm), what waits at the agencies the actor works for. Two queries."""
    speaks = {grant.agency_id for grant in actor.grants if grant.role in policies.SPEAKERS}
    asked = (
        ("answer", "holder_id", policies.works_at(actor), UNANSWERED, "due_at"),
        ("work", "holder_id", policies.works_at(actor), frozenset({State.IN_HAND}), "due_at"),
        ("confirm", "agency_id", speaks, frozenset({State.SOLVED}), "confirm_due_at"),
    )
    found: dict[str, list[Held]] = {what: [] for what, *_rest in asked}
    rows = Difficulty.objects.filter(
        Q(holder_id__in=policies.works_at(actor), state__in=OPEN) | Q(agency_id__in=speaks, state=State.SOLVED)
    ).values("holder_id", "agency_id", "state", "due_at", "confirm_due_at")
    kept: list[dict[str, Any]] = [dict(one) for one in rows]
    names = _names({one[by] for what, by, ids, _s, _d in asked for one in kept if one[by] in ids}, now) if kept else {}
    for what, by, ids, states, due in asked:
        groups: dict[int, list[datetime | None]] = {}
        for one in kept:
            if one[by] in ids and State(one["state"]) in states:
                groups.setdefault(one[by], []).append(one[due])
        found[what] = [
            Held(agency, names.get(agency, ""), len(terms), min((one for one in terms if one), default=None))
            for agency, terms in sorted(groups.items())
        ]
    return found


# --- patterns and indicators -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a pattern: a category or a place, how many were raised in each month, how many stand open, whom they touch."""

    key: str
    words: str
    months: tuple[int, ...]
    raised: int
    open: int
    late: int
    affected: int | None
    leading: str = ""
    uid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Patterns:
    """Where difficulties come from: by category, by place, over months; merged ones are counted, withdrawn ones are not."""

    months: tuple[str, ...]
    categories: tuple[Pattern, ...]
    places: tuple[Pattern, ...]
    raised: int
    indicators: rules.Indicators
    since: date = field(default=date(2000, 1, 1))


def patterns(actor: Actor, *, now: datetime, campaign: str = "", months: int = 6, top: int = 15) -> Patterns:
    """Return the patterns of the last months of what the actor may see. A handful of queries."""
    span = _months(clock.day_of(now), months)
    since = date.fromisoformat(f"{span[0]}-01")
    found = visible(actor).exclude(state=State.WITHDRAWN).filter(raised_at__gte=clock.start_of(since))
    if campaign:
        found = found.filter(campaign__key=campaign)
    rows = list(
        found.values_list(
            "category", "place_id", "raised_at", "state", "due_at", "affected",
            "first_answer_due_at", "answered_at", "solve_due_at", "solved_at", "confirm_due_at", "confirmed_at",
        )
    )  # fmt: skip
    units = places.views({row[1] for row in rows if row[1]}, clock.day_of(now))
    named = {unit_id: view.full_name for unit_id, view in units.items()}
    by_category = _patterns(
        rows, span, now, of=lambda row: row[0], words=lambda key: rules.CATEGORY_WORDS[Category(key)]
    )
    uids = {str(unit_id): view.uid for unit_id, view in units.items()}
    by_place = _patterns(
        rows, span, now, of=lambda row: str(row[1] or 0), words=lambda key: named.get(int(key), "Chưa rõ địa bàn")
    )
    return Patterns(
        tuple(span),
        tuple(by_category),
        tuple(replace(line, uid=uids.get(line.key)) for line in by_place[:top]),
        len(rows),
        rules.indicators((rules.Clocks(*row[6:]) for row in rows), now),
        since,
    )


def _months(today: date, count: int) -> list[str]:
    whole = today.year * 12 + today.month - 1
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(whole - count + 1, whole + 1)]


def _patterns(rows: list[Any], span: list[str], now: datetime, *, of: Any, words: Any) -> list[Pattern]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(of(row), []).append(row)
    made = []
    for key, group in groups.items():
        months = dict.fromkeys(span, 0)
        kinds: dict[str, int] = {}
        for row in group:
            months[clock.day_of(row[2]).strftime("%Y-%m")] += 1
            kinds[row[0]] = kinds.get(row[0], 0) + 1
        still = [row for row in group if State(row[3]) in OPEN]
        made.append(
            Pattern(
                key=key,
                words=words(key),
                months=tuple(months.values()),
                raised=len(group),
                open=len(still),
                late=sum(1 for row in still if row[4] is not None and row[4] < now),
                affected=sum(known) if (known := [row[5] for row in group if row[5] is not None]) else None,
                leading=rules.CATEGORY_WORDS[Category(max(kinds, key=lambda kind: kinds[kind]))],
            )
        )
    return sorted(made, key=lambda one: (-one.raised, one.words))


def at_the_top(agency_ids: Iterable[int], *, now: datetime, limit: int = 30) -> list[Row]:
    """Return the open difficulties agencies hold, the nearest term first."""
    found = _whole().filter(holder_id__in=list(agency_ids), state__in=OPEN)
    return _rows(found.order_by("due_at", "raised_at", "id")[:limit], now)


def rows_of(uids: Iterable[UUID], actor: Actor, *, now: datetime) -> list[Row]:
    """Return difficulties of these uids the actor may see, in the order of their raising."""
    return _rows(visible(actor).filter(uid__in=list(uids)).order_by("raised_at", "id"), now)


def raisers_of(uids: Iterable[UUID], actor: Actor, *, now: datetime) -> list[Row]:
    """Return what a decision on these would answer: them and everything merged into them."""
    heads = visible(actor).filter(uid__in=list(uids))
    merged = _whole().filter(merged_into__in=heads, state=State.MERGED)
    return _rows([*heads.order_by("raised_at", "id"), *merged.order_by("raised_at", "id")], now)


def of_ids(ids: Iterable[int], *, now: datetime) -> list[Row]:
    """Return difficulties by their inside ids, whoever asks: for a decision somebody may read."""
    return _rows(_whole().filter(pk__in=list(ids)).order_by("raised_at", "id"), now)
