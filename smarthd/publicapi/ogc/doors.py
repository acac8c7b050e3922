"""The door of every OGC resource: only GET, only known parameters, in JSON or as a page, faults as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from smarthd.kernel.errors import Invalid, Refusal
from smarthd.publicapi.answers import READABLE, beside
from smarthd.publicapi.opendata import serving
from smarthd.publicapi.opendata.asking import faulty
from smarthd.ui import refusals

View = Callable[..., HttpResponseBase]


class NotAcceptable(Invalid):
    """Neither JSON nor a page is wanted."""


def door(*, knows: Iterable[str] | None = (), of_rows: bool = False) -> Callable[[View], View]:
    """Let in GET and HEAD with the parameters named (None: the view looks itself), and answer refusals as the asker reads.

    A resource ``of_rows`` counts its call together with the use of its dataset.
    """
    known = None if knows is None else frozenset(knows) | {"f"}

    def wrap(view: View) -> View:
        packed = serving.zipped(view)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return serving.preflight()
            if request.method not in {"GET", "HEAD"}:
                answer = _problem(405, "Chỉ nhận GET", "Dịch vụ này chỉ để đọc.")
                answer.headers["Allow"] = "GET, HEAD, OPTIONS"
                return answer
            try:
                if not of_rows:
                    serving.admit(request)
                _require_known(request, known)
                answer = packed(request, *args, **kwargs)
            except Refusal as refusal:
                answer = _refused(request, refusal)
            return serving.open_to_all(answer, "Accept")

        guarded.csrf_exempt = True  # type: ignore[attr-defined]  # what writes is refused here, as a program reads it
        return guarded

    return wrap


def unknown(request: HttpRequest) -> HttpResponseBase:
    """Answer a program that asks for an address there is not: as a problem document, never as a page."""
    words = (
        f"Không có địa chỉ này. Bắt đầu từ {root(request)}/ và đi theo các liên kết; sau tên không có dấu gạch chéo."
    )
    return serving.open_to_all(_problem(404, "Không có địa chỉ này", words), "Accept")


def _require_known(request: HttpRequest, known: frozenset[str] | None) -> None:
    for name, values in request.GET.lists():
        if known is not None and name not in known:
            raise faulty(name[:60], f"Không có tham số này; nhận: {', '.join(sorted(known))}.")
        if name == "f" and (len(values) > 1 or values[0] not in {"json", "html"}):
            raise faulty("f", "Nhận json hoặc html.")


def wants_page(request: HttpRequest) -> bool:
    """Say whether a person asks: by ``f``, else by what a browser accepts first. Raises NotAcceptable."""
    if asked := request.GET.get("f"):
        return asked == "html"
    accepts = request.META.get("HTTP_ACCEPT", "*/*") or "*/*"
    if accepts == "*/*":
        return False
    kinds = [part.partition(";")[0].strip().lower() for part in accepts.split(",")]
    if "text/html" in kinds:
        machine = [kinds.index(kind) for kind in kinds if kind.endswith("json")]
        return not machine or kinds.index("text/html") < min(machine)
    if any(kind.endswith("json") or kind in {"*/*", "application/*", ""} for kind in kinds):
        return False
    raise NotAcceptable


def answer(
    request: HttpRequest, told: dict[str, Any], template: str, *, kind: str = "application/json"
) -> HttpResponse:
    """Return a document as JSON or as its page."""
    if wants_page(request):
        return render(request, f"publicapi/ogc/{template}.html", {"told": told, "ogc": True, **pages_of(request)})
    etag = serving.etag_of(told)
    if request.headers.get("if-none-match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    made = JsonResponse(told, json_dumps_params=READABLE, content_type=kind)
    made.headers["ETag"] = etag
    made.headers["Cache-Control"] = f"public, max-age={serving.FRESH_S}"
    return made


def pages_of(request: HttpRequest) -> dict[str, str]:
    """Return the address of a page as JSON, and how to come back to the catalogue."""
    params = request.GET.copy()
    params["f"] = "json"
    return {"as_json": f"{request.path}?{params.urlencode()}"}


def root(request: HttpRequest) -> str:
    """Return the address of the service, without a slash at its end."""
    return request.build_absolute_uri("/ogc")


def link(href: str, rel: str, kind: str = "application/json", title: str = "", **more: str) -> dict[str, str]:
    """Return a link."""
    return {"href": href, "rel": rel, "type": kind, **({"title": title} if title else {}), **more}


def itself(request: HttpRequest, kind: str = "application/json") -> list[dict[str, str]]:
    """Return the links from a document to itself and to its page."""
    at = request.build_absolute_uri(request.path)
    if request.META.get("QUERY_STRING"):
        params = request.GET.copy()
        params.pop("f", None)
        if params:
            at = f"{at}?{params.urlencode()}&f="
    if "?" not in at:
        at += "?f="
    return [
        link(f"{at}json", "self", kind, "Tài liệu này"),
        link(f"{at}html", "alternate", "text/html", "Trang đọc được"),
    ]


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status, told = refusals.as_json(refusal)
    status = 406 if isinstance(refusal, NotAcceptable) else 400 if status == 422 else status
    error: Any = told["error"]
    fields = error.get("fields", {})
    detail = " ".join([error["detail"], *(f"{name}: {said}" for name, said in fields.items())])
    if "html" in request.headers.get("accept", "") and "json" not in request.GET.get("f", ""):
        return refusals.page(
            request, status, refusals.Words(error["title"], error["detail"]), fields=fields if fields else None
        )
    made = _problem(status, error["title"], detail, **({"fields": fields} if fields else {}))
    for name, said in beside(refusal, status).items():
        made.headers[name] = said
    return made


def _problem(status: int, title: str, detail: str, **more: Any) -> HttpResponse:
    told = {"title": title, "status": status, "detail": detail, "code": str(status), "description": title, **more}
    return JsonResponse(told, status=status, content_type="application/problem+json", json_dumps_params=READABLE)
