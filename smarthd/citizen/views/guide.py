"""Pages that explain: how to install, how to get help, what is measured, what still works without a network."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smarthd.kernel import clock
from smarthd.people import rules as people_rules


@require_safe
def install(request: HttpRequest) -> HttpResponse:
    """Show, with pictures, how the app gets onto the home screen of an Android phone or an iPhone.

    A team's code goes along into the manifest: an iPhone's installed app shares nothing else with the browser it came from.
    """
    context = {"here": "toi", "team_code": people_rules.clean_team_code(request.GET.get("to", ""))}
    return render(request, "citizen/guide/install.html", context)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Answer what people ask most."""
    return render(request, "citizen/guide/help.html", {"here": "toi"})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say in plain words what is measured, and let the reader agree or take it back on this device."""
    words = people_rules.wording_in_force(people_rules.Purpose.USAGE, clock.today())
    return render(request, "citizen/guide/privacy.html", {"here": "toi", "words": words})


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page kept for when there is no network: it lists what was seen before."""
    return render(request, "citizen/guide/offline.html", {"here": ""})
