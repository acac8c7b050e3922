"""The short way for programs that read open data: no session, no form, no reader's language, no account can change what they get.

A page's request passes sixteen layers before its view; a program's passes two, and its connection to the database stays with its thread
for a minute. Everything else keeps the long way: pages for people, whatever writes, and addresses unknown here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, get_resolver

from smarthd.kernel.errors import Refusal
from smarthd.publicapi.answers import READABLE, beside
from smarthd.publicapi.ogc import doors
from smarthd.publicapi.opendata import serving
from smarthd.ui import refusals

ADDRESSES = "smarthd.publicapi.urls"
OGC = "smarthd.publicapi.ogc.urls"
PLACES = ("/ogc/", "/api/v1/datasets", "/catalog.jsonld", "/data.json")
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Nothing in an answer for a program is ever run or shown."""
KEPT_S = 60

View = Callable[[HttpRequest], HttpResponseBase]


class MachineReads:
    """Middleware, before all others: answer programs' reads of open data, give everything else on."""

    def __init__(self, get_response: View) -> None:
        self._others = get_response
        self._short = cast("View", SecurityMiddleware(XFrameOptionsMiddleware(_answered)))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_machine_read(request):
            return self._others(request)
        try:
            request.resolver_match = _found(request.path_info)
        except Resolver404:
            if not request.path_info.startswith("/ogc/"):
                return self._others(request)
            request.resolver_match = ResolverMatch(doors.unknown, (), {})
        answer = self._short(request)
        _keep_connection()
        return answer


def _found(path: str) -> ResolverMatch:
    if path.startswith("/ogc/"):
        return get_resolver(OGC).resolve(path[4:])
    return get_resolver(ADDRESSES).resolve(path)


def is_machine_read(request: HttpRequest) -> bool:
    """Say whether a program reads open data: by address, by method, and by not asking for a page."""
    if not request.path_info.startswith(PLACES) or request.method not in {"GET", "HEAD", "OPTIONS"}:
        return False
    return "text/html" not in request.META.get("HTTP_ACCEPT", "") and "f=html" not in request.META.get(
        "QUERY_STRING", ""
    )


def _answered(request: HttpRequest) -> HttpResponseBase:
    view, args, kwargs = request.resolver_match  # type: ignore[misc]
    head = request.method == "HEAD"
    if head:  # what may be read may be asked about (RFC 9110, 9.3.2); views are written for GET
        request.method = "GET"
    try:
        answer: HttpResponseBase = (
            serving.preflight() if request.method == "OPTIONS" else view(request, *args, **kwargs)
        )
    except Refusal as refusal:
        status, told = refusals.as_json(refusal)
        answer = JsonResponse(told, status=status, json_dumps_params=READABLE)
        for name, said in beside(refusal, status).items():
            answer.headers[name] = said
    serving.open_to_all(answer)  # refusals too: a page of another site must read why
    headers = answer.headers
    headers["Content-Security-Policy"] = POLICY
    headers["Content-Language"] = settings.LANGUAGE_CODE
    for name, said in serving.fair_use(request).items():
        headers[name] = said
    if not answer.streaming and "Content-Length" not in headers:
        headers["Content-Length"] = str(len(answer.content))  # type: ignore[attr-defined]
    return _without_body(answer) if head else answer


def _without_body(answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = iter(())
    elif isinstance(answer, HttpResponse):
        answer.content = b""
    return answer


def _keep_connection() -> None:
    """Let the thread keep its connection after the answer: taking one from the pool costs more than a question (docs/adr/0121)."""
    own = connections[DEFAULT_DB_ALIAS]
    if own.connection is not None and not own.errors_occurred and not own.in_atomic_block:
        own.close_at = time.monotonic() + KEPT_S
