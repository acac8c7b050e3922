"""The resources of OGC API – Features: landing page, conformance, collections, queryables, items, one item."""

from __future__ import annotations

import json
from datetime import UTC
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.http import urlencode

from smarthd.connectors.errors import DatasetUnknown
from smarthd.connectors.rules import asking as ask
from smarthd.connectors.rules.asking import Asked, Condition
from smarthd.connectors.selectors import histories, known, open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import clock
from smarthd.kernel.paging import encode_cursor
from smarthd.publicapi.ogc import description, doors
from smarthd.publicapi.ogc.description import CRS84, EPSG4326
from smarthd.publicapi.ogc.doors import answer, door, itself, link, root, wants_page
from smarthd.publicapi.opendata import asking, describing, serving

GEOJSON = "application/geo+json"
SHOWN_ROWS = 30
_LINKS = json.JSONEncoder(ensure_ascii=False, check_circular=False)


def _collections() -> list[Dataset]:
    return [one for one in open_data.open_datasets(now=clock.now()) if one.has_map]


def _collection(key: str) -> Dataset:
    shown = open_data.open_dataset(key[:60], now=clock.now())
    _require_map(shown)
    return shown


def _require_map(shown: Dataset) -> None:
    if not shown.has_map:
        raise DatasetUnknown(key=shown.key)


@door()
def landing(request: HttpRequest) -> HttpResponse:
    """Say where everything is."""
    at = root(request)
    links = [
        *itself(request),
        link(f"{at}/api", "service-desc", description.OPENAPI_TYPE, "Mô tả OpenAPI"),
        link(f"{at}/api?f=html", "service-doc", "text/html", "Tài liệu đọc được"),
        link(f"{at}/conformance", "conformance", title="Các lớp tuân thủ"),
        link(f"{at}/collections", "data", title="Các tập dữ liệu"),
    ]
    told = {
        "title": "Dữ liệu mở có tọa độ",
        "description": "Các bộ dữ liệu mở nằm trên bản đồ, theo OGC API – Features: dùng thẳng trong QGIS, ArcGIS, GDAL.",
        "links": links,
    }
    return answer(request, told, "landing")


@door()
def conformance(request: HttpRequest) -> HttpResponse:
    """Say what this service conforms to."""
    return answer(request, {"conformsTo": list(description.CONFORMS)}, "conformance")


@door()
def api(request: HttpRequest) -> HttpResponse:
    """Describe the service."""
    return answer(request, description.document(_collections(), root(request)), "api", kind=description.OPENAPI_TYPE)


@door()
def collections(request: HttpRequest) -> HttpResponse:
    """List the collections."""
    told = {
        "links": itself(request),
        "crs": [CRS84, EPSG4326],
        "collections": [_about(one, root(request)) for one in _collections()],
    }
    return answer(request, told, "collections")


@door()
def collection(request: HttpRequest, key: str) -> HttpResponse:
    """Describe one collection."""
    shown = _collection(key)
    told = _about(shown, root(request))
    told["links"] = [*itself(request), *told["links"]]
    return answer(request, told, "collection")


def _about(shown: Dataset, at: str) -> dict[str, Any]:
    own = f"{at}/collections/{shown.key}"
    name, licence = shown.licence_words
    links = [
        link(own, "self", title=shown.title),
        link(f"{own}/items", "items", GEOJSON, "Các mục"),
        link(f"{own}/items?f=html", "items", "text/html", "Các mục, trang đọc được"),
        link(f"{own}/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", "application/schema+json"),
        link(licence, "license", "text/html", name),
        *(
            link(href, "enclosure", describing.TYPES[kind].partition(";")[0], f"Cả bộ, {kind}")
            for kind, href in describing.links(shown, at.removesuffix("/ogc"))["files"].items()
        ),
    ]
    told: dict[str, Any] = {
        "id": shown.key,
        "title": shown.title,
        "description": shown.summary,
        "itemType": "feature",
        "crs": [CRS84, EPSG4326],
        "storageCrs": CRS84,
        "extent": _extent(shown),
        "links": links,
    }
    return told


def _extent(shown: Dataset) -> dict[str, Any]:
    reach = histories.reach(shown)
    box, span = reach.box, reach.span
    told: dict[str, Any] = {}
    if box is not None:
        told["spatial"] = {"bbox": [list(box)], "crs": CRS84}
    if span is not None:
        ends = [_rfc3339(one, end=place == 1) for place, one in enumerate(span)]
        told["temporal"] = {
            "interval": [ends],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    return told


def _rfc3339(stored: str, *, end: bool) -> str:
    period = asking.period_of(stored if len(stored) == 10 else f"{stored}:00+07:00")
    moment = period.until if end else period.since
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ".."


@door()
def queryables(request: HttpRequest, key: str) -> HttpResponse:
    """Say what may be asked of the items of a collection, as JSON Schema."""
    shown = _collection(key)
    fields = open_data.fields_of(shown)
    told = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root(request)}/collections/{shown.key}/queryables",
        "type": "object",
        "title": shown.title,
        "properties": {
            "geometry": {"title": "Vị trí", "format": "geometry-point"},
            **{one.key: {"title": one.label, **description.queryable(one)} for one in fields},
        },
        "additionalProperties": False,
    }
    return answer(request, told, "queryables", kind="application/schema+json")


