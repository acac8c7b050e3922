"""Earlier versions of open data, where their owner lets them go: a list, one as a file, what differs between two."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Router

from smarthd.connectors.selectors import earlier, histories, open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.publicapi.opendata import describing, files, serving
from smarthd.publicapi.opendata import earlier as kept

router = Router(tags=["datasets"])
EACH_PAGE = 50


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


@router.get("/datasets/{key}/versions", summary="Các bản đã công bố")
def list_versions(request: HttpRequest, key: str, before: int | None = None) -> HttpResponse:
    """List public versions, the newest first, fifty a page; ``available`` says whether one may be taken away, and ``links`` where.

    ``before`` is the number the page ends before.
    """
    serving.admit(request)
    shown = open_data.open_dataset(key[:60], now=clock.now())
    let = bool(earlier.opened([shown]))
    found = histories.page(shown, before=before, most=EACH_PAGE + 1)
    root = _root(request)
    told: list[dict[str, Any]] = []
    for one in found[:EACH_PAGE]:
        at, available = kept.address(shown.key, one.number, root), let and not one.recalled
        line = describing.edition(one) | {"available": available, "recalled": one.recalled}
        told.append(line | ({"links": {"self": at}} if available else {}))
    more = found[EACH_PAGE - 1].number if len(found) > EACH_PAGE else None
    following = f"{root}/api/v1/datasets/{shown.key}/versions?before={more}" if more else None
    return serving.described(
        request, {"dataset": shown.key, "earlier_available": let, "versions": told, "next": following}
    )


@router.get("/datasets/{key}/versions/{int:number}", summary="Một bản đã công bố")
def one_version(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Describe a version that may be taken away: its fields as they were, where its files are."""
    serving.admit(request)
    found = earlier.version(open_data.open_dataset(key[:60], now=clock.now()), number)
    return serving.described(request, kept.edition(found, _root(request)))


@router.get("/datasets/{key}/versions/{int:number}/file.{format}", summary="Một bản đã công bố, một tệp")
def version_file(request: HttpRequest, key: str, number: int, format: Literal["json", "csv", "geojson"]) -> Any:
    """Give every row of a version as one file. Its mark never changes while the version may be taken away."""
    found, place = kept.version_file(key[:60], number, format)
    return _file(request, found.shown, place, f"earlier.{format}", f"{key[:60]}_ban-{number}")


@router.get("/datasets/{key}/versions/{int:number}/changes.{format}", summary="Hai bản khác nhau ở đâu")
def version_changes(
    request: HttpRequest, key: str, number: int, format: Literal["json", "csv"], since: int | None = None
) -> Any:
    """Give the rows that were added, changed and removed between version ``since`` (without it: the one before) and this one.

    JSON: each with how it was and how it is. CSV: ``_change`` is added, removed, before or after. Only fields of both versions count.
    """
    old, new, place = kept.changes_file(key[:60], number, since, format)
    name = f"{key[:60]}_ban-{old.edition.number}-{number}"
    return _file(request, earlier.common(old.shown, new.shown), place, f"changes.{format}", name)


def _file(request: HttpRequest, shown: Dataset, place: Path, kind: str, name: str) -> HttpResponseBase:
    format = kind.rpartition(".")[2]
    parts = (files.as_it_lies(request, format), name)
    etag = serving.etag_for(request, shown, kind, *parts)

    def make() -> HttpResponseBase:
        answer = files.answer(request, place, kind=format, etag=etag, name=name)
        answer.headers["Link"] = f'<{shown.licence_words[1]}>; rel="license"'
        return answer

    return serving.conditional(request, shown, kind, make, *parts)
