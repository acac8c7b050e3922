"""The first page. It depends on commune, language, wishes, day, content and build alone, so it is made once for all readers."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from smarthd.alerts.selectors import public as alerts
from smarthd.citizen import commune, pagecache, release
from smarthd.content import selectors as content
from smarthd.content.rules.kinds import Kind
from smarthd.content.selectors import articles, sections
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui import wishes

FROM_APP = "ung-dung"  # the mark in the manifest's start_url: the app was opened from the home screen
EACH_LIST = 4
EACH_SHELF = 3  # events, news: a look, the rest one tap away
FRESH = timedelta(minutes=5)  # "5 phút trước" on a kept page is at most this much out

CACHE = pagecache.PageCache()


def home(request: HttpRequest) -> HttpResponse:
    """Show my commune, what is urgent, what people do most, and the notices."""
    place_uid = commune.uid_of(request)
    if request.GET.get("nguon") == FROM_APP and place_uid is None:
        return HttpResponseRedirect(f"{reverse('citizen:start')}?{request.GET.urlencode()}")  # the mark goes with her
    if _has_messages(request):
        return render(request, "citizen/home.html", _context(commune.of(request)))
    language, wish, now = translation.get_language(), wishes.of(request), clock.now()
    slot = int(now.timestamp() // FRESH.total_seconds())
    key = (place_uid, language, str(wish), clock.day_of(now), slot, content.version(), alerts.mark(now), release.mark())

    def make() -> str:
        context = _context(commune.of(request))
        shown = {
            "LANGUAGE_CODE": language,
            "ui_large": wish.large,
            "ui_theme": wish.theme,
            "ui_demo": settings.DEMO,
        }
        return render_to_string("citizen/home.html", {**context, **shown})

    return pagecache.answer(request, CACHE.get(key, make))


def _has_messages(request: HttpRequest) -> bool:
    """Say whether a toast waits, without touching the session of those who have none."""
    waiting = "messages" in request.COOKIES or settings.SESSION_COOKIE_NAME in request.COOKIES
    return waiting and len(messages.get_messages(request)) > 0


def _context(place: UnitView | None) -> dict[str, Any]:
    on: date = clock.today()
    now: datetime = clock.now()
    cards = content.notices_for(place.id if place else None, on, limit=30)
    cards = [card for card in cards if card.expires_at is None or card.expires_at > now]
    urgent = [card for card in cards if card.urgent]
    calm = [card for card in cards if not card.urgent]
    language = "en" if (translation.get_language() or "").startswith("en") else "vi"
    unit_id = place.id if place else None
    own_tiles, tile_groups = sections.tiles_for(unit_id, on)
    events = articles.newest(Kind.EVENT, unit_id, now=now, language=language, limit=EACH_SHELF)
    return {
        "here": "trang-chu",
        "commune": place,
        "urgent": urgent[:2],
        "mine": [card for card in calm if card.mine][:EACH_LIST],
        "general": [card for card in calm if not card.mine][:EACH_LIST],
        "own_tiles": own_tiles,
        "tile_groups": tile_groups,
        "events": events,
        "news": articles.newest(Kind.NEWS, unit_id, now=now, language=language, limit=EACH_SHELF),
        "former": [one.unit.full_name for one in places.predecessors(place.id, on) if one.share > 0] if place else [],
    }
