"""Periods, and the obligations frozen when one is opened; more time, exemptions, outages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from smarthd.agencies import selectors as agencies
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import (
    BadOutage,
    BadPeriod,
    CampaignUnknown,
    FormUnknown,
    NothingOwed,
    ObligationUnknown,
    OutageKnown,
    PeriodFrozen,
    PeriodUnknown,
    TermOver,
)
from smarthd.rollout.models import Campaign, Extension, Form, Obligation, Outage, Period, PeriodicReport
from smarthd.rollout.rules import deadlines
from smarthd.rollout.rules.reports import HANDED_IN
from smarthd.rollout.services import carrying, steps


@dataclass(frozen=True, slots=True)
class Frozen:
    """How many obligations a period was given, and for which forms."""

    obligations: int
    forms: tuple[str, ...]


@transaction.atomic
def add_period(
    campaign_key: str, *, title: str, cut_off: date, opens_at: datetime, due_at: datetime, actor: Actor, now: datetime
) -> Period:
    """Add a reporting period to a campaign; its obligations come when it is frozen."""
    campaign = Campaign.objects.select_for_update().filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_command(actor, campaign.coordinator_id))
    if due_at <= opens_at or cut_off > due_at.date():
        raise BadPeriod(opens_at=opens_at.isoformat(), due_at=due_at.isoformat(), cut_off=cut_off.isoformat())
    number = (campaign.periods.aggregate(last=Max("number"))["last"] or 0) + 1
    period = Period.objects.create(
        campaign=campaign, number=number, title=title, cut_off=cut_off, opens_at=opens_at, due_at=due_at
    )
    audit.record(actor, "rollout.period_added", period, at=now, number=number)
    return period


@transaction.atomic
def freeze_period(period_uid: UUID, *, kinds: Sequence[str], actor: Actor, now: datetime) -> Frozen:
    """Write down who owes what for a period: every agency of the kinds that stands on its cut-off and answers to somebody, once a form.

    The denominator of completeness is fixed here: agencies founded later owe nothing for this period, and what those ended later owe
    is held by who came after them, in the name of who owes it (``carrying.follow_agencies``).
    """
    period = Period.objects.select_for_update().select_related("campaign").filter(uid=period_uid).first()
    if period is None:
        raise PeriodUnknown
    campaign = period.campaign
    require(policies.can_command(actor, campaign.coordinator_id))
    if period.frozen_at is not None:
        raise PeriodFrozen(period=period.title)
    latest = _published(campaign)
    if not latest:
        raise FormUnknown(campaign=campaign.key)
    bodies = [
        body
        for body in agencies.agencies_on(period.cut_off, kinds=list(kinds))
        if body.parent_id is not None and body.id != campaign.coordinator_id
    ]
    owed = Obligation.objects.bulk_create(
        [
            Obligation(
                period=period,
                form_key=form.key,
                agency_id=body.id,
                held_by_id=body.id,
                superior_id=body.parent_id,
                name=body.name,
                code=body.code,
                first_due_at=period.due_at,
                due_at=period.due_at,
            )
            for body in bodies
            for form in latest.values()
        ],
        batch_size=2000,
    )
    PeriodicReport.objects.bulk_create(
        [PeriodicReport(obligation=one, form=latest[one.form_key]) for one in owed], batch_size=2000
    )
    period.frozen_at = now
    period.save(update_fields=["frozen_at"])
    carrying.follow_agencies(now=now, period_id=period.pk)
    audit.record(actor, "rollout.period_frozen", period, at=now, obligations=len(owed))
    return Frozen(len(owed), tuple(sorted(latest)))


def _published(campaign: Campaign) -> dict[str, Form]:
    rows = Form.objects.filter(campaign=campaign).exclude(published_at=None).order_by("key", "version")
    return {form.key: form for form in rows}


@transaction.atomic
def extend(
    obligation_uids: Sequence[UUID], *, due_at: datetime, reason: str, actor: Actor, now: datetime
) -> list[Extension]:
    """Give obligations more time, all or none; refused once a term is over."""
    rows = _commanded(obligation_uids, actor)
    _refuse_exempt(rows)
    late = [row.name for row in rows if not deadlines.extension_counts(granted_at=now, due_at=row.due_at)]
    if late or any(due_at <= row.due_at for row in rows):
        raise TermOver(units=late)
    granted = [
        Extension(
            obligation=row,
            due_before=row.due_at,
            due_at=due_at,
            reason=reason.strip(),
            granted_by=actor.account_id,
            granted_at=now,
        )
        for row in rows
    ]
    Extension.objects.bulk_create(granted)
    for row in rows:
        row.due_at = due_at
        row.save(update_fields=["due_at"])
        audit.record(actor, "rollout.obligation_extended", row, at=now, due_at=due_at.isoformat())
    return granted


@transaction.atomic
def exempt(obligation_uid: UUID, *, reason: str, actor: Actor, now: datetime) -> Obligation:
    """Take an obligation off an agency, with a reason; it leaves the base of completeness and is named among the exempt."""
    [row] = _commanded([obligation_uid], actor)
    _refuse_exempt([row])
    if PeriodicReport.objects.filter(obligation=row, state__in=HANDED_IN).exists():
        raise TermOver(units=[row.name])
    row.exempt_reason, row.exempt_by, row.exempt_at = reason.strip(), actor.account_id, now
    row.save(update_fields=["exempt_reason", "exempt_by", "exempt_at"])
    audit.record(actor, "rollout.obligation_exempted", row, at=now)
    return row


@transaction.atomic
def declare_outage(
    campaign_key: str, *, began_at: datetime, ended_at: datetime, note: str, actor: Actor, now: datetime
) -> int:
    """Write an outage down and move every term it touched, of whatever campaign; lateness already told is told anew. Return how many moved.

    One outage moves terms once: what overlaps an outage already written down is refused.
    """
    campaign = Campaign.objects.select_for_update().filter(key=campaign_key).first()
    if campaign is None:
        raise CampaignUnknown(key=campaign_key)
    require(policies.can_command(actor, campaign.coordinator_id))
    if ended_at <= began_at or ended_at > now:
        raise BadOutage(began_at=began_at.isoformat(), ended_at=ended_at.isoformat())
    known = Outage.objects.filter(began_at__lt=ended_at, ended_at__gt=began_at).first()
    if known is not None:
        raise OutageKnown(began_at=known.began_at.isoformat(), ended_at=known.ended_at.isoformat())
    outage = Outage.objects.create(
        began_at=began_at, ended_at=ended_at, note=note, declared_by=actor.account_id, declared_at=now
    )
    audit.record(actor, "rollout.outage_declared", outage, at=now)
    this = deadlines.Outage(began_at, ended_at)
    touched = Obligation.objects.select_for_update().filter(
        due_at__gt=began_at, due_at__lt=ended_at + deadlines.OUTAGE_WITHIN
    )
    moved = 0
    for row in touched.order_by("id"):
        term = deadlines.extended(row.due_at, [this])
        if term != row.due_at:
            row.due_at = term
            row.save(update_fields=["due_at"])
            moved += 1
            _judge_again(row, actor=actor, now=now)
    return moved


def _judge_again(row: Obligation, *, actor: Actor, now: datetime) -> None:
    """Judge what came in the outage's shadow anew; the trail says so, since consolidations read their lateness there."""
    report = PeriodicReport.objects.select_for_update().filter(obligation=row).exclude(submitted_at=None).first()
    if report is None or report.submitted_at is None:
        return
    in_time = deadlines.in_time(deadlines.Receipt(report.submitted_at, report.sealed_at), row.due_at)
    report.first_in_time = report.first_in_time or (report.round == 1 and in_time)
    if report.state in HANDED_IN and report.in_time != in_time:
        report.in_time = in_time
        steps.append(report, "judged", actor=actor, at=now)
    report.save(update_fields=["in_time", "first_in_time"])


def _refuse_exempt(rows: Sequence[Obligation]) -> None:
    exempt_already = [row.name for row in rows if row.exempt_at is not None]
    if exempt_already:
        raise NothingOwed(unit=exempt_already[0])


def _commanded(obligation_uids: Sequence[UUID], actor: Actor) -> list[Obligation]:
    rows = list(
        Obligation.objects.select_for_update(of=("self",))
        .select_related("period__campaign")
        .filter(uid__in=list(obligation_uids))
        .order_by("id")
    )
    if len(rows) != len(set(obligation_uids)):
        raise ObligationUnknown
    for row in rows:
        require(policies.can_command(actor, row.period.campaign.coordinator_id))
    return rows
