"""A superior endorses what it has looked at or sends it back with reasons; the Department takes it in; silence lets it pass, marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from smarthd.agencies import calendar
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.kernel import audit, clock, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Refusal
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import ContentChanged, ObligationUnknown, OwnReport, ReasonsMissing
from smarthd.rollout.events import ReportReturned
from smarthd.rollout.models import Obligation, PeriodicReport
from smarthd.rollout.rules import forms, reports
from smarthd.rollout.rules.reports import State
from smarthd.rollout.services import steps

SILENCE_DAYS = 2
RETURN_DAYS = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: the report, and the name of the refusal or nothing."""

    report_uid: UUID
    refusal: str = ""


@transaction.atomic
def endorse_report(report_uid: UUID, *, seen_hash: str, actor: Actor, now: datetime) -> PeriodicReport:
    """Endorse exactly what was looked at; whoever handed it in does not endorse it."""
    report = _reviewed(report_uid, actor)
    if report.content_hash != seen_hash:
        raise ContentChanged(seen=seen_hash[:12], now=report.content_hash[:12])
    if actor.account_id is not None and actor.account_id == report.submitted_by:
        raise OwnReport
    report.state = reports.ENDORSE.apply(State(report.state))
    report.endorsed_by, report.endorsed_at, report.endorsed_hash = actor.account_id, now, report.content_hash
    report.save()
    steps.append(report, "endorsed", actor=actor, at=now)
    audit.record(actor, "rollout.report_endorsed", report, at=now, content=report.content_hash[:12])
    return report


def endorse_many(looked_at: Sequence[tuple[UUID, str]], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Endorse many, each by itself: one that is refused does not hold up the others."""
    return _each(endorse_report, looked_at, actor=actor, now=now)


def accept_many(looked_at: Sequence[tuple[UUID, str]], *, actor: Actor, now: datetime) -> list[Outcome]:
    """Take many in, each by itself."""
    return _each(accept_report, looked_at, actor=actor, now=now)


class _Act(Protocol):
    def __call__(self, report_uid: UUID, *, seen_hash: str, actor: Actor, now: datetime) -> PeriodicReport: ...


def _each(act: _Act, looked_at: Sequence[tuple[UUID, str]], *, actor: Actor, now: datetime) -> list[Outcome]:
    outcomes = []
    for report_uid, seen_hash in looked_at:
        try:
            act(report_uid, seen_hash=seen_hash, actor=actor, now=now)
        except Refusal as refusal:
            outcomes.append(Outcome(report_uid, refusal.name))
        else:
            outcomes.append(Outcome(report_uid))
    return outcomes


@transaction.atomic
def return_report(report_uid: UUID, *, reasons: Mapping[str, str], actor: Actor, now: datetime) -> PeriodicReport:
    """Send a report back with a reason at each field that is wrong; the unit has one working day from now."""
    report = _reviewed(report_uid, actor, also_coordinator=True)
    fields = {one.key for one in forms.from_json(report.form.plan).fields}
    kept = {key: words.strip() for key, words in reasons.items() if words.strip()}
    if not kept or not kept.keys() <= fields:
        raise ReasonsMissing(fields=dict.fromkeys(kept.keys() - fields, "Không có mục này trong biểu."))
    report.state = reports.RETURN.apply(State(report.state))
    report.endorsed_by, report.endorsed_at, report.endorsed_hash, report.not_reviewed = None, None, "", False
    report.return_reasons, report.returns, report.in_time = kept, report.returns + 1, None
    report.save()
    obligation = Obligation.objects.select_for_update().get(pk=report.obligation_id)
    obligation.due_at = max(
        obligation.due_at,
        calendar.due_on(calendar.add_working_days(clock.day_of(now), RETURN_DAYS, obligation.held_by_id)),
    )
    obligation.save(update_fields=["due_at"])
    steps.take_out_of_force(obligation)
    steps.append(report, "returned", actor=actor, at=now, note={"reasons": kept})
    audit.record(actor, "rollout.report_returned", report, at=now, fields=sorted(kept))
    events.announce(ReportReturned(obligation_uid=obligation.uid, agency_id=obligation.held_by_id, at=now))
    return report


@transaction.atomic
def accept_report(report_uid: UUID, *, seen_hash: str, actor: Actor, now: datetime) -> PeriodicReport:
    """Take an endorsed report in for the Department; a third person does it."""
    report = _found(report_uid, actor)
    require(policies.can_accept(actor, report.obligation.period.campaign.coordinator_id))
    if report.content_hash != seen_hash:
        raise ContentChanged(seen=seen_hash[:12], now=report.content_hash[:12])
    if actor.account_id is not None and actor.account_id in {report.submitted_by, report.endorsed_by}:
        raise OwnReport
    report.state = reports.ACCEPT.apply(State(report.state))
    report.accepted_by, report.accepted_at = actor.account_id, now
    report.save()
    steps.append(report, "accepted", actor=actor, at=now)
    audit.record(actor, "rollout.report_accepted", report, at=now)
    return report


def pass_silent(*, actor: Actor, now: datetime) -> int:
    """Let through what a superior has not looked at for two working days, marked "not reviewed". Return how many."""
    waiting = PeriodicReport.objects.filter(state=State.SUBMITTED).values_list("uid", "submitted_at")
    working = calendar.working_calendar()
    due = [uid for uid, at in waiting if at is not None and _silent(at, now, working)]
    passed = 0
    for uid in due:
        passed += _pass(uid, actor=actor, now=now, working=working)
    return passed


@transaction.atomic
def _pass(report_uid: UUID, *, actor: Actor, now: datetime, working: WorkingCalendar) -> int:
    report = PeriodicReport.objects.select_for_update().get(uid=report_uid)
    if report.state != State.SUBMITTED or report.submitted_at is None or not _silent(report.submitted_at, now, working):
        return 0
    report.state = reports.ENDORSE.apply(State.SUBMITTED)
    report.endorsed_by, report.endorsed_at = None, now
    report.endorsed_hash, report.not_reviewed = report.content_hash, True
    report.save()
    steps.append(report, "passed", actor=actor, at=now)
    audit.record(actor, "rollout.report_passed", report, at=now)
    return 1


def _silent(submitted_at: datetime, now: datetime, working: WorkingCalendar) -> bool:
    return working.working_days_between(clock.day_of(submitted_at), clock.day_of(now)) > SILENCE_DAYS


def _found(report_uid: UUID, actor: Actor) -> PeriodicReport:
    report = (
        PeriodicReport.objects.select_for_update(of=("self",))
        .select_related("obligation__period__campaign", "form")
        .filter(uid=report_uid)
        .first()
    )
    if report is None or not policies.can_see_report(actor, report.obligation):
        raise ObligationUnknown
    return report


def _reviewed(report_uid: UUID, actor: Actor, *, also_coordinator: bool = False) -> PeriodicReport:
    report = _found(report_uid, actor)
    coordinator = report.obligation.period.campaign.coordinator_id
    allowed = policies.can_review(actor, report.obligation.superior_id)
    require(allowed or (also_coordinator and policies.can_accept(actor, coordinator)))
    return report
