"""The public page of one report: what happened, who holds it now, both deadlines, the answer with its proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from smarthd.citizen import phone
from smarthd.citizen.views.fieldreports.map_ import ground_url
from smarthd.fieldreports.rules import attachments
from smarthd.fieldreports.rules.states import DECLINE_WORDS, OUTCOME_WORDS, STATE_WORDS, State, Visibility
from smarthd.fieldreports.selectors import categories, gate
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.selectors.parts import AnswerView, FileView, StepView
from smarthd.fieldreports.services.answering import RatingReason
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock

WHY_REFUSED = {
    "too_large": "Ảnh lớn quá.",
    "not_a_picture": "Tệp này không phải ảnh, hoặc ảnh đã hỏng.",
    "two_faced": "Trong ảnh có lẫn thứ khác nên không nhận.",
    "too_many_pixels": "Ảnh có quá nhiều điểm ảnh.",
}


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one report as this reader may see it."""
    if code != code.upper():
        return HttpResponsePermanentRedirect(reverse("citizen:report", args=[code.upper()]))
    return show(request, phone.caller_of(request), code)


def show(
    request: HttpRequest, caller: Caller, code: str, *, status: int = 200, problem: dict[str, Any] | None = None
) -> HttpResponse:
    """Show the page; ``problem`` is what was wrong with an act, beside what was typed."""
    found = gate.report_for(caller, code, now=clock.now())
    context = {**_context(request, caller, found), "problem": problem}
    response = render(request, "citizen/fieldreports/case.html", context, status=status)
    personal = found.own or request.user.is_authenticated
    response["Cache-Control"] = "private, no-store" if personal else "private, no-cache"
    return response


@dataclass(frozen=True, slots=True)
class Sides:
    """Before and after, side by side."""

    before: tuple[FileView, ...]
    after: tuple[FileView, ...]
    documents: tuple[FileView, ...]


def _context(request: HttpRequest, caller: Caller, found: ReportPage) -> dict[str, Any]:
    row = found.row
    photos = [file for file in found.files if file.kind is attachments.Kind.PHOTO]
    ready = [file for file in photos if file.state is attachments.State.READY and not file.hidden]
    public = row.visibility is Visibility.PUBLIC and row.state not in {State.WITHDRAWN, State.MERGED}
    answers = [(one, _sides(one, ready)) for one in found.answers]
    return {
        "here": "phan-anh",
        "found": found,
        "row": row,
        "state_words": _(STATE_WORDS[row.state]),
        "photos": ready,
        "refused": [(file, _(WHY_REFUSED.get(file.why, "Không nhận được tệp này."))) for file in photos if file.why]
        if found.own
        else [],
        "waiting_photos": sum(file.state is attachments.State.WAITING for file in found.files) if found.own else 0,
        "voices": [
            file
            for file in found.files
            if file.kind is attachments.Kind.VOICE and file.state is attachments.State.READY
        ],
        "answers": list(reversed(answers)),
        "outcomes": {str(key): _(words) for key, words in OUTCOME_WORDS.items()},
        "timeline": _timeline(found.timeline),
        "decline_words": _(DECLINE_WORDS[found.decline_reason]) if found.decline_reason else "",
        "decline_said": next((step.text for step in reversed(found.timeline) if step.act == "declined"), "")
        if found.decline_reason
        else "",
        "given": _given(found),
        "public": public,
        "may_follow": public and not found.own,
        "fresh": found.own and "moi" in request.GET,
        "reasons": [(key, _(words)) for key, words in RatingReason.WORDS.items()],
        "stars": (1, 2, 3, 4, 5),
        "ground_url": ground_url(),
        "address": request.build_absolute_uri(reverse("citizen:report", args=[row.code])),
        "share_photo": request.build_absolute_uri(reverse("citizen:report_file", args=[ready[0].uid]))
        if ready and public and row.published
        else "",
        "signed_in": caller.actor.account_id is not None,
        "speaks_as_neighbour": not found.own and "confirm" in found.may,
    }


def _sides(answer: AnswerView, sent: list[FileView]) -> Sides:
    """Put the agency's before beside its after; without one of its own, the sender's photos stand for before."""
    shown = [file for file in answer.proofs if file.state is attachments.State.READY and not file.hidden]
    before = tuple(file for file in shown if file.part is attachments.Part.BEFORE)
    after = tuple(file for file in shown if file.part is attachments.Part.AFTER and file.kind is attachments.Kind.PHOTO)
    documents = tuple(file for file in shown if file not in before and file not in after)
    return Sides(before or (tuple(sent[:1]) if after else ()), after, documents)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; ``moved`` says that the report changed hands there, ``term`` that the term in force did."""

    step: StepView
    words: str
    moved: bool
    term: bool


def _timeline(steps: tuple[StepView, ...]) -> list[Line]:
    """Return the steps, newest first, each with what it changed."""
    lines = []
    holder, due = "", None
    for step in steps:
        lines.append(
            Line(step, _(step.act_words), step.holder != holder, step.due_at is not None and step.due_at != due)
        )
        holder, due = step.holder, step.due_at
    return lines[::-1]


def _given(found: ReportPage) -> list[tuple[str, str]]:
    """Return what was answered to the category's further questions, in words. No statement where nothing was."""
    if not found.answers_given:
        return []
    told = []
    for question in categories.questions(found.row.category_key):
        value = found.answers_given.get(question.code)
        if value in (None, "", []):
            continue
        words = dict(question.values)
        several = value if isinstance(value, list) else [value]
        told.append((question.description, ", ".join(words.get(str(one), str(one)) for one in several)))
    return told
