"""What who sent a report says on the way: replies, adds, contests a refusal, withdraws; and how a superior decides what is contested."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from smarthd.agencies import selectors as agencies
from smarthd.fieldreports.errors import FieldReportFaulty, NobodyAbove, TooLate, TooManyFiles
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.rules import attachments, deadlines, intake, states
from smarthd.fieldreports.rules.states import Part
from smarthd.fieldreports.services import handling, steps
from smarthd.fieldreports.services.steps import Held
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock
from smarthd.kernel.policies import require


@transaction.atomic
def reply(code: str, *, words: str, caller: Caller, now: datetime, attachment_uids: Sequence[UUID] = ()) -> Report:
    """Answer what the agency asked; the clock runs again."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.REPLY)
    kept = steps.said(words, shortest=2)
    _add_files(held, attachment_uids)
    minutes = steps.resume(held.report, now)
    steps.write(held, "replied", kept, public=False, note={"stood_minutes": minutes})
    return held.report


@transaction.atomic
def add_words(code: str, *, words: str, caller: Caller, now: datetime, attachment_uids: Sequence[UUID] = ()) -> Report:
    """Add something unasked while the report is open; handlers read it, the public does not."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(Part.REPORTER, Part.SYSTEM), act="add_words")
    if held.state not in states.OPEN:
        raise TooLate(until=held.report.ended_at)
    kept = steps.said(words, shortest=2)
    _add_files(held, attachment_uids)
    steps.write(held, "added", kept, public=False)
    return held.report


def _add_files(held: Held, uids: Sequence[UUID]) -> None:
    if not uids:
        return
    rows = list(
        Attachment.objects.select_for_update().filter(uid__in=set(uids), report=None, owner__in=list(held.caller.marks))
    )
    if len(rows) != len(set(uids)):
        raise FieldReportFaulty(fields={"attachments": "Có tệp chưa gửi xong. Xin gửi lại tệp ấy."})
    there = Attachment.objects.filter(report=held.report, part=attachments.Part.CITIZEN).count()
    if there + len(rows) > 2 * (intake.PHOTOS + intake.VOICES):
        raise TooManyFiles(most=2 * intake.PHOTOS)
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).update(report=held.report)
    held.report.photos += sum(row.kind == attachments.Kind.PHOTO for row in rows)


@transaction.atomic
def contest(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Ask the superior of who refused to look again, within the term, with the reason. Once: what a superior upheld stands."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.CONTEST)
    kept, report = steps.said(words), held.report
    if report.judge_id is not None:
        raise TooLate(until=report.declined_at)
    if report.confirm_due_at is not None and now > report.confirm_due_at:
        raise TooLate(until=report.confirm_due_at)
    chain = agencies.chain_of(report.holder_id, clock.day_of(now))
    if len(chain) < 2:
        raise NobodyAbove
    report.judge_id = chain[1].id
    report.involved = sorted({*report.involved, chain[1].id})
    report.confirm_due_at = None
    report.due_at = steps.working().add_working_hours(now, steps.hours_of(report).intake * 2)
    report.warned = report.escalation = 0
    steps.write(held, "contested", kept, note={"to": chain[1].name})
    return report


@transaction.atomic
def uphold(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Let the superior say that the refusal stands, and why."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.UPHOLD)
    held.report.confirm_due_at = deadlines.closing_of(now, states.CONTEST_DAYS, steps.working())
    steps.write(held, "upheld", steps.said(words))
    return held.report


@transaction.atomic
def overturn(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Let the superior say that the report is to be taken in after all; the promise counts from the first day."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.OVERTURN)
    report = held.report
    report.decline_reason, report.declined_at, report.confirm_due_at = "", None, None
    report.competent_id, report.competent_words = None, ""
    handling.promise(held)
    report.due_at = max(report.due_at, steps.working().add_working_hours(now, steps.hours_of(report).answer / 2))
    steps.write(held, "overturned", steps.said(words))
    return report


@transaction.atomic
def withdraw(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Take it back before work has begun; it leaves all public sight."""
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.WITHDRAW)
    held.report.ended_at = now
    steps.conceal(held.report, now)
    steps.write(held, "withdrawn", words.strip()[:500])
    return held.report
