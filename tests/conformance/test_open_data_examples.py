"""The programs shown beside a dataset run as they stand and take away all of it."""

from __future__ import annotations

import csv
import io
import shlex
import urllib.request
from typing import Any

import pytest
from django.test import Client

from smarthd.citizen.open_data_examples import examples
from smarthd.connectors.selectors import open_data
from smarthd.kernel import clock
from smarthd.publicapi.tests import open_data_make
from smarthd.publicapi.tests.open_data_make import NOW
from tests.planting import planted_once

_world = planted_once(open_data_make.world)
ROOT = "http://testserver"


@pytest.fixture
def told(_world: Any, db: None, tmp_path: Any, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(NOW)
    shown = open_data.open_dataset(_world.key, now=NOW)
    yield [text for _words, text in examples(shown, f"{ROOT}/api/v1/datasets/{shown.key}", ROOT)]
    clock.set_now(None)


def fetched(address: str) -> bytes:
    answer = Client().get(address.removeprefix(ROOT))
    assert answer.status_code == 200, address
    raw: bytes = answer.getvalue()
    return raw


def test_curl_takes_the_whole_file(told):
    program, *words = shlex.split(told[0])
    assert (program, words[0], words[1]) == ("curl", "--compressed", "--output")
    assert fetched(words[3]).count(b"\r\n") == 24


def test_python_takes_every_row(told, monkeypatch, capsys):
    monkeypatch.setattr(urllib.request, "urlopen", lambda address: io.BytesIO(fetched(address)))
    exec(compile(told[1].replace("limit=1000", "limit=5"), "example", "exec"), {})  # noqa: S102 - the example itself
    assert capsys.readouterr().out == "23\n"


def test_r_reads_a_table_with_a_mark_before_it(told):
    address = told[2].split('"')[1]
    raw = fetched(address)
    assert raw.startswith(b"\xef\xbb\xbf"), "fileEncoding says so"
    assert len(list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))) == 23


def test_qgis_finds_the_layer_where_it_is_told_to_look(told):
    address = next(word for word in told[3].split() if word.startswith("http"))
    assert fetched(address)
    assert "Trạm y tế" in told[3]
    assert "Trạm y tế" in fetched(f"{address}collections").decode()


@pytest.mark.usefixtures("told")
def test_the_page_shows_them():
    page = Client().get("/du-lieu/mo/tram-y-te/").content.decode()
    assert page.count("example-program") == 4
    assert "urlopen(address)" in page
