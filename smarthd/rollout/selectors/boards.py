"""One page of a period's board: narrowed, ranked and counted by the database, so that thousands of units cost what a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Value, When

from smarthd.agencies import calendar
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules.reports import HANDED_IN, Standing, State
from smarthd.rollout.selectors.commanding import CALL_FROM, LOOK_BACK, commanded_by
from smarthd.rollout.selectors.owed import Owed, rows_as_owed

RANKED = (Standing.OVERDUE, *(one for one in Standing if one is not Standing.OVERDUE))
"""What stands first on a board: who is late, then by the way a report goes."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a board is asked for; empty is everything."""

    standing: str = ""
    form_key: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Some rows of a board, how many were asked for, how many there are, and how many stand where."""

    rows: tuple[Owed, ...]
    count: int
    standings: Mapping[Standing, int]

    @property
    def all(self) -> int:
        """How many obligations the actor may see."""
        return sum(self.standings.values())


def board_page(
    actor: Actor, period: Period, asked: Narrowed, *, now: datetime, start: int = 0, limit: int = 100
) -> BoardPage:
    """Return a page of what the actor may see of a period, the latest first. Three queries, a fourth where words are looked for."""
    whole = _standing(visible(actor, period), period, now)
    standings = {
        Standing(key): count for key, count in whole.values_list("stands").annotate(count=Count("id")).order_by()
    }
    found = whole
    if asked.form_key:
        found = found.filter(form_key=asked.form_key)
    if asked.words:
        found = found.filter(pk__in=_named(found, asked.words))
    if asked.standing:
        found = found.filter(stands=asked.standing)
    narrowed = bool(asked.form_key or asked.words or asked.standing)
    count = found.count() if narrowed else sum(standings.values())
    ranks = [When(stands=one.value, then=Value(place)) for place, one in enumerate(RANKED)]
    ordered = found.annotate(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "due_at", "name", "id")
    return BoardPage(tuple(rows_as_owed(ordered[start : start + limit], now)), count, standings)


def visible(actor: Actor, period: Period) -> QuerySet[Obligation]:
    """Return the obligations of a period an actor may see."""
    found = Obligation.objects.filter(period=period)
    if policies.can_command(actor, period.campaign.coordinator_id):
        return found
    near = policies.watched_agencies(actor)
    return found.filter(Q(agency__in=near) | Q(held_by__in=near))


def _standing(found: QuerySet[Obligation], period: Period, now: datetime) -> QuerySet[Any]:
    """Say of each obligation where it stands, as ``rules.reports.standing`` does."""
    coming = Standing.NOT_DUE if now < period.opens_at else Standing.OPEN
    return found.annotate(
        stands=Case(
            When(exempt_at__isnull=False, then=Value(Standing.EXEMPT.value)),
            When(report__state__in=list(HANDED_IN), then=F("report__state")),
            When(due_at__lt=now, then=Value(Standing.OVERDUE.value)),
            When(report__state=State.RETURNED, then=Value(Standing.RETURNED.value)),
            When(report__state=State.DRAFT, then=Value(Standing.DRAFT.value)),
            default=Value(coming.value),
            output_field=CharField(),
        )
    )


def _named(found: QuerySet[Any], words: str) -> list[int]:
    wanted = text.fold(words).split()
    rows = found.values_list("pk", "name", "code").order_by()
    return [pk for pk, name, code in rows if all(word in text.fold(f"{name} {code}") for word in wanted)]


def calls_due(actor: Actor, period: Period, *, now: datetime) -> int:
    """Return how many obligations of a period are to be asked for by telephone: two working days late or more. One query."""
    if period.campaign.coordinator_id not in commanded_by(actor):
        return 0
    working = calendar.working_calendar()
    last = working.previous_working_day(clock.day_of(now))
    before = clock.start_of(working.add_working_days(last, 1 - CALL_FROM))
    found = Obligation.objects.filter(period=period, exempt_at=None, due_at__lt=before, due_at__gte=now - LOOK_BACK)
    return found.exclude(report__state__in=HANDED_IN).count()
