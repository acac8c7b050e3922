"""What waits for a superior or the Department, with every number that can be compared beside what was measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.models import Obligation, Period
from smarthd.rollout.rules import forms, verification
from smarthd.rollout.rules.reports import State
from smarthd.rollout.rules.verification import Verdict
from smarthd.rollout.selectors import measures
from smarthd.rollout.selectors.owed import Owed, row_as_owed

_FAIR = frozenset({Verdict.ACCEPTED, Verdict.NOTHING_TO_COMPARE})
_SEVERITY = (Verdict.RETURN, Verdict.EXPLAIN, Verdict.ACCEPTED, Verdict.NOTHING_TO_COMPARE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One reported number beside the measured one."""

    label: str
    verification: verification.Verification


@dataclass(frozen=True, slots=True)
class ToReview:
    """One report that waits: what was handed in, how its numbers compare, whether this actor had it in hand before."""

    owed: Owed
    findings: tuple[Finding, ...]
    disputes: tuple[str, ...]
    own: bool

    @property
    def worst(self) -> Verdict:
        """The hardest verdict among its numbers."""
        found = {one.verification.verdict for one in self.findings}
        return next((verdict for verdict in _SEVERITY if verdict in found), Verdict.NOTHING_TO_COMPARE)

    @property
    def clean(self) -> bool:
        """Say whether it may be endorsed in bulk: nothing disputed, nothing to be explained or sent back, not one's own."""
        return not self.own and not self.disputes and self.worst in _FAIR


def review_queue(actor: Actor, *, now: datetime, period: Period | None = None) -> list[ToReview]:
    """Return what waits to be looked at by superiors the actor acts for, the oldest first."""
    superiors = sorted({grant.agency_id for grant in actor.grants if policies.can_review(actor, grant.agency_id)})
    found = Obligation.objects.filter(superior_id__in=superiors, report__state=State.SUBMITTED)
    return _compared(_of(found, period), actor, now)


def acceptance_queue(actor: Actor, *, now: datetime, period: Period | None = None) -> list[ToReview]:
    """Return what was endorsed and waits to be taken in by a Department the actor commands for, the oldest first."""
    commanded = sorted({grant.agency_id for grant in actor.grants if policies.can_command(actor, grant.agency_id)})
    found = Obligation.objects.filter(period__campaign__coordinator__in=commanded, report__state=State.ENDORSED)
    return _compared(_of(found, period), actor, now)


def waiting_counts(actor: Actor) -> tuple[int, int]:
    """Return how many reports wait for the actor's endorsement, and how many to be taken in. One query at most."""
    superiors = [grant.agency_id for grant in actor.grants if policies.can_review(actor, grant.agency_id)]
    commanded = [grant.agency_id for grant in actor.grants if policies.can_command(actor, grant.agency_id)]
    mine = actor.account_id
    if not (superiors or commanded):
        return 0, 0
    review = Q(superior_id__in=superiors, report__state=State.SUBMITTED)
    accept = Q(period__campaign__coordinator__in=commanded, report__state=State.ENDORSED)
    sent, endorsed = Q(report__submitted_by=mine), Q(report__endorsed_by=mine)
    counted = Obligation.objects.filter(review | accept).aggregate(
        review=Count("pk", filter=review & ~sent), accept=Count("pk", filter=accept & ~sent & ~endorsed)
    )
    return counted["review"], counted["accept"]


def _of(found: QuerySet[Obligation], period: Period | None) -> QuerySet[Obligation]:
    return found.filter(period=period) if period is not None else found


def _compared(found: QuerySet[Obligation], actor: Actor, now: datetime) -> list[ToReview]:
    rows = list(found.select_related("period__campaign", "report__form").order_by("report__submitted_at", "name"))
    plans: dict[int, forms.FormPlan] = {}
    by_day: dict[date, list[Obligation]] = defaultdict(list)
    for row in rows:
        plans.setdefault(row.report.form_id, forms.from_json(row.report.form.plan))
        by_day[row.period.cut_off].append(row)
    names = {one.verified_by for plan in plans.values() for one in plan.fields if one.verified_by}
    measured = {day: measures.for_agencies(names, (row.agency_id for row in each), day) for day, each in by_day.items()}
    return [
        _row(row, plans[row.report.form_id], measured[row.period.cut_off].get(row.agency_id, {}), actor, now)
        for row in rows
    ]


def _row(row: Obligation, plan: forms.FormPlan, measured: dict[str, int], actor: Actor, now: datetime) -> ToReview:
    report = row.report
    labels = {one.key: one.label for one in plan.fields}
    hands = {report.submitted_by, report.endorsed_by} - {None}
    return ToReview(
        owed=row_as_owed(row, now),
        findings=tuple(_findings(plan, report.values, measured)),
        disputes=tuple(labels.get(key, key) for key in report.disputes),
        own=actor.account_id in hands,
    )


def _findings(plan: forms.FormPlan, values: dict[str, Any], measured: dict[str, int]) -> Iterable[Finding]:
    for one in plan.fields:
        if one.verified_by:
            yield Finding(
                one.label,
                verification.verify(
                    measured=measured.get(one.verified_by), reported=measures.as_number(values.get(one.key))
                ),
            )
