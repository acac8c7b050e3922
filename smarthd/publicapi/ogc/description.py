"""The service as an OpenAPI 3.0 document that refers to nothing outside itself: one path for each collection, with its own properties."""

from __future__ import annotations

from typing import Any

from smarthd.connectors.rules.asking import NUMERIC
from smarthd.connectors.rules.fields import Field
from smarthd.connectors.selectors import open_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.publicapi.opendata import asking

_CONF = "http://www.opengis.net/spec"
CONFORMS = (
    f"{_CONF}/ogcapi-features-1/1.0/conf/core",
    f"{_CONF}/ogcapi-features-1/1.0/conf/oas30",
    f"{_CONF}/ogcapi-features-1/1.0/conf/html",
    f"{_CONF}/ogcapi-features-1/1.0/conf/geojson",
    f"{_CONF}/ogcapi-features-2/1.0/conf/crs",
    f"{_CONF}/ogcapi-features-3/1.0/conf/queryables",
    f"{_CONF}/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    f"{_CONF}/ogcapi-features-3/1.0/conf/filter",
    f"{_CONF}/ogcapi-features-3/1.0/conf/features-filter",
    f"{_CONF}/cql2/1.0/conf/cql2-text",
    f"{_CONF}/cql2/1.0/conf/cql2-json",
    f"{_CONF}/cql2/1.0/conf/basic-cql2",
    f"{_CONF}/cql2/1.0/conf/advanced-comparison-operators",
    f"{_CONF}/cql2/1.0/conf/basic-spatial-functions",
)
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"
_TEXT: dict[str, Any] = {"type": "string"}
_OBJECT: dict[str, Any] = {"type": "object"}
_LINK = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {"href": _TEXT, "rel": _TEXT, "type": _TEXT, "title": _TEXT, "hreflang": _TEXT},
}
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def _parameter(name: str, schema: dict[str, Any], words: str, **more: Any) -> dict[str, Any]:
    told = {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
    return {**told, "style": "form", "explode": False, **more}


_BOX = {
    "type": "array",
    "minItems": 4,
    "maxItems": 6,
    "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
    "items": {"type": "number", "format": "double"},
}
_CRS = {"type": "string", "format": "uri", "enum": [CRS84, EPSG4326]}
PARAMETERS = {
    "f": _parameter("f", {"type": "string", "enum": ["json", "html"]}, "Dạng trả lời; không ghi thì theo Accept."),
    "limit": _parameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": asking.MOST_ROWS, "default": asking.USUAL_ROWS},
        "Số mục mỗi trang; lớn hơn thì trả nhiều nhất có thể.",
    ),
    "bbox": _parameter("bbox", _BOX, "Kinh độ tây, vĩ độ nam, kinh độ đông, vĩ độ bắc, hoặc theo bbox-crs."),
    "bbox-crs": _parameter("bbox-crs", _CRS, "Hệ tọa độ của bbox."),
    "crs": _parameter("crs", _CRS, "Hệ tọa độ của kết quả; EPSG:4326 ghi vĩ độ trước."),
    "datetime": _parameter("datetime", _TEXT, "RFC 3339: một lúc, hoặc từ/đến, .. là không giới hạn."),
    "filter": _parameter("filter", _TEXT, "Điều kiện CQL2 trên các queryables."),
    "filter-lang": _parameter(
        "filter-lang", {"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}, "Ngôn ngữ của filter."
    ),
    "filter-crs": _parameter("filter-crs", {**_CRS, "enum": [CRS84]}, "Hệ tọa độ trong filter."),
    "cursor": _parameter("cursor", _TEXT, "Trang kế, lấy từ liên kết next."),
}  # fmt: skip
_SCHEMAS = {
    "link": _LINK,
    "landing": {"type": "object", "required": ["links"], "properties": {"title": _TEXT, "links": _LINKS}},
    "conformance": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": _TEXT}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {"id": _TEXT, "title": _TEXT, "description": _TEXT, "itemType": _TEXT, "extent": _OBJECT, "links": _LINKS},
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": _LINKS,
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": _TEXT,
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": _LINKS,
        },
    },
    "features": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": _LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
    "queryables": {"type": "object", "required": ["$schema", "$id", "type", "properties"], "properties": {"type": _TEXT}},
    "problem": {
        "type": "object",
        "required": ["code"],
        "properties": {"code": _TEXT, "description": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT},
    },
}  # fmt: skip


def _answers(schema: str, kind: str = "application/json") -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/problem"}}}
    html = {"text/html": {"schema": _TEXT}}
    return {
        "200": {
            "description": "Được.",
            "content": {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}, **html},
        },
        "400": {"description": "Tham số chưa đúng.", "content": problem},
        "404": {"description": "Không có.", "content": problem},
        "406": {"description": "Không có dạng này.", "content": problem},
        "429": {"description": "Đã hết số lần gọi của giờ này.", "content": problem},
    }


def _get(name: str, words: str, parameters: list[Any], answers: dict[str, Any]) -> dict[str, Any]:
    return {"get": {"operationId": name, "summary": words, "parameters": parameters, "responses": answers}}


def _refs(*names: str) -> list[dict[str, Any]]:
    return [{"$ref": f"#/components/parameters/{name}"} for name in names]


def queryable(one: Field) -> dict[str, Any]:
    """Return a property as JSON Schema."""
    return {"type": "number"} if one.kind in NUMERIC else {"type": "string"}


def document(found: list[Dataset], root: str) -> dict[str, Any]:
    """Return the document of these collections."""
    f = _refs("f")
    paths = {
        "/": _get("landing", "Trang vào", f, _answers("landing")),
        "/conformance": _get("conformance", "Các lớp tuân thủ", f, _answers("conformance")),
        "/collections": _get("collections", "Các tập dữ liệu", f, _answers("collections")),
    }
    for shown in found:
        path, name = f"/collections/{shown.key}", shown.key.replace("-", "_")
        item = {"name": "featureId", "in": "path", "required": True, "schema": _TEXT}
        own = [_parameter(one.key, queryable(one), one.label) for one in _properties(shown)]
        words = shown.title
        paths[path] = _get(f"{name}_collection", words, f, _answers("collection"))
        paths[f"{path}/queryables"] = _get(
            f"{name}_queryables", f"{words}: trường lọc được", f, _answers("queryables", "application/schema+json")
        )
        paths[f"{path}/items"] = _get(
            f"{name}_items",
            f"{words}: các mục",
            [*_refs(*PARAMETERS), *own],
            _answers("features", "application/geo+json"),
        )
        paths[f"{path}/items/{{featureId}}"] = _get(
            f"{name}_item", f"{words}: một mục", [item, *_refs("f", "crs")], _answers("feature", "application/geo+json")
        )
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Dữ liệu mở có tọa độ",
            "description": "OGC API – Features. Giấy phép của từng tập ghi tại liên kết license.",
            "version": "1.0.0",
        },
        "servers": [{"url": root}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS, "parameters": PARAMETERS},
    }


def _properties(shown: Dataset) -> list[Field]:
    """Return the properties that are parameters of their own; one called like a parameter of the service is asked for by ``filter``."""
    return [one for one in open_data.fields_of(shown) if one.key not in PARAMETERS]
