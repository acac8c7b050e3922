"""Notices: of my commune, then of everyone; each on a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from smarthd.citizen import commune
from smarthd.content import rules
from smarthd.content import selectors as content
from smarthd.kernel import clock

ONLY_MINE = "noi-toi"
GONE = 410


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List all notices a person of the commune may care for, newest first."""
    place = commune.of(request)
    only_mine = request.GET.get("loc") == ONLY_MINE and place is not None
    page = content.notices_page(
        place.id if place else None, clock.today(), only_mine=only_mine, cursor=request.GET.get("cursor", "")
    )
    context = {"here": "thong-bao", "page": page, "commune": place, "only_mine": only_mine}
    return render(request, "citizen/notices.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one notice; one that was taken down or has expired says so instead of vanishing."""
    shown = content.notice(slug, now=clock.now())
    readable = shown.standing == rules.Standing.SHOWN
    context = {
        "here": "thong-bao",
        "notice": shown,
        "readable": readable,
        "expired": shown.standing == rules.Standing.EXPIRED,
        "read_seconds": rules.READ_SECONDS,
    }
    return render(request, "citizen/notice.html", context, status=200 if readable else GONE)
