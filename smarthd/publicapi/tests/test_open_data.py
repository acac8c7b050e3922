"""Open data over HTTP: what is open and nothing else, whole by pages, filtered, in every format, with validators, within fair use."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import icalendar
import pytest
from defusedxml import ElementTree
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from smarthd.connectors.services import sources
from smarthd.connectors.tests import make
from smarthd.kernel import clock
from smarthd.programs import selectors as programs
from smarthd.programs import services as keys
from smarthd.programs.models import CallCount
from smarthd.publicapi.opendata import files
from smarthd.publicapi.tests import open_data_make
from smarthd.publicapi.tests.open_data_make import NOW

API = "/api/v1/datasets"


def get(path: str, **headers: str) -> Any:
    return Client().get(API + ("" if path.startswith("?") or not path else "/") + path, headers=headers)


def rows(opened: Any, query: str = "") -> list[dict[str, Any]]:
    answer = get(f"{opened.key}/rows?{query}")
    assert answer.status_code == 200, answer.content
    told: list[dict[str, Any]] = answer.json()["rows"]
    return told


def names(opened: Any, query: str) -> set[str]:
    return {row["values"]["ten"] for row in rows(opened, query)}


def station(*numbers: int) -> set[str]:
    return {"=1+1" if n == 2 else f"Trạm “{n}” 100%" for n in numbers}


def test_only_open_datasets_are_listed_and_opened(opened):
    listed = get("").json()["datasets"]
    assert [one["key"] for one in listed] == [opened.key]
    assert get("chi-xem").status_code == 404
    assert get("tra-cuu-ho-so/rows").status_code == 404
    assert get("tra-cuu-ho-so/file.csv").status_code == 404
    assert get("khong-co/rows.csv").json()["error"]["detail"]


def test_the_list_is_searched_by_words_with_or_without_marks(opened):
    assert len(get("?q=tram%20y").json()["datasets"]) == 1
    assert get("?q=xe%20buyt").json()["datasets"] == []


def test_a_dataset_is_described(opened):
    told = get(opened.key).json()
    assert [one["name"] for one in told["schema"]["fields"]] == ["ten", "loai", "gia", "ngay"]
    assert told["schema"]["fields"][2]["type"] == "number"
    assert told["licence"]["name"] == "CC BY 4.0"
    assert told["publisher"]
    assert told["freshness"]["state"] == "fresh"
    assert told["rows"] == 23
    for address in (
        *told["links"]["rows"].values(),
        *told["links"]["files"].values(),
        *told["links"]["feeds"].values(),
    ):
        answer = Client().get(address.removeprefix("http://testserver"))
        assert answer.status_code == 200, address


def test_a_field_not_shown_to_citizens_is_in_no_format(opened):
    for path in ("rows", "rows.csv", "rows.geojson", "file.csv", "file.json", "file.geojson", "feed.rss", "feed.ics"):
        answer = get(f"{opened.key}/{path}")
        body = answer.getvalue()
        assert answer.status_code == 200
        assert b"T001" not in body, path
        assert b"Tr" in body, path
    for kind in ("csv", "json", "geojson"):
        body = Client().get(f"/du-lieu/{opened.key}/tai-ve.{kind}").getvalue()
        assert b"T001" not in body, kind
        assert b"Tr" in body, kind


def test_pages_hold_every_row_once_and_in_order(opened):
    for query in ("", "&sort=gia", "&sort=-gia", "&sort=-ten", "&loai=Nhà thuốc"):
        whole = [row["id"] for row in rows(opened, f"limit=1000{query}")]
        found: list[str] = []
        address = f"{API}/{opened.key}/rows?limit=4{query}"
        while address:
            told = Client().get(address).json()
            found += [row["id"] for row in told["rows"]]
            assert told["count"] == len(told["rows"]) <= 4
            address = (told["next"] or "").removeprefix("http://testserver")
        assert found == whole
        assert len(set(found)) == len(found) > 10


def test_rows_are_put_in_the_order_asked_for(opened):
    prices = [row["values"]["gia"] or 0 for row in rows(opened, "sort=-gia")]
    assert all(first >= then for first, then in pairwise(prices))
    assert prices[0] == 34.5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ten=%3D1%2B1", station(2)),
        ("gia.min=30&gia.max=32", station(21)),
        ("loai=Phòng khám&gia.max=10", station(3, 6)),
        ("gia=1.5&gia=3", station(1, 2)),
        ("ngay.min=2026-11-23", station(22, 23)),
        ("datetime=2026-11-02/2026-11-03", station(1, 2, 7)),
        ("datetime=../2026-11-02", station(1, 7)),
        ("datetime=2026-11-24", station(7, 23)),
        ("bbox=106.305,20.9,106.325,20.95", station(1, 2)),
        ("near=106.31,20.905&radius=100", station(1)),
        ("near=106.31,20.905&limit=2&radius=5000", station(1, 2)),
        ("filter=gia > 30 AND loai = 'Nhà thuốc'", station(22, 23)),
        ("filter=ten LIKE '%25“1_”%25' AND gia BETWEEN 15 AND 18", station(11, 12)),
        ("filter=gia IS NULL AND NOT (loai = 'Phòng khám')", station(5, 10, 20)),
        ("filter=loai IN ('Phòng khám') AND ngay < DATE('2026-11-06')", station(3)),
        ("filter=S_INTERSECTS(geometry, BBOX(106.305,20.9,106.315,20.95))", station(1)),
        ("filter=3 > gia", station(1)),
        ('filter-lang=cql2-json&filter={"op":"=","args":[{"property":"gia"},1.5]}', station(1)),
    ],
)
def test_a_filter_finds_what_it_says(opened, query, found):
    assert names(opened, query) == found


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=x", "limit=-1", "khong_co=1", "ma=T001", "gia=x", "gia=nan", "gia.min=", "ten.sai=1", "bbox=1,2,3",
        "bbox=106,21,107,20", "bbox=1,2,3,inf", "near=1", "near=200,1", "near=106,20&radius=0", "radius=5", "sort=khong", "sort=ma",
        "datetime=2026-13-01", "datetime=2026-11-24T08:00:00", "datetime=2026-11-02/2026-11-01", "datetime=/", "filter=gia >",
        "filter=ma = 'T001'", "filter=gia = 'x'", "filter=ten = 1", "filter=((((((((((((gia=1", "filter-lang=sql&filter=gia=1",
        "filter=ten = 'x', 1=1; DROP", "filter-lang=cql2-json&filter=[]", "filter-lang=cql2-json&filter={", "near=106,20&sort=gia",
        "limit=1&limit=2", "ten=%00", "filter=gia LIKE 'x'",
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(opened, query):
    answer = get(f"{opened.key}/rows?{query}")
    assert answer.status_code == 400
    assert all(answer.json()["error"]["fields"].values())


def test_a_cursor_of_somebody_elses_making_is_refused(opened):
    for cursor in ("x", "W10", "WzFd", "WyJhIiwgWzFdXQ"):
        assert get(f"{opened.key}/rows?cursor={cursor}").status_code in {400, 422}


def table(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def test_csv_opens_as_text_and_agrees_with_the_file(opened):
    answer = get(f"{opened.key}/rows.csv?limit=1000")
    page = table(answer.content)
    assert page[0] == ["_id", "_lon", "_lat", "ten", "loai", "gia", "ngay"]
    assert "'=1+1" in {row[3] for row in page}
    whole = table(get(f"{opened.key}/file.csv").getvalue())
    assert sorted(page) == sorted(whole)
    assert 'rel="license"' in answer["Link"]


def test_geojson_has_points_and_what_has_none(opened):
    told = get(f"{opened.key}/rows.geojson?limit=1000").json()
    assert told["type"] == "FeatureCollection"
    by_name = {one["properties"]["ten"]: one for one in told["features"]}
    assert by_name["Trạm “1” 100%"]["geometry"] == {"type": "Point", "coordinates": [106.31, 20.905]}
    assert by_name["Trạm “23” 100%"]["geometry"] is None
    assert list(by_name["=1+1"]["properties"]) == ["ten", "loai", "gia", "ngay"]
    whole = json.loads(get(f"{opened.key}/file.geojson").getvalue())
    assert sorted(one["id"] for one in whole["features"]) == sorted(one["id"] for one in told["features"])
    assert whole["licence"] == "CC BY 4.0"


def test_parquet_has_types_and_says_what_it_is(opened):
    parquet = pytest.importorskip("pyarrow.parquet")
    read = parquet.read_table(io.BytesIO(get(f"{opened.key}/file.parquet").getvalue()))
    assert read.num_rows == 23
    assert str(read.schema.field("gia").type) == "double"
    assert str(read.schema.field("ngay").type) == "date32[day]"
    assert read.schema.metadata[b"licence"] == b"CC BY 4.0"
    assert read.column("gia").null_count == 4


def test_the_calendar_and_the_feed_tell_rows(opened):
    calendar = icalendar.Calendar.from_ical(get(f"{opened.key}/feed.ics").content)
    events = calendar.walk("VEVENT")
    assert len(events) == 22, "one row has no day"
    first = next(one for one in events if str(one["summary"]) == "Trạm “1” 100%")
    assert first["dtstart"].dt.isoformat() == "2026-11-02"
    assert first["dtend"].dt.isoformat() == "2026-11-03"
    feed = ElementTree.fromstring(get(f"{opened.key}/feed.rss").content)
    assert len(feed.findall("channel/item")) == 23
    assert feed.findtext("channel/item/pubDate")


def test_who_has_an_answer_gets_none_again_and_no_row_is_read(opened):
    for path in ("", opened.key, f"{opened.key}/rows?limit=3", f"{opened.key}/file.csv", f"{opened.key}/feed.rss"):
        first = get(path)
        first.getvalue()
        with CaptureQueriesContext(connection) as told:
            again = get(path, **{"if-none-match": first["ETag"]})
        assert again.status_code == 304, path
        assert not any("FROM connectors_datarow" in one["sql"] for one in told.captured_queries)
    changed = get(f"{opened.key}/rows")["Last-Modified"]
    assert get(f"{opened.key}/rows", **{"if-modified-since": changed}).status_code == 304


def test_a_new_version_ends_old_validators_and_old_files(opened):
    first = get(f"{opened.key}/rows?limit=3")
    get(f"{opened.key}/file.csv").getvalue()
    make.published(opened, make.table(open_data_make.rows(24), open_data_make.COLUMNS))
    assert get(f"{opened.key}/rows?limit=3", **{"if-none-match": first["ETag"]}).status_code == 200
    assert len(table(get(f"{opened.key}/file.csv").getvalue())) == 25
    kept = files.place_of(*_shown(opened, "csv")).parent
    assert len(list(kept.iterdir())) == 1


def _shown(opened: Any, kind: str) -> Any:
    from smarthd.connectors.selectors import open_data

    return open_data.open_dataset(opened.key, now=NOW), kind


def test_a_file_is_made_once(opened):
    get(f"{opened.key}/file.json").getvalue()
    place = files.place_of(*_shown(opened, "json"))
    made = place.stat().st_mtime_ns
    packed = get(f"{opened.key}/file.json", **{"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert packed.getvalue() == place.read_bytes()
    assert place.stat().st_mtime_ns == made


def test_the_file_of_a_large_dataset_is_made_by_the_queue(opened, monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    monkeypatch.setattr(files, "AT_ONCE", 5)
    answer = get(f"{opened.key}/file.csv")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert get(f"{opened.key}/file.csv").status_code == 503
    assert ProcrastinateJob.objects.filter(task_name="smarthd.publicapi.tasks.prepare_files").count() == 1
    files.prepare(opened.key)
    assert get(f"{opened.key}/file.csv").status_code == 200


def test_files_of_what_is_no_longer_open_are_destroyed(opened):
    get(f"{opened.key}/file.csv").getvalue()
    opened.refresh_from_db()
    opened.licence = "view-only"
    opened.save(update_fields=["licence"])
    assert files.tidy() == 1
    assert get(f"{opened.key}/file.csv").status_code == 404


def test_pages_are_packed_for_who_takes_it(opened):
    assert get(f"{opened.key}/rows", **{"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in get(f"{opened.key}/rows").headers


def test_fair_use_without_a_key_ends_and_says_when_to_come_again(opened, settings):
    settings.OPEN_DATA_PER_HOUR = 2
    assert [get("").status_code for _ in range(3)] == [200, 200, 429]
    full = get(f"{opened.key}/rows")
    assert 0 < int(full["Retry-After"]) <= 3600
    assert "2 lần" in full.json()["error"]["detail"]
    _row, secret = keys.issue("Ứng dụng Đô thị", actor=make.SYSTEM, now=NOW, per_hour=1)
    assert get("", **{"x-api-key": secret}).status_code == 200
    assert get("", authorization=f"Bearer {secret}").status_code == 429
    assert get("", **{"x-api-key": "shd_sai"}).status_code == 401
    marks = list(CallCount.objects.values_list("mark", flat=True))
    assert len(marks) == 2
    assert not any("127.0.0.1" in one for one in marks)
    clock.set_now(NOW + timedelta(hours=3))
    assert get("").status_code == 200
    assert keys.forget_calls(now=clock.now()) == 2
    assert CallCount.objects.count() == 1


def test_what_is_refused_is_no_use(opened, settings):
    settings.OPEN_DATA_PER_HOUR = 1
    get(f"{opened.key}/rows?limit=x")
    get(f"{opened.key}/rows")
    get(f"{opened.key}/rows")
    assert programs.use_of(opened.key, now=NOW).calls == 1


def test_use_is_counted_by_dataset_day_and_format(opened):
    get(f"{opened.key}/rows")
    get(f"{opened.key}/rows.csv")
    clock.set_now(NOW + timedelta(days=1))
    get(f"{opened.key}/rows.csv")
    use = programs.use_of(opened.key, now=clock.now())
    assert (use.calls, use.kinds) == (3, (("csv", 2), ("json", 1)))
    assert [calls for _day, calls in use.days][-2:] == [2, 1]
    assert [programs.kind_word(kind) for kind, _calls in use.kinds] == ["CSV", "JSON"]
    assert programs.kind_word("file.geojson") == "Tệp GeoJSON"
    assert programs.calls_of([opened.key, "khac"], now=clock.now()) == {opened.key: 3}


@pytest.mark.parametrize(
    ("path", "most"), [("", 4), ("{key}", 4), ("{key}/rows", 4), ("{key}/rows.csv", 4), ("{key}/feed.rss", 5)]
)
def test_a_call_asks_the_database_few_questions(opened, path, most):
    with CaptureQueriesContext(connection) as told:
        get(path.format(key=opened.key)).getvalue()
    assert len(told) <= most, [one["sql"][:80] for one in told.captured_queries]


def test_a_dataset_that_ended_is_gone(opened):
    sources.end_source(uid=opened.uid, actor=make.SYSTEM, now=NOW)
    assert get(opened.key).status_code == 404
