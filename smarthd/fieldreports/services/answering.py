"""Answers with proof, and what people say of them: confirmed by who sent it or by neighbours, opened again, rated."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from smarthd.fieldreports.errors import (
    AlreadySaid,
    ChildrenOpen,
    FieldReportFaulty,
    NotEnoughProof,
    NotOverYet,
    TemplateUnedited,
    TemplateUnknown,
    TooLate,
)
from smarthd.fieldreports.events import ReportRated
from smarthd.fieldreports.models import Answer, AnswerTemplate, Attachment, Rating, Report, Verdict
from smarthd.fieldreports.rules import attachments, deadlines, states
from smarthd.fieldreports.rules.states import Ending, Outcome, Part, State
from smarthd.fieldreports.services import steps
from smarthd.fieldreports.services.steps import Held
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, events, text
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.policies import require

LEAST_WORDS = 30
GAP = re.compile(r"\[[^\]\n]{1,80}\]")


class RatingReason:
    """Why stars were given, as keys a form offers."""

    WORDS = {
        "fast": "Xử lý nhanh",
        "good": "Làm tốt, đúng việc",
        "polite": "Trả lời rõ, lịch sự",
        "slow": "Chậm",
        "half": "Làm chưa xong, làm qua loa",
        "unclear": "Trả lời chung chung",
        "other": "Lý do khác",
    }


@transaction.atomic
def answer(
    code: str,
    *,
    words: str,
    outcome: Outcome,
    caller: Caller,
    now: datetime,
    attachment_uids: Sequence[UUID] = (),
    promised_on: date | None = None,
    template_uid: UUID | None = None,
    road: str = "",
) -> Answer:
    """Answer with proof. "Fixed" needs a photo from after or a document, "referred" a document, "planned" its day.

    The words are the agency's own: a template that was not edited, or has a gap left, is refused. Parts of a split report come first.
    ``road`` says by which other way than the desk it came, for the timeline.
    """
    held = steps.lock(code, caller=caller, now=now)
    steps.move(held, states.ANSWER)
    report = held.report
    _children_over(report)
    kept = steps.said(words, shortest=LEAST_WORDS)
    _own_words(kept, template_uid)
    proofs = _proofs(held, attachment_uids)
    _proven(outcome, proofs, promised_on, now)
    row = Answer.objects.create(
        report=report,
        number=report.answers.count() + 1,
        agency_id=report.holder_id,
        outcome=outcome,
        words=kept,
        promised_on=promised_on,
        at=now,
        by=caller.actor.account_id,
        in_time_first=report.original_due_at is None or now <= report.original_due_at,
        in_time_extended=now <= report.due_at,
    )
    Attachment.objects.filter(pk__in=[proof.pk for proof in proofs]).update(report=report, answer=row)
    report.first_answered_at = report.first_answered_at or now
    report.answered_at, report.ended_at, report.ending = now, None, ""
    report.confirm_due_at = deadlines.closing_of(now, states.CONFIRM_DAYS, steps.working())
    note: dict[str, Any] = {"outcome": str(outcome), "proofs": len(proofs), "number": row.number}
    steps.write(held, "answered", kept, note=note | ({"road": road} if road else {}))
    return row


def _children_over(report: Report) -> None:
    open_children = Report.objects.filter(parent=report, state__in=list(states.OPEN)).values_list("code", flat=True)
    codes = list(open_children[:20])
    if codes:
        raise ChildrenOpen(codes=codes)


def _own_words(words: str, template_uid: UUID | None) -> None:
    gaps = GAP.findall(words)
    if gaps:
        raise TemplateUnedited(gaps=gaps)
    if template_uid is None:
        return
    template = AnswerTemplate.objects.filter(uid=template_uid).first()
    if template is None:
        raise TemplateUnknown
    if text.fold(words) == text.fold(GAP.sub("", template.body)) or text.fold(words) == text.fold(template.body):
        raise TemplateUnedited(gaps=[])


def _proofs(held: Held, uids: Sequence[UUID]) -> list[Attachment]:
    """Return the files this caller uploaded as proof; those a citizen sent prove nothing."""
    if not uids:
        return []
    rows = list(
        Attachment.objects.select_for_update().filter(
            uid__in=set(uids), answer=None, owner__in=list(held.caller.marks), report=None
        )
    )
    if held.caller.actor.system:
        rows = list(Attachment.objects.select_for_update().filter(uid__in=set(uids), answer=None))
    refused = any(row.state == attachments.State.REFUSED for row in rows)
    if len(rows) != len(set(uids)) or refused:
        raise FieldReportFaulty(
            fields={"attachments": "Có minh chứng chưa gửi xong hoặc không đọc được. Xin gửi lại tệp ấy."}
        )
    return rows


def _proven(outcome: Outcome, proofs: Sequence[Attachment], promised_on: date | None, now: datetime) -> None:
    parts = {proof.part for proof in proofs}
    if outcome is Outcome.FIXED and not parts & {attachments.Part.AFTER, attachments.Part.PROOF}:
        raise NotEnoughProof(outcome=str(outcome))
    if outcome is Outcome.REFERRED and attachments.Part.PROOF not in parts:
        raise NotEnoughProof(outcome=str(outcome))
    if outcome is Outcome.PLANNED and (promised_on is None or promised_on <= clock.day_of(now)):
        raise FieldReportFaulty(fields={"promised_on": "Ghi ngày dự kiến làm xong, từ ngày mai trở đi."})


# --- what people say of an answer ------------------------------------------------------------------------------------
@transaction.atomic
def confirm(code: str, *, caller: Caller, now: datetime, words: str = "") -> Report:
    """Say that the answer is true. The sender's word counts at once; three neighbours of one mind speak for a silent sender."""
    held = steps.lock(code, caller=caller, now=now)
    if held.standing.has(Part.REPORTER, Part.SYSTEM):
        steps.move(held, states.CONFIRM)
        _end(held.report, Ending.REPORTER, now)
        steps.write(held, "confirmed", words.strip()[:500], note={"by": str(Ending.REPORTER)})
        return held.report
    return _neighbour_says(held, fixed=True, words=words)


