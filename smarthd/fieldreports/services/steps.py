"""What every act on a report shares: lock and ask who it is, append the step, set the terms, announce."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from smarthd.agencies import calendar
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import FieldReportFaulty, ReportUnknown
from smarthd.fieldreports.events import ReportStepped, VisibilityChanged
from smarthd.fieldreports.models import Report, ReportStep
from smarthd.fieldreports.policies import Standing
from smarthd.fieldreports.rules import deadlines, intake, states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, events
from smarthd.kernel.moves import Move
from smarthd.kernel.policies import require

SHORTEST_WORDS, LONGEST_WORDS = 10, 4_000


@dataclass(frozen=True, slots=True)
class Held:
    """A report locked for one act, what the caller is to it, and the state it was found in."""

    report: Report
    standing: Standing
    caller: Caller
    now: datetime
    state: State


def hold_for(report: Report, *, caller: Caller, now: datetime) -> Held:
    """Return a report the caller of this function has locked, ready for one act."""
    return Held(report, policies.standing(caller, report), caller, now, State(report.state))


def lock(code: str, *, caller: Caller, now: datetime) -> Held:
    """Lock a report, or raise ReportUnknown where there is none or the caller may not see it."""
    report = Report.objects.select_for_update(of=("self",)).filter(code=intake.code_of(code)).first()
    return _seen(report, caller, now)


def lock_many(codes: Iterable[str], *, caller: Caller, now: datetime) -> list[Held]:
    """Lock several reports in one order; any that is unseen is not found."""
    wanted = {intake.code_of(code) for code in codes}
    rows = list(Report.objects.select_for_update(of=("self",)).filter(code__in=wanted).order_by("id"))
    if len(rows) != len(wanted):
        raise ReportUnknown
    return [_seen(row, caller, now) for row in rows]


def _seen(report: Report | None, caller: Caller, now: datetime) -> Held:
    if report is None:
        raise ReportUnknown
    held = hold_for(report, caller=caller, now=now)
    if not (held.standing.inside or held.standing.has(states.Part.REPORTER) or policies.is_public(report)):
        raise ReportUnknown
    return held


def move(held: Held, wanted: Move[State]) -> None:
    """Ask who may, then move the report's state; the caller saves."""
    require(states.may(wanted, held.standing.parts, held.state), move=wanted.name)
    held.report.state = wanted.apply(held.state)


def write(
    held: Held,
    act: str,
    words: str = "",
    *,
    public: bool = True,
    note: Mapping[str, Any] | None = None,
    by_agency: int | None = None,
) -> ReportStep:
    """Append the step, save the report, leave the line in the trail and tell; the caller has locked and changed it."""
    report, now = held.report, held.now
    report.steps_count += 1
    report.save()
    public = public and act not in states.INTERNAL
    step = ReportStep.objects.create(
        report=report,
        number=report.steps_count,
        act=act,
        state=report.state,
        at=now,
        by=held.caller.actor.account_id,
        by_agency_id=by_agency or held.standing.agency_id,
        holder_id=report.holder_id,
        due_at=report.due_at if State(report.state) in states.OPEN else None,
        text=words,
        public=public,
        note=dict(note or {}),
    )
    audit.record(
        held.caller.actor, f"fieldreports.{act}", report, at=now, state=str(report.state), holder=report.holder_id
    )
    events.announce(
        ReportStepped(
            report_uid=report.uid,
            code=report.code,
            number=report.steps_count,
            act=act,
            state=str(report.state),
            holder_id=report.holder_id,
            public=public,
            at=now,
        )
    )
    return step


def said(words: str, *, shortest: int = SHORTEST_WORDS, field: str = "words") -> str:
    """Return words as kept, or refuse what says nothing."""
    kept = intake.cleaned(words)
    if len(kept) < shortest:
        raise FieldReportFaulty(fields={field: "Xin ghi rõ, ít nhất một câu: người gửi và mọi người sẽ đọc dòng này."})
    if len(kept) > LONGEST_WORDS:
        raise FieldReportFaulty(fields={field: f"Dài quá {LONGEST_WORDS} chữ. Xin viết gọn lại."})
    return kept


def hold(report: Report, agency_id: int, now: datetime) -> None:
    """Put the report into an agency's hands; who once had it goes on seeing it."""
    report.holder_id, report.held_since, report.worker = agency_id, now, None
    report.involved = sorted({*report.involved, report.intake_id, agency_id})


def publish(report: Report, now: datetime) -> None:
    """Let the report's words and photos be seen: an official has read it. Feeds and searches are told the first time."""
    if report.published_at is None:
        report.published_at = now
        if policies.is_public(report):
            events.announce(VisibilityChanged(report_uid=report.uid, code=report.code, visible=True, at=now))


def hours_of(report: Report) -> deadlines.Hours:
    """Return the working hours the report's category allows."""
    category = report.category
    if report.urgent:
        return deadlines.Hours(category.urgent_intake_hours, category.urgent_hours)
    return deadlines.Hours(category.intake_hours, category.working_hours)


def working() -> WorkingCalendar:
    """Return the province's working calendar."""
    return calendar.working_calendar()


def resume(report: Report, now: datetime) -> int:
    """Let the clock run again after it stood for the sender; return for how many working minutes it stood."""
    if report.paused_at is None:
        return 0
    report.due_at, minutes = deadlines.moved_by_pause(report.due_at, report.paused_at, now, working())
    report.paused_at = None
    report.paused_minutes += minutes
    report.warned = report.escalation = 0
    return minutes


def conceal(report: Report, now: datetime) -> None:
    """Tell feeds, maps and searches that a published report is gone from public sight."""
    if report.published_at is not None:
        events.announce(VisibilityChanged(report_uid=report.uid, code=report.code, visible=False, at=now))
