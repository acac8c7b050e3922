"""Answering a survey without an account: a number, a code sent to it, and for a quarter of an hour this browser may answer once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from smarthd.citizen.forms.account import CodeForm, PhoneForm
from smarthd.citizen.views.account import signin
from smarthd.citizen.views.account.requests import address_of
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import surveys
from smarthd.kernel import clock
from smarthd.kernel.limits import TooManyAttempts
from smarthd.people import rules as people_rules
from smarthd.people import services as people

PENDING, PROOF = "survey_phone", "survey_proof"
LASTS = timedelta(minutes=15)


def offered() -> bool:
    """Say whether codes can reach people: a gateway is set, or nothing leaves the house (demonstration, tests)."""
    return bool(settings.SMS_GATEWAY_URL or settings.DEMO or settings.TESTING)


def proved(request: HttpRequest, slug: str) -> bytes | None:
    """Return the blind index of the number proved for a survey in this browser, while it lasts."""
    kept = request.session.get(PROOF)
    if not isinstance(kept, dict) or kept.get("slug") != slug:
        return None
    return bytes.fromhex(kept["index"]) if clock.now() < datetime.fromisoformat(kept["until"]) else None


def forget(request: HttpRequest) -> None:
    """Forget what was proved: it has been used."""
    request.session.pop(PROOF, None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a number and send a code to it."""
    survey, card = surveys.public(slug, now=clock.now())
    if not offered() or not survey.anonymous or card.state != rules.State.OPEN or request.user.is_authenticated:
        raise Http404
    form = PhoneForm(request.POST or None)
    if signin.sends_code(request, form, PENDING):
        return redirect("citizen:survey_phone_code", slug=slug)
    context = {"here": "noi-dung", "form": form, "card": card}
    return render(request, "citizen/surveys/phone.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the code; proved, this browser answers once. No account is opened."""
    _survey, card = surveys.public(slug, now=clock.now())
    pending = signin.read_pending(request, PENDING)
    if pending is None:
        return redirect("citizen:survey_phone", slug=slug)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        try:
            number = people.prove_code(
                pending["phone"], code=form.cleaned_data["code"], address=address_of(request), now=now
            )
        except (people_rules.WrongCode, people_rules.CodeUnusable, TooManyAttempts) as refusal:
            form.add_error("code", signin.code_words(refusal))
        else:
            del request.session[PENDING]
            until = (now + LASTS).isoformat()
            request.session[PROOF] = {"slug": slug, "index": people.phone_index(number).hex(), "until": until}
            return redirect("citizen:survey", slug=slug)
    context = {"here": "noi-dung", "form": form, "card": card, "pending": pending}
    return render(request, "citizen/surveys/phone_code.html", context, status=422 if form.errors else 200)
