"""A bulletin where others read it: the receiver's page behind a secret link, the frame and the data of a portal."""

from __future__ import annotations

import dataclasses
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_GET, require_http_methods

from smarthd.channels.rules import saying
from smarthd.channels.rules.bulletins import PRIORITY_WORDS
from smarthd.channels.rules.dispatches import STATE_WORDS
from smarthd.channels.selectors import receivers, wording
from smarthd.channels.services import papers, receipts
from smarthd.kernel import clock

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
}
FRESH_S = 30
"""How long a portal may show what it has before it asks again."""
_SCRIPT = Path(__file__).parent.parent / "static" / "publicapi" / "ban-tin.js"


@require_http_methods(["GET", "POST"])
def receiver(request: HttpRequest, token: str) -> HttpResponse:
    """Show a bulletin to whoever holds its link, and take their word that they have it or aired it."""
    now = clock.now()
    if request.method == "POST":
        receipts.confirm(token, what=request.POST.get("viec", ""), name=request.POST.get("ten", ""), now=now)
        return redirect("bulletins:receiver", token=token)
    seen = receivers.received(token, now=now)
    context = {
        "seen": seen,
        "token": token,
        "title": saying.title(seen.words),
        "opening": saying.opening(seen.words),
        "area": saying.area(seen.words),
        "priority": PRIORITY_WORDS[seen.words.priority],
        "state": STATE_WORDS[seen.state],
    }
    answer = render(request, "publicapi/receiver.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_GET
def file(request: HttpRequest, token: str, suffix: str) -> HttpResponse:
    """Hand out the script, the recording or the poster to whoever holds the link; loudspeakers fetch their recording here."""
    now = clock.now()
    row = receivers.dispatch_of(token, now=now).bulletin
    made = papers.made(wording.words_of(row), suffix, code=str(row.uid)[-8:], now=now)
    headers = {
        "Content-Disposition": f'inline; filename="ban-tin.{suffix}"',
        "Cache-Control": "private, max-age=300",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(made, content_type=TYPES[suffix], headers=headers)


@xframe_options_exempt
@require_GET
def frame(request: HttpRequest, key: str) -> HttpResponse:
    """Show a portal's bulletins without a script; only that portal may hold the frame."""
    now = clock.now()
    found = receivers.frame(key, now=now)
    receipts.portal_asked(found.outlet_id, now=now)
    answer: Any = render(request, "publicapi/frame.html", {"cards": found.cards, "now": now, "fresh_s": FRESH_S})
    answer._csp_replace = {  # django-csp's own way for one answer
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "script-src": ["'none'"],
        "frame-ancestors": [found.origin],
    }
    return _public(answer)


@require_GET
def cards(request: HttpRequest, key: str) -> HttpResponse:
    """Return a portal's bulletins as data for its tag; only that portal's pages may read the answer."""
    now = clock.now()
    found = receivers.frame(key, now=now)
    receipts.portal_asked(found.outlet_id, now=now)
    answer = JsonResponse({"at": now.isoformat(), "bulletins": [dataclasses.asdict(card) for card in found.cards]})
    answer.headers["Access-Control-Allow-Origin"] = found.origin
    answer.headers["Vary"] = "Origin"
    return _public(answer)


@require_GET
def script(request: HttpRequest) -> HttpResponse:
    """Return the tag's module, which other sites load from us."""
    answer = HttpResponse(_module(), content_type="text/javascript; charset=utf-8")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@cache
def _module() -> bytes:
    return _SCRIPT.read_bytes()


def _public(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
