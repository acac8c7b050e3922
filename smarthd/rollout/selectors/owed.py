"""What is owed, by whom, how far it has come: for a unit's desk, a superior's queue, the Department's board."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import ObligationUnknown
from smarthd.rollout.models import Consolidation, Obligation, Period, PeriodicReport, ReportStep
from smarthd.rollout.rules import forms, reports, verification
from smarthd.rollout.rules.reports import HANDED_IN, Standing, State
from smarthd.rollout.selectors import measures


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation as a list shows it."""

    uid: UUID
    report_uid: UUID
    agency_id: int
    held_by_id: int
    superior_id: int | None
    name: str
    code: str
    campaign_key: str
    period_uid: UUID
    period: str
    form: str
    form_key: str
    opens_at: datetime
    due_at: datetime
    first_due_at: datetime
    state: State
    standing: Standing
    submitted_at: datetime | None
    in_time: bool | None
    not_reviewed: bool
    returns: int
    disputed: bool
    cut_off: date
    campaign: str
    content_hash: str
    exempt_reason: str

    @property
    def extended(self) -> bool:
        """Say whether the term was moved."""
        return self.due_at != self.first_due_at


@dataclass(frozen=True, slots=True)
class Answer:
    """One field of a report as it is read: what it holds, what it held last time, what the platform measured, what is wrong with it."""

    field: forms.Field
    value: Any
    previous: Any
    dispute: str
    returned_with: str
    verification: verification.Verification | None


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """A whole report: its obligation, every field, the steps of its life."""

    owed: Owed
    plan: forms.FormPlan
    form_version: int
    answers: tuple[Answer, ...]
    content_hash: str
    edits: int
    edited_at: datetime | None
    minutes: int
    round: int
    submitted_by: int | None
    endorsed_by: int | None
    coordinator_id: int | None
    steps: tuple[ReportStep, ...]

    @property
    def clean(self) -> bool:
        """Say whether it may be endorsed in bulk: nothing disputed, nothing to be explained or sent back."""
        fair = {verification.Verdict.ACCEPTED, verification.Verdict.NOTHING_TO_COMPARE}
        return all(
            not one.dispute and (one.verification is None or one.verification.verdict in fair) for one in self.answers
        )


def _rows(found: QuerySet[Obligation], now: datetime) -> list[Owed]:
    return rows_as_owed(found.order_by("due_at", "name", "form_key"), now)


def rows_as_owed(found: QuerySet[Obligation], now: datetime) -> list[Owed]:
    """Return obligations as lists show them, in their order; what only a whole report holds is not read. One query."""
    rows = found.select_related("period__campaign", "report__form")
    return [row_as_owed(row, now) for row in rows.defer("report__values", "report__measured", "report__form__plan")]


def row_as_owed(row: Obligation, now: datetime) -> Owed:
    """Return one obligation as lists show it; period, campaign, report and form must have been read along."""
    report = row.report
    state = State(report.state)
    return Owed(
        uid=row.uid,
        report_uid=report.uid,
        agency_id=row.agency_id,
        held_by_id=row.held_by_id,
        superior_id=row.superior_id,
        name=row.name,
        code=row.code,
        campaign_key=row.period.campaign.key,
        period_uid=row.period.uid,
        period=row.period.title,
        form=report.form.title,
        form_key=row.form_key,
        opens_at=row.period.opens_at,
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        state=state,
        standing=reports.standing(
            state, opens_at=row.period.opens_at, due_at=row.due_at, exempt=row.exempt_at is not None, now=now
        ),
        submitted_at=report.submitted_at,
        in_time=report.in_time,
        not_reviewed=report.not_reviewed,
        returns=report.returns,
        disputed=bool(report.disputes),
        cut_off=row.period.cut_off,
        campaign=row.period.campaign.title,
        content_hash=report.content_hash,
        exempt_reason=row.exempt_reason,
    )


def owed_by(agency_ids: Iterable[int], *, now: datetime, finished: bool = False) -> list[Owed]:
    """Return what agencies hold to be handed in, the nearest term first; what is handed in only when asked for."""
    found = Obligation.objects.filter(held_by__in=list(agency_ids))
    if not finished:
        found = found.filter(exempt_at=None, period__opens_at__lte=now).exclude(report__state__in=HANDED_IN)
    return _rows(found, now)


def queue_of(actor: Actor, superior_ids: Iterable[int], *, now: datetime) -> list[Owed]:
    """Return what waits to be looked at by superiors the actor acts for, the oldest first."""
    own = [one for one in superior_ids if policies.can_review(actor, one)]
    found = Obligation.objects.filter(superior_id__in=own, report__state=State.SUBMITTED)
    return sorted(_rows(found, now), key=lambda one: (one.submitted_at or now, one.name))


def to_accept(actor: Actor, *, now: datetime) -> list[Owed]:
    """Return what was endorsed and waits to be taken in by a Department the actor commands for."""
    found = Obligation.objects.filter(report__state=State.ENDORSED, period__campaign__coordinator__in=_commanded(actor))
    return _rows(found, now)


def _commanded(actor: Actor) -> list[int]:
    return sorted({grant.agency_id for grant in actor.grants if policies.can_command(actor, grant.agency_id)})


