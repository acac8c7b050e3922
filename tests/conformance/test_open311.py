"""Open311 answers every call its own OpenAPI description allows, and hostile ones, without a fault of ours, and as it describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema
import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.fieldreports.services import handling
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.programs import services as keys
from smarthd.publicapi.open311 import description

DOCUMENT = json.loads(json.dumps(description.document()))
OPERATIONS = [(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods]
ROOT = "/open311/v2"
MOST_EXAMPLES = 80

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(tmp_path: Path, settings: Any) -> Iterator[Any]:
    settings.MEDIA_ROOT = settings.DATA_DIR = tmp_path
    clock.set_now(make.NOW)
    land = make.land(tmp_path)
    made = make.sent(land)
    handling.accept(made.code, caller=land.clerk, now=make.NOW)
    yield made
    clock.set_now(None)


def described(path: str, status: str = "200", method: str = "get") -> dict[str, Any]:
    schema: dict[str, Any] = DOCUMENT["paths"][path][method]["responses"][status]["content"]["application/json"][
        "schema"
    ]
    return schema


def test_the_description_is_served() -> None:
    assert Client().get(f"{ROOT}/openapi.json").json() == DOCUMENT


def test_answers_are_what_the_description_says(report: Any) -> None:
    _row, secret = keys.issue("Kiểm thử", actor=make.SYSTEM.actor, now=make.NOW)
    asked = {
        "/services.{format}": "services.json",
        "/services/{service_code}.{format}": "services/den-duong.json",
        "/requests.{format}": "requests.json",
        "/requests/{service_request_id}.{format}": f"requests/{report.code}.json",
        "/tokens/{token}.{format}": f"tokens/{report.uid.hex}.json",
    }
    assert set(asked) == set(DOCUMENT["paths"])
    for path, address in asked.items():
        answer = Client().get(f"{ROOT}/{address}")
        assert answer.status_code == 200
        jsonschema.validate(answer.json(), described(path))
    form = {
        "api_key": secret,
        "service_code": "den-duong",
        "lat": report.lat,
        "long": report.lon,
        "description": make.WORDS,
    }
    sent = Client().post(f"{ROOT}/requests.json", urlencode(form), content_type="application/x-www-form-urlencoded")
    jsonschema.validate(sent.json(), described("/requests.{format}", "201", "post"))
    wrong = Client().get(f"{ROOT}/requests.json?status=x")
    jsonschema.validate(wrong.json(), described("/requests.{format}", "default"))


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_call_ends_in_a_fault_of_ours(report: Any, method: str, path: str) -> None:
    _row, secret = keys.issue("Kiểm thử", actor=make.SYSTEM.actor, now=make.NOW, per_hour=100_000)
    operation = schemathesis.openapi.from_dict(DOCUMENT)[path][method]
    client = Client(raise_request_exception=True)

    @settings(max_examples=MOST_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)), st.booleans()
    )
    def call(case: Any, knows_the_key: bool) -> None:
        body = case.body if isinstance(case.body, dict) else {}
        form = urlencode(body | ({"api_key": secret} if knows_the_key else {}), doseq=True)
        query = urlencode(case.query or {}, doseq=True)
        with transaction.atomic():
            answer = client.generic(
                method,
                f"{ROOT}{case.formatted_path}?{query}",
                form if method == "POST" else "",
                content_type="application/x-www-form-urlencoded",
            )
            transaction.set_rollback(True)
        assert answer.status_code in {200, 201, 400, 403, 404, 405, 429}

    call()
