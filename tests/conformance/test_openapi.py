"""The API answers every call its own description allows, and hostile ones, without a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.publicapi.api import api

DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = [(method.upper(), path) for path, methods in DESCRIPTION["paths"].items() for method in methods]
MOST_EXAMPLES = 25


def test_the_description_is_served_and_whole() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == DESCRIPTION
    assert {path.rsplit("/", 1)[1] for _method, path in OPERATIONS} >= {"activity", "installs", "withdraw"}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_call_ends_in_a_fault_of_ours(method: str, path: str) -> None:
    operation = schemathesis.openapi.from_dict(DESCRIPTION)[path][method]
    client = Client(raise_request_exception=True)

    @settings(max_examples=MOST_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)))
    def call(case: Any) -> None:
        body = case.body if isinstance(case.body, bytes) else json.dumps(_told(case.body))
        with transaction.atomic():
            answer = client.generic(method, case.formatted_path, body, content_type="application/json")
            transaction.set_rollback(True)
        assert answer.status_code in {200, 400, 401, 403, 404, 405, 409, 415, 422, 429}
        if answer.status_code != 200:
            assert answer.json()["error"]["detail"]

    call()


def _told(body: Any) -> Any:
    """Return what is sent for a body; none at all is sent as null."""
    return body if isinstance(body, dict | list | str | int | float | bool | None) else None
