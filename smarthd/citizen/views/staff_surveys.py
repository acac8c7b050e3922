"""What one's own agencies ask their officials: seen by those on a roster that is asked, not found by anybody else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen.views import surveys as pages
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import sheets, staff_surveys
from smarthd.content.services import surveys as services
from smarthd.kernel import clock


def _signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send who is not signed in to the door, whatever the address, and back."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.user.pk is None:
            return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.path})}")
        return view(request, account_id=int(request.user.pk), **kwargs)

    return guarded


@require_safe
@_signed_in
def index(request: HttpRequest, *, account_id: int) -> HttpResponse:
    """List what the reader is asked as an official, and what is over."""
    cards = staff_surveys.asking(account_id, now=clock.now())
    context = {
        "here": "toi",
        "open": [card for card in cards if card.state == rules.State.OPEN],
        "over": [card for card in cards if card.state != rules.State.OPEN],
        "fewest": rules.FEWEST,
    }
    response = render(request, "citizen/surveys/staff.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@_signed_in
def detail(request: HttpRequest, slug: str, *, account_id: int) -> HttpResponse:
    """Show a survey to an official it asks, take answers once, show results when it is over."""
    now = clock.now()
    survey, card = staff_surveys.for_staff(account_id, slug, now=now)
    taking = card.state == rules.State.OPEN
    refusal: rules.SurveyAnswerFaulty | None = None
    if request.method == "POST":
        given, comments = sheets.answers_in(request.POST, survey)
        try:
            services.answer_survey(slug, given=given, comments=comments, account_id=account_id, now=now)
        except rules.SurveyAnswerFaulty as fault:
            refusal = fault
        else:
            messages.success(request, _("Đã ghi câu trả lời. Cảm ơn anh, chị."))
            return redirect(request.path)
    return pages.shown(request, survey, card, account_id, taking=taking, refusal=refusal)
