"""Every shipped template is whole: its keys are its fields, it is fed and shown, and the demonstration's rows fit it."""

from __future__ import annotations

import html
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from config.seeding.chapters import datasets
from config.seeding.demo import Stage
from smarthd.citizen import tables
from smarthd.citizen.tests import account_make
from smarthd.connectors.models import DataRow, Source
from smarthd.connectors.rules import mapping, shapes
from smarthd.connectors.rules.sources import NAMED, Shape
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Query
from smarthd.connectors.tests import make
from smarthd.finding.services import keeping
from smarthd.kernel import clock
from smarthd.places.tests import make as land
from tests.planting import planted_once


def _planted(_folder: Path) -> None:
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind

    land.the_province()
    new = agencies.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-tp")
    agencies.found_agency(new, valid_from=clock.day_of(make.NOW).replace(month=1, day=1))
    datasets.plant(Stage(np.random.default_rng(1), make.NOW, clock.day_of(make.NOW)))


_province = planted_once(_planted)


@pytest.fixture(autouse=True)
def _then(_province: None, db: None, settings: Any) -> Any:
    settings.PLACES_REVISION_SECONDS = float("inf")
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=lambda one: one.key)
def test_a_template_names_only_fields_of_its_own(template):
    keys = {one.key for one in template.mapping.fields}
    told = template.publication
    assert set(template.mapping.key) <= keys
    assert {getattr(told, name) for name in NAMED} - {""} <= keys
    assert shapes.problems(told, template.mapping) == {}
    mapping.require_sound(template.mapping)
    assert template.key in datasets.SETS


def _shown(page: Any) -> Any:
    if "departures" in page.context:
        return page.context["departures"]
    return page.context["sheet"].days if "sheet" in page.context else page.context["page"].items


@pytest.mark.parametrize("key", TEMPLATES)
def test_citizens_see_the_rows_of_every_template(client: Client, key: str, django_assert_max_num_queries: Any) -> None:
    source = Source.objects.get(template=key)
    address = reverse("citizen:dataset", args=[source.key])
    client.get(address)
    with django_assert_max_num_queries(8):
        page = client.get(address)
    said = page.content.decode()
    assert page.status_code == 200
    assert "Dữ liệu minh họa cho bản dùng thử" in said
    assert "Dữ liệu dùng thử" in said
    shown = public.dataset(source.key, now=make.NOW)
    row = DataRow.objects.filter(source=source, until=None).first()
    if shown.publication.shape is Shape.LOOKUP:
        assert row.values["tinh_trang"] not in said
        found = client.get(address, {"ma": row.values["ma_ho_so"].lower()})
        assert row.values["tinh_trang"] in found.content.decode()
        assert client.get(reverse("citizen:dataset_row", args=[source.key, row.code])).status_code == 404
        assert client.get(reverse("citizen:dataset_download", args=[source.key, "csv"])).status_code == 404
        return
    assert _shown(page)
    assert client.get(reverse("citizen:dataset_row", args=[source.key, row.code])).status_code == 200
    if shown.publication.shape is Shape.CHART:
        assert page.context["chart"].lines
    if shown.has_map:
        assert client.get(reverse("citizen:dataset_points", args=[source.key])).json()["points"]


@pytest.mark.parametrize("key", [key for key in TEMPLATES if key != "ho-so"])
def test_every_template_is_told_row_by_row_taken_away_in_every_form_and_followed(client: Client, key: str) -> None:
    source = Source.objects.get(template=key)
    shown = public.dataset(source.key, now=make.NOW)
    row = DataRow.objects.filter(source=source, until=None).order_by("id").first()
    detail = client.get(reverse("citizen:dataset_row", args=[source.key, row.code])).content.decode()
    for one in shown.shown:
        if row.values.get(one.key) not in {None, "", 0}:
            words = said(one.kind, row.values[one.key]).removesuffix(" đ").removeprefix("một ")
            assert words in html.unescape(detail), f"{one.label} is told"
    for kind in tables.KINDS:
        body = client.get(reverse("citizen:dataset_download", args=[source.key, kind])).getvalue().decode("utf-8-sig")
        assert str(row.values[shown.title_key]) in body, kind
    if shown.publication.shape not in {Shape.CHART, Shape.TIMETABLE}:
        whole = client.get(reverse("citizen:dataset_copy", args=[source.key]))
        assert len(whole.context["rows"]) == public.standing(shown, Query(), now=make.NOW).count()
    account_make.sign_in(client, "0912 345 678")
    assert client.post(reverse("citizen:dataset_follow", args=[source.key])).status_code == 302
    assert "Đang theo dõi" in client.get(reverse("citizen:dataset", args=[source.key])).content.decode()


