"""Pages that explain: how to install, how to get help, what is measured, what still works without a network."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from smarthd.kernel import clock
from smarthd.people import rules as people_rules
from smarthd.ui import guides

PICTURE_SECONDS = 3600


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


@require_safe
def of_role(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one of the picture guides: open to all, so that who cannot sign in yet can read how."""
    found = guides.guide(slug, lambda name: reverse("citizen:guide_picture", kwargs={"name": name}))
    if found is None:
        raise Http404
    return render(request, "citizen/guide/role.html", {"here": "toi", "guide": found})


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Hand out a picture of the guides."""
    place = guides.picture_file(name)
    if place is None:
        raise Http404
    response = FileResponse(place.open("rb"), content_type="image/png")
    response["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}"
    return response
