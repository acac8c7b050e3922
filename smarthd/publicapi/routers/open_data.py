"""Open data: datasets, their rows by pages, the whole as a file, what is new as a feed. Reading needs no key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import urlencode

from smarthd.connectors.rules.asking import Asked
from smarthd.connectors.selectors import histories, known, open_data
from smarthd.connectors.selectors.public import Dataset, names
from smarthd.kernel import clock
from smarthd.kernel.paging import encode_cursor
from smarthd.publicapi.opendata import asking, describing, files, formats, serving
from smarthd.publicapi.routers.datasets import router

__all__ = ["router"]  # the one that takes rows in, with what gives them out: both share addresses
FEED_ITEMS = 50
FEED_EVENTS = 5_000
EDITIONS = 50


def _parameter(name: str, kind: str, words: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": kind}, "description": words}


_ROWS = {
    "parameters": [
        {
            "name": "limit", "in": "query", "required": False, "description": "Số mục mỗi trang.",
            "schema": {"type": "integer", "minimum": 1, "maximum": asking.MOST_ROWS, "default": asking.USUAL_ROWS},
        },
        _parameter("cursor", "string", "Trang kế, lấy từ liên kết next."),
        _parameter("sort", "string", "Tên trường; thêm dấu - để xếp ngược."),
        _parameter("bbox", "string", "Kinh độ tây, vĩ độ nam, kinh độ đông, vĩ độ bắc."),
        _parameter("near", "string", "Kinh độ, vĩ độ: các mục gần nhất."),
        _parameter("radius", "number", "Bán kính quanh near, tính bằng mét (2000)."),
        _parameter("datetime", "string", "Ngày giờ hoặc khoảng, theo RFC 3339: 2026-11-01/2026-11-30."),
        _parameter("filter", "string", "Điều kiện CQL2, ví dụ loai = 'Nhà thuốc' AND gia < 50000."),
        _parameter("filter-lang", "string", "cql2-text hoặc cql2-json."),
        {
            "name": "fields", "in": "query", "required": False, "style": "form", "explode": True,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
            "description": "Lọc theo trường: ten_truong=giá trị; so.min=…, so.max=…. Tên trường ở phần mô tả bộ dữ liệu.",
        },
    ]
}  # fmt: skip


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri("/")[:-1]


def _answer(request: HttpRequest, make: Callable[[HttpRequest], HttpResponseBase]) -> Any:
    return serving.zipped(make)(request)


@router.get("/datasets", summary="Các bộ dữ liệu mở")
def list_datasets(request: HttpRequest, q: str = "") -> HttpResponse:
    """List every open dataset: title, publisher, licence, how fresh, where each format is. ``q`` keeps those whose name holds the words."""
    serving.admit(request)
    found = [one for one in open_data.open_datasets(now=clock.now()) if names(one, q[:80])]
    publishers, root = describing.names_of(found), _root(request)
    told = {"datasets": [describing.summary(one, publishers, root) for one in found]}
    return serving.described(request, told)


@router.get("/datasets/{key}", summary="Một bộ dữ liệu: lược đồ, giấy phép, đơn vị, độ mới")
def describe_dataset(request: HttpRequest, key: str) -> HttpResponse:
    """Describe a dataset: its fields as a Table Schema, licence, owner, freshness, and the addresses of its formats."""
    serving.admit(request)
    shown = open_data.open_dataset(key[:60], now=clock.now())
    told = describing.whole(shown, describing.names_of([shown]), _root(request))
    told["versions"] = [describing.edition(one) for one in histories.editions([shown]).get(shown.id, [])[:EDITIONS]]
    told["links"]["versions"] = f"{told['links']['self']}/versions"
    return serving.described(request, told)


@router.get("/datasets/{key}/rows.{format}", summary="Các mục, theo trang, có lọc", openapi_extra=_ROWS)
def list_rows(request: HttpRequest, key: str, format: Literal["json", "csv", "geojson"]) -> Any:
    """Give a page of rows as JSON, CSV or GeoJSON; the next page is named in the body and in the Link header."""
    return page_of(request, key, format)


@router.get("/datasets/{key}/rows", summary="Các mục, JSON", openapi_extra=_ROWS)
def list_rows_as_json(request: HttpRequest, key: str) -> Any:
    """Give a page of rows as JSON."""
    return page_of(request, key, "json")


@router.get("/datasets/{key}/rows/{code}", summary="Một mục")
def one_row(request: HttpRequest, key: str, code: str) -> Any:
    """Give one row."""

    def answer(shown: Dataset) -> HttpResponseBase:
        def make() -> HttpResponse:
            return HttpResponse(open_data.one(shown, code, open_data.row_sql(shown)), content_type="application/json")

        return serving.conditional(request, shown, "json", make)

    return known.on_current(key[:60], answer, now=clock.now())


@router.get("/datasets/{key}/file.{format}", summary="Cả bộ, một tệp")
def whole_file(request: HttpRequest, key: str, format: Literal["csv", "json", "geojson", "parquet"]) -> Any:
    """Give the whole public version as one file, made once and kept."""
    shown = open_data.open_dataset(key[:60], now=clock.now())
    if format not in open_data.file_kinds(shown):
        raise serving.FormatUnknown(open_data.file_kinds(shown))
    place = files.ready(shown, format)
    as_it_lies = files.as_it_lies(request, format)
    etag = serving.etag_for(request, shown, f"file.{format}", as_it_lies)

    def make() -> HttpResponseBase:
        answer = files.answer(request, place, kind=format, etag=etag, name=f"{shown.key}_ban-{shown.version}")
        answer.headers["Link"] = f'<{shown.licence_words[1]}>; rel="license"'
        return answer

    return serving.conditional(request, shown, f"file.{format}", make, as_it_lies)


@router.get("/datasets/{key}/datapackage.json", summary="Mô tả gói dữ liệu (Frictionless Data Package)")
def data_package(request: HttpRequest, key: str) -> HttpResponse:
    """Describe the CSV file of a dataset for programs that read Data Packages: its columns, their types, its licence and source."""
    serving.admit(request)
    shown = open_data.open_dataset(key[:60], now=clock.now())
    return serving.described(request, describing.package(shown, describing.names_of([shown]), _root(request)))


@router.get("/datasets/{key}/feed.{format}", summary="Mục mới (RSS), lịch (ICS)")
def feed(request: HttpRequest, key: str, format: Literal["rss", "ics"]) -> Any:
    """Give the rows that changed last as RSS, or rows with days as a calendar."""
    now = clock.now()
    shown = open_data.open_dataset(key[:60], now=now)
    if format not in open_data.feed_kinds(shown):
        raise serving.FormatUnknown(open_data.feed_kinds(shown) or open_data.file_kinds(shown))
    root = _root(request)

    def make(_request: HttpRequest) -> HttpResponse:
        if format == "rss":
            rows = open_data.newest(shown, FEED_ITEMS)
            body: str | bytes = formats.rss(shown, rows, root=root, self=request.build_absolute_uri())
        else:
            texts = open_data.page(shown, Asked(limit=FEED_EVENTS), open_data.row_sql(shown)).texts
            body = formats.ics(shown, texts, root=root, now=now)
        return HttpResponse(body, content_type=describing.TYPES[format])

    return serving.conditional(request, shown, format, lambda: _answer(request, make))


def page_of(request: HttpRequest, key: str, kind: str) -> Any:
    """Return a page of rows in a format."""

    def answer(shown: Dataset) -> HttpResponseBase:
        if kind == "geojson" and not shown.has_map:
            raise serving.FormatUnknown(one for one in describing.PAGED if one != "geojson")
        asked = asking.asked(request.GET, shown)
        return serving.conditional(
            request, shown, kind, lambda: _answer(request, lambda _request: _page(request, shown, asked, kind))
        )

    return known.on_current(key[:60], answer, now=clock.now())


def _page(request: HttpRequest, shown: Dataset, asked: Asked, kind: str) -> HttpResponse:
    texts = {"json": open_data.row_sql, "geojson": open_data.feature_sql, "csv": open_data.row_sql}[kind](shown)
    found = open_data.page(shown, asked, texts)
    following = _following(request, found.after)
    answer = HttpResponse(_body(shown, kind, found.texts, following), content_type=describing.TYPES[kind])
    links = [f'<{shown.licence_words[1]}>; rel="license"', *([f'<{following}>; rel="next"'] if following else [])]
    answer.headers["Link"] = ", ".join(links)
    return answer


def _body(shown: Dataset, kind: str, texts: Any, following: str) -> str:
    if kind == "csv":
        return "".join(formats.csv_text(shown, formats.cells(shown, texts)))
    about: dict[str, Any] = {"type": "FeatureCollection"} if kind == "geojson" else {"dataset": shown.key}
    about |= {
        "version": shown.version,
        "licence": shown.licence_words[1],
        "count": len(texts),
        "next": following or None,
    }
    return "".join(formats.json_text(about, "features" if kind == "geojson" else "rows", texts))


def _following(request: HttpRequest, after: tuple[str | int, int] | None) -> str:
    if after is None:
        return ""
    params = [(name, value) for name, values in request.GET.lists() for value in values if name != "cursor"]
    query = urlencode([*params, ("cursor", encode_cursor(*after))])
    return request.build_absolute_uri(f"{request.path}?{query}")
