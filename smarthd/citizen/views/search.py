"""One search over what a citizen may be after: notices and pages, numbers to call, departments' data, reports, places."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from difflib import get_close_matches

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from smarthd.citizen import commune
from smarthd.citizen.views.addresses import place_lines
from smarthd.connectors.selectors import public as datasets
from smarthd.content import selectors as content
from smarthd.content.rules.kinds import SECTION_WORDS
from smarthd.fieldreports.selectors import searching
from smarthd.kernel import clock, text

MOST = 8
REPORTS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A notice or a page that holds the words."""

    title: str
    summary: str
    path: str


class _Index:
    """The readable notices and pages, folded, read again only when the content has changed. A province has thousands, not millions."""

    def __init__(self) -> None:
        self._version: tuple[int, object] = (-1, None)
        self._documents: list[content.Document] = []
        self._words: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    def documents(self) -> list[content.Document]:
        """Return what can be read now; expiry counts by the hour."""
        now = clock.now()
        version = (content.version(), clock.at_local(clock.day_of(now), now.astimezone(clock.ZONE).hour))
        with self._lock:
            if version != self._version:
                found = list(content.search_documents(now=now))
                self._documents = [one for one in found if one.kind in SECTION_WORDS]
                self._words = frozenset(
                    word for one in found for word in text.fold(f"{one.title} {one.summary}").split() if len(word) > 1
                )
                self._version = version
            return self._documents

    def nearest(self, query: str) -> str:
        """Return the typed words, each that stands nowhere replaced by the nearest one that does; nothing where that changes none."""
        self.documents()
        typed = text.fold(query).split()
        told = [
            word if word in self._words else (get_close_matches(word, self._words, n=1, cutoff=0.6) or [word])[0]
            for word in typed
        ]
        return "" if told == typed else " ".join(told)


_INDEX = _Index()


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Search everything with one line; every typed word must be found, marks and case ignored."""
    query = request.GET.get("q", "").strip()[:80]
    place = commune.of(request)
    context: dict[str, object] = {"here": "", "query": query}
    if text.fold(query):
        hotlines = content.search_hotlines(query, clock.today(), unit_id=place.id if place else None, limit=MOST)
        pages, places = _pages(query, place.id if place else None), place_lines(query)[:MOST]
        reports = searching.search(query, now=clock.now(), limit=REPORTS).items
        named, rows = datasets.search(query, now=clock.now())
        count = len(hotlines) + sum(len(found) for _heading, found in pages) + len(places) + len(reports)
        context |= {
            "datasets": named,
            "rows": rows,
            "hotlines": hotlines,
            "pages": pages,
            "places": places,
            "reports": reports,
            "count": count + len(named) + len(rows),
        }
        if not context["count"]:
            context["nearest"] = _INDEX.nearest(query)
    return render(request, "citizen/search.html", context)


def _pages(query: str, unit_id: int | None) -> list[tuple[str, list[Found]]]:
    """Return what holds every word, by section, the section with the best page first."""
    words = text.fold(query).split()
    hits = [one for one in _INDEX.documents() if all(word in one.folded for word in words)]
    hits.sort(key=lambda one: _worth(one, words, unit_id), reverse=True)
    sections: dict[str, list[Found]] = {}
    for one in hits:
        shown = sections.setdefault(gettext(SECTION_WORDS[one.kind]), [])
        if len(shown) < MOST:
            shown.append(Found(title=one.title, summary=one.summary, path=one.path))
    return list(sections.items())


def _worth(one: content.Document, words: list[str], unit_id: int | None) -> tuple[bool, bool, float]:
    """Rank: the words stand in the title; it is of the reader's own commune; the newest."""
    title = text.fold(one.title)
    published = one.published_at.timestamp() if one.published_at else 0.0
    return all(word in title for word in words), unit_id in one.unit_ids, published
