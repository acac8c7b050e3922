"""OGC API – Features, by the abstract test suites of 17-069r4 (Annex A), 18-058r1 and 19-079r2: each test names the ones it tells.

The suite ``ogctests`` (PyPI) tells Part 1 over HTTP: ``python -m ogctests features/core -i http://…/ogc`` against any running site.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.connectors.selectors import open_data
from smarthd.publicapi.ogc import description
from smarthd.publicapi.tests.open_data_make import NOW
from tests.conformance.open_data import opened, planted

__all__ = ["opened", "planted"]
KEY = "tram-y-te"
ITEMS = f"/ogc/collections/{KEY}/items"
MOST_EXAMPLES = 40


CLAUSES = {
    "core": """http crs84 root-op root-success conformance-op conformance-success api-definition-op api-definition-success fc-md-op
        fc-md-success fc-md-links fc-md-items fc-md-items-links fc-md-extent sfc-md-op sfc-md-success fc-op fc-response fc-bbox-definition
        fc-bbox-response fc-limit-definition fc-limit-response fc-time-definition fc-time-response fc-links fc-timeStamp fc-numberMatched
        fc-numberReturned query-param-unknown query-param-invalid f-op f-success f-links""",
    "geojson": "definition content",
    "html": "definition content",
    "oas30": "completeness exceptions-codes security",
    "crs": """crs-uri default-crs storageCrs crs-parameter crs-parameter-default crs-parameter-invalid crs-parameter-transform
        bbox-crs-parameter bbox-crs-parameter-default bbox-crs-parameter-invalid""",
}
"""The abstract tests of Part 1 (core, GeoJSON, HTML, OpenAPI 3.0) and Part 2, by conformance class."""


def test_every_abstract_test_is_told_by_one_of_these():
    told = (
        " ".join(one.__doc__ or "" for name, one in globals().items() if name.startswith("test_"))
        .replace(",", " ")
        .split()
    )
    for name, tests in CLAUSES.items():
        assert [one for one in tests.split() if f"{name}/{one}" not in told] == [], name


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def told(path: str) -> dict[str, Any]:
    answer = get(path)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def links(document: dict[str, Any]) -> dict[str, str]:
    return {one["rel"]: one["href"] for one in document["links"]}


def local(address: str) -> str:
    parts = urlsplit(address)
    assert parts.netloc == "testserver"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def test_landing_page(opened):
    """core/root-op, core/root-success, html/definition : every resource is linked and answers."""
    found = links(told("/ogc/"))
    assert {"self", "alternate", "service-desc", "service-doc", "conformance", "data"} <= set(found)
    for address in found.values():
        assert get(local(address)).status_code == 200
    assert get("/ogc").status_code in {200, 301}


def test_api_definition(opened):
    """core/api-definition-op, core/api-definition-success, oas30/completeness : an OpenAPI 3.0 document that refers to nothing outside itself."""
    answer = get("/ogc/api")
    assert answer["Content-Type"] == description.OPENAPI_TYPE
    document = answer.json()
    assert document["openapi"].startswith("3.0")
    references = [part.split('"')[0] for part in json.dumps(document).split('"$ref": "')[1:]]
    assert references
    assert all(one.startswith("#/") for one in references)
    assert f"/collections/{KEY}/items" in document["paths"]


def test_conformance_declaration(opened):
    """core/conformance-op, core/conformance-success ."""
    classes = told("/ogc/conformance")["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes
    assert len(classes) == len(set(classes))


def test_collections(opened):
    """core/fc-md-op, core/fc-md-success, core/fc-md-links, core/fc-md-items, core/fc-md-items-links, crs/default-crs, crs/storageCrs : every
    collection with its items, its licence, its crs; nothing that is not open."""
    document = told("/ogc/collections")
    assert {"self", "alternate"} <= set(links(document))
    assert [one["id"] for one in document["collections"]] == [KEY]
    [one] = document["collections"]
    assert {"items", "license", "enclosure"} <= set(links(one))
    assert one["crs"] == [description.CRS84, description.EPSG4326]
    assert one["storageCrs"] == description.CRS84


def test_one_collection(opened):
    """core/sfc-md-op, core/sfc-md-success, core/fc-md-extent : the same as in the list, links and extent too."""
    document = told(f"/ogc/collections/{KEY}")
    listed = told("/ogc/collections")["collections"][0]
    assert all(document[name] == listed[name] for name in ("id", "title", "description", "crs", "itemType"))
    west, south, east, north = document["extent"]["spatial"]["bbox"][0]
    points = [one["geometry"]["coordinates"] for one in features("limit=1000") if one["geometry"]]
    assert (west, south) == (min(x for x, _y in points), min(y for _x, y in points))
    assert document["extent"] == listed["extent"]
    assert all(one in document["links"] for one in listed["links"])
    assert (east, north) == (max(x for x, _y in points), max(y for _x, y in points))
    assert document["extent"]["temporal"]["interval"] == [["2026-11-01T17:00:00Z", "2026-11-24T16:59:59Z"]]
    assert get("/ogc/collections/khong-co").status_code == 404
    assert get("/ogc/collections/chi-xem").status_code == 404
    assert get("/ogc/collections/tra-cuu-ho-so/items").status_code == 404


def features(query: str = "") -> list[dict[str, Any]]:
    answer = get(f"{ITEMS}?{query}")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()["features"]
    return found


def test_items(opened):
    """core/fc-op, core/fc-response, core/fc-links, core/fc-timeStamp, core/fc-numberMatched, core/fc-numberReturned, geojson/definition,
    geojson/content, core/crs84 ."""
    answer = get(ITEMS)
    document = answer.json()
    assert answer["Content-Type"] == "application/geo+json"
    assert document["type"] == "FeatureCollection"
    assert {"self", "alternate"} <= set(links(document))
    assert document["timeStamp"].endswith("Z")
    assert document["numberReturned"] == len(document["features"]) == 23
    assert document["numberMatched"] == 23
    schema = description.document([], "")["components"]["schemas"]
    text = json.dumps({**schema["features"], "components": {"schemas": schema}}).replace('"nullable": true', '"x": 0')
    whole = json.loads(text)
    whole["components"]["schemas"]["feature"]["properties"]["geometry"] = {"type": ["object", "null"]}
    jsonschema.validate(document, whole)


def test_limit_and_following_pages(opened):
    """core/fc-limit-response, core/fc-links : pages follow by next, each item once, the last without one."""
    found, address, pages = [], f"{ITEMS}?limit=5&loai=Nh%C3%A0%20thu%E1%BB%91c", 0
    while address:
        document = told(address)
        assert document["numberReturned"] == len(document["features"]) <= 5
        assert "numberMatched" not in document
        found += [one["id"] for one in document["features"]]
        following = links(document).get("next")
        address, pages = local(following) if following else "", pages + 1
    assert pages == 4
    assert len(found) == len(set(found)) == 16
    assert len(features("limit=100000")) == 23


def test_bbox(opened):
    """core/fc-bbox-response, crs/bbox-crs-parameter-default : four and six numbers, over the 180th meridian; what has no point is in every box."""
    nowhere = [one["id"] for one in features() if one["geometry"] is None]
    assert len(nowhere) == 1
    inside = features("bbox=106.305,20.9,106.325,20.95")
    assert {one["geometry"]["coordinates"][0] for one in inside if one["geometry"]} == {106.31, 106.32}
    assert set(nowhere) < {one["id"] for one in inside}
    assert [one["id"] for one in features("bbox=106.305,20.9,0,106.325,20.95,99")] == [one["id"] for one in inside]
    assert len(features("bbox=100,-10,-170,40")) == 23
    assert [one["id"] for one in features("bbox=-10,-10,10,10")] == nowhere


def test_parameters_are_declared(opened):
    """core/fc-limit-definition, core/fc-bbox-definition, core/fc-time-definition : as the standard's own OpenAPI fragments."""
    document = told("/ogc/api")
    declared = document["components"]["parameters"]
    used = {
        one["$ref"].rpartition("/")[2]
        for one in document["paths"][f"/collections/{KEY}/items"]["get"]["parameters"]
        if "$ref" in one
    }
    assert {"limit", "bbox", "datetime", "crs", "bbox-crs", "filter"} <= used
    for name in ("limit", "bbox", "datetime"):
        one = declared[name]
        assert (one["name"], one["in"], one["required"], one["style"], one["explode"]) == (
            name,
            "query",
            False,
            "form",
            False,
        )
    assert declared["limit"]["schema"]["type"] == "integer"
    assert declared["limit"]["schema"]["default"] == 100
    box = declared["bbox"]["schema"]
    assert (box["type"], box["minItems"], box["maxItems"], box["items"]["type"]) == ("array", 4, 6, "number")
    assert declared["datetime"]["schema"]["type"] == "string"


