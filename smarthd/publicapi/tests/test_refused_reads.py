"""What a program reads when it asks for what cannot be: the right status, the parameter by its name, words it can act on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client


def get(opened: Any, path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/datasets/{opened.key}{path}", headers=headers)


@pytest.mark.parametrize(
    ("path", "status", "name", "words"),
    [
        ("/rows?cursor=abc", 400, "cursor", "liên kết next"),
        ("/rows?near=1", 400, "near", "kinh độ, vĩ độ"),
        ("/rows?near=106.3,20.9&radius=xa", 400, "radius", "một số"),
        ("/rows?bbox=1,2,3", 400, "bbox", "4 hoặc 6 số"),
        ("/rows.xml", 422, "format", "'json', 'csv' or 'geojson'"),
    ],
)
def test_a_wrong_parameter_is_named(opened, path, status, name, words):
    answer = get(opened, path)
    assert answer.status_code == status
    assert words in answer.json()["error"]["fields"][name]


def test_a_page_of_the_ogc_door_that_was_not_ours_is_refused_too(opened):
    answer = Client().get(f"/ogc/collections/{opened.key}/items?cursor=abc")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["fields"]


def test_a_format_a_dataset_does_not_have_is_told_with_those_it_has(opened):
    opened.refresh_from_db()
    opened.mapping["fields"] = [
        one for one in opened.mapping["fields"] if one["key"] not in {"vi_do", "kinh_do", "ngay"}
    ]
    opened.save(update_fields=["mapping"])
    for path, has in (("/file.geojson", "csv, json"), ("/rows.geojson", "json, csv"), ("/feed.ics", "rss")):
        answer = get(opened, path)
        assert answer.status_code == 404
        assert answer.json()["error"]["name"] == "FormatUnknown"
        assert has in answer.json()["error"]["detail"]


def test_refusals_are_written_in_readable_vietnamese(opened):
    assert "Tham số chưa đúng" in get(opened, "/rows?limit=0").content.decode()


def test_a_wrong_key_is_told_what_kind_of_key_is_wanted(opened):
    for path in (f"/api/v1/datasets/{opened.key}/rows", "/ogc/collections", "/catalog.jsonld"):
        answer = Client().get(path, headers={"x-api-key": "sai"})
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Smart-HaiDuong"')


def test_who_asks_too_often_is_told_until_when_and_what_else_helps(opened, settings):
    settings.OPEN_DATA_PER_HOUR = 2
    for _call in range(2):
        assert get(opened, "/rows?limit=1").status_code == 200
    for path in (f"/api/v1/datasets/{opened.key}/rows", f"/ogc/collections/{opened.key}/items", "/catalog.jsonld"):
        full = Client().get(path)
        assert full.status_code == 429
        assert 1 <= int(full["Retry-After"]) <= 3600
        assert full["RateLimit"].startswith('"gio";r=0;t=')
        assert "Mỗi giờ được 2 lần" in full.content.decode()


@pytest.mark.parametrize("path", ["/ogc/", "/ogc/collections", "/catalog.jsonld", "/data.json"])
def test_writing_where_one_only_reads_is_not_allowed_rather_than_taken_for_a_page_that_expired(opened, path):
    answer = Client(enforce_csrf_checks=True).post(path, "{}", content_type="application/json")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]


def test_a_page_of_another_site_may_ask_whether_anything_changed_and_for_a_part(opened):
    answer = Client().options(f"/api/v1/datasets/{opened.key}/rows", headers={"origin": "https://bao.example.vn"})
    allowed = {one.strip().lower() for one in answer["Access-Control-Allow-Headers"].split(",")}
    assert {"x-api-key", "if-none-match", "range", "if-range"} <= allowed
    assert int(answer["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize("path", ["/rows?limit=0", "/rows/khong-co", "/file.docx", "/versions/9"])
def test_a_page_of_another_site_reads_why_it_was_refused(opened, path):
    answer = get(opened, path)
    assert answer.status_code >= 400
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("path", ["/ogc/collections/", "/ogc/khong-co", "/ogc/collections/a/b/c"])
def test_a_program_at_an_address_there_is_not_is_sent_to_the_beginning(opened, path):
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert "http://testserver/ogc/" in answer.json()["detail"]
    assert Client().get(path, headers={"accept": "text/html"})["Content-Type"].startswith("text/html")
