"""What each format promises by its own standard, and what HTTP promises of every answer."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import icalendar
import pytest
from defusedxml import ElementTree
from django.test import Client

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.selectors import open_data
from smarthd.publicapi.opendata import formats, ranges
from smarthd.publicapi.tests.open_data_make import NOW

ATOM = "{http://www.w3.org/2005/Atom}"


def get(opened: Any, path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/datasets/{opened.key}{path}", headers=headers)


# --- formats ----------------------------------------------------------------------------------------------------------
def test_csv_is_rfc_4180(opened):
    raw = get(opened, "/file.csv").getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    text = raw.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n") == 24
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in read} == {7}
    assert not any(cell.startswith(("=", "@", "+")) for row in read[1:] for cell in row)


def test_the_data_package_describes_the_csv_file_column_by_column(opened):
    told = get(opened, "/datapackage.json").json()
    [resource] = told["resources"]
    path = resource["path"].removeprefix("http://testserver")
    head, *rows = csv.reader(io.StringIO(Client().get(path).getvalue().decode("utf-8-sig")))
    fields = resource["schema"]["fields"]
    assert [one["name"] for one in fields] == head
    kinds = {"number": float, "date": date.fromisoformat, "string": str}
    for row in rows:
        for one, cell in zip(fields, row, strict=True):
            if cell not in resource["schema"]["missingValues"]:
                kinds[one["type"]](cell)
    assert len({row[0] for row in rows}) == len(rows), "the primary key is one"
    assert told["licenses"][0]["path"].startswith("https://creativecommons.org/")
    assert told["contributors"][0]["title"]


def test_geojson_is_rfc_7946(opened):
    for told in (get(opened, "/rows.geojson").json(), json.loads(get(opened, "/file.geojson").getvalue())):
        assert "crs" not in told, "§4: WGS 84 and nothing else"
        assert told["type"] == "FeatureCollection"
        for one in told["features"]:
            assert set(one) == {"type", "id", "geometry", "properties"}
            assert one["type"] == "Feature"
            assert isinstance(one["properties"], dict)
            if one["geometry"] is not None:
                lon, lat = one["geometry"]["coordinates"]
                assert (-180 <= lon <= 180, -90 <= lat <= 90) == (True, True)
                assert lon > 100, "longitude first"


def test_the_calendar_is_rfc_5545(opened):
    raw = get(opened, "/feed.ics").content
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    calendar = icalendar.Calendar.from_ical(raw)
    assert str(calendar["version"]) == "2.0"
    assert calendar["prodid"]
    events = calendar.walk("VEVENT")
    assert len({str(one["uid"]) for one in events}) == len(events)
    for one in events:
        assert isinstance(one["dtstamp"].dt, datetime)
        assert one["dtend"].dt > one["dtstart"].dt
        assert type(one["dtend"].dt) is type(one["dtstart"].dt)


def test_hours_in_a_calendar_need_no_rules_of_a_zone(opened):
    """RFC 5545, 3.2.19: whoever names a zone tells its rules; hours here are UTC and name none."""
    shown = open_data.open_dataset(opened.key, now=NOW)
    mapping = replace(
        shown.mapping,
        fields=tuple(replace(one, kind=Kind.MOMENT) if one.key == "ngay" else one for one in shown.mapping.fields),
    )
    texts = ['{"id": "a", "values": {"ten": "Trực đêm", "ngay": "2026-11-30T21:00"}}']
    raw = formats.ics(replace(shown, mapping=mapping), texts, root="https://hd.example.vn", now=NOW)
    assert b"DTSTART:20261130T140000Z" in raw
    assert b"TZID" not in raw


def test_the_feed_is_rss_2(opened):
    feed = ElementTree.fromstring(get(opened, "/feed.rss").content)
    assert (feed.tag, feed.get("version")) == ("rss", "2.0")
    channel = feed.find("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    assert channel.find(f"{ATOM}link").get("rel") == "self"
    guids = [one.findtext("guid") for one in channel.findall("item")]
    assert len(set(guids)) == len(guids) == 23
    for one in channel.findall("item"):
        assert one.findtext("title") or one.findtext("description")
        assert parsedate_to_datetime(one.findtext("pubDate")).tzinfo is not None
        assert one.find("guid").get("isPermaLink") == "false"


def test_parquet_keeps_types(opened):
    parquet = pytest.importorskip("pyarrow.parquet")
    read = parquet.read_table(io.BytesIO(get(opened, "/file.parquet").getvalue()))
    assert {one.name: str(one.type) for one in read.schema} == {
        "_id": "string", "_lon": "double", "_lat": "double", "ten": "string", "loai": "string", "gia": "double", "ngay": "date32[day]",
    }  # fmt: skip
    assert date(2026, 11, 2) in read.column("ngay").to_pylist()
    assert "=1+1" in read.column("ten").to_pylist(), "no sheet, no quote"


def test_public_versions_are_told(opened):
    [one] = get(opened, "").json()["versions"]
    assert (one["number"], one["rows"], one["added"], one["removed"]) == (1, 23, 23, 0)


# --- HTTP -------------------------------------------------------------------------------------------------------------
PATHS = (
    "",
    "/rows.json",
    "/rows.csv",
    "/rows.geojson",
    "/file.csv",
    "/file.parquet",
    "/feed.rss",
    "/feed.ics",
    "/datapackage.json",
)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_what_http_promises(opened, path):
    answer = get(opened, path)
    answer.getvalue()
    assert answer["ETag"].startswith('"')
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Accept-Encoding" in answer["Vary"]
    assert answer["RateLimit"]
    again = get(opened, path, **{"if-none-match": f'"x", {answer["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == answer["ETag"]
    assert get(opened, path, **{"if-none-match": '"x"'}).status_code == 200


@pytest.mark.parametrize("path", [one for one in PATHS if one not in {"", "/datapackage.json"}])
def test_what_has_not_changed_since_is_not_sent_again(opened, path):
    changed = get(opened, path)["Last-Modified"]
    assert get(opened, path, **{"if-modified-since": changed}).status_code == 304
    assert get(opened, path, **{"if-modified-since": "Mon, 01 Jan 2024 00:00:00 GMT"}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_head_says_what_get_says_without_a_body(opened, path):
    whole, head = get(opened, path), Client().head(f"/api/v1/datasets/{opened.key}{path}")
    whole.getvalue()
    assert head.status_code == 200
    assert head.getvalue() == b""
    assert (head["ETag"], head["Content-Type"]) == (whole["ETag"], whole["Content-Type"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-3", (0, 3)), ("bytes=4-", (4, 99)), ("bytes=-10", (90, 99)), ("bytes=90-500", (90, 99)), ("bytes=-500", (0, 99)),
        ("bytes=0-0", (0, 0)), ("bytes=100-", (100, 99)), ("bytes=-0", (100, 99)), ("bytes=5-2", None), ("bytes=0-1,5-6", None),
        ("items=0-1", None), ("bytes=", None), ("bytes=-", None), ("bytes=a-b", None),
    ],
)  # fmt: skip
def test_a_range_is_read_as_rfc_9110_says(asked, found):
    assert ranges.wanted(asked, 100) == found


def test_a_download_goes_on_where_it_broke_off(opened):
    whole = get(opened, "/file.parquet")
    raw = whole.getvalue()
    assert whole["Accept-Ranges"] == "bytes"
    first = get(opened, "/file.parquet", range="bytes=0-99")
    rest = get(opened, "/file.parquet", range="bytes=100-", **{"if-range": whole["ETag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first["Content-Range"] == f"bytes 0-99/{len(raw)}"
    assert first.getvalue() + rest.getvalue() == raw
    assert get(opened, "/file.parquet", range="bytes=100-", **{"if-range": '"another"'}).getvalue() == raw
    beyond = get(opened, "/file.parquet", range=f"bytes={len(raw)}-")
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(raw)}")
    packed = get(opened, "/file.csv", range="bytes=0-9", **{"accept-encoding": "gzip"})
    assert (packed.status_code, packed["Content-Encoding"]) == (206, "gzip")
    assert packed.getvalue()[:2] == b"\x1f\x8b"
    assert get(opened, "/file.csv", range="bytes=0-9").status_code == 200, "unpacked on the way: no part of it"


@pytest.mark.parametrize(
    "path", ["/ogc/collections", "/api/v1/datasets", "/api/v1/datasets/x/rows", "/catalog.jsonld", "/data.json"]
)
def test_other_sites_may_ask_before_they_ask(opened, path):
    answer = Client().options(path, headers={"origin": "https://other.example"})
    assert answer.status_code == 204
    assert "X-Api-Key" in answer["Access-Control-Allow-Headers"]