def test_rows_are_found_by_words_commune_class_and_nearness(client):
    address = reverse("citizen:dataset", args=[Source.objects.get(template="nha-thuoc").key])
    row = DataRow.objects.filter(source__template="nha-thuoc", values__loai="Nhà thuốc").first()
    name = row.values["xa_phuong"]
    titles = [one.title for one in client.get(address, {"xa": name, "loai": "Nhà thuốc"}).context["page"].items]
    assert titles == [row.values["ten"]]
    assert client.get(address, {"xa": "khong co noi nay"}).context["page"].items == []
    near = client.get(address, {"lat": row.lat, "lon": row.lon}).context["page"].items
    assert (near[0].code, round(near[0].km)) == (row.code, 0)
    assert [one.km for one in near] == sorted(one.km for one in near)
    words = client.get(address, {"q": row.values["ten"].upper()}).context["page"].items
    assert row.code in {one.code for one in words}


def test_pages_go_on_where_they_ended_and_show_every_row_once(client):
    address = reverse("citizen:dataset", args=[Source.objects.get(template="nha-thuoc").key])
    seen, cursor = [], ""
    while True:
        page = client.get(address, {"cursor": cursor}).context["page"]
        seen += [one.code for one in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == DataRow.objects.filter(source__template="nha-thuoc", until=None).count()


def test_a_cut_that_is_over_is_no_longer_shown(client):
    address = reverse("citizen:dataset", args=[Source.objects.get(template="cat-dien-nuoc").key])
    assert client.get(address).context["page"].items
    clock.set_now(make.NOW + timedelta(days=8))
    assert client.get(address).context["page"].items == []


@pytest.mark.parametrize("kind", ["csv", "json", "geojson"])
def test_a_file_bears_its_source_and_licence_and_is_not_sent_twice(client, kind):
    address = reverse("citizen:dataset_download", args=[Source.objects.get(template="nha-thuoc").key, kind])
    answer = client.get(address)
    body = answer.getvalue().decode()
    assert "CC BY 4.0" in body
    assert "Dữ liệu dùng thử" in body
    if kind != "csv":
        import json

        told = json.loads(body)
        assert len(told.get("rows") or told["features"]) == 120
    assert client.get(address, headers={"if-none-match": answer["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "asked",
    [
        "cursor=x",
        "cursor=WzFd",
        "lat=nan&lon=1",
        "lat=1e400&lon=2",
        "q=%00",
        "q=%26%7C!()%3A*",
        "loai=%27;--",
        "xa=" + "x" * 500,
        "q=" + "a " * 300,
    ],
)
def test_nothing_in_an_address_breaks_a_page(client, asked):
    for template in ("nha-thuoc", "gia-cho", "ho-so"):
        answer = client.get(
            f"{reverse('citizen:dataset', args=[Source.objects.get(template=template).key])}?{asked}&ma=%00"
        )
        assert answer.status_code in {200, 422}


def _departures(client: Client, asked: dict[str, str]) -> list[Any]:
    address = reverse("citizen:dataset", args=[Source.objects.get(template="tuyen-xe-buyt").key])
    return list(client.get(address, asked).context["departures"])


def test_the_next_departures_of_a_stop_come_first(client):
    stop = DataRow.objects.filter(source__template="tuyen-xe-buyt").first().values["diem_dung"]
    clock.set_now(make.NOW + timedelta(hours=5, minutes=30))  # 14:30 in Hải Dương
    found = _departures(client, {"diem": stop})
    assert [one.at for one in found] == sorted(one.at for one in found)
    assert 0 <= found[0].minutes <= 60
    assert {one.row.values["diem_dung"] for one in found} == {stop}


def test_a_route_of_weekdays_shows_nothing_on_a_sunday_but_monday_morning(client):
    sunday = make.NOW + timedelta(days=5)  # 29/11/2026
    clock.set_now(sunday)
    found = _departures(client, {"tuyen": "Tuyến minh họa 02"})
    assert {one.at.isoweekday() for one in found} == {1}
    assert {one.at.isoweekday() for one in _departures(client, {"tuyen": "Tuyến minh họa 01"})} >= {7}


def test_a_month_shows_what_begins_in_it_and_the_next_one_too(client):
    address = reverse("citizen:dataset", args=[Source.objects.get(template="lich-su-kien").key])
    sheet = client.get(address).context["sheet"]
    assert (sheet.first.month, sheet.after.month) == (11, 12)
    assert all(row.title for day in sheet.days for row in day.rows)
    festival = client.get(address, {"thang": "2026-12", "q": "le hoi"}).context["sheet"].days
    assert len(festival) == 3, "what lasts is shown on each of its days"
    assert client.get(address, {"thang": "9999-77"}).status_code == 200


def test_each_station_of_the_river_is_told_with_its_levels_and_one_alone_has_them_on_its_chart(client):
    address = reverse("citizen:dataset", args=[Source.objects.get(template="muc-nuoc-mua").key])
    page = client.get(address)
    assert {one.line.name for one in page.context["stations"]} == {f"Trạm minh họa {one}" for one in "ABC"}
    for told in page.context["stations"]:
        assert told.value.endswith(" m")
        assert told.tendency
        assert "tới báo động" in told.distance
        assert [tick.numeral for tick in told.gauge.ticks] == ["I", "II", "III"]
    assert page.context["chart"].marks == ()
    one = client.get(address, {"tram": "Trạm minh họa B"}).context["chart"]
    assert [mark.name for mark in one.marks] == ["Báo động I", "Báo động II", "Báo động III"]


@pytest.mark.parametrize(
    ("template", "field", "newest"), [("nha-thuoc-truc", "truc_tu", False), ("gia-cho", "ngay", True)]
)
def test_rows_of_time_come_in_its_order_page_after_page_and_each_once(client, template, field, newest):
    address = reverse("citizen:dataset", args=[Source.objects.get(template=template).key])
    seen, at, cursor = [], [], ""
    while True:
        page = client.get(address, {"cursor": cursor}).context["page"]
        seen += [one.code for one in page.items]
        at += [one.values[field] for one in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert len(seen) == len(set(seen)) > 0
    assert at == sorted(at, reverse=newest)


def test_a_duty_that_is_over_is_hidden(client):
    source = Source.objects.get(template="nha-thuoc-truc")
    ended = [row for row in DataRow.objects.filter(source=source) if row.values["truc_den"] < "2026-11-24T09:00"]
    assert ended, "the demonstration holds lists that are over"
    found = client.get(reverse("citizen:dataset", args=[source.key])).context["page"].items
    assert found
    assert all(row.values["truc_den"] >= "2026-11-24T09:00" for row in found)


def test_the_one_search_of_the_app_finds_datasets_and_their_rows_but_no_dossier(client):
    keeping.rebuild(now=clock.now())
    page = client.get("/tim/?q=nha thuoc").content.decode()
    assert "Phòng khám, nhà thuốc và lịch trực" in page
    assert "Nhà thuốc minh họa" in page
    code = DataRow.objects.filter(source__template="ho-so").first().values["ma_ho_so"]
    assert "Chưa tìm thấy gì" in client.get("/tim/", {"q": code}).content.decode()
