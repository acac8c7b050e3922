"""How complete a period is: its obligations counted once, by form and by where they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, CharField, Count, F, QuerySet, Value, When

from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules.reports import HANDED_IN, Standing, State

COUNTED = (
    "form_key",
    "report__form__title",
    "stands",
    "report__state",
    "report__first_in_time",
    "report__in_time",
    "report__not_reviewed",
)


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a period is. ``due`` was frozen at its opening; exempt units are named apart, not taken off in silence."""

    due: int
    exempt: int
    handed_in: int
    in_time_first: int
    in_time_accepted: int
    endorsed: int
    accepted: int
    returned: int
    not_reviewed: int

    @property
    def base(self) -> int:
        """The obligations that count."""
        return self.due - self.exempt


@dataclass(frozen=True, slots=True)
class _Alike:
    """Obligations that differ in nothing a board counts, and how many they are."""

    form_key: str
    form: str
    stands: Standing
    state: State
    first_in_time: bool
    in_time: bool
    not_reviewed: bool
    count: int

    @property
    def counts(self) -> bool:
        return self.stands != Standing.EXEMPT


@dataclass(frozen=True, slots=True)
class Tally:
    """Every obligation of one set, counted once; every figure of a board is a sum of it."""

    alike: tuple[_Alike, ...]

    @property
    def standings(self) -> Mapping[Standing, int]:
        """How many stand where."""
        found: Counter[Standing] = Counter()
        for one in self.alike:
            found[one.stands] += one.count
        return found

    @property
    def forms(self) -> list[tuple[str, str]]:
        """(key, title) of the forms asked for; of several versions, the title that comes last."""
        return sorted(dict(sorted((one.form_key, one.form) for one in self.alike)).items())

    def count(self, form_key: str = "", stands: str = "") -> int:
        """Return how many there are; of one form, or standing in one place, where that is named."""
        return sum(
            one.count
            for one in self.alike
            if (not form_key or one.form_key == form_key) and (not stands or one.stands.value == stands)
        )

    def completeness(self, form_key: str = "") -> Completeness:
        """Return how complete it is, of one form where one is named."""
        asked = [one for one in self.alike if not form_key or one.form_key == form_key]
        counted = [one for one in asked if one.counts]

        def how_many(found: list[_Alike]) -> int:
            return sum(one.count for one in found)

        return Completeness(
            due=how_many(asked),
            exempt=how_many(asked) - how_many(counted),
            handed_in=how_many([one for one in counted if one.state in HANDED_IN]),
            in_time_first=how_many([one for one in counted if one.first_in_time]),
            in_time_accepted=how_many([one for one in counted if one.state == State.ACCEPTED and one.in_time]),
            endorsed=how_many([one for one in asked if one.state == State.ENDORSED]),
            accepted=how_many([one for one in asked if one.state == State.ACCEPTED]),
            returned=how_many([one for one in asked if one.state == State.RETURNED]),
            not_reviewed=how_many([one for one in asked if one.not_reviewed]),
        )


def tally(found: QuerySet[Any]) -> Tally:
    """Count obligations already told where they stand (``standing``). One query, one reading of them."""
    rows = found.order_by().values_list(*COUNTED).annotate(count=Count("id"))
    return Tally(
        tuple(
            _Alike(key, form, Standing(stands), State(state), bool(first), bool(in_time), bool(unseen), count)
            for key, form, stands, state, first, in_time, unseen, count in rows
        )
    )


def completeness(period: Period, form_key: str = "", *, now: datetime) -> Completeness:
    """Return how complete a period is. One query."""
    return tally(standing(Obligation.objects.filter(period=period), period, now)).completeness(form_key)


def standing(found: QuerySet[Obligation], period: Period, now: datetime) -> QuerySet[Any]:
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
