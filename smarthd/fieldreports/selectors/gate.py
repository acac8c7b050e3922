"""The gate: one report as this caller may see it, its files, its sender. What is unseen is not found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import AttachmentUnknown, ReportUnknown
from smarthd.fieldreports.models import Answer, Attachment, Follow, Report, ReportStep, Sender, Support, Verdict
from smarthd.fieldreports.policies import Standing
from smarthd.fieldreports.rules import attachments, intake, states
from smarthd.fieldreports.rules.states import DeclineReason, Outcome, Part, State
from smarthd.fieldreports.selectors import rows
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, clock, files, sealing
from smarthd.kernel.policies import require


@dataclass(frozen=True, slots=True)
class StepView:
    """One line of the timeline: who holds it from then. ``own``: the reader did it."""

    number: int
    act: str
    act_words: str
    state: State
    at: datetime
    by_agency: str
    holder: str
    due_at: datetime | None
    text: str
    note: dict[str, Any]
    public: bool
    own: bool
    by: int | None


@dataclass(frozen=True, slots=True)
class FileView:
    """One file: a photo, recording or document; ``why`` says why it is not shown."""

    uid: UUID
    kind: attachments.Kind
    part: attachments.Part
    state: attachments.State
    why: str
    width: int
    height: int
    hidden: bool
    hidden_reason: str
    faces: int
    plates: int
    made_at: datetime
    lat: float | None
    lon: float | None
    taken_at: datetime | None
    content_type: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer with its proof and what neighbours said of it."""

    uid: UUID
    number: int
    agency: str
    outcome: Outcome
    words: str
    promised_on: date | None
    at: datetime
    in_time_first: bool
    in_time_extended: bool
    proofs: tuple[FileView, ...]
    fixed: int
    not_fixed: int


@dataclass(frozen=True, slots=True)
class SupportView:
    """An agency that works with the one in the lead."""

    agency_id: int
    agency: str
    asked: str
    asked_at: datetime
    done: str
    done_at: datetime | None


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
        files=tuple(_files(report, whole=whole, shown=shown)),
        answers=tuple(_answers(report, inside=inside, now=now)),
        timeline=tuple(_timeline(caller, report, inside=inside, own=sent_it, now=now)),
        supports=tuple(_supports(report, now)),
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


def _files(report: Report, *, whole: bool, shown: bool) -> list[FileView]:
    if not (whole or shown):
        return []
    found = Attachment.objects.filter(report=report, answer=None).order_by("id")
    if not whole:
        found = found.filter(hidden_at=None, state=attachments.State.READY, kind=attachments.Kind.PHOTO)
    return [_file(one) for one in found]


def _file(row: Attachment) -> FileView:
    return FileView(
        uid=row.uid,
        kind=attachments.Kind(row.kind),
        part=attachments.Part(row.part),
        state=attachments.State(row.state),
        why=row.why,
        width=row.width,
        height=row.height,
        hidden=row.hidden_at is not None,
        hidden_reason=row.hidden_reason,
        faces=row.faces,
        plates=row.plates,
        made_at=row.made_at,
        lat=row.lat,
        lon=row.lon,
        taken_at=row.taken_at,
        content_type=row.content_type,
    )


def _answers(report: Report, *, inside: bool, now: datetime) -> list[AnswerView]:
    found = list(Answer.objects.filter(report=report).order_by("number"))
    if not found:
        return []
    names = rows.agency_names({one.agency_id for one in found}, clock.day_of(now))
    proofs: dict[int, list[FileView]] = {}
    for row in Attachment.objects.filter(answer__in=found).order_by("id"):
        seen = inside or (row.hidden_at is None and row.state == attachments.State.READY)
        if seen and row.answer_id is not None:
            proofs.setdefault(row.answer_id, []).append(_file(row))
    said: dict[int, list[bool]] = {}
    for answer_id, fixed in Verdict.objects.filter(answer__in=found).values_list("answer_id", "fixed"):
        said.setdefault(answer_id, []).append(fixed)
    return [
        AnswerView(
            uid=one.uid,
            number=one.number,
            agency=names.get(one.agency_id, ""),
            outcome=Outcome(one.outcome),
            words=one.words,
            promised_on=one.promised_on,
            at=one.at,
            in_time_first=one.in_time_first,
            in_time_extended=one.in_time_extended,
            proofs=tuple(proofs.get(one.pk, ())),
            fixed=sum(said.get(one.pk, [])),
            not_fixed=sum(not fixed for fixed in said.get(one.pk, [])),
        )
        for one in found
    ]


def _timeline(caller: Caller, report: Report, *, inside: bool, own: bool, now: datetime) -> list[StepView]:
    """Return the steps this reader may see: handlers all, the sender what concerns them, everybody the public ones."""
    found = ReportStep.objects.filter(report=report).order_by("number")
    if not inside:
        found = found.exclude(act__in=sorted(states.INTERNAL))
        found = found if own else found.filter(public=True)
    steps = list(found)
    names = rows.agency_names(
        {one for step in steps for one in (step.by_agency_id, step.holder_id) if one is not None}, clock.day_of(now)
    )
    return [
        StepView(
            number=step.number,
            act=step.act,
            act_words=states.ROAD_WORDS.get(str(step.note.get("road", "")), states.ACT_WORDS[step.act]),
            state=State(step.state),
            at=step.at,
            by_agency=names.get(step.by_agency_id or 0, ""),
            holder=names.get(step.holder_id, ""),
            due_at=step.due_at,
            text="" if _unread(step) and not (inside or own) else step.text,
            note={name: value for name, value in step.note.items() if inside or name not in _CODES},
            public=step.public,
            own=step.by is not None and step.by == caller.actor.account_id,
            by=step.by if inside else None,
        )
        for step in steps
    ]


_CODES = frozenset({"into", "codes", "from", "parent"})
"""Parts of a step's note that name other reports, which may be hidden: for handlers only. The page names those everybody may see."""


def _unread(step: ReportStep) -> bool:
    """Say whether the words of a step are a citizen's own, which no official answers for."""
    return step.act in states.SPOKEN and step.by_agency_id is None


def _supports(report: Report, now: datetime) -> list[SupportView]:
    found = list(Support.objects.filter(report=report).order_by("asked_at"))
    names = rows.agency_names({one.agency_id for one in found}, clock.day_of(now))
    return [
        SupportView(one.agency_id, names.get(one.agency_id, ""), one.asked, one.asked_at, one.done, one.done_at)
        for one in found
    ]


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
