"""One search over what a citizen may be after: notices, numbers to call, departments' data, reports, places."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smarthd.citizen import commune
from smarthd.citizen.views.addresses import place_lines
from smarthd.connectors.selectors import public as datasets
from smarthd.content import selectors as content
from smarthd.fieldreports.selectors import searching
from smarthd.kernel import clock, text

MOST = 8
REPORTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A notice that holds the words."""

    title: str
    summary: str
    path: str


class _Index:
    """The readable notices, folded, read again only when the content has changed. A province has hundreds, not millions."""

    def __init__(self) -> None:
        self._version: tuple[int, object] = (-1, None)
        self._documents: list[content.Document] = []
        self._lock = threading.Lock()

    def documents(self) -> list[content.Document]:
        """Return what can be read now; expiry counts by the hour."""
        now = clock.now()
        version = (content.version(), clock.at_local(clock.day_of(now), now.astimezone(clock.ZONE).hour))
        with self._lock:
            if version != self._version:
                self._documents = [one for one in content.search_documents(now=now) if one.kind == "notice"]
                self._version = version
            return self._documents


_INDEX = _Index()


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search everything with one line; every typed word must be found, marks and case ignored."""
    query = request.GET.get("q", "").strip()[:80]
    place = commune.of(request)
    context: dict[str, object] = {"here": "", "query": query}
    if text.fold(query):
        hotlines = content.search_hotlines(query, clock.today(), unit_id=place.id if place else None, limit=MOST)
        notices, places = _notices(query), place_lines(query)[:MOST]
        reports = searching.search(query, now=clock.now(), limit=REPORTS).items
        named, rows = datasets.search(query, now=clock.now())
        context |= {
            "datasets": named,
            "rows": rows,
            "hotlines": hotlines,
            "notices": notices,
            "places": places,
            "reports": reports,
            "count": len(hotlines) + len(notices) + len(places) + len(reports) + len(named) + len(rows),
        }
    return render(request, "citizen/search.html", context)


def _notices(query: str) -> list[Found]:
    words = text.fold(query).split()
    hits = [one for one in _INDEX.documents() if all(word in one.folded for word in words)]
    hits.sort(key=lambda one: one.published_at.timestamp() if one.published_at else 0.0, reverse=True)
    return [Found(title=one.title, summary=one.summary, path=one.path) for one in hits[:MOST]]
