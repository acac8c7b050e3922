"""The catalogue of open data is valid DCAT-AP under SHACL shapes, says what is there, and is what CKAN harvests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from smarthd.publicapi.opendata import catalogue
from tests.conformance.open_data import opened, planted

__all__ = ["opened", "planted"]
SHAPES = Path(__file__).parent / "dcat_ap.ttl"
NOT_OURS = "ignore::DeprecationWarning"


def graph() -> Any:
    import rdflib

    answer = Client().get("/catalog.jsonld")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/ld+json"
    return rdflib.Graph().parse(data=answer.content, format="json-ld")


def faults(found: Any, shapes: Path = SHAPES, *, of_warnings: bool = False) -> str:
    import pyshacl

    conforms, _graph, words = pyshacl.validate(
        found, shacl_graph=str(shapes), shacl_graph_format="turtle", allow_warnings=not of_warnings
    )
    return "" if conforms else str(words)


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_is_valid(opened):
    assert faults(graph()) == ""


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_is_valid_under_the_official_shapes(opened):
    """``DCAT_AP_SHAPES`` names a folder with the Turtle files of a release (SEMICeu/DCAT-AP, releases/3.0.0/html/shacl)."""
    told = os.environ.get("DCAT_AP_SHAPES")
    if not told:
        pytest.skip("đặt DCAT_AP_SHAPES tới thư mục tệp SHACL (.ttl) của DCAT-AP để đối chiếu với bản gốc")
    files = sorted(Path(told).glob("*.ttl"))
    assert files, told
    for shapes in files:
        assert faults(graph(), shapes, of_warnings=True) == "", shapes.name


@pytest.mark.filterwarnings(NOT_OURS)
@pytest.mark.parametrize(
    "missing",
    ["http://purl.org/dc/terms/title", "http://xmlns.com/foaf/0.1/name", "http://www.w3.org/ns/dcat#accessURL"],
)
def test_the_shapes_find_what_is_missing(opened, missing):
    import rdflib

    found = graph()
    found.remove((None, rdflib.URIRef(missing), None))
    assert "MinCount" in faults(found)


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_tells_open_datasets_and_no_others(opened):
    import rdflib

    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    dct = rdflib.Namespace("http://purl.org/dc/terms/")
    found = graph()
    [dataset] = found.subjects(rdflib.RDF.type, dcat.Dataset)
    assert str(found.value(dataset, dct.identifier)) == opened.key
    assert str(found.value(dataset, dct.accrualPeriodicity)).endswith("/DAILY")
    assert {str(one).rsplit("#", 1)[1] for one in found.objects(dataset, dcat.distribution)} >= {
        "csv",
        "json",
        "geojson",
        "rss",
        "ics",
        "ogc",
    }
    for address in found.objects(None, dcat.accessURL):
        assert Client().get(str(address).removeprefix("http://testserver")).status_code == 200, address
    for address in found.objects(None, dcat.endpointDescription):
        assert Client().get(str(address).removeprefix("http://testserver")).status_code == 200


def test_ckan_finds_what_it_reads(opened):
    [one] = Client().get("/data.json").json()["dataset"]
    assert all(one[name] for name in ("identifier", "title", "description", "license", "modified", "landingPage"))
    assert one["publisher"]["name"]
    assert all(("downloadURL" in part) != ("accessURL" in part) and part["format"] for part in one["distribution"])


@pytest.mark.parametrize(
    ("hours", "said"), [(None, "IRREG"), (1, "HOURLY"), (24, "DAILY"), (25, "WEEKLY"), (9_999, "IRREG")]
)
def test_a_promise_is_a_frequency(hours, said):
    assert catalogue.frequency(hours) == said
