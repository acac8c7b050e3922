"""What time alone ends: an answer nobody spoke against, a refusal nobody contested; it is said that it was silence."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import Ending, State
from smarthd.fieldreports.services import steps
from smarthd.fieldreports.values import Caller
from smarthd.kernel.actor import Actor

_ENDING = {State.ANSWERED: Ending.SILENCE, State.DECLINED: Ending.DECLINED}


def close_due(*, actor: Actor, now: datetime) -> int:
    """End what is due, each in a transaction of its own; return how many."""
    due = Report.objects.filter(state__in=sorted(states.CLOSE.sources), confirm_due_at__lt=now).order_by("id")
    return sum(_close(pk, actor, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _close(pk: int, actor: Actor, now: datetime) -> int:
    report = Report.objects.select_for_update().get(pk=pk)
    if report.confirm_due_at is None or report.confirm_due_at >= now or report.state not in states.CLOSE.sources:
        return 0
    held = steps.hold_for(report, caller=Caller(actor), now=now)
    ending = _ENDING.get(held.state)
    steps.move(held, states.CLOSE)
    report.confirm_due_at = None
    if ending is not None:
        report.ending, report.ended_at = ending, now
    steps.write(held, "closed", note={"ending": str(report.ending)})
    return 1
