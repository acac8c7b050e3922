"""The directory: whom to call, those for life and limb first."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smarthd.citizen import commune
from smarthd.content import selectors as content
from smarthd.kernel import clock


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the numbers for my commune, or those that hold the words typed."""
    place = commune.of(request)
    query = request.GET.get("q", "").strip()[:80]
    unit_id = place.id if place else None
    if query:
        lines = content.search_hotlines(query, clock.today(), unit_id=unit_id)
    else:
        lines = content.hotlines_for(unit_id, clock.today())
    emergency = [line for line in lines if line.emergency]
    rest = [line for line in lines if not line.emergency]
    groups = [(word, list(found)) for word, found in groupby(rest, key=lambda line: line.category_word)]
    context = {"here": "danh-ba", "commune": place, "query": query, "emergency": emergency, "groups": groups}
    return render(request, "citizen/directory.html", context)
