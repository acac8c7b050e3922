"""What every answer of open data has: fair use counted, validators, no answer where the asker has it, what was taken counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page

from smarthd.connectors.selectors import known
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.kernel.errors import NotFound, Refusal
from smarthd.programs import services as programs
from smarthd.programs.errors import TooManyCalls

FRESH_S = 60
"""How long an answer may be shown before it is asked again whether it is still so."""
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
_MARKS: dict[str, tuple[str, str]] = {}
GENERATION = "3"
"""Changes when the same rows are written in another way: nobody keeps an answer of the old form."""


class FormatUnknown(NotFound):
    """The dataset is not given in this format; facts: formats."""

    def __init__(self, formats: Iterable[str]) -> None:
        super().__init__(formats=", ".join(formats))


class FileBeingMade(Refusal):
    """The file of a large dataset is being written; facts: retry_s."""


def admit(request: HttpRequest, shown: Dataset | None = None, kind: str = "") -> None:
    """Count a call against the key it came with, else against its address, and the use of a dataset. Raises KeyInvalid, TooManyCalls.

    A request is counted once, also where it is answered anew because what was remembered of its dataset has moved.
    """
    if hasattr(request, "fair_use"):
        return
    now = clock.now()
    told = request.META
    secret = told.get("HTTP_X_API_KEY", "") or told.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
    address = told.get("REMOTE_ADDR", "")
    asker = programs.asker_of(secret.strip()[:100], address, limit=settings.OPEN_DATA_PER_HOUR, now=now)
    try:
        standing = programs.count_call(asker, now=now, dataset=shown.key if shown else "", kind=kind)
    except TooManyCalls as full:
        _tell(request, asker.limit, 0, full.facts["retry_at"], now)
        raise
    _tell(request, standing.limit, standing.limit - standing.calls, standing.until, now)


def _tell(request: HttpRequest, limit: int, left: int, until: Any, now: datetime) -> None:
    """Leave what the asker is told of its limit on the request (draft-ietf-httpapi-ratelimit-headers); :func:`fair_use` gives it."""
    seconds = max(1, round((until - now).total_seconds()))
    request.fair_use = (f'"gio";q={limit};w=3600', f'"gio";r={max(0, left)};t={seconds}')  # type: ignore[attr-defined]


def fair_use(request: HttpRequest) -> dict[str, str]:
    """Return the headers that say how often one may call and how often one still may; none where no call was counted."""
    policy, left = getattr(request, "fair_use", ("", ""))
    return {"RateLimit-Policy": policy, "RateLimit": left} if policy else {}


def content_of(shown: Dataset) -> tuple[object, ...]:
    """Return what decides the rows of an answer: the version and how it is described, not how fresh it is."""
    return (shown.key, shown.version, shown.title, shown.mapping, shown.publication, shown.licence, shown.attribution)


def _content_mark(shown: Dataset) -> str:
    """Return :func:`content_of` as a short mark; of a dataset that is known it is worked out once."""
    kept = _MARKS.get(shown.key)
    if kept is None or not shown.mark or kept[0] != shown.mark:
        kept = (shown.mark, etag_of(content_of(shown)))
        _MARKS[shown.key] = kept
    return kept[1]


def etag_of(*parts: object) -> str:
    """Return the mark of an answer that changes with any of its parts."""
    return f'"{hashlib.sha256(repr((GENERATION, parts)).encode()).hexdigest()[:24]}"'


def etag_for(request: HttpRequest, shown: Dataset, kind: str, *parts: object) -> str:
    """Return the mark of what a call gets of a dataset."""
    return etag_of(_content_mark(shown), kind, request.get_full_path(), parts)


def conditional(
    request: HttpRequest, shown: Dataset, kind: str, make: Callable[[], HttpResponseBase], *parts: object
) -> HttpResponseBase:
    """Return what ``make`` gives with its validators, or 304 without asking for any row. The call and the use are counted first."""
    admit(request, shown, kind)
    etag = etag_for(request, shown, kind, *parts)
    changed = int(shown.changed_at.timestamp()) if shown.changed_at else None
    answer: HttpResponseBase | None = None
    if any(name in request.META for name in _CONDITIONS):
        if shown.mark and not known.is_still(shown):
            raise known.Moved
        answer = get_conditional_response(request, etag=etag, last_modified=changed)
    if answer is None:
        answer = make()
        if changed is not None:
            answer.headers["Last-Modified"] = http_date(changed)
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    return open_to_all(answer)


def described(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    """Return a description as JSON with its mark, or 304."""
    etag = etag_of(told)
    answer: HttpResponse | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = f"public, max-age={FRESH_S}"
    open_to_all(answer)
    return answer


def open_to_all(answer: HttpResponseBase, *varies: str) -> HttpResponseBase:
    """Let pages of other sites read an answer: it is the same for everybody and no cookie goes with it."""
    if "Access-Control-Allow-Origin" not in answer.headers:
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Expose-Headers"] = (
            "Link, ETag, Content-Crs, RateLimit, RateLimit-Policy, Retry-After, Content-Range"
        )
    if answer.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding":
        answer.headers["Vary"] = ", ".join(["Accept-Encoding", *varies])
    else:
        patch_vary_headers(answer, ["Accept-Encoding", *varies])
    return answer


def preflight() -> HttpResponse:
    """Answer a browser that asks whether a page of another site may ask, with a key too."""
    answer = HttpResponse(status=204)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
    answer.headers["Access-Control-Allow-Headers"] = (
        "X-Api-Key, Authorization, If-None-Match, If-Modified-Since, If-Range, Range"
    )
    answer.headers["Access-Control-Max-Age"] = "86400"
    return answer


def zipped(view: Callable[..., Any]) -> Callable[..., Any]:
    """Compress what a view answers, for who takes gzip."""
    packed = gzip_page(view)

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return packed(request, *args, **kwargs)

    return whole