def report_for(actor: Actor, obligation_uid: UUID, *, now: datetime) -> ReportSeen:
    """Return one report whole, or raise ObligationUnknown when there is none or the actor may not see it."""
    row = Obligation.objects.select_related("period__campaign", "report__form").filter(uid=obligation_uid).first()
    if row is None or not policies.can_see_report(actor, row):
        raise ObligationUnknown
    report = row.report
    plan = forms.from_json(report.form.plan)
    measured = report.measured if report.state in HANDED_IN else measures.of(plan, row.agency_id, row.period.cut_off)
    values = {**measured, **report.values}
    previous = previous_values(row)
    compared = measures.verifications(plan, values, row.agency_id, row.period.cut_off)
    return ReportSeen(
        owed=row_as_owed(row, now),
        plan=plan,
        form_version=report.form.version,
        answers=tuple(
            Answer(
                one,
                values.get(one.key),
                previous.get(one.key),
                report.disputes.get(one.key, ""),
                report.return_reasons.get(one.key, ""),
                compared.get(one.key),
            )
            for one in plan.fields
        ),
        content_hash=report.content_hash,
        edits=report.edits,
        edited_at=report.edited_at,
        minutes=report.minutes,
        round=report.round,
        submitted_by=report.submitted_by,
        endorsed_by=report.endorsed_by,
        coordinator_id=row.period.campaign.coordinator_id,
        steps=tuple(report.steps.order_by("number")),
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be handed in: the values as they were read, and what stands against it, by field."""

    values: dict[str, Any]
    problems: dict[str, str]


def checked(seen: ReportSeen, typed: Mapping[str, str]) -> Checked:
    """Read what was typed as a whole report, without keeping any of it: for the page that shows it before it is handed in."""
    measured = {one.field.key: one.value for one in seen.answers if one.field.measured and one.value is not None}
    values, problems = forms.read(seen.plan, typed, whole=True)
    whole = {**measured, **values}
    return Checked(whole, problems or forms.broken_checks(seen.plan, whole))


def previous_values(row: Obligation) -> dict[str, Any]:
    """Return what the same agency handed in last, for the same form, in an earlier period of the campaign."""
    earlier = (
        PeriodicReport.objects.filter(
            obligation__agency_id=row.agency_id,
            obligation__form_key=row.form_key,
            obligation__period__campaign_id=row.period.campaign_id,
            obligation__period__number__lt=row.period.number,
            state__in=HANDED_IN,
        )
        .order_by("-obligation__period__number")
        .values_list("measured", "values")
        .first()
    )
    return {} if earlier is None else {**earlier[0], **earlier[1]}


def board(actor: Actor, period: Period, *, now: datetime) -> list[Owed]:
    """Return every obligation of a period the actor may see, the latest first. Two queries."""
    found = Obligation.objects.filter(period=period)
    if not policies.can_command(actor, period.campaign.coordinator_id):
        near = policies.watched_agencies(actor)
        found = found.filter(Q(agency__in=near) | Q(held_by__in=near))
    order = list(Standing)
    late = {Standing.OVERDUE: -1}
    return sorted(
        _rows(found, now), key=lambda one: (late.get(one.standing, order.index(one.standing)), one.due_at, one.name)
    )


def periods_of(campaign_key: str) -> list[Period]:
    """Return a campaign's periods, the newest first."""
    return list(Period.objects.select_related("campaign").filter(campaign__key=campaign_key).order_by("-number"))


def period(uid: UUID) -> Period:
    """Return one period, or raise PeriodUnknown."""
    from smarthd.rollout.errors import PeriodUnknown

    found = Period.objects.select_related("campaign").filter(uid=uid).first()
    if found is None:
        raise PeriodUnknown
    return found


def field_sums(period_id: int, form_key: str) -> dict[str, tuple[float, int]]:
    """Return, by field, the sum over all reports in force and how many answered. One scan of one range of the key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT field, sum(value), count(*) FROM rollout_report_value WHERE form_key = %s AND period_id = %s GROUP BY field",
            [form_key, period_id],
        )
        return {field: (total, answered) for field, total, answered in cursor}


def consolidations(period_id: int, form_key: str, agency_id: int) -> list[Consolidation]:
    """Return the versions of a consolidation, the newest first."""
    found = Consolidation.objects.filter(period_id=period_id, form_key=form_key, agency_id=agency_id)
    return list(found.order_by("-version"))


@dataclass(frozen=True, slots=True)
class Burden:
    """What reporting costs a unit in a month: the median minutes of a report, and how many it owes."""

    median_minutes: float
    obligations: int

    @property
    def minutes(self) -> float:
        """Minutes a unit and month."""
        return self.median_minutes * self.obligations


def burden(campaign_id: int, since: datetime, until: datetime) -> Burden:
    """Return the reporting burden of a campaign between two instants. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY r.minutes) FILTER (WHERE r.first_submitted_at IS NOT NULL),
              count(*)::float8 / GREATEST(count(DISTINCT o.agency_id), 1)
            FROM rollout_obligation o JOIN rollout_period p ON p.id = o.period_id
            JOIN rollout_periodicreport r ON r.obligation_id = o.id
            WHERE p.campaign_id = %s AND o.due_at BETWEEN %s AND %s""",
            [campaign_id, since, until],
        )
        median, each = cursor.fetchone() or (0, 0)
    return Burden(float(median or 0), round(float(each or 0)))


def lateness_of_superiors(period_id: int) -> Mapping[int, float]:
    """Return, by superior, the mean hours a report waited for it: a measure of the superior, not of its units. One query."""
    rows = (
        Obligation.objects.filter(period_id=period_id, report__endorsed_at__isnull=False)
        .values("superior_id")
        .annotate(hours=F("report__endorsed_at") - F("report__submitted_at"))
        .values_list("superior_id", "hours")
    )
    waits: dict[int, list[float]] = {}
    for superior, wait in rows:
        waits.setdefault(superior, []).append(wait.total_seconds() / 3600)
    return {superior: sum(each) / len(each) for superior, each in waits.items()}
