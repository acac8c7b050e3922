"""One page of a period's board: narrowed, ranked and counted by the database, so that thousands of units cost what a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from smarthd.agencies import calendar
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules.reports import HANDED_IN, Standing
from smarthd.rollout.selectors.commanding import CALL_FROM, LOOK_BACK, commanded_by
from smarthd.rollout.selectors.completeness import Tally, standing, tally
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
    tally: Tally
    """All the actor may see, whatever was asked for."""

    @property
    def standings(self) -> Mapping[Standing, int]:
        """How many obligations the actor may see stand where."""
        return self.tally.standings

    @property
    def all(self) -> int:
        """How many obligations the actor may see."""
        return self.tally.count()


def board_page(
    actor: Actor, period: Period, asked: Narrowed, *, now: datetime, start: int = 0, limit: int = 100
) -> BoardPage:
    """Return a page of what the actor may see of a period, the latest first. Four queries, six where words are looked for."""
    whole = standing(visible(actor, period), period, now)
    counted = tally(whole)
    found = whole
    if asked.form_key:
        found = found.filter(form_key=asked.form_key)
    if asked.words:
        found = found.filter(pk__in=_named(found, asked.words))
    if asked.standing:
        found = found.filter(stands=asked.standing)
    count = found.count() if asked.words else counted.count(asked.form_key, asked.standing)
    ranks = [When(stands=one.value, then=Value(place)) for place, one in enumerate(RANKED)]
    ordered = found.annotate(rank=Case(*ranks, output_field=IntegerField())).order_by("rank", "due_at", "name", "id")
    chosen = list(ordered.values_list("uid", flat=True)[start : start + limit])  # thousands of short rows are ranked
    whole_rows = {one.uid: one for one in rows_as_owed(Obligation.objects.filter(uid__in=chosen), now)}
    return BoardPage(tuple(whole_rows[uid] for uid in chosen), count, counted)


def visible(actor: Actor, period: Period) -> QuerySet[Obligation]:
    """Return the obligations of a period an actor may see."""
    found = Obligation.objects.filter(period=period)
    if policies.can_command(actor, period.campaign.coordinator_id):
        return found
    near = policies.watched_agencies(actor)
    return found.filter(Q(agency__in=near) | Q(held_by__in=near))


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
