"""A unit writes its report: drafts kept as they are typed, one handing in, withdrawal while nobody has looked, amendment afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from smarthd.kernel import audit, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.errors import NothingOwed, ObligationUnknown, ReportFaulty, SealedBeforeReturn, StaleDraft
from smarthd.rollout.events import ReportSubmitted
from smarthd.rollout.models import Obligation, PeriodicReport
from smarthd.rollout.rules import deadlines, forms, reports
from smarthd.rollout.rules.reports import State
from smarthd.rollout.selectors import measures
from smarthd.rollout.services import steps

SHORTEST_DISPUTE = 10
LONGEST_SITTING = 240


@transaction.atomic
def save_draft(
    obligation_uid: UUID,
    *,
    typed: Mapping[str, str],
    disputes: Mapping[str, str],
    seen_edits: int,
    minutes: int,
    actor: Actor,
    now: datetime,
) -> PeriodicReport:
    """Keep what has been typed so far, gaps and all. What cannot be read is refused by field and nothing of it is kept.

    ``seen_edits`` is the count of edits the writer saw: another one's edit in between is a conflict, not an overwriting.
    """
    obligation, report = _locked(obligation_uid, actor)
    if report.edits != seen_edits:
        raise StaleDraft(edits=report.edits)
    plan = forms.from_json(report.form.plan)
    values, problems = forms.read(plan, typed, whole=False)
    if problems:
        raise ReportFaulty(fields=problems)
    move = reports.KEEP_RETURNED if report.state == State.RETURNED else reports.DRAFT
    report.state = move.apply(State(report.state))
    report.values, report.disputes = values, _disputes(plan, disputes)
    report.measured = measures.of(plan, obligation.agency_id, obligation.period.cut_off)
    report.content_hash = reports.content_hash(
        {**report.measured, **values}, report.disputes, form_version=report.form.version
    )
    report.edits += 1
    report.edited_by, report.edited_at = actor.account_id, now
    report.minutes += max(0, min(minutes, LONGEST_SITTING))
    report.save()
    return report


@transaction.atomic
def submit_report(
    obligation_uid: UUID,
    *,
    typed: Mapping[str, str],
    disputes: Mapping[str, str],
    actor: Actor,
    now: datetime,
    sealed_at: datetime | None = None,
    sent_at: datetime | None = None,
    minutes: int = 0,
) -> PeriodicReport:
    """Hand a report in. Whole, readable and free of contradiction, or refused by field; twice the same is once, whoever looked at it since.

    ``sealed_at`` is when the phone sealed it offline and ``sent_at`` when it sent it, both by the phone's clock, which the second one
    corrects (``deadlines.true_seal``). The server's receipt decides about lateness (``deadlines.in_time``).
    """
    obligation, report = _locked(obligation_uid, actor)
    sealed_at = deadlines.true_seal(sealed_at, sent_at=sent_at, received_at=now)
    _refuse_stale_seal(report, sealed_at)
    plan = forms.from_json(report.form.plan)
    values, problems = forms.read(plan, typed, whole=True)
    measured = measures.of(plan, obligation.agency_id, obligation.period.cut_off)
    disputed = _disputes(plan, disputes)
    problems |= {key: words for key, words in _short(disputes).items() if key not in problems}
    if not problems:
        problems = forms.broken_checks(plan, {**measured, **values})
    if problems:
        raise ReportFaulty(fields=problems)
    told = (report.values, report.disputes, report.submitted_by)
    if report.state in reports.HANDED_IN and told == (values, disputed, actor.account_id):
        return report  # the same person's phone sent it again; what was measured may have moved since, what was said has not
    content = reports.content_hash({**measured, **values}, disputed, form_version=report.form.version)
    report.state = reports.SUBMIT.apply(State(report.state))
    _fill(report, values, measured, disputed, content)
    report.minutes += max(0, min(minutes, LONGEST_SITTING))
    _receive(report, obligation, plan, actor=actor, now=now, sealed_at=sealed_at, act="submitted")
    return report


@transaction.atomic
def amend_report(
    obligation_uid: UUID,
    *,
    typed: Mapping[str, str],
    disputes: Mapping[str, str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> PeriodicReport:
    """Correct a report that was endorsed or accepted: the endorsement is void, the old content stays in the trail with the reason."""
    obligation, report = _locked(obligation_uid, actor)
    plan = forms.from_json(report.form.plan)
    values, problems = forms.read(plan, typed, whole=True)
    measured = measures.of(plan, obligation.agency_id, obligation.period.cut_off)
    disputed = _disputes(plan, disputes)
    problems |= {key: words for key, words in _short(disputes).items() if key not in problems}
    if len(reason.strip()) < SHORTEST_DISPUTE:
        problems[""] = "Ghi rõ lý do đính chính."
    problems = problems or forms.broken_checks(plan, {**measured, **values})
    if problems:
        raise ReportFaulty(fields=problems)
    report.state = reports.AMEND.apply(State(report.state))
    content = reports.content_hash({**measured, **values}, disputed, form_version=report.form.version)
    _fill(report, values, measured, disputed, content)
    _receive(report, obligation, plan, actor=actor, now=now, sealed_at=None, act="amended", reason=reason.strip())
    return report


@transaction.atomic
def withdraw_report(obligation_uid: UUID, *, actor: Actor, now: datetime) -> PeriodicReport:
    """Take a report back into drafting while nobody has endorsed it; that it once came in time is not forgotten."""
    obligation, report = _locked(obligation_uid, actor)
    report.state = reports.WITHDRAW.apply(State(report.state))
    report.in_time = None
    report.save()
    steps.take_out_of_force(obligation)
    steps.append(report, "withdrawn", actor=actor, at=now)
    audit.record(actor, "rollout.report_withdrawn", report, at=now)
    return report


def _locked(obligation_uid: UUID, actor: Actor) -> tuple[Obligation, PeriodicReport]:
    """Return what an agency owes and its report, locked; what the actor may not fill is not found."""
    report = (
        PeriodicReport.objects.select_for_update(of=("self",))
        .select_related("obligation__period__campaign", "form")
        .filter(obligation__uid=obligation_uid)
        .first()
    )
    if report is None or not policies.can_see_report(actor, report.obligation):
        raise ObligationUnknown
    require(policies.can_fill(actor, report.obligation.held_by_id))
    if report.obligation.exempt_at is not None:
        raise NothingOwed(unit=report.obligation.name)
    return report.obligation, report


def _refuse_stale_seal(report: PeriodicReport, sealed_at: datetime | None) -> None:
    """Refuse what was sealed before the report was sent back: who sealed it had not read why."""
    if sealed_at is None or report.state != State.RETURNED:
        return
    sent_back = report.steps.filter(act="returned").aggregate(last=Max("at"))["last"]
    if sealed_at <= sent_back:
        raise SealedBeforeReturn(unit=report.obligation.name)


def _disputes(plan: forms.FormPlan, disputes: Mapping[str, str]) -> dict[str, str]:
    measured = {one.key for one in plan.fields if one.measured}
    return {
        key: words.strip()[: forms.LONGEST_TEXT] for key, words in disputes.items() if key in measured and words.strip()
    }


def _short(disputes: Mapping[str, str]) -> dict[str, str]:
    return {
        key: "Nói rõ vì sao số hệ thống đo chưa đúng, ít nhất một câu."
        for key, words in disputes.items()
        if 0 < len(words.strip()) < SHORTEST_DISPUTE
    }


def _fill(
    report: PeriodicReport, values: dict[str, Any], measured: dict[str, Any], disputes: dict[str, str], content: str
) -> None:
    report.values, report.measured, report.disputes, report.content_hash = values, measured, disputes, content
    report.endorsed_by, report.endorsed_at, report.endorsed_hash, report.not_reviewed = None, None, "", False
    report.accepted_by, report.accepted_at, report.return_reasons = None, None, {}


def _receive(
    report: PeriodicReport,
    obligation: Obligation,
    plan: forms.FormPlan,
    *,
    actor: Actor,
    now: datetime,
    sealed_at: datetime | None,
    act: str,
    reason: str = "",
) -> None:
    report.submitted_by, report.submitted_at, report.sealed_at = actor.account_id, now, sealed_at
    report.in_time = deadlines.in_time(deadlines.Receipt(now, sealed_at), obligation.due_at)
    report.round += 1
    report.edits += 1
    if report.first_submitted_at is None:
        report.first_submitted_at, report.first_in_time = now, report.in_time
    report.save()
    steps.put_in_force(report, obligation, plan)
    steps.append(report, act, actor=actor, at=now, note={"reason": reason} if reason else None)
    audit.record(actor, f"rollout.report_{act}", report, at=now, round=report.round, in_time=report.in_time)
    events.announce(
        ReportSubmitted(
            obligation_uid=obligation.uid, agency_id=obligation.agency_id, superior_id=obligation.superior_id, at=now
        )
    )
