"""Typing in sheets of paper for people who have no phone: which surveys ask here, one sheet after another."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import PAPERS
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import papers, sheets, surveys
from smarthd.content.services import surveys as services
from smarthd.kernel import clock

HERE = "survey_papers"


@require_GET
@official(*PAPERS)
def index(request: HttpRequest) -> HttpResponse:
    """List the surveys that ask the people of one's office now."""
    actor = cast("DeskRequest", request).actor
    context = {"rows": papers.open_surveys(actor, now=clock.now()), "nav_here": HERE}
    return render(request, "backoffice/surveys/papers.html", context)


@require_http_methods(["GET", "POST"])
@official(*PAPERS)
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Type in one sheet; the next empty one follows."""
    actor, now = cast("DeskRequest", request).actor, clock.now()
    survey, card = surveys.public(slug, now=now)
    places = papers.places_of(actor, survey, now=now)
    if not places or card.state != rules.State.OPEN:
        raise PageNotFound
    faults: dict[str, str] = {}
    number, posted = request.POST.get("so-phieu", ""), request.POST
    if request.method == "POST":
        unit = next((key for key, _name in places if str(key) == posted.get("noi", "")), places[0][0])
        given, comments = sheets.answers_in(posted, survey)
        sheet = services.Sheet(number=number, unit_id=unit, given=given, comments=comments)
        try:
            services.enter_paper(slug, sheet, actor=actor, now=now)
        except rules.SurveyAnswerFaulty as refusal:
            told: Any = refusal.facts.get("fields") or {"number": ""}
            faults = {str(key): str(value) for key, value in told.items()}
        except rules.PaperTaken:
            faults = {"number": "taken"}
        else:
            messages.success(request, _("Đã ghi phiếu %(number)s. Mời nhập phiếu tiếp.") % {"number": number})
            return redirect(request.path)
    context = {
        "survey": survey,
        "places": places,
        "number": number,
        "number_fault": faults.get("number", ""),
        "faults": bool(faults),
        "questions": [sheets.question_shown(one, posted, faults) for one in surveys.questions_of(survey)],
        "paragraphs": [(n, words, posted.get(f"d{n}", "")) for n, words in enumerate(survey.paragraphs, start=1)],
        "nav_here": HERE,
    }
    return render(request, "backoffice/surveys/paper.html", context, status=422 if faults else 200)
