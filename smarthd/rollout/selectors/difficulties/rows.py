"""Rows of difficulties as every list shows them, and who may see which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout import policies
from smarthd.rollout.models import Difficulty
from smarthd.rollout.rules.difficulties import OPEN, Category, Severity, State, Tier


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


def visible(actor: Actor) -> QuerySet[Difficulty]:
    """Return the difficulties an actor may read: of units within reach, held by them, into which one of theirs was merged, and all
    of a campaign whose coordinator the actor works for."""
    if actor.system:
        return whole()
    seen = list(policies.sees_difficulties_of(actor))
    return whole().filter(
        Q(agency_id__in=seen)
        | Q(holder_id__in=seen)
        | Q(pk__in=_heads_of(seen))
        | Q(campaign__coordinator__in=policies.coordinates_at(actor)),
    )


def whole() -> QuerySet[Difficulty]:
    """Return every difficulty, whoever asks; who may read it is the caller's to say."""
    return Difficulty.objects.select_related("campaign", "decision", "merged_into")


def _heads_of(agency_ids: list[int]) -> QuerySet[Difficulty, int | None]:
    merged = Difficulty.objects.filter(agency_id__in=agency_ids, merged_into__isnull=False)
    return merged.values_list("merged_into_id", flat=True)


def names_of(agency_ids: Iterable[int], now: datetime) -> dict[int, str]:
    """Return names by id as of today; those that no longer stand keep the name they bore last. One query."""
    return agencies.last_names(agency_ids, clock.day_of(now))


def rows_in(found: Iterable[Difficulty], now: datetime) -> list[Row]:
    """Return difficulties as lists show them: with names of today, followers counted, days left. Four queries."""
    rows = list(found)
    followers = _followers([row.pk for row in rows])
    names = names_of({one for row in rows for one in (row.agency_id, row.holder_id)}, now)
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


def at_the_top(agency_ids: Iterable[int], *, now: datetime, limit: int = 30) -> list[Row]:
    """Return the open difficulties agencies hold, the nearest term first."""
    found = whole().filter(holder_id__in=list(agency_ids), state__in=OPEN)
    return rows_in(found.order_by("due_at", "raised_at", "id")[:limit], now)


def rows_of(uids: Iterable[UUID], actor: Actor, *, now: datetime) -> list[Row]:
    """Return difficulties of these uids the actor may see, in the order of their raising."""
    return rows_in(visible(actor).filter(uid__in=list(uids)).order_by("raised_at", "id"), now)


def raisers_of(uids: Iterable[UUID], actor: Actor, *, now: datetime) -> list[Row]:
    """Return what a decision on these would answer: them and everything merged into them."""
    heads = visible(actor).filter(uid__in=list(uids))
    merged = whole().filter(merged_into__in=heads, state=State.MERGED)
    return rows_in([*heads.order_by("raised_at", "id"), *merged.order_by("raised_at", "id")], now)


def of_ids(ids: Iterable[int], *, now: datetime) -> list[Row]:
    """Return difficulties by their inside ids, whoever asks: for a decision somebody may read."""
    return rows_in(whole().filter(pk__in=list(ids)).order_by("raised_at", "id"), now)
