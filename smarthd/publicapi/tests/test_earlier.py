"""Earlier versions by the open API: a list, files that never change, what differs, and no word of what was recalled."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from smarthd.connectors.models import Version
from smarthd.connectors.rules.states import VersionState
from smarthd.connectors.selectors import earlier, histories, open_data
from smarthd.connectors.services import earlier as services
from smarthd.connectors.services import publishing
from smarthd.connectors.tests import make
from smarthd.kernel import clock
from smarthd.publicapi.opendata import earlier as kept
from smarthd.publicapi.opendata import files
from smarthd.publicapi.tests import open_data_make
from smarthd.publicapi.tests.open_data_make import COLUMNS, NOW
from tests.planting import planted_once

HOUR = timedelta(hours=1)


def world(folder: Any) -> Any:
    """Three versions: 23 rows; one price other and one row gone; as the first again with one more."""
    opened = open_data_make.world(folder)
    rows = open_data_make.rows(23)
    second = [*rows[:3], (*rows[3][:3], "99,5".replace(",", "."), *rows[3][4:]), *rows[4:22]]
    make.published(opened, make.table(second, COLUMNS), now=NOW + HOUR)
    make.published(opened, make.table(open_data_make.rows(24), COLUMNS), now=NOW + 2 * HOUR)
    return opened


_world = planted_once(world)


@pytest.fixture
def dataset(_world: Any, db: None, tmp_path: Any, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(NOW + 3 * HOUR)
    yield _world
    clock.set_now(None)


@pytest.fixture
def opened(dataset: Any) -> Any:
    services.allow_earlier(uid=dataset.uid, allowed=True, actor=make.SYSTEM, now=NOW + 3 * HOUR)
    return dataset


def get(dataset: Any, path: str, **headers: str) -> Any:
    return Client().get(f"/api/v1/datasets/{dataset.key}/versions{path}", headers=headers)


def test_versions_are_listed_but_not_handed_out_before_the_owner_says_so(dataset):
    told = get(dataset, "").json()
    assert told["earlier_available"] is False
    assert [(one["number"], one["available"], "links" in one) for one in told["versions"]] == [
        (3, False, False), (2, False, False), (1, False, False),
    ]  # fmt: skip
    for path in ("/1", "/1/file.json", "/2/changes.json", "/3/file.csv"):
        answer = get(dataset, path)
        assert answer.status_code == 404
        assert answer.json()["error"]["name"] == "EditionUnknown"


def test_every_link_leads_to_rows_of_that_version(opened):
    told = get(opened, "").json()
    counts = {}
    for one in told["versions"]:
        version = Client().get(one["links"]["self"].removeprefix("http://testserver")).json()
        for kind, address in version["links"]["files"].items():
            raw = Client().get(address.removeprefix("http://testserver")).getvalue()
            if kind == "csv":
                found = len(list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))) - 1
            else:
                found = len(json.loads(raw)["features" if kind == "geojson" else "rows"])
            counts.setdefault(one["number"], set()).add(found)
        assert version["number"] == one["number"]
    assert counts == {3: {24}, 2: {22}, 1: {23}}


def test_what_differs_is_told_with_how_it_was_and_how_it_is(opened):
    told = json.loads(get(opened, "/2/changes.json").getvalue())
    assert (told["from"], told["to"]) == (1, 2)
    found = {one["change"]: one for one in told["changes"]}
    assert [one["change"] for one in told["changes"]] == ["changed", "removed"]
    assert (found["changed"]["before"]["values"]["gia"], found["changed"]["after"]["values"]["gia"]) == (6, 99.5)
    assert found["removed"]["after"] is None
    lines = list(csv.DictReader(io.StringIO(get(opened, "/2/changes.csv").getvalue().decode("utf-8-sig"))))
    assert [(one["_change"], one["gia"]) for one in lines] == [
        ("before", "6.0"),
        ("after", "99.5"),
        ("removed", "34.5"),
    ]
    across = json.loads(get(opened, "/3/changes.json?since=1").getvalue())
    assert [one["change"] for one in across["changes"]] == ["changed", "added"], "the 23rd row has its point now"
    assert json.loads(get(opened, "/1/changes.json?since=2").getvalue())["changes"][-1]["change"] == "added"
    assert get(opened, "/1/changes.json").status_code == 404, "before the first there is none"


def test_the_mark_of_a_version_stays_whatever_is_published_later(opened):
    before = get(opened, "/1/file.json")
    make.published(opened, make.table(open_data_make.rows(22), COLUMNS), now=NOW + 3 * HOUR)
    after = get(opened, "/1/file.json")
    assert before["ETag"] == after["ETag"]
    assert before.getvalue() == after.getvalue()
    assert get(opened, "/1/file.json", if_none_match=before["ETag"]).status_code == 304
    assert before["ETag"] != get(opened, "/2/file.json")["ETag"]
    assert before["Last-Modified"] == "Tue, 24 Nov 2026 02:00:00 GMT"


def test_a_part_of_a_version_can_be_asked_for(opened):
    whole = get(opened, "/1/file.csv", accept_encoding="gzip").getvalue()
    part = get(opened, "/1/file.csv", accept_encoding="gzip", range="bytes=10-19")
    assert part.status_code == 206
    assert part.getvalue() == whole[10:20]


def test_what_was_recalled_is_gone_at_once_though_its_file_is_kept(opened):
    assert get(opened, "/2/file.json").status_code == 200
    publishing.go_back(uid=opened.uid, number=1, actor=make.SYSTEM, now=NOW + 3 * HOUR)
    for path in ("/2", "/2/file.json", "/3/file.csv", "/3/changes.json?since=1", "/4/changes.json?since=2"):
        assert get(opened, path).status_code == 404
    assert kept.tidy() == 1
    told = get(opened, "").json()["versions"]
    assert [(one["number"], one["available"], one["recalled"]) for one in told] == [
        (4, True, False), (3, False, True), (2, False, True), (1, True, False),
    ]  # fmt: skip
    assert json.loads(get(opened, "/4/changes.json").getvalue())["changes"] == []


def test_a_source_that_is_read_all_day_has_its_versions_told_page_by_page(opened):
    last = Version.objects.get(source=opened, number=3)
    for number in range(4, 64):
        last.pk, last.number, last.state = None, number, VersionState.REPLACED
        last.save(force_insert=True)
    first = get(opened, "").json()
    assert [one["number"] for one in first["versions"]] == list(range(63, 13, -1))
    rest = Client().get(first["next"].removeprefix("http://testserver")).json()
    assert [one["number"] for one in rest["versions"]] == list(range(13, 0, -1))
    assert rest["next"] is None
    found = [open_data.open_dataset(opened.key, now=clock.now())]
    told = histories.editions(found)[opened.pk]
    assert (len(told), told[0].number, told[-1].number) == (51, 63, 1), "the newest, and when it all began"
    assert [one.number for one in earlier.offered(found)[opened.pk]] == list(range(63, 52, -1))


def test_only_the_files_asked_for_last_are_kept(opened, monkeypatch):
    monkeypatch.setattr(kept, "KEPT", 2)
    for path in ("/1/file.json", "/2/file.json", "/3/file.json", "/1/file.csv"):
        assert get(opened, path).status_code == 200
    assert len(list((kept.base() / opened.key).iterdir())) == 2


def test_a_large_version_is_made_by_the_queue(opened, monkeypatch):
    monkeypatch.setattr(files, "AT_ONCE", 5)
    waits = get(opened, "/1/file.json")
    assert (waits.status_code, waits["Retry-After"]) == (503, "30")
    assert get(opened, "/2/changes.csv?since=1").status_code == 503
    kept.prepare(opened.key, number=1, kind="json")
    kept.prepare(opened.key, number=2, since=1, kind="csv")
    assert len(json.loads(get(opened, "/1/file.json").getvalue())["rows"]) == 23
    assert get(opened, "/2/changes.csv?since=1").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/9", 404), ("/0/file.json", 404), ("/99999999999999999999/file.json", 404), ("/1/file.parquet", 422),
        ("/2/changes.geojson", 422), ("/2/changes.json?since=99999999999999999999", 404), ("/2/changes.json?since=x", 422),
        ("?before=x", 422), ("?before=-1", 200),
    ],
)  # fmt: skip
def test_wrong_questions_are_refused_in_words(opened, path, status):
    answer = get(opened, path)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["error"]["detail"]


def test_who_takes_them_is_counted_by_kind(opened):
    from smarthd.programs import selectors as programs

    get(opened, "/1/file.csv")
    get(opened, "/2/changes.json")
    use = programs.use_of(opened.key, now=clock.now())
    assert {programs.kind_word(kind) for kind, _calls in use.kinds} == {"Bản trước, tệp CSV", "So hai bản, tệp JSON"}
