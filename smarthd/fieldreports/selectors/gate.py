"""The gate: one report as this caller may see it, its files, its sender. What is unseen is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import AttachmentUnknown, ReportUnknown
from smarthd.fieldreports.models import Attachment, Follow, Report, Sender
from smarthd.fieldreports.policies import Standing
from smarthd.fieldreports.rules import attachments, intake, states
from smarthd.fieldreports.rules.states import DeclineReason, Part, State
from smarthd.fieldreports.selectors import parts, rows
from smarthd.fieldreports.selectors.parts import AnswerView, FileView, StepView, SupportView
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, files, sealing
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One report whole, as this caller may see it; ``may`` holds the names of moves and acts open to them now."""

    row: Row
    inside: bool
    own: bool
    parts: frozenset[Part]
    full_text: str
    redacted: bool
    hidden_reason: str
    snapped_m: int | None
    place_source: str
    accuracy_m: int | None
    answers_given: dict[str, Any]
    files: tuple[FileView, ...]
    answers: tuple[AnswerView, ...]
    timeline: tuple[StepView, ...]
    supports: tuple[SupportView, ...]
    decline_reason: DeclineReason | None
    competent: str
    competent_id: int | None
    confirm_due_at: datetime | None
    paused_at: datetime | None
    paused_minutes: int
    parent_code: str
    children: tuple[Row, ...]
    merged_into: str
    merged: tuple[Row, ...]
    followed: bool
    suggested: str
    suggested_certainty: float | None
    channel: str
    client_known: bool
    may: frozenset[str]


def report_for(caller: Caller, code: str, *, now: datetime) -> ReportPage:
    """Return one report, or raise ReportUnknown where there is none or the caller may not see it."""
    report = (
        Report.objects.select_related("category", "suggested_category", "parent", "merged_into")
        .filter(code=intake.code_of(code))
        .first()
    )
    if report is None:
        raise ReportUnknown
    found = policies.standing(caller, report)
    own = found.has(Part.REPORTER)
    if not (found.inside or own or policies.is_public(report)):
        raise ReportUnknown
    return _page(caller, report, found, now)


def _page(caller: Caller, report: Report, found: Standing, now: datetime) -> ReportPage:
    inside, own = found.inside, found.has(Part.REPORTER)
    reads_all = inside or own
    sent_it = own and Sender.objects.filter(policies.senders_of(caller), report=report).exists() if own else False
    whole = inside or sent_it
    [row] = rows.rows_of([report], inside=whole, now=now)
    related = list(Report.objects.select_related("category").filter(parent=report).order_by("id"))
    merged = (
        list(Report.objects.select_related("category").filter(merged_into=report).order_by("id")[:200])
        if inside
        else []
    )
    made = rows.rows_of([one for one in related if inside or policies.is_public(one)] + merged, inside=inside, now=now)
    shown = rows.shown_words(report)
    children = [one for one in made if one.code in {child.code for child in related}]
    return ReportPage(
        row=row,
        inside=inside,
        own=own,
        parts=found.parts,
        full_text=row.text,
        redacted=report.public_text is not None,
        hidden_reason=report.hidden_reason if reads_all else "",
        snapped_m=report.snapped_m,
        place_source=report.place_source,
        accuracy_m=report.accuracy_m if inside else None,
        answers_given=report.answers_given if whole or shown else {},
        files=tuple(parts.files_of(report, whole=whole, shown=shown)),
        answers=tuple(parts.answers_of(report, inside=inside, now=now)),
        timeline=tuple(parts.timeline_of(caller, report, inside=inside, own=sent_it, now=now)),
        supports=tuple(parts.supports_of(report, now)),
        decline_reason=DeclineReason(report.decline_reason) if report.decline_reason else None,
        competent=report.competent_words,
        competent_id=report.competent_id,
        confirm_due_at=report.confirm_due_at,
        paused_at=report.paused_at,
        paused_minutes=report.paused_minutes,
        parent_code=_named(report.parent, all_of_it=reads_all),
        children=tuple(children),
        merged_into=_named(report.merged_into, all_of_it=reads_all),
        merged=tuple(one for one in made if one.code not in {child.code for child in children}),
        followed=bool(caller.marks) and Follow.objects.filter(report=report, who__in=list(caller.marks)).exists(),
        suggested=report.suggested_category.name if inside and report.suggested_category else "",
        suggested_certainty=report.suggested_certainty if inside else None,
        channel=report.channel,
        client_known=report.client_id is not None,
        may=_may(caller, report, found, now),
    )


def _named(other: Report | None, *, all_of_it: bool) -> str:
    """Return the code of the report another belongs to; a hidden one is not named to everybody."""
    return other.code if other is not None and (all_of_it or policies.is_public(other)) else ""


