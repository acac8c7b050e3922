"""What agencies do with a report: take it in, pass it on, work on it, ask, wait, extend, work with others."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.selectors import AgencyView
from smarthd.fieldreports.errors import (
    AlreadyExtended,
    CompetentBodyMissing,
    FieldReportFaulty,
    NotLonger,
    TooLate,
)
from smarthd.fieldreports.models import Report, Support
from smarthd.fieldreports.rules import deadlines, states
from smarthd.fieldreports.rules.states import DeclineReason, Part, State
from smarthd.fieldreports.services import steps
from smarthd.fieldreports.services.steps import Held
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.policies import require


@transaction.atomic
def accept(code: str, *, caller: Caller, now: datetime, words: str = "") -> Report:
    """Take the report in: its words may be read by everybody from now on, and the promise is made, counted from when it came in."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.ACCEPT)
    promise(held)
    steps.write(held, "accepted", words.strip()[: steps.LONGEST_WORDS])
    return held.report


def promise(held: Held) -> None:
    """Fix the original deadline, once, and let the term for the answer run."""
    report, now = held.report, held.now
    report.accepted_at = report.accepted_at or now
    if report.original_due_at is None:
        terms = deadlines.terms(report.received_at, steps.hours_of(report), steps.working())
        report.original_due_at = report.due_at = terms.due_at
    report.warned = report.escalation = 0
    steps.publish(report, now)


@transaction.atomic
def decline(
    code: str,
    *,
    reason: DeclineReason,
    words: str,
    caller: Caller,
    now: datetime,
    competent_id: int | None = None,
    competent_words: str = "",
) -> Report:
    """Refuse it with the reason in words; where another body is competent, say which one, so that one tap takes it there."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.DECLINE)
    kept, report = steps.said(words), held.report
    named = competent_words.strip()
    if reason is DeclineReason.NOT_COMPETENT and competent_id is None and len(named) < 5:
        raise CompetentBodyMissing
    if competent_id is not None:
        named = standing_agency(competent_id, now).name
    report.decline_reason, report.declined_at = reason, now
    report.competent_id, report.competent_words = competent_id, named[:300]
    report.confirm_due_at = deadlines.closing_of(now, states.CONTEST_DAYS, steps.working())
    steps.publish(report, now)
    steps.write(held, "declined", kept, note={"reason": str(reason), "competent": report.competent_words})
    return report


@transaction.atomic
def reroute(code: str, *, caller: Caller, now: datetime, to_id: int | None = None, words: str = "") -> Report:
    """Send it to the competent agency. Its sender does so with one tap after a refusal that named one; officials give a reason."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.REROUTE)
    report = held.report
    by_sender = held.state is State.DECLINED and held.standing.has(Part.REPORTER) and not held.standing.inside
    target = report.competent_id if by_sender else (to_id or report.competent_id)
    if target is None:
        raise CompetentBodyMissing
    if target == report.holder_id:
        raise FieldReportFaulty(fields={"to": "Phản ánh đang ở cơ quan này rồi."})
    view = standing_agency(target, now)
    kept = words.strip()[: steps.LONGEST_WORDS] if by_sender else steps.said(words)
    report.intake_id = target
    steps.hold(report, target, now)
    report.decline_reason, report.declined_at, report.confirm_due_at = "", None, None
    report.competent_id, report.competent_words = None, ""
    terms = deadlines.terms(now, steps.hours_of(report), steps.working())
    report.intake_due_at = terms.intake_due_at
    report.due_at = max(report.due_at, terms.due_at) if report.original_due_at else terms.due_at
    report.warned = report.escalation = 0
    steps.write(held, "rerouted", kept, note={"to": view.name})
    return report


@transaction.atomic
def assign(code: str, *, to_id: int, words: str, caller: Caller, now: datetime) -> Report:
    """Give it to the agency that is to do it. The promise to its sender does not move."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.ASSIGN)
    view = standing_agency(to_id, now)
    before = held.report.holder_id
    steps.hold(held.report, to_id, now)
    held.report.warned = 0
    kept = words.strip()[: steps.LONGEST_WORDS]
    steps.write(held, "assigned", kept, by_agency=held.standing.agency_id or before, note={"to": view.name})
    return held.report


@transaction.atomic
def hand_back(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Give it back to the agency that took it in, with the reason; how often that happens is counted and shown."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.HAND_BACK)
    kept, report, before = steps.said(words), held.report, held.report.holder_id
    steps.hold(report, report.intake_id, now)
    report.hand_backs += 1
    steps.write(held, "handed_back", kept, by_agency=before)
    return report


@transaction.atomic
def start(code: str, *, caller: Caller, now: datetime, words: str = "") -> Report:
    """Say that the work has begun."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.START)
    held.report.started_at = held.report.started_at or now
    steps.write(held, "started", words.strip()[: steps.LONGEST_WORDS])
    return held.report


