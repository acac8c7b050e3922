"""What can be reported: discovery, services, definitions, jurisdiction, formats, and what is refused before anything is asked."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree
from django.test import Client

from smarthd.fieldreports.rules.attributes import Datatype, Question
from smarthd.fieldreports.services import categories
from smarthd.fieldreports.tests import make
from smarthd.publicapi.tests.open311_make import ROOT, SYSTEM, get, read, refused, xml

pytestmark = pytest.mark.django_db

QUESTIONS = [
    Question("so-cot", Datatype.STRING, "Cột đèn số mấy?", required=True),
    Question("bao-nhieu", Datatype.NUMBER, "Mấy bóng tắt?"),
    Question("tu-luc", Datatype.DATETIME, "Tắt từ lúc nào?"),
    Question("ke-them", Datatype.TEXT, "Kể thêm"),
    Question("loai", Datatype.SINGLE, "Loại đèn", values=(("led", "Đèn LED"), ("cao-ap", "Đèn cao áp"))),
    Question("buoi", Datatype.MULTI, "Tắt vào buổi nào?", values=(("toi", "Tối"), ("dem", "Đêm"), ("sang", "Sáng"))),
    Question("nhac", Datatype.TEXT, "Chập điện xin gọi 114 trước.", variable=False),
]


def ask(now=make.NOW) -> None:
    categories.set_questions("den-duong", QUESTIONS, actor=SYSTEM, now=now)


# --- discovery -------------------------------------------------------------------------------------------------------
def test_discovery_says_where_the_api_is_and_how_to_get_a_key(land, settings):
    told = Client().get("/open311/discovery.json").json()
    assert set(told) == {"changeset", "contact", "key_service", "endpoints"}
    [endpoint] = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == f"{settings.ORIGIN}/open311/v2"
    assert endpoint["type"] == "test"
    assert endpoint["formats"] == ["text/xml", "application/json"]


def test_discovery_in_xml_has_the_same_fields(land):
    root = ElementTree.fromstring(Client().get("/open311/discovery.xml").content)
    assert [child.tag for child in root] == ["changeset", "contact", "key_service", "endpoints"]
    assert [one.text for one in root.iterfind("endpoints/endpoint/formats/format")] == ["text/xml", "application/json"]


def test_the_changeset_rises_when_a_definition_changes(land):
    before = Client().get("/open311/discovery.json").json()["changeset"]
    ask()
    assert Client().get("/open311/discovery.json").json()["changeset"] > before


def test_a_production_site_says_production(land, settings):
    settings.PRODUCTION = True
    told = Client().get("/open311/discovery.json").json()
    settings.PRODUCTION = False  # before the clock is given back
    assert told["endpoints"][0]["type"] == "production"


# --- services --------------------------------------------------------------------------------------------------------
def test_services_are_the_categories_that_take_reports(land):
    listed = read("services")
    fields = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
    assert all(set(one) == fields for one in listed)
    codes = [one["service_code"] for one in listed]
    assert len(codes) == len(set(codes))
    assert "duong-xa" not in codes  # a group
    [pothole] = [one for one in listed if one["service_code"] == "o-ga-mat-duong"]
    assert pothole["group"] == "Đường sá, vỉa hè"
    assert pothole["metadata"] is False


def test_a_service_with_questions_has_metadata(land):
    ask()
    [lamp] = [one for one in read("services") if one["service_code"] == "den-duong"]
    assert lamp["metadata"] is True
    [same] = [one for one in xml("services") if one.findtext("service_code") == "den-duong"]
    assert same.findtext("metadata") == "true"


def test_sensitive_services_give_a_token_first(land):
    kinds = {one["service_code"]: one["type"] for one in read("services")}
    assert kinds["thai-do"] == "batch"
    assert kinds["den-duong"] == "realtime"


def test_services_cost_two_statements(land, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        read("services")


# --- definitions -----------------------------------------------------------------------------------------------------
def test_a_definition_names_every_datatype(land):
    ask()
    told = read("services/den-duong")
    assert told["service_code"] == "den-duong"
    assert [one["datatype"] for one in told["attributes"]] == [
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist", "text",
    ]  # fmt: skip
    assert [one["order"] for one in told["attributes"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [one["required"] for one in told["attributes"]] == [True, *[False] * 6]
    assert [one["variable"] for one in told["attributes"]] == [*[True] * 6, False]
    assert told["attributes"][4]["values"] == [
        {"key": "led", "name": "Đèn LED"},
        {"key": "cao-ap", "name": "Đèn cao áp"},
    ]
    assert "values" not in told["attributes"][0]
    assert told["attributes"][6]["datatype_description"] is None


def test_a_definition_in_xml(land):
    ask()
    root = xml("services/den-duong")
    assert root.tag == "service_definition"
    first, *_rest, last = root.iterfind("attributes/attribute")
    assert [child.tag for child in first] == [
        "variable", "code", "datatype", "required", "datatype_description", "order", "description",
    ]  # fmt: skip
    assert (first.findtext("variable"), first.findtext("required")) == ("true", "true")
    assert last.findtext("variable") == "false"
    assert [one.text for one in root.iterfind("attributes/attribute[code='buoi']/values/value/key")] == [
        "toi",
        "dem",
        "sang",
    ]


def test_a_service_without_questions_has_an_empty_definition(land):
    """The specification says the call is not needed then; it does not say that it fails."""
    assert read("services/o-ga-mat-duong") == {"service_code": "o-ga-mat-duong", "attributes": []}


@pytest.mark.parametrize("code", ["khong-co", "duong-xa", "DEN-DUONG", "den-duong.x"])
def test_what_is_no_service_is_not_found(land, code):
    status, words = refused(get(f"services/{code}.json"))
    assert status == 404
    assert "service_code" in words


# --- jurisdiction, formats, methods ----------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["services", "services/den-duong", "requests", "requests/PA-AAAAAAA"])
def test_another_jurisdiction_is_not_found(land, path):
    status, words = refused(get(f"{path}.json", jurisdiction_id="hanoi.gov.vn"))
    assert status == 404
    assert "jurisdiction_id" in words


def test_our_own_jurisdiction_may_be_named_or_left_out(land, settings):
    settings.OPEN311_JURISDICTION = "haiduong.gov.vn"
    for asked in (
        {"jurisdiction_id": "haiduong.gov.vn"},
        {"jurisdiction_id": "HaiDuong.gov.vn"},
        {"jurisdiction_id": ""},
        {},
    ):
        assert get("services.json", **asked).status_code == 200
    assert get("services.json", jurisdiction_id="127.0.0.1").status_code == 404


def test_without_a_configured_one_the_sites_host_is_the_jurisdiction(land, settings):
    settings.ORIGIN = "https://www.smart.haiduong.gov.vn"
    assert get("services.json", jurisdiction_id="smart.haiduong.gov.vn").status_code == 200


@pytest.mark.parametrize(
    "path", ["services.yaml", "requests.html", "requests/PA-AAAAAAA.pdf", "services/den-duong.JSON"]
)
def test_a_format_we_do_not_speak_is_not_found_and_says_so_in_xml(land, path):
    answer = get(path)
    assert answer.status_code == 404
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root[0].tag) == ("errors", "error")
    assert root.findtext("error/code") == "404"
    assert root.findtext("error/description")


@pytest.mark.parametrize("path", ["", "nothing.json", "services", "services.json/", "requests/a/b.json", "tokens.json"])
def test_an_address_that_is_none_is_an_error_document(land, path):
    answer = get(path)
    assert answer.status_code == 404
    assert b"404" in answer.content
    assert b"<html" not in answer.content


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("post", "services.json", "GET, HEAD"),
        ("delete", "requests.json", "GET, HEAD, POST"),
        ("put", "requests/PA-AAAAAAA.json", "GET, HEAD"),
        ("patch", "services/den-duong.json", "GET, HEAD"),
    ],
)
def test_other_methods_are_refused_by_name(land, method, path, allowed):
    answer = getattr(Client(), method)(f"{ROOT}/{path}")
    assert refused(answer)[0] == 405
    assert answer["Allow"] == allowed


def test_nobodys_session_or_cookie_is_touched(land):
    answer = get("services.json")
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
