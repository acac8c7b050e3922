"""«Bản đồ phản ánh»: clusters summed by the server on our own boundaries; nothing comes from another house."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from smarthd.citizen import map_windows, pagecache
from smarthd.citizen.forms.fieldreports import FilterForm
from smarthd.citizen.refusals import QuestionFaulty
from smarthd.fieldreports.selectors import maps
from smarthd.kernel import clock
from smarthd.places import selectors as places

_GROUND = pagecache.PageCache(capacity=4)
_A_DAY = 86_400
_ZOOM = 10
"""What a question without a zoom is answered for."""


def ground_url() -> str:
    """Return the address of the boundaries as they stand today; it changes when they do, so that phones may keep them."""
    version = f"{places.token() or ''}"[:8]
    return f"{reverse('citizen:reports_ground')}?v={version}-{clock.today():%Y%m}"


@require_safe
def ground(request: HttpRequest) -> HttpResponse:
    """Give today's communes as GeoJSON."""
    today = clock.today()
    kept = _GROUND.get((places.token(), today), lambda: places.boundaries_geojson("commune", today))
    response = pagecache.answer(request, kept)
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = f"public, max-age={_A_DAY}"
    return response


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the map with the filters of the list; the list itself is its twin for who cannot use a map."""
    form = FilterForm(request.GET)
    valid = form.is_valid()
    asked = urlencode([(name, value) for name in form.fields for value in request.GET.getlist(name) if value])
    context: dict[str, Any] = {
        "here": "phan-anh",
        "form": form,
        "asked": asked if valid else "",
        "unit": form.unit if valid else None,
        "ground_url": ground_url(),
    }
    return render(request, "citizen/fieldreports/map.html", context, status=200 if valid else 422)


@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """Answer for one window of the map: clusters, or the reports themselves where they are few."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        raise QuestionFaulty(fields={name: " ".join(map(str, said)) for name, said in form.errors.items()})
    zoom = map_windows.zoom_of(request)
    west, south, east, north = map_windows.edges_of(request)
    answer = maps.clusters(
        west, south, east, north, zoom=_ZOOM if zoom is None else zoom, query=form.query(), now=clock.now()
    )
    told = {
        "count": answer.count,
        "clusters": [[one.lat, one.lon, one.count] for one in answer.clusters],
        "points": [
            {
                "href": reverse("citizen:report", args=[one.code]),
                "code": one.code,
                "lat": one.lat,
                "lon": one.lon,
                "stand": str(one.stand or ""),
                "urgent": one.urgent,
            }
            for one in answer.points
        ],
    }
    response = JsonResponse(told)
    response["Cache-Control"] = "private, max-age=15"
    return response