def test_names_of_reference_systems(opened):
    """crs/crs-uri : OGC's http names, as OGC 09-048r5 spells them."""
    for one in told("/ogc/collections")["collections"]:
        for name in (*one["crs"], one["storageCrs"]):
            assert re.fullmatch(r"http://www\.opengis\.net/def/crs/[A-Z]+/[0-9.]+/[A-Za-z0-9]+", name)


def test_bbox_in_the_other_axis_order(opened):
    """crs/bbox-crs-parameter, crs/bbox-crs-parameter-invalid : the same box in EPSG:4326, latitude first."""
    same = features(f"bbox=20.9,106.305,20.95,106.325&bbox-crs={description.EPSG4326}")
    assert [one["id"] for one in same] == [one["id"] for one in features("bbox=106.305,20.9,106.325,20.95")]


def test_datetime(opened):
    """core/fc-time-response : what meets the period, and what has no time."""
    without = {one["id"] for one in features() if one["properties"]["ngay"] is None}
    assert len(without) == 1
    for period in (
        "2026-11-05T00:00:00Z",
        "2026-11-05T00:00:00+07:00/..",
        "../2026-11-05T00:00:00Z",
        "2026-11-03T00:00:00Z/2026-11-05T00:00:00Z",
    ):
        found = {one["id"]: one["properties"]["ngay"] for one in features(f"datetime={period.replace('+', '%2B')}")}
        assert without <= set(found)
        days = {day for day in found.values() if day}
        assert "2026-11-05" in days
        assert ("2026-11-20" in days) == period.endswith("..")
        assert ("2026-11-02" in days) == period.startswith("..")


