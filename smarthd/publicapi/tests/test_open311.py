"""Open311 GeoReport v2 from the public specification: the whole path, in both formats."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree

from smarthd.fieldreports.models import Report
from smarthd.fieldreports.services import handling
from smarthd.fieldreports.tests import make
from smarthd.publicapi.tests.open311_make import get, post, read, refused, sent, xml

pytestmark = pytest.mark.django_db


def test_a_program_finds_a_service_sends_a_report_and_follows_it(land, api_key):
    services = {one["service_code"]: one for one in read("services")}
    assert services["den-duong"]["type"] == "realtime"
    number = sent(land, api_key)["service_request_id"]
    [before] = read(f"requests/{number}")
    assert (before["status"], before["description"]) == ("open", None)
    assert before["status_notes"] == "Đã nhận, chờ xem."
    handling.accept(number, caller=land.clerk, now=make.NOW)
    [after] = read(f"requests/{number}")
    assert after["description"] == make.WORDS
    assert after["agency_responsible"] == "Ủy ban nhân dân xã c0"
    assert (after["service_code"], after["address_id"]) == ("den-duong", land.place.code)
    assert after["requested_datetime"] == "2024-04-08T10:00:00+07:00"


def test_xml_says_the_same(land, api_key):
    root = post(land, api_key, "xml")
    assert root.status_code == 201
    assert root.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    number = xml_number(root.content)
    handling.accept(number, caller=land.clerk, now=make.NOW)
    [one] = xml(f"requests/{number}")
    assert one.tag == "request"
    told = {child.tag: child.text for child in one}
    [same] = read(f"requests/{number}")
    assert told == {name: None if value is None else str(value) for name, value in same.items()}
    assert xml("services")[0].tag == "service"


def xml_number(raw: bytes) -> str:
    root = ElementTree.fromstring(raw)
    assert (root.tag, root[0].tag) == ("service_requests", "request")
    return root.findtext("request/service_request_id") or ""


def test_without_a_key_nothing_is_written(land):
    status, words = refused(post(land, ""))
    assert status == 403
    assert "api_key" in words
    assert refused(post(land, "shd_wrong"))[0] == 403
    assert Report.objects.count() == 0
    assert get("requests.json").json() == []
