"""What every answer of open data has: fair use counted, validators, no answer where the asker has it, what was taken counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page

from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.kernel.errors import Refusal
from smarthd.programs import services as programs

FRESH_S = 60
"""How long an answer may be shown before it is asked again whether it is still so."""
GENERATION = "1"
"""Changes when the same rows are written in another way: nobody keeps an answer of the old form."""


class FileBeingMade(Refusal):
    """The file of a large dataset is being written; facts: retry_s."""


def admit(request: HttpRequest, shown: Dataset | None = None, kind: str = "") -> None:
    """Count a call against the key it came with, else against its address, and the use of a dataset. Raises KeyInvalid, TooManyCalls."""
    now = clock.now()
    secret = request.headers.get("x-api-key", "") or request.headers.get("authorization", "").removeprefix("Bearer ")
    address = request.META.get("REMOTE_ADDR", "")
    asker = programs.asker_of(secret.strip()[:100], address, limit=settings.OPEN_DATA_PER_HOUR, now=now)
    programs.count_call(asker, now=now, dataset=shown.key if shown else "", kind=kind)


def content_of(shown: Dataset) -> tuple[object, ...]:
    """Return what decides the rows of an answer: the version and how it is described, not how fresh it is."""
    return (shown.key, shown.version, shown.title, shown.mapping, shown.publication, shown.licence, shown.attribution)


def etag_of(*parts: object) -> str:
    """Return the mark of an answer that changes with any of its parts."""
    return f'"{hashlib.sha256(repr((GENERATION, parts)).encode()).hexdigest()[:24]}"'


def conditional(
    request: HttpRequest, shown: Dataset, kind: str, make: Callable[[], HttpResponseBase], *parts: object
) -> HttpResponseBase:
    """Return what ``make`` gives with its validators, or 304 without asking for any row. The call and the use are counted first."""
    admit(request, shown, kind)
    etag = etag_of(content_of(shown), kind, request.get_full_path(), parts)
    changed = int(shown.changed_at.timestamp()) if shown.changed_at else None
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag, last_modified=changed)
    if answer is None:
        answer = make()
        answer.headers["ETag"] = etag
        if changed is not None:
            answer.headers["Last-Modified"] = http_date(changed)
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


def open_to_all(answer: HttpResponseBase) -> HttpResponseBase:
    """Let pages of other sites read an answer: it is the same for everybody and no cookie goes with it."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Access-Control-Expose-Headers"] = "Link, ETag, Content-Crs"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def zipped(view: Callable[..., Any]) -> Callable[..., Any]:
    """Compress what a view answers, for who takes gzip."""
    packed = gzip_page(view)

    @wraps(view)
    def whole(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return packed(request, *args, **kwargs)

    return whole
