"""Whatever a program sends to Open311, it gets an answer of ours: never a fault, always a document that can be read."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from defusedxml import ElementTree
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.fieldreports.tests import make
from smarthd.publicapi.tests.open311_make import ROOT, wanted
from smarthd.publicapi.tests.test_open311_services import ask

pytestmark = pytest.mark.django_db

FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ANSWERS = {200, 201, 400, 403, 404, 405, 429}
ODD = [
    "",
    "0",
    "-1",
    "nan",
    "inf",
    "1e400",
    "\x00",
    "\u202e",
    "%",
    "'",
    "<a>",
    "]]>",
    "2024-02-30",
    "open",
    "closed",
    ",",
    ",,,",
    "PA-AAAAAAA",
]
VALUES = st.one_of(
    st.sampled_from(ODD), st.text(max_size=40), st.floats().map(str), st.datetimes().map(str), st.binary(max_size=12)
)
FILTERS = ["service_request_id", "service_code", "start_date", "end_date", "status", "jurisdiction_id", "api_key"]
NAMES = [
    "service_code", "lat", "long", "address_string", "address_id", "email", "device_id", "account_id", "first_name", "last_name",
    "phone", "description", "media_url", "jurisdiction_id", "attribute[so-cot]", "attribute[buoi][]", "attribute[loai]",
    "attribute[]", "attribute[[x]]", "attribute",
]  # fmt: skip
SUFFIX = st.sampled_from(["json", "xml"])


def check(answer: Any, suffix: str) -> None:
    assert answer.status_code in ANSWERS
    if suffix == "json":
        told = json.loads(answer.content)
        assert answer.status_code < 400 or all(one["description"] for one in told)
    else:
        root = ElementTree.fromstring(answer.content)
        assert answer.status_code < 400 or root.findtext("error/description")


@FEW
@given(SUFFIX, st.dictionaries(st.sampled_from(FILTERS), st.lists(VALUES, max_size=3), max_size=4))
def ask_for_many(suffix: str, asked: dict[str, list[Any]]) -> None:
    check(Client().get(f"{ROOT}/requests.{suffix}?{urlencode(asked, doseq=True)}"), suffix)


@FEW
@given(SUFFIX, st.sampled_from(["services", "requests", "tokens"]), VALUES)
def ask_for_one(suffix: str, what: str, place: Any) -> None:
    answer = Client().get(f"{ROOT}/{what}/{quote(place, safe='')}.{suffix}")
    assert answer.status_code in ANSWERS
    assert b"<html" not in answer.content


def test_no_filter_is_a_fault_of_ours(land):
    make.sent(land)
    ask_for_many()


def test_no_address_is_a_fault_of_ours(land):
    make.sent(land)
    ask_for_one()


def test_no_form_is_a_fault_of_ours(land, api_key):
    ask()

    @FEW
    @given(SUFFIX, st.dictionaries(st.sampled_from(NAMES), st.lists(VALUES, min_size=1, max_size=3), max_size=6))
    def send(suffix: str, changes: dict[str, list[Any]]) -> None:
        body = urlencode(wanted(land, api_key, **changes), doseq=True)
        with transaction.atomic():
            answer = Client().post(
                f"{ROOT}/requests.{suffix}", body, content_type="application/x-www-form-urlencoded; charset=utf-8"
            )
            transaction.set_rollback(True)
        check(answer, suffix)

    send()


def test_no_body_is_a_fault_of_ours(land, api_key):
    kinds = st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "multipart/form-data; boundary=x",
            "text/xml",
            "",
            "x; charset=utf-16",
        ]
    )

    @FEW
    @given(SUFFIX, kinds, st.binary(max_size=200))
    def send(suffix: str, kind: str, body: bytes) -> None:
        with transaction.atomic():
            answer = Client().generic("POST", f"{ROOT}/requests.{suffix}", body, content_type=kind)
            transaction.set_rollback(True)
        check(answer, suffix)

    send()