@transaction.atomic
def reopen(code: str, *, words: str, caller: Caller, now: datetime) -> Report:
    """Say that it is not so, and why. The report goes back to who answered; its original deadline stays."""
    held = steps.lock(code, caller=caller, now=now)
    if held.state is State.CLOSED and (
        held.report.ending != Ending.SILENCE or _days_since(held.report.ended_at, now) > states.REOPEN_DAYS
    ):
        raise TooLate(until=held.report.ended_at)
    if held.standing.has(Part.REPORTER, Part.SUPERIOR, Part.SYSTEM):
        steps.move(held, states.REOPEN)
        return _reopened(held, steps.said(words))
    return _neighbour_says(held, fixed=False, words=steps.said(words))


def _days_since(at: datetime | None, now: datetime) -> float:
    return (now - at) / timedelta(days=1) if at is not None else 0.0


def _reopened(held: Held, words: str) -> Report:
    report, now = held.report, held.now
    report.answered_at, report.confirm_due_at = None, None
    report.ended_at, report.ending = None, ""
    report.reopenings += 1
    hours = steps.hours_of(report).answer / 2
    report.due_at = max(report.due_at, steps.working().add_working_hours(now, hours))
    report.warned = report.escalation = 0
    steps.write(held, "reopened", words)
    return report


def _end(report: Report, ending: Ending, now: datetime) -> None:
    report.ending, report.ended_at = ending, now
    report.confirm_due_at = deadlines.closing_of(now, states.CONFIRM_DAYS, steps.working())


def _neighbour_says(held: Held, *, fixed: bool, words: str) -> Report:
    """Count a neighbour's word; so many of one mind, nobody of the other, move the report."""
    move = states.CONFIRM if fixed else states.REOPEN
    require(states.may(move, held.standing.parts, held.state), move=move.name)
    if held.state is not State.ANSWERED:
        raise IllegalMove(move=move.name, state=str(held.state))
    report, now = held.report, held.now
    last = report.answers.order_by("-number").first()
    if last is None:
        raise IllegalMove(move=move.name, state=str(held.state))
    _row, new = Verdict.objects.get_or_create(
        answer=last, who=held.caller.mark, defaults={"fixed": fixed, "words": words.strip()[:500], "at": now}
    )
    if not new:
        raise AlreadySaid
    said = list(Verdict.objects.filter(answer=last).values_list("fixed", flat=True))
    agreed = len(said) >= states.NEIGHBOURS and len(set(said)) == 1
    if not agreed:
        steps.write(held, "judged", words.strip()[:500], note={"fixed": fixed, "of": len(said)})
        return report
    report.state = move.apply(held.state)
    if fixed:
        _end(report, Ending.NEIGHBOURS, now)
        steps.write(held, "confirmed", words.strip()[:500], note={"by": str(Ending.NEIGHBOURS), "of": len(said)})
        return report
    return _reopened(held, words)


@transaction.atomic
def rate(code: str, *, stars: int, caller: Caller, now: datetime, reason: str = "", words: str = "") -> Rating:
    """Rate how it was handled, 1 to 5, once it has come to its end; only who sent it, once. Below three a reason is asked."""
    held = steps.lock(code, caller=caller, now=now)
    require(held.standing.has(Part.REPORTER, Part.SYSTEM), act="rate")
    if held.state not in {State.CONFIRMED, State.CLOSED}:
        raise NotOverYet
    if not 1 <= stars <= 5:
        raise FieldReportFaulty(fields={"stars": "Chọn từ 1 đến 5 sao."})
    if reason and reason not in RatingReason.WORDS:
        raise FieldReportFaulty(fields={"reason": "Chọn một trong các lý do đã nêu."})
    if stars <= 2 and not reason and len(words.strip()) < 5:
        raise FieldReportFaulty(fields={"reason": "Xin cho biết vì sao, để nơi xử lý sửa."})
    if Rating.objects.filter(report=held.report).exists():
        raise AlreadySaid
    last = held.report.answers.order_by("-number").first()
    agency_id = last.agency_id if last else held.report.holder_id
    row = Rating.objects.create(
        report=held.report, agency_id=agency_id, stars=stars, reason=reason, words=words.strip()[:500], at=now
    )
    held.report.stars = stars
    steps.write(held, "rated", note={"stars": stars, "reason": reason})
    events.announce(ReportRated(report_uid=held.report.uid, agency_id=agency_id, stars=stars, at=now))
    return row
