"""Reminding before a term, telling upward after it, in steps; each report in a transaction of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.fieldreports.events import DeadlineEscalated, DeadlineWarned
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import deadlines, states
from smarthd.fieldreports.rules.deadlines import Level
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.services import steps
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, events
from smarthd.kernel.actor import Actor

_HORIZON = timedelta(days=30)
_WATCHED = sorted(str(state) for state in states.OPEN - {State.WAITING})


def watch(*, actor: Actor, now: datetime) -> tuple[int, int]:
    """Take every step that has fallen; return how many reminders and how many steps upward. Running twice adds nothing."""
    working = steps.working()
    watched = Report.objects.filter(state__in=_WATCHED)
    near = watched.filter(warned__lt=len(deadlines.WARN_AT)).filter(
        Q(state=State.RECEIVED, intake_due_at__gt=now, intake_due_at__lt=now + _HORIZON)
        | (~Q(state=State.RECEIVED) & Q(due_at__gt=now, due_at__lt=now + _HORIZON))
    )
    over = watched.filter(escalation__lt=Level.TOP).filter(
        Q(state=State.RECEIVED, intake_due_at__lte=now) | (~Q(state=State.RECEIVED) & Q(due_at__lte=now))
    )
    warned = sum(_warn(report, working, now) for report in near.order_by("id").iterator(chunk_size=500))
    escalated = sum(_escalate(pk, working, actor, now) for pk in list(over.order_by("id").values_list("pk", flat=True)))
    return warned, escalated


def _term(report: Report) -> tuple[datetime, datetime, bool]:
    """Return when the running term began, when it ends, and whether it is the term for looking at the report."""
    if State(report.state) is State.RECEIVED:
        return report.received_at, report.intake_due_at, True
    return report.accepted_at or report.received_at, report.due_at, False


def _warn(report: Report, working: WorkingCalendar, now: datetime) -> int:
    began, due_at, intake = _term(report)
    fallen = deadlines.warnings_due(began, due_at, now, working)
    if fallen <= report.warned:
        return 0
    with transaction.atomic():
        told = Report.objects.filter(pk=report.pk, warned=report.warned, state=report.state).update(warned=fallen)
        if told:
            events.announce(
                DeadlineWarned(
                    report_uid=report.uid,
                    code=report.code,
                    holder_id=report.holder_id,
                    intake=intake,
                    due_at=due_at,
                    at=now,
                )
            )
    return told


@transaction.atomic
def _escalate(pk: int, working: WorkingCalendar, actor: Actor, now: datetime) -> int:
    report = Report.objects.select_for_update().get(pk=pk)
    if report.state not in _WATCHED:
        return 0
    _began, due_at, intake = _term(report)
    level = deadlines.level_due(due_at, now, working)
    if level <= report.escalation:
        return 0
    chain = agencies.chain_of(report.holder_id, clock.day_of(now))
    told = {Level.CHIEF: chain[:1], Level.SUPERIOR: chain[1:2], Level.TOP: chain[-1:]}[level]
    report.escalation = level
    held = steps.hold_for(report, caller=Caller(actor), now=now)
    names = [view.name for view in told]
    steps.write(held, "escalated", note={"level": int(level), "to": names, "intake": intake})
    events.announce(
        DeadlineEscalated(
            report_uid=report.uid,
            code=report.code,
            holder_id=report.holder_id,
            level=int(level),
            told_ids=tuple(view.id for view in told),
            due_at=due_at,
            at=now,
        )
    )
    return 1
