"""Warnings for other programs: Atom, RSS, JSON Feed, GeoJSON. Never over 900 kB; 304 for who has the latest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from smarthd.alerts.selectors import public
from smarthd.alerts.values import AlertView
from smarthd.citizen import alert_feeds, pagecache
from smarthd.citizen.refusals import QuestionFaulty
from smarthd.kernel import clock
from smarthd.places import selectors as places

CACHE = pagecache.PageCache(capacity=400)
LARGEST = 900_000
_TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
    "geojson": "application/geo+json; charset=utf-8",
}
_MAKERS: dict[str, Callable[..., str]] = {
    "atom": alert_feeds.atom,
    "rss": alert_feeds.rss,
    "json": alert_feeds.json_feed,
    "geojson": alert_feeds.geojson,
}


@require_safe
def feed(request: HttpRequest, kind: str) -> HttpResponse:
    """Give what is in force and what ended within two days; ``?xa=`` a commune's code narrows it."""
    now, code = clock.now(), request.GET.get("xa", "")[:10]
    unit = next((one for one in places.units_on(clock.today(), "commune") if one.code == code), None) if code else None
    if code and unit is None:
        raise QuestionFaulty(fields={"xa": "Không có xã, phường mang mã này."})
    alerts = list(public.feed(now, unit.id if unit else None))
    marks = tuple((one.code, one.state.value, one.expires_at > now) for one in alerts)
    kept = CACHE.get((kind, code, marks), lambda: _bounded(_MAKERS[kind], alerts, code))
    response = pagecache.answer(request, kept)
    response["Content-Type"] = _TYPES[kind]
    response["Cache-Control"] = "public, max-age=30"
    response["Vary"] = "Accept-Encoding"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _bounded(make: Callable[..., str], alerts: Sequence[AlertView], code: str) -> str:
    """Return the feed, without its last entries where it would be too large: what is in force stands first."""
    kept = list(alerts)
    while True:
        text = make(kept, root=settings.ORIGIN, code=code)
        if len(text.encode()) <= LARGEST or not kept:
            return text
        kept = kept[: len(kept) * 3 // 4]