@transaction.atomic
def ask(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Ask the sender something; the clock stands until they reply, and everybody sees that it stands."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.ASK)
    kept = steps.said(words)
    held.report.paused_at = now
    steps.write(held, "asked", kept)
    return held.report


@transaction.atomic
def go_on(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Go on without the sender's reply: the clock runs again."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.GO_ON)
    kept = steps.said(words)
    minutes = steps.resume(held.report, now)
    steps.write(held, "went_on", kept, note={"stood_minutes": minutes})
    return held.report


@transaction.atomic
def extend(code: str, *, until: datetime, words: str, caller: Caller, now: datetime) -> Report:
    """Give more time, before the term in force is over, with a reason everybody reads. The original deadline stays where it is."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(Part.CHIEF, Part.SUPERIOR, Part.SYSTEM), act="extend")
    report = held.report
    if held.state not in states.WORKING:
        raise IllegalMove(move="extend", state=str(held.state))
    kept = steps.said(words)
    if now >= report.due_at:
        raise TooLate(until=report.due_at)
    if report.extensions >= states.MOST_EXTENSIONS:
        raise AlreadyExtended
    if until <= report.due_at:
        raise NotLonger
    before, report.due_at = report.due_at, until
    report.extensions += 1
    report.warned = report.escalation = 0
    note = {"from": before.isoformat(), "until": until.isoformat(), "number": report.extensions}
    steps.write(held, "extended", kept, note=note)
    return report


@transaction.atomic
def ask_support(code: str, *, agency_id: int, words: str, caller: Caller, now: datetime) -> Report:
    """Ask another agency to work with the one in the lead, which goes on holding the report and owing the answer."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(*states.DIRECTORS, Part.SUPERIOR, Part.SYSTEM), act="ask_support")
    _must_be_open(held, "ask_support")
    kept, report = steps.said(words), held.report
    view = standing_agency(agency_id, now)
    if agency_id == report.holder_id:
        raise FieldReportFaulty(fields={"agency": "Cơ quan này đang chủ trì rồi."})
    Support.objects.update_or_create(
        report=report, agency_id=agency_id, defaults={"asked": kept, "asked_at": now, "done": "", "done_at": None}
    )
    report.involved = sorted({*report.involved, agency_id})
    steps.write(held, "support_asked", kept, note={"agency": view.name})
    return report


@transaction.atomic
def support_done(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Let a supporting agency say what it has done."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(Part.SUPPORT), act="support_done")
    _must_be_open(held, "support_done")
    kept = steps.said(words)
    own = {grant.agency_id for grant in caller.actor.grants}
    row = Support.objects.select_for_update().filter(report=held.report, agency_id__in=own).order_by("id").first()
    if row is None:
        raise FieldReportFaulty(fields={"words": "Cơ quan của mình không được mời phối hợp việc này."})
    row.done, row.done_at = kept, now
    row.save(update_fields=["done", "done_at"])
    steps.write(held, "support_done", kept, by_agency=row.agency_id)
    return held.report


@transaction.atomic
def note(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Leave a note for the agencies that handle the report; nobody else ever reads it."""
    held = steps.lock(code, caller=caller, now=now)
    allowed = (*states.HANDLERS, Part.SUPPORT, Part.SUPERIOR, Part.SYSTEM)
    require(held.standing.has(*allowed), act="note")
    steps.write(held, "noted", steps.said(words, shortest=1), public=False)
    return held.report


@transaction.atomic
def give_to(code: str, *, account_id: int | None, caller: Caller, now: datetime) -> Report:
    """Name the official of the holder who works on it (None: nobody in particular), for a handover too."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(*states.HANDLERS, Part.SYSTEM), act="give_to")
    _must_be_open(held, "give_to")
    if account_id is not None and account_id not in workers_of(held.report.holder_id, now):
        raise FieldReportFaulty(fields={"account": "Người này không làm việc tại cơ quan đang giữ phản ánh."})
    held.report.worker = account_id
    steps.write(held, "given", public=False, note={"to": account_id})
    return held.report


def workers_of(agency_id: int, now: datetime) -> set[int]:
    """Return the accounts that may work on reports at an agency now."""
    roles = (Role.DISPATCHER, Role.CLERK, Role.HEAD, Role.DELEGATE)
    found = [agencies.holders_of(role, [agency_id], now).get(agency_id, []) for role in roles]
    return {account for accounts in found for account in accounts}


def _must_be_open(held: Held, act: str) -> None:
    if held.state not in states.OPEN:
        raise IllegalMove(move=act, state=str(held.state))


def standing_agency(agency_id: int, now: datetime) -> AgencyView:
    """Return the agency as it stands today; one that is gone takes no reports."""
    return agencies.agency_view(agency_id, clock.day_of(now))