def test_properties_as_parameters(opened):
    """/ats/core/fc-filters; 19-079r2 /conf/queryables-query-parameters."""
    found = features("loai=Ph%C3%B2ng%20kh%C3%A1m")
    assert len(found) == 7
    assert {one["properties"]["loai"] for one in found} == {"Phòng khám"}


@pytest.mark.parametrize(
    "query",
    [
        "khong_co=1",
        "limit=0",
        "limit=-1",
        "limit=x",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "datetime=x",
        "f=xml",
        "crs=x",
        "bbox-crs=x",
        "filter=(",
        "filter-crs=x",
    ],
)
def test_unknown_and_invalid_parameters(opened, query):
    """core/query-param-unknown, core/query-param-invalid, oas30/exceptions-codes, crs/crs-parameter-invalid : 400, in words."""
    answer = get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_unknown_parameters_elsewhere(opened):
    """/ats/core/query-param-unknown: on every resource."""
    for path in ("/ogc/", "/ogc/conformance", "/ogc/api", "/ogc/collections", f"/ogc/collections/{KEY}", f"{ITEMS}/x"):
        assert get(f"{path}?khong_co=1").status_code == 400


def test_one_item(opened):
    """core/f-op, core/f-success, core/f-links : the same as in the list."""
    for one in features("limit=3"):
        answer = get(f"{ITEMS}/{one['id']}")
        document = answer.json()
        assert answer["Content-Type"] == "application/geo+json"
        assert {"self", "alternate", "collection"} <= set(links(document))
        assert {name: document[name] for name in one} == one
    assert get(f"{ITEMS}/khong-co").status_code == 404


