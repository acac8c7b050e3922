"""Programs read open data by a short way: as safe as the long one, one statement, and never from what is no longer so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from smarthd.connectors.models import Source
from smarthd.connectors.services import sources
from smarthd.connectors.tests import make
from smarthd.programs import services as keys
from smarthd.publicapi import lean
from smarthd.publicapi.tests import open_data_make
from smarthd.publicapi.tests.open_data_make import NOW

PAGE = {"accept": "text/html,application/xhtml+xml"}


def get(path: str, **headers: str) -> Any:
    return Client().get(path, headers=headers)


def statements(path: str, **headers: str) -> list[str]:
    with CaptureQueriesContext(connection) as told:
        assert get(path, **headers).status_code in {200, 304}
    return [one["sql"] for one in told.captured_queries]


def addresses(opened: Any) -> dict[str, str]:
    items = f"/ogc/collections/{opened.key}/items"
    rows = f"/api/v1/datasets/{opened.key}/rows"
    code = get(f"{items}?limit=1").json()["features"][0]["id"]
    return {"items": items, "item": f"{items}/{code}", "rows": rows, "csv": f"{rows}.csv", "row": f"{rows}/{code}"}


def timeless(content: bytes) -> bytes:
    """Return an answer without the second in which it was given."""
    return re.sub(rb'"timeStamp": "[^"]*"', b"", content)


LONG = [one for one in site.MIDDLEWARE if one != "smarthd.publicapi.lean.MachineReads"]


@pytest.mark.parametrize("name", ["items", "item", "rows", "csv", "row"])
def test_the_short_way_says_what_the_long_way_says(opened, name):
    path = addresses(opened)[name]
    short = get(path)
    with override_settings(MIDDLEWARE=LONG):
        long = get(path)
    assert timeless(short.content) == timeless(long.content)
    missing = set(long.headers) - set(short.headers)
    assert not missing - {"Cross-Origin-Opener-Policy"}
    for header in ("X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options", "ETag", "Content-Length", "Vary"):
        assert set(short[header].split(", ")) == set(long[header].split(", ")), header
    assert short["Content-Security-Policy"] == lean.POLICY
    assert not short.cookies


@pytest.mark.parametrize("name", ["items", "item", "rows", "csv", "row"])
def test_reading_what_has_not_changed_costs_one_statement_beside_the_count(opened, name):
    path = addresses(opened)[name]
    etag = get(path)["ETag"]
    asked = statements(path)
    assert sum("connectors_" in one for one in asked) == 1
    assert len(asked) == 2
    again = statements(path, **{"if-none-match": etag})
    assert not any("connectors_datarow" in one for one in again)
    assert len(again) == 2


def test_the_item_and_the_page_are_planned_once_a_connection_and_nothing_else_is(opened):
    at = addresses(opened)
    for name in ("item", "items"):
        get(at[name])
    get(f"{at['items']}?gia.min=3")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY prepare_time")
        kept = [one for (one,) in cursor.fetchall()]
    assert len(kept) == len(set(kept))
    assert any("code = $" in one for one in kept)
    assert any("ORDER BY sort" in one for one in kept)
    assert all("FROM connectors_datarow WHERE source_id" in one and "float8" not in one for one in kept)


def test_what_was_known_of_a_dataset_never_outlives_a_change(opened):
    at = addresses(opened)
    before = {name: get(path)["ETag"] for name, path in at.items()}
    opened.refresh_from_db()
    mapping = opened.mapping
    for one in mapping["fields"]:
        if one["key"] == "gia":
            one["shown"] = False
    opened.mapping = mapping
    opened.save(update_fields=["mapping"])
    for name, path in at.items():
        answer = get(path, **{"if-none-match": before[name]})
        assert answer.status_code == 200
        assert "gia" not in answer.content.decode().replace("gian", "")
    assert get(f"{at['items']}?gia=1.5").status_code == 400
    opened.licence = "view-only"
    opened.save(update_fields=["licence"])
    assert {get(path).status_code for path in at.values()} == {404}


def test_a_new_version_is_told_at_once(opened):
    items = addresses(opened)["items"]
    assert get(items).json()["numberMatched"] == 23
    make.published(opened, make.table(open_data_make.rows(24), open_data_make.COLUMNS))
    assert get(items).json()["numberMatched"] == 24
    assert get(f"{items}?gia.min=35").status_code in {200, 400}


def test_a_parameter_that_came_with_a_change_is_not_refused_for_what_was_known(opened):
    items = addresses(opened)["items"]
    assert get(f"{items}?ma=T001").status_code == 400
    opened.refresh_from_db()
    for one in opened.mapping["fields"]:
        if one["key"] == "ma":
            one["shown"] = True
    opened.save(update_fields=["mapping"])
    assert get(f"{items}?ma=T001").json()["numberReturned"] == 1


def test_a_dataset_that_ended_is_gone_at_once(opened):
    at = addresses(opened)
    sources.end_source(uid=opened.uid, actor=make.SYSTEM, now=NOW)
    assert {get(path).status_code for path in at.values()} == {404}


@pytest.mark.parametrize(
    ("path", "headers", "short"),
    [
        ("/ogc/collections", {}, True),
        ("/ogc/collections", PAGE, False),
        ("/ogc/collections?f=html", {}, False),
        ("/api/v1/datasets", {}, True),
        ("/catalog.jsonld", {}, True),
        ("/data.json", {}, True),
        ("/api/v1/openapi.json", {}, False),
        ("/du-lieu/mo/", {}, False),
        ("/ogc/khong-co/gi", {}, True),
        ("/ogc/khong-co/gi", PAGE, False),
    ],
)
def test_only_programs_that_read_take_the_short_way(opened, path, headers, short):
    assert (get(path, **headers).headers.get("Content-Security-Policy") == lean.POLICY) is short


def test_what_writes_takes_the_long_way(opened):
    answer = Client().post(f"/api/v1/datasets/{opened.key}/rows", {}, content_type="application/json")
    assert answer.headers.get("Content-Security-Policy") != lean.POLICY


def test_a_host_that_is_not_ours_is_refused(opened):
    assert get("/ogc/collections", host="evil.example").status_code == 400


def test_limits_are_told_before_they_are_reached(opened, settings):
    settings.OPEN_DATA_PER_HOUR = 2
    path = f"/ogc/collections/{opened.key}/items"
    said = [get(path) for _ in range(3)]
    assert [one.status_code for one in said] == [200, 200, 429]
    assert [one["RateLimit"].partition(";t=")[0] for one in said] == ['"gio";r=1', '"gio";r=0', '"gio";r=0']
    assert {one["RateLimit-Policy"] for one in said} == {'"gio";q=2;w=3600'}
    assert said[2]["RateLimit"].rpartition("=")[2] == said[2]["Retry-After"]
    assert said[2]["Content-Type"] == "application/problem+json"
    for other in ("/catalog.jsonld", "/data.json", "/api/v1/datasets"):
        assert get(other).status_code == 429, other
        assert int(get(other)["Retry-After"]) > 0


def test_a_call_is_counted_once_where_what_was_remembered_has_moved(opened, settings):
    settings.OPEN_DATA_PER_HOUR = 9
    path = f"/ogc/collections/{opened.key}/items"
    get(path)
    Source.objects.filter(uid=opened.uid).update(summary="Nay nói khác đi.")
    assert get(path)["RateLimit"].startswith('"gio";r=7;')


def test_a_key_that_was_ended_is_refused(opened):
    row, secret = keys.issue("Ứng dụng Đô thị", actor=make.SYSTEM, now=NOW, per_hour=5)
    path = addresses(opened)["items"]
    assert get(path, **{"x-api-key": secret})["RateLimit-Policy"] == '"gio";q=5;w=3600'
    keys.end_key(row.uid, actor=make.SYSTEM, now=NOW)
    assert get(path, **{"x-api-key": secret}).status_code == 401
