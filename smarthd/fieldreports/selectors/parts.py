"""The parts of a report's page as one reader may see them: its files, answers, timeline, who helps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from smarthd.fieldreports.models import Answer, Attachment, Report, ReportStep, Support, Verdict
from smarthd.fieldreports.rules import attachments, states
from smarthd.fieldreports.rules.states import Outcome, State
from smarthd.fieldreports.selectors import rows
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock


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


def files_of(report: Report, *, whole: bool, shown: bool) -> list[FileView]:
    """Return the files a report came with: ``whole`` all, else the photos that are shown to everybody."""
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


def answers_of(report: Report, *, inside: bool, now: datetime) -> list[AnswerView]:
    """Return the answers with their proofs; a proof that is hidden or not ready is for handlers (``inside``) only."""
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


def timeline_of(caller: Caller, report: Report, *, inside: bool, own: bool, now: datetime) -> list[StepView]:
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


def supports_of(report: Report, now: datetime) -> list[SupportView]:
    """Return the agencies that were asked to help, the first asked first."""
    found = list(Support.objects.filter(report=report).order_by("asked_at"))
    names = rows.agency_names({one.agency_id for one in found}, clock.day_of(now))
    return [
        SupportView(one.agency_id, names.get(one.agency_id, ""), one.asked, one.asked_at, one.done, one.done_at)
        for one in found
    ]
