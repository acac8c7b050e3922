"""«Tôi»: my commune, my wishes, my account, and the pages that explain."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen import commune
from smarthd.citizen.forms.start import SettingsForm
from smarthd.content.selectors import staff_surveys
from smarthd.kernel import clock
from smarthd.messaging import selectors as messaging
from smarthd.rollout import selectors as rollout
from smarthd.ui import wishes
from smarthd.ui.wishes import A_YEAR


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """List what is mine."""
    pk = request.user.pk if request.user.is_authenticated else None
    context = {
        "here": "toi",
        "commune": commune.of(request),
        "account_url": _account_url(),
        "signed_in": pk is not None,
        "ordered": rollout.order_on(pk, clock.today()) is not None if pk is not None else False,
        "asked_by_agency": _asked(pk) if pk is not None else None,
        "unread": messaging.unread_count(pk) if pk is not None else 0,
    }
    response = render(request, "citizen/me.html", context)
    if pk is not None:
        response["Cache-Control"] = "private, no-store"  # how much mail waits is nobody else's business
    return response


def _asked(account_id: int) -> dict[str, int] | None:
    """Return how many surveys of one's agencies wait for an answer; None for who never was asked as an official."""
    cards = staff_surveys.asking(account_id, now=clock.now())
    return {"waiting": len(staff_surveys.unanswered(cards, account_id))} if cards else None


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Change text size, colours and language; they take effect at once and stay on this device."""
    wish = wishes.of(request)
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            return _kept(form)
    else:
        initial = {
            "text": "lon" if wish.large else "vua",
            "theme": wish.theme,
            "language": translation.get_language(),
        }
        form = SettingsForm(initial=initial)
    context = {"here": "toi", "form": form, "commune": commune.of(request), "done": "da-luu" in request.GET}
    return render(request, "citizen/settings.html", context, status=422 if form.errors else 200)


def _kept(form: SettingsForm) -> HttpResponse:
    response = HttpResponseRedirect(f"{reverse('citizen:settings')}?da-luu")
    wishes.keep(response, form.wish())
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        form.cleaned_data["language"],
        max_age=A_YEAR,
        samesite="Lax",
        secure=settings.PRODUCTION,
    )
    return response


def _account_url() -> str:
    try:
        return reverse("citizen:account")
    except NoReverseMatch:
        return ""