def test_coordinate_reference_systems(opened):
    """crs/crs-parameter, crs/crs-parameter-default, crs/crs-parameter-transform : Content-Crs always, latitude first in EPSG:4326, an unknown one refused."""
    answer = get(ITEMS)
    assert answer["Content-Crs"] == f"<{description.CRS84}>"
    swapped = get(f"{ITEMS}?crs={description.EPSG4326}")
    assert swapped["Content-Crs"] == f"<{description.EPSG4326}>"
    pairs = zip(answer.json()["features"], swapped.json()["features"], strict=True)
    assert all(a["geometry"]["coordinates"] == b["geometry"]["coordinates"][::-1] for a, b in pairs if a["geometry"])


def test_queryables_and_filter(opened):
    """19-079r2 /conf/queryables, /conf/filter, /conf/features-filter: what is queryable filters, in text and in JSON."""
    properties = told(f"/ogc/collections/{KEY}/queryables")["properties"]
    assert set(properties) == {"geometry", "ten", "loai", "gia", "ngay"}
    assert properties["gia"]["type"] == "number"
    as_text = features("filter=gia >= 30 AND loai <> 'Phòng khám'")
    tree = {
        "op": "and",
        "args": [
            {"op": ">=", "args": [{"property": "gia"}, 30]},
            {"op": "<>", "args": [{"property": "loai"}, "Phòng khám"]},
        ],
    }
    as_json = Client().get(ITEMS, {"filter": json.dumps(tree), "filter-lang": "cql2-json"}).json()["features"]
    assert as_text == as_json
    assert {one["properties"]["gia"] for one in as_text} == {33.0, 34.5}


def test_pages_for_people(opened):
    """html/content : every resource as a page, by f and by what a browser accepts."""
    code = features("limit=1")[0]["id"]
    for path in (
        "/ogc/",
        "/ogc/conformance",
        "/ogc/api",
        "/ogc/collections",
        f"/ogc/collections/{KEY}",
        f"/ogc/collections/{KEY}/queryables",
        ITEMS,
        f"{ITEMS}/{code}",
    ):
        for answer in (get(f"{path}?f=html"), get(path, accept="text/html,application/xhtml+xml,*/*;q=0.8")):
            assert answer.status_code == 200
            assert answer["Content-Type"].startswith("text/html")
            assert b"Smart-HaiDuong" in answer.content
    assert "Trạm “1” 100%" in get(f"{ITEMS}?f=html").content.decode()
    assert get(ITEMS, accept="image/png").status_code == 406
    assert get("/ogc/collections/khong-co", accept="text/html").status_code == 404


def test_only_reading(opened):
    """core/http, oas30/security : HTTP 1.1 with its own answers for other methods; other sites' pages may read."""
    assert Client().post(ITEMS, {}).status_code == 405
    assert Client().head(ITEMS).status_code == 200
    assert Client().options(ITEMS).status_code == 204
    assert get(ITEMS)["Access-Control-Allow-Origin"] == "*"


def test_validators(opened):
    """RFC 9110: 304 for who has it."""
    for path in ("/ogc/collections", ITEMS, f"{ITEMS}?limit=2"):
        assert get(path, **{"if-none-match": get(path)["ETag"]}).status_code in {200, 304}
    assert get(ITEMS, **{"if-none-match": get(ITEMS)["ETag"]}).status_code == 304


@pytest.mark.slow
def test_no_call_ends_in_a_fault_of_ours(opened):
    """Everything the description allows, and what it does not, gets an answer; what it allows is never called wrong."""
    document = description.document(open_data.open_datasets(now=NOW), "http://testserver/ogc")
    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(document)))
    client = Client(raise_request_exception=True)
    for path in document["paths"]:
        operation = schema[path]["GET"]

        @settings(max_examples=MOST_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)))
        def call(case: Any) -> None:
            answer = client.get("/ogc" + case.formatted_path, case.query or {})
            assert answer.status_code in {200, 301, 400, 404}
            assert answer.content if answer.status_code != 301 else True

        call()