def _may(caller: Caller, report: Report, found: Standing, now: datetime) -> frozenset[str]:
    """Return what the caller may do now: moves that start from this state, and acts that move nothing."""
    state = State(report.state)
    moves = {move.name for move in states.MOVES if move.may_start(state) and states.may(move, found.parts, state)}
    if state is State.DECLINED and found.has(Part.REPORTER) and not found.inside and report.competent_id is None:
        moves.discard("reroute")
    if "contest" in moves and (
        report.judge_id is not None or (report.confirm_due_at is not None and now > report.confirm_due_at)
    ):
        moves.discard("contest")
    if state is State.CLOSED and report.ending != states.Ending.SILENCE:
        moves.discard("reopen")
    working = state in states.WORKING
    acts = {
        "extend": working and found.has(Part.CHIEF, Part.SUPERIOR, Part.SYSTEM) and now < report.due_at
        and report.extensions < states.MOST_EXTENSIONS,
        "ask_support": state in states.OPEN and found.has(*states.DIRECTORS, Part.SUPERIOR, Part.SYSTEM),
        "support_done": state in states.OPEN and found.has(Part.SUPPORT),
        "note": found.has(*states.HANDLERS, Part.SUPPORT, Part.SUPERIOR, Part.SYSTEM),
        "give_to": state in states.OPEN and found.has(*states.HANDLERS, Part.SYSTEM),
        "split": working and report.parent_id is None and found.has(*states.DIRECTORS, Part.SUPERIOR, Part.SYSTEM),
        "moderate": policies.can_moderate(caller.actor, found, report),
        "correct": state in states.OPEN and policies.can_moderate(caller.actor, found, report),
        "open_original": policies.can_open_originals(found),
        "add_words": state in states.OPEN and found.has(Part.REPORTER),
        "rate": state in {State.CONFIRMED, State.CLOSED} and found.has(Part.REPORTER) and report.stars is None,
        "follow": policies.is_public(report) and bool(caller.mark) and not found.has(Part.REPORTER),
    }  # fmt: skip
    return frozenset(moves | {act for act, may in acts.items() if may})


# --- files -----------------------------------------------------------------------------------------------------------
def attachment_for(caller: Caller, uid: UUID, *, thumb: bool = False) -> tuple[Path, str]:
    """Return where a file that is shown lies, and its type, or raise AttachmentUnknown.

    Photos and proofs of a public report are everybody's once an official has read it; recordings, hidden files and files of other
    reports are seen by who sent them and who handles them. A file not yet bound to a report is its uploader's.
    """
    row = Attachment.objects.select_related("report").filter(uid=uid).first()
    if row is None or row.state != attachments.State.READY or not _may_see(caller, row):
        raise AttachmentUnknown
    photo = row.kind == attachments.Kind.PHOTO
    name = row.thumb_sha256 if thumb and photo else row.sha256
    path = files.kept_path(name)
    if not name or not path.exists():
        raise AttachmentUnknown
    return path, "image/jpeg" if photo else row.content_type


def _may_see(caller: Caller, row: Attachment) -> bool:
    report = row.report
    if report is None:
        return bytes(row.owner) in caller.marks
    everybody = (
        rows.shown_words(report)
        and policies.is_public(report)
        and row.hidden_at is None
        and row.kind != attachments.Kind.VOICE
        and (row.kind == attachments.Kind.PHOTO or row.answer_id is not None)
    )
    if everybody:
        return True
    if policies.standing(caller, report).inside:
        return True
    who = policies.senders_of(caller)
    return (
        who is not None and row.part == attachments.Part.CITIZEN and Sender.objects.filter(who, report=report).exists()
    )


# --- who sent it -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SenderView:
    """How to reach who sent a report."""

    name: str
    phone: str
    anonymous: bool
    reachable: bool


def sender_for(caller: Caller, code: str, *, now: datetime) -> SenderView:
    """Return who sent a report to an official who handles it; empty where they wished to stay unnamed. Each look is written down."""
    report = Report.objects.filter(code=intake.code_of(code)).first()
    if report is None:
        raise ReportUnknown
    found = policies.standing(caller, report)
    if not (found.inside or policies.is_public(report)):
        raise ReportUnknown
    require(found.has(*states.HANDLERS, Part.SYSTEM), act="sender_for")
    sender = Sender.objects.filter(report=report).first()
    reachable = sender is not None and (sender.account_id is not None or sender.phone_sealed is not None)
    if sender is None or report.anonymous:
        return SenderView("", "", anonymous=True, reachable=reachable)
    audit.record(caller.actor, "fieldreports.sender_seen", report, at=now)
    return SenderView(
        name=sealing.unseal(sender.name_sealed, purpose=intake.NAME) if sender.name_sealed else "",
        phone=sealing.unseal(sender.phone_sealed, purpose=intake.PHONE) if sender.phone_sealed else "",
        anonymous=False,
        reachable=reachable,
    )
