"""Pages agencies keep: a list of each kind with its filters, one page, its files, an event for one's own calendar."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.citizen import commune, icalendars, ranges
from smarthd.content import rules
from smarthd.content import selectors as content
from smarthd.content.rules import kinds
from smarthd.content.selectors import articles, files, sections
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import ANONYMOUS
from smarthd.places import selectors as places

GONE = 410
ONLY_MINE = "noi-toi"
PAST = "da-qua"
_FILE_AGE_S = 86_400
_MOST_WORDS = 80


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show every kind of page there is, with how much of it its list shows this reader."""
    place = commune.of(request)
    found = articles.counts(place.id if place else None, now=clock.now(), language=_language())
    lines = [
        (f"/{kinds.PATHS[kind]}/", kinds.WORDS[kind], kinds.ICONS[kind], found.get(kind, 0)) for kind in kinds.Kind
    ]
    return render(request, "citizen/articles/overview.html", {"here": "noi-dung", "lines": lines})


@require_safe
def index(request: HttpRequest, path: str) -> HttpResponse:
    """List the pages of a kind for a commune, of an agency, of a moment of life, with words."""
    kind, now = _kind(path), clock.now()
    place = _place(request) or commune.of(request)
    agency = _agency(request)
    topic = request.GET.get("chu-de", "")
    wanted = articles.Wanted(
        kind=kind,
        unit_id=place.id if place else None,
        only_mine=request.GET.get("loc") == ONLY_MINE and place is not None,
        agency_id=agency.id if agency else None,
        topic=topic if topic in set(kinds.Topic) else "",
        words=request.GET.get("q", "").strip()[:_MOST_WORDS],
        past=request.GET.get("luc") == PAST,
        language=_language(),
    )
    page = articles.page(wanted, now=now, cursor=request.GET.get("cursor", ""))
    context = _head(kind) | {
        "page": page,
        "wanted": wanted,
        "place": place,
        "agency": agency,
        "agencies": articles.agencies_with(kind, now=now),
        "topics": [(str(one), kinds.TOPIC_WORDS[one]) for one in kinds.Topic],
        "filtered": bool(wanted.only_mine or wanted.agency_id or wanted.topic or wanted.words or wanted.past),
        "asked": _asked(request),
    }
    return render(request, "citizen/articles/index.html", context)


def _asked(request: HttpRequest) -> str:
    return urlencode(
        [(key, str(value)) for key, value in request.GET.items() if value and key not in {"cursor", "loc", "luc"}]
    )


def _kind(path: str) -> kinds.Kind:
    if path not in kinds.KIND_OF_PATH:
        raise Http404
    return kinds.KIND_OF_PATH[path]


def _head(kind: kinds.Kind) -> dict[str, Any]:
    return {
        "here": "noi-dung",
        "kind": str(kind),
        "kind_word": kinds.WORDS[kind],
        "kind_home": f"/{kinds.PATHS[kind]}/",
        "kind_icon": kinds.ICONS[kind],
    }


def _language() -> str:
    return "en" if (translation.get_language() or "vi").startswith("en") else "vi"


def _place(request: HttpRequest) -> Any:
    """Return the commune a link or a filter names, old ones under what stands there now."""
    given = request.GET.get("xa", "")[:36]
    try:
        return commune.standing(UUID(given), clock.today()) if given else None
    except ValueError:
        return None


def _agency(request: HttpRequest) -> Any:
    try:
        return agencies.agency_by_uid(UUID(request.GET.get("co-quan", "")[:36]), clock.today())
    except (ValueError, errors.NotFound):
        return None


@require_safe
def detail(request: HttpRequest, path: str, slug: str) -> HttpResponse:
    """Show one page; one that was taken down or is out of date says so instead of vanishing."""
    kind = _kind(path)
    shown = articles.article(kind, slug, now=clock.now())
    readable = shown.standing == rules.Standing.SHOWN
    context = _head(kind) | {
        "article": shown,
        "readable": readable,
        "expired": shown.standing == rules.Standing.EXPIRED,
        "read_seconds": rules.READ_SECONDS,
    }
    return render(request, "citizen/articles/detail.html", context, status=200 if readable else GONE)


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an event as a calendar file (RFC 5545)."""
    shown = articles.article(kinds.Kind.EVENT, slug, now=clock.now())
    if shown.standing != rules.Standing.SHOWN or shown.starts_at is None:
        raise Http404
    body = icalendars.of_event(shown, root=request.build_absolute_uri("/").rstrip("/"), now=clock.now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shown.slug}.ics"'
    return response


@require_safe
def file(request: HttpRequest, uid: UUID, name: str) -> HttpResponseBase:
    """Send a page's file, or the part of a video a player asks for; never as anything a browser would run."""
    now = clock.now()
    actor = (
        content.editor_actor(request.session, request.user.pk, now=now) if request.user.is_authenticated else ANONYMOUS
    )
    found = files.file_of(uid, name, actor, now=now)
    response = ranges.answer(request, found.path, found.content_type)
    response["Cache-Control"] = f"public, max-age={_FILE_AGE_S}" if found.public else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response


@require_safe
def captions(request: HttpRequest, uid: UUID, mark: str) -> HttpResponse:
    """Give a video's captions (WebVTT)."""
    now = clock.now()
    actor = (
        content.editor_actor(request.session, request.user.pk, now=now) if request.user.is_authenticated else ANONYMOUS
    )
    told, public = files.captions_of(uid, mark, actor, now=now)
    response = HttpResponse(told, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={_FILE_AGE_S}" if public else "private, no-store"
    return response


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show whom to ask, by agency: those of my commune and above it first, everyone's by words."""
    on = clock.today()
    place, agency = _place(request) or commune.of(request), _agency(request)
    query = request.GET.get("q", "").strip()[:_MOST_WORDS]
    everywhere = request.GET.get("loc") == "tat-ca"
    groups = sections.contacts(
        on,
        unit_id=None if everywhere or place is None else place.id,
        agency_id=agency.id if agency else None,
        query=query,
    )
    context = {
        "here": "danh-ba",
        "groups": groups,
        "place": place,
        "agency": agency,
        "query": query,
        "everywhere": everywhere or place is None,
        "former": places.predecessors(place.id, on) if place else [],
    }
    return render(request, "citizen/articles/people.html", context)
