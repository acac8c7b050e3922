"""Giving one's opinion: what is asked now, one survey with its questions or its results."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen import commune
from smarthd.citizen.views import survey_phone
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import opinions, sheets, staff_surveys, surveys
from smarthd.content.services import surveys as services
from smarthd.kernel import clock
from smarthd.people import selectors as people

JUST_ANSWERED = "da-ghi"
"""Marks the page after an answer without an account: nothing on the device remembers it, and the next visit is a new one."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what people of the commune are asked, and what has ended; without one chosen here, of where the account says one lives."""
    place, account_id = commune.of(request), request.user.pk if request.user.is_authenticated else None
    facts = people.account_facts([account_id]).get(account_id) if account_id is not None and place is None else None
    home_id = place.id if place else facts.home_id if facts else None
    cards = surveys.public_list(home_id, now=clock.now())
    context = {
        "here": "noi-dung",
        "commune": home_id,
        "open": [card for card in cards if card.state == rules.State.OPEN],
        "over": [card for card in cards if card.state != rules.State.OPEN],
    }
    response = render(request, "citizen/surveys/index.html", context)
    if facts is not None:
        response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a survey: its questions to who may answer, its results when it is over; take answers once."""
    now = clock.now()
    survey, card = surveys.public(slug, now=now)
    account_id = request.user.pk if request.user.is_authenticated else None
    taking = card.state == rules.State.OPEN
    if request.method == "POST":
        index = None if account_id is not None else survey_phone.proved(request, slug)
        if account_id is None and index is None:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")
        try:
            _answer(request, survey, account_id, index)
        except rules.SurveyAnswerFaulty as refusal:
            return shown(request, survey, card, account_id, taking=taking, refusal=refusal)
        messages.success(request, _("Đã ghi câu trả lời. Cảm ơn bà con."))
        return redirect(request.path if account_id is not None else f"{request.path}?{JUST_ANSWERED}")
    return shown(request, survey, card, account_id, taking=taking)


def _answer(request: HttpRequest, survey: Any, account_id: int | None, index: bytes | None) -> None:
    given, comments = sheets.answers_in(request.POST, survey)
    if account_id is not None:
        services.answer_survey(survey.slug, given=given, comments=comments, account_id=account_id, now=clock.now())
    elif index is not None:
        place = commune.of(request)
        who = services.ByPhone(index, place.id if place else None)
        services.answer_by_phone(survey.slug, who, given=given, comments=comments, now=clock.now())
        survey_phone.forget(request)


def shown(
    request: HttpRequest,
    survey: Any,
    card: surveys.SurveyCard,
    account_id: int | None,
    *,
    taking: bool,
    refusal: rules.SurveyAnswerFaulty | None = None,
) -> HttpResponse:
    """Draw a survey as its reader meets it: an official asked by the agency, a person of the places asked, or somebody else."""
    now = clock.now()
    facts = people.account_facts([account_id]).get(account_id) if account_id is not None else None
    just_answered = account_id is None and JUST_ANSWERED in request.GET
    answered = just_answered or (account_id is not None and services.has_answered(survey, account_id))
    proved = account_id is None and survey_phone.proved(request, survey.slug) is not None
    place = commune.of(request)
    faults = refusal.facts.get("fields", {}) if refusal is not None else {}
    found = faults if isinstance(faults, dict) else {}
    context = {
        "here": "toi" if card.of_staff else "noi-dung",
        "survey": survey,
        "card": card,
        "taking": taking,
        "signed_in": account_id is not None,
        "answered": answered,
        "proved": proved,
        "by_phone": account_id is None and not proved and survey.anonymous and survey_phone.offered(),
        "commune": place,
        "asked": card.of_staff or _is_asked(survey, facts, place.id if place else None, proved=proved, now=now),
        "login": f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}",
        "questions": [sheets.question_shown(one, request.POST, found) for one in surveys.questions_of(survey)]
        if taking
        else [],
        "paragraphs": [
            (number, words, request.POST.get(f"d{number}", ""))
            for number, words in enumerate(survey.paragraphs, start=1)
        ],
        "results": None if taking else surveys.results(survey),
        "turnout": staff_surveys.turnout(survey, now=now) if card.of_staff and not taking else None,
        "groups": opinions.groups_of(survey) if survey.explained_at is not None else [],
        "refused": refusal is not None,
        "fewest": rules.FEWEST,
    }
    response = render(request, "citizen/surveys/detail.html", context, status=422 if refusal is not None else 200)
    if account_id is not None or proved or just_answered:
        response["Cache-Control"] = "private, no-store"  # whether one has answered stays on no device
    return response


def _is_asked(survey: Any, facts: Any, chosen_id: int | None, *, proved: bool, now: datetime) -> bool:
    """Say whether a person lives where people are asked: by their account, or by what they chose on this device."""
    if proved:
        return services.is_asked(survey, chosen_id, now=now)
    return facts is not None and services.is_asked(survey, facts.home_id, now=now)
