"""What belongs to notices beside their pages (views/notices.py, views/directory.py): the feed and the pictures."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import condition, require_safe

from smarthd.citizen import feeds
from smarthd.content import selectors as content
from smarthd.kernel import clock
from smarthd.kernel.actor import ANONYMOUS
from smarthd.places import selectors as places

_PICTURE_AGE_S = 86_400
_FEED_SIZE = 30


def _feed_etag(request: HttpRequest, unit_uid: UUID | None = None) -> str:
    return f'W/"{content.version()}-{clock.today():%Y%m%d}-{unit_uid or "all"}"'


@require_safe
@condition(etag_func=_feed_etag)
def feed(request: HttpRequest, unit_uid: UUID | None = None) -> HttpResponse:
    """Give the notices of a commune, or those for everyone, as an Atom feed (RFC 4287)."""
    on = clock.today()
    unit = places.unit_by_uid(unit_uid, on) if unit_uid else None
    cards = content.notices_page(unit.id if unit else None, on, size=_FEED_SIZE).items
    root = request.build_absolute_uri("/").rstrip("/")
    body = feeds.atom(cards, root=root, path=request.path, name=unit.full_name if unit else "", now=clock.now())
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send one size of a notice's picture, never as anything a browser would run."""
    now = clock.now()
    actor = (
        content.editor_actor(request.session, request.user.pk, now=now) if request.user.is_authenticated else ANONYMOUS
    )
    found = content.picture_file(name, actor, now=now)
    response = FileResponse(found.file, content_type=found.content_type)
    response["Cache-Control"] = f"public, max-age={_PICTURE_AGE_S}" if found.public else "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Content-Disposition"] = "inline"
    return response
