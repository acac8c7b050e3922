"""Single files: a warning's signed CAP message, our certificate, a commune's file, a warning's ground, a stream for open screens."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from smarthd.alerts.selectors import ground, public
from smarthd.alerts.services import publishing
from smarthd.kernel import clock
from smarthd.places import selectors as places
from smarthd.places.values import UnitView

RETRY_MS = 15_000


@require_safe
def cap(request: HttpRequest, code: str) -> HttpResponse:
    """Give the message as it went out, byte for byte: its signature holds."""
    response = HttpResponse(public.cap_of(code), content_type="application/cap+xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400, immutable"
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Give the certificate by which our messages are verified."""
    response = HttpResponse(publishing.certificate(), content_type="application/x-pem-file")
    response["Cache-Control"] = "public, max-age=3600"
    return response


def _unit(code: str) -> UnitView:
    unit = next((one for one in places.units_on(clock.today(), "commune") if one.code == code), None)
    if unit is None:
        raise Http404
    return unit


@require_safe
def commune_file(request: HttpRequest, code: str) -> HttpResponse:
    """Give a commune's file as it lies on the disk; where none was written yet, what would stand in it."""
    body = _file(code)
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    response: HttpResponse
    if etag in parse_etags(request.headers.get("if-none-match", "")):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=10"
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _file(code: str) -> bytes:
    try:
        return publishing.file_of(code).read_bytes()
    except FileNotFoundError:
        return publishing.present_body(_unit(code), clock.now())


@require_safe
def stream(request: HttpRequest, code: str) -> HttpResponse:
    """Answer an EventSource with the state of now and let it come again in fifteen seconds: no thread is held (docs/adr/0062-files-before-streams.md).

    Its ``Last-Event-ID`` is what it knows: nothing new is a comment of a few bytes.
    """
    body = _file(code)
    mark = hashlib.blake2b(body, digest_size=8).hexdigest()
    if request.headers.get("last-event-id") == mark:
        text = f"retry: {RETRY_MS}\nid: {mark}\n: không có gì mới\n\n"
    else:
        text = f"retry: {RETRY_MS}\nid: {mark}\nevent: alerts\ndata: {body.decode()}\n\n"
    response = HttpResponse(text, content_type="text/event-stream; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Give the ground of one warning as GeoJSON, for the map of its page."""
    alert = public.alert_page(code, account_id=request.user.pk if request.user.is_authenticated else None)
    day = clock.day_of(alert.issued_at or clock.now())
    shape = ground.shape_of(alert.commune_ids, alert.ring, day)
    properties = {"code": alert.code, "colour": alert.colour}
    response = JsonResponse({"type": "Feature", "properties": properties, "geometry": shape})
    response["Content-Type"] = "application/geo+json"
    response["Cache-Control"] = "private, max-age=86400" if alert.status == "Test" else "public, max-age=86400"
    return response
