"""First run, one question a page: where do you live, how shall it look, may use be counted. Each can be passed over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.citizen import commune
from smarthd.citizen.forms import start as forms
from smarthd.kernel import clock, errors
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui import wishes

STEPS = 3


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask for the commune: by typing, from the list, or by position."""
    form = forms.CommuneForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        if isinstance(chosen, UnitView):
            return _keep(request, chosen)
        return _page(request, form, candidates=chosen)
    return _page(request, form)


@require_POST
def locate(request: HttpRequest) -> HttpResponse:
    """Find the commune of a position; the position itself is not kept anywhere."""
    position = forms.PositionForm(request.POST)
    found = None
    if position.is_valid():
        try:
            found = places.locate(position.cleaned_data["lat"], position.cleaned_data["lon"], clock.today())
        except errors.Invalid:
            found = None
    unit = next((view for view in found.path if view.level == "commune"), None) if found else None
    return render(
        request,
        "citizen/start/located.html",
        {"here": "", "unit": unit, "approximate": bool(found and found.approximate), "step": 1, "steps": STEPS},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def display(request: HttpRequest) -> HttpResponse:
    """Ask for larger text and for light or dark."""
    if request.method == "POST":
        form = forms.DisplayForm(request.POST)
        if form.is_valid():
            response = HttpResponseRedirect(reverse("citizen:start_measure"))
            wishes.keep(response, form.wish())
            return response
    else:
        wish = wishes.of(request)
        form = forms.DisplayForm(initial={"text": "lon" if wish.large else "vua", "theme": wish.theme})
    return render(
        request,
        "citizen/start/display.html",
        {"form": form, "step": 2, "steps": STEPS},
        status=422 if form.errors else 200,
    )


@require_GET
def measure(request: HttpRequest) -> HttpResponse:
    """Ask whether use may be counted: not ticked, and no is as good an answer as yes."""
    words = people_rules.wording_in_force(people_rules.Purpose.USAGE, clock.today())
    return render(request, "citizen/start/measure.html", {"words": words, "step": 3, "steps": STEPS})


def _keep(request: HttpRequest, unit: UnitView) -> HttpResponse:
    """Keep the commune on the device, and with the account of whoever is signed in."""
    response = HttpResponseRedirect(_next(request))
    commune.keep(response, unit)
    if request.user.is_authenticated:
        people.set_home(request.user.pk, home_id=unit.id, now=clock.now())
    return response


def _next(request: HttpRequest) -> str:
    """A first run goes on to the next question; a change of commune goes home."""
    return reverse("citizen:start_display") if commune.uid_of(request) is None else reverse("citizen:home")


def _page(request: HttpRequest, form: forms.CommuneForm, candidates: list[UnitView] | None = None) -> HttpResponse:
    context = {
        "form": form,
        "candidates": candidates,
        "districts": commune.by_remembered_district(clock.today()),
        "current": commune.of(request),
        "step": 1,
        "steps": STEPS,
    }
    return render(request, "citizen/start/commune.html", context, status=422 if form.errors else 200)
