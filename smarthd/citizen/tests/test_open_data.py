"""Open data for people: found by words, each dataset with its formats, working calls, licence and use; what is not open is not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from smarthd.agencies.tests import make as agencies_make
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.tests import make
from smarthd.kernel import clock
from smarthd.programs import services as programs
from tests.planting import planted_once

COLUMNS = ("Mã", "Tên", "Giá", "Ngày", "Vĩ độ", "Kinh độ")
MAPPING = Mapping(
    (
        Field("ma", "Mã", "Mã", Kind.TEXT, shown=False),
        Field("ten", "Tên", "Tên", Kind.TEXT),
        Field("gia", "Giá", "Giá", Kind.NUMBER),
        Field("ngay", "Ngày", "Ngày", Kind.DAY),
        Field("vi_do", "Vĩ độ", "Vĩ độ", Kind.LATITUDE, shown=False),
        Field("kinh_do", "Kinh độ", "Kinh độ", Kind.LONGITUDE, shown=False),
    ),
    ("ma",),
    ".",
)


def planted(_folder: Any) -> Any:
    at = agencies_make.world()
    rows = [(f"N{n}", f"Nhà thuốc {n}", str(n), "24/11/2026", "20.9", "106.3") for n in range(1, 6)]
    for title, licence in (("Nhà thuốc", "cc-by-4.0"), ("Chỉ xem", "view-only")):
        made = make.mapped(make.source(at.department, title=title, licence=licence), MAPPING)
        make.published(made, make.table(rows, COLUMNS))


_world = planted_once(planted)


@pytest.fixture(autouse=True)
def _then(_world: Any, db: None, tmp_path: Any, settings: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def text(path: str) -> str:
    answer = Client().get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_catalogue_lists_what_is_open_and_finds_it_by_words():
    page = text("/du-lieu/mo/")
    assert "Nhà thuốc" in page
    assert "Chỉ xem" not in page
    assert "CSV" in page
    assert "/du-lieu/mo/nha-thuoc/" in text("/du-lieu/mo/?q=nha thuoc")
    assert "Chưa tìm thấy" in text("/du-lieu/mo/?q=xe buyt")


def test_every_address_on_a_datasets_page_answers():
    page = text("/du-lieu/mo/nha-thuoc/")
    addresses = {one.replace("&amp;", "&") for one in re.findall(r'href="http://testserver([^"]+)"', page)}
    assert len(addresses) >= 10
    for address in addresses:
        assert Client().get(address).status_code == 200, address
    assert "Mã" not in re.findall(r"<tbody>.*?</tbody>", page, re.S)[0]


def test_use_is_told_without_who():
    assert "Chưa có lượt nào" in text("/du-lieu/mo/nha-thuoc/")
    for _each in range(3):
        programs.count_call(programs.Asker("x", 9), now=make.NOW, dataset="nha-thuoc", kind="csv")
    assert "3 lượt" in text("/du-lieu/mo/nha-thuoc/")
    assert "3 lượt lấy trong 30 ngày" in text("/du-lieu/mo/")


def test_what_is_not_open_has_no_page():
    assert Client().get("/du-lieu/mo/chi-xem/").status_code == 404
    assert "/du-lieu/mo/nha-thuoc/" in text("/du-lieu/nha-thuoc/")
    assert "/du-lieu/mo/" not in text("/du-lieu/chi-xem/")


@pytest.mark.parametrize(("path", "most"), [("/du-lieu/mo/", 4), ("/du-lieu/mo/nha-thuoc/", 4)])
def test_pages_ask_few_questions(path, most):
    text(path)
    with CaptureQueriesContext(connection) as told:
        text(path)
    assert len(told) <= most, [one["sql"][:90] for one in told.captured_queries]
