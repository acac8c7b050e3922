"""The catalogue of open data is valid DCAT-AP under SHACL shapes, says what is there, and is what CKAN harvests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from smarthd.connectors.rules import templates
from smarthd.connectors.services import earlier
from smarthd.connectors.tests import make
from smarthd.publicapi.opendata import catalogue, vocabularies
from smarthd.publicapi.tests import open_data_make
from tests.conformance.open_data import opened, planted

__all__ = ["opened", "planted"]
SHAPES = Path(__file__).parent / "dcat_ap.ttl"
SAID = ("resultSeverity", "sourceConstraintComponent")
UNDECIDED = {"Warning MinCountConstraintComponent license"}
"""The province has not said under which licence the catalogue itself may be copied; nobody says it in its place."""
NOT_OURS = "ignore::DeprecationWarning"


def graph() -> Any:
    import rdflib

    answer = Client().get("/catalog.jsonld")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/ld+json"
    return rdflib.Graph().parse(data=answer.content, format="json-ld")


def faults(found: Any, shapes: Path = SHAPES) -> set[str]:
    """Return what the shapes find wrong, each as severity, constraint and property."""
    import pyshacl
    import rdflib

    _conforms, report, _words = pyshacl.validate(found, shacl_graph=str(shapes), shacl_graph_format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")

    def last(node: Any, name: str) -> str:
        return str(report.value(node, sh[name])).rpartition("#")[2].rpartition("/")[2]

    results = report.objects(None, sh.result)
    return {" ".join(last(one, name) for name in (*SAID, "resultPath")) for one in results}


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_is_valid(opened):
    assert faults(graph()) == set()


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_is_valid_under_the_official_shapes(opened):
    """``DCAT_AP_SHAPES`` names a folder with the Turtle files of a release (SEMICeu/DCAT-AP, releases/3.0.0/html/shacl)."""
    told = os.environ.get("DCAT_AP_SHAPES")
    if not told:
        pytest.skip("đặt DCAT_AP_SHAPES tới thư mục tệp SHACL (.ttl) của DCAT-AP để đối chiếu với bản gốc")
    files = sorted(Path(told).glob("*.ttl"))
    assert files, told
    for shapes in files:
        assert faults(graph(), shapes) <= UNDECIDED, shapes.name


@pytest.mark.filterwarnings(NOT_OURS)
@pytest.mark.parametrize(
    "missing",
    [
        "http://purl.org/dc/terms/title",
        "http://xmlns.com/foaf/0.1/name",
        "http://www.w3.org/ns/dcat#accessURL",
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/ns/dcat#bbox",
        "http://www.w3.org/ns/dcat#startDate",
        "http://www.w3.org/ns/dcat#keyword",
    ],
)
def test_the_shapes_find_what_is_missing(opened, missing):
    import rdflib

    found = graph()
    found.remove((None, rdflib.URIRef(missing), None))
    assert any(one.startswith("Violation MinCount") for one in faults(found))


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_of_rows_without_place_and_time_is_valid(opened):
    """Nothing is invented for them: no box, no period."""
    opened.refresh_from_db()
    gone = {"vi_do", "kinh_do", "ngay"}
    opened.mapping["fields"] = [one for one in opened.mapping["fields"] if one["key"] not in gone]
    opened.save(update_fields=["mapping"])
    found = graph()
    assert faults(found) == set()
    assert b"dcat:bbox" not in Client().get("/catalog.jsonld").content


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_says_where_when_and_what_is_new(opened):
    import rdflib

    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.Namespace("http://purl.org/dc/terms/")
    found = graph()
    [dataset] = found.subjects(rdflib.RDF.type, dcat.Dataset)
    place, period = found.value(dataset, dct.spatial), found.value(dataset, dct.temporal)
    assert str(found.value(place, dcat.bbox)).startswith("POLYGON((106.31 20.905, ")
    assert (str(found.value(period, dcat.startDate)), str(found.value(period, dcat.endDate))) == (
        "2026-11-02",
        "2026-11-24",
    )
    assert "thêm 23" in str(found.value(dataset, rdflib.URIRef("http://www.w3.org/ns/adms#versionNotes")))
    [licence] = set(found.objects(None, dct.license))
    assert str(licence).startswith("http://publications.europa.eu/resource/authority/licence/")


@pytest.mark.filterwarnings(NOT_OURS)
def test_the_catalogue_tells_the_versions_that_may_be_taken_away(opened):
    import rdflib

    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    make.published(opened, make.table(open_data_make.rows(24), open_data_make.COLUMNS))
    assert not list(graph().objects(None, dcat.hasVersion))
    earlier.allow_earlier(uid=opened.uid, allowed=True, actor=make.SYSTEM, now=open_data_make.NOW)
    found = graph()
    assert faults(found) == set()
    [whole] = found.objects(None, dcat.dataset)
    first, second = sorted(found.objects(whole, dcat.hasVersion))
    assert found.value(second, dcat.previousVersion) == first
    assert found.value(whole, dcat.hasCurrentVersion) == second
    assert {str(found.value(one, dcat.version)) for one in (first, second)} == {"1", "2"}
    assert set(found.objects(first, dcat.isVersionOf)) == {whole}
    for part in found.objects(first, dcat.distribution):
        address = str(found.value(part, dcat.downloadURL))
        assert Client().get(address.removeprefix("http://testserver")).status_code == 200, address


def test_every_template_has_a_theme_of_the_list():
    lookups = {"ho-so"}
    assert set(vocabularies.THEMES) == set(templates.TEMPLATES) - lookups
    assert set(vocabularies.THEMES.values()) | {vocabularies.OTHER_THEME} <= set(vocabularies.THEME_WORDS)


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