# --- items ------------------------------------------------------------------------------------------------------------
@door(knows=None, of_rows=True)
def items(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give a page of items."""
    return known.on_current(key[:60], lambda shown: _items(request, shown), now=clock.now())


def _items(request: HttpRequest, shown: Dataset) -> HttpResponseBase:
    _require_map(shown)
    page, crs = wants_page(request), _crs(request.GET, "crs")
    asked = _asked(request.GET, shown)
    if page:
        serving.admit(request, shown, "ogc")
        return _items_page(request, shown, asked)

    def make() -> HttpResponse:
        texts = open_data.feature_sql(shown, latitude_first=crs == EPSG4326)
        found = open_data.page(shown, asked, texts)
        body = _collection_text(request, shown, asked, found)
        made = HttpResponse(body, content_type=GEOJSON)
        made.headers["Content-Crs"] = f"<{crs}>"
        return made

    return serving.conditional(request, shown, "ogc", make)


def _asked(params: QueryDict, shown: Dataset) -> Asked:
    fields = ask.by_key(open_data.fields_of(shown))
    conditions: list[Condition] = asking.field_conditions(params, fields, frozenset(description.PARAMETERS))
    box_crs = _crs(params, "bbox-crs")
    if (box := params.get("bbox")) is not None:
        conditions.append(_in_box(shown, asking.box_of(shown, box, latitude_first=box_crs == EPSG4326)))
    if (period := params.get("datetime")) is not None:
        conditions.append(asking.period_of(period))
    if params.get("filter-crs", CRS84) != CRS84:
        raise asking.faulty("filter-crs", f"Nhận {CRS84}.")
    language = params.get("filter-lang", "cql2-text")
    if (told := params.get("filter")) is not None:
        conditions.append(asking.cql_condition(told, language, fields))
    elif language not in {"cql2-text", "cql2-json"}:
        raise asking.faulty("filter-lang", "Nhận cql2-text hoặc cql2-json.")
    return Asked(tuple(conditions), limit=asking.limit_of(params), after=asking.after_of(params.get("cursor", "")))


def _in_box(shown: Dataset, box: ask.Box) -> Condition:
    """A box is met by what lies in it and by what lies nowhere (OGC 17-069r4, /req/core/fc-bbox-response)."""
    return box if histories.reach(shown).everywhere else ask.Some((box, ask.Not(ask.Placed())))


def _crs(params: QueryDict, name: str) -> str:
    crs = params.get(name, CRS84)
    if crs not in {CRS84, EPSG4326}:
        raise asking.faulty(name, f"Nhận {CRS84} hoặc {EPSG4326}.")
    return crs


def _collection_text(request: HttpRequest, shown: Dataset, asked: Asked, found: open_data.Rows) -> str:
    about: dict[str, Any] = {
        "type": "FeatureCollection",
        "links": [*itself(request, GEOJSON), *_next(request, found)],
        "timeStamp": clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "numberReturned": len(found.texts),
    }
    matched = _matched(shown, asked, found)
    if matched is not None:
        about["numberMatched"] = matched
    return f'{json.dumps(about, ensure_ascii=False)[:-1]}, "features": [' + ",\n".join(found.texts) + "]}"


def _matched(shown: Dataset, asked: Asked, found: open_data.Rows) -> int | None:
    """Return how many items match, where that costs nothing to know: all of them, or those of the only page."""
    if not asked.conditions:
        return shown.rows
    return len(found.texts) if asked.after is None and found.after is None else None


def _next(request: HttpRequest, found: open_data.Rows) -> list[dict[str, str]]:
    if found.after is None:
        return []
    params = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    query = urlencode([*params, ("cursor", encode_cursor(*found.after))])
    return [link(request.build_absolute_uri(f"{request.path}?{query}"), "next", GEOJSON, "Trang kế")]


def _items_page(request: HttpRequest, shown: Dataset, asked: Asked) -> HttpResponse:
    if "limit" not in request.GET:
        asked = Asked(asked.conditions, limit=SHOWN_ROWS, after=asked.after)
    found = open_data.page(shown, asked, open_data.row_sql(shown))
    rows = [json.loads(text) for text in found.texts]
    following = _next(request, found)
    context = {
        "shown": shown,
        "heads": open_data.fields_of(shown),
        "rows": rows,
        "following": following[0]["href"] if following else "",
        "matched": _matched(shown, asked, found),
        **doors.pages_of(request),
    }
    return render(request, "publicapi/ogc/items.html", context)


@door(knows=("crs",), of_rows=True)
def item(request: HttpRequest, key: str, code: str) -> HttpResponseBase:
    """Give one item."""
    return known.on_current(key[:60], lambda shown: _item(request, shown, code), now=clock.now())


def _item(request: HttpRequest, shown: Dataset, code: str) -> HttpResponseBase:
    _require_map(shown)
    crs = _crs(request.GET, "crs")
    if wants_page(request):
        serving.admit(request, shown, "ogc")
        told = json.loads(open_data.one(shown, code, open_data.row_sql(shown)))
        context = {"shown": shown, "heads": open_data.fields_of(shown), "row": told, **doors.pages_of(request)}
        return render(request, "publicapi/ogc/item.html", context)

    def make() -> HttpResponse:
        text = open_data.one(shown, code, open_data.feature_sql(shown, latitude_first=crs == EPSG4326))
        own = f"{root(request)}/collections/{shown.key}"
        links = _LINKS.encode([*itself(request, GEOJSON), link(own, "collection", title=shown.title)])
        made = HttpResponse(f'{text[:-1]}, "links": {links}}}', content_type=GEOJSON)
        made.headers["Content-Crs"] = f"<{crs}>"
        return made

    return serving.conditional(request, shown, "ogc", make)
