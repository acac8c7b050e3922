"""The first page: my commune first, then everyone's; made once, handed out many times, nothing personal in it."""

from __future__ import annotations

from datetime import timedelta

import brotli
import pytest

from smarthd.citizen import commune
from smarthd.citizen.tests.conftest import NOW
from smarthd.citizen.views import home
from smarthd.content import rules
from smarthd.content import selectors as content
from smarthd.kernel import clock

pytestmark = pytest.mark.django_db
WIRE_LIMIT = 60_000


def test_my_wards_notices_stand_before_everyones(neighbour, words):
    page = neighbour.get("/").content.decode()
    assert "Phường Thành Đông" in page
    assert page.index("Lịch cắt điện khu 1") < page.index("Danh mục thủ tục trực tuyến")
    assert "Không có thông báo khẩn cấp." in page


def test_a_neighbouring_commune_does_not_see_them(client, words):
    client.cookies[commune.COOKIE] = words.other.uid.hex
    assert "Lịch cắt điện khu 1" not in client.get("/").content.decode()


def test_a_reader_without_a_commune_is_asked_and_sees_what_is_for_everyone(client, words):
    page = client.get("/").content.decode()
    assert "Bà con ở xã, phường nào?" in page
    assert "Danh mục thủ tục trực tuyến" in page


def test_an_urgent_notice_is_a_banner_and_is_counted(neighbour, words):
    words.publish("Gió mùa đông bắc", urgency=rules.Urgency.URGENT)
    content.forget_version()
    page = neighbour.get("/").content.decode()
    assert "Có 1 thông báo khẩn cấp." in page
    assert "Đọc và làm theo" in page


def test_a_new_notice_makes_a_new_page(neighbour, words):
    before = neighbour.get("/")
    words.publish("Cấp đổi căn cước lưu động", words.ward)
    content.forget_version()
    after = neighbour.get("/")
    assert "Cấp đổi căn cước lưu động" in after.content.decode()
    assert before["ETag"] != after["ETag"]


def test_the_second_reader_costs_no_query(neighbour, words, django_assert_num_queries):
    neighbour.get("/")
    with django_assert_num_queries(0):
        assert neighbour.get("/").status_code == 200


def test_making_the_page_costs_few_queries(neighbour, words, places_in_memory, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        neighbour.get("/")


def test_a_browser_that_has_the_page_gets_no_body(neighbour, words):
    first = neighbour.get("/")
    again = neighbour.get("/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_the_page_is_compressed_for_those_who_take_it_and_small(neighbour, words):
    plain = neighbour.get("/")
    packed = neighbour.get("/", headers={"accept-encoding": "gzip, br"})
    assert packed["Content-Encoding"] == "br"
    assert brotli.decompress(packed.content) == plain.content
    assert len(packed.content) < WIRE_LIMIT / 6
    assert neighbour.get("/", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"


def test_an_anonymous_reader_gets_no_cookie(neighbour, words):
    answer = neighbour.get("/")
    assert "Set-Cookie" not in answer.headers
    assert set(answer.cookies) == set()


@pytest.mark.parametrize(
    ("cookies", "mark"),
    [({"smarthd_ui": "chu-to"}, 'data-text="lon"'), ({"smarthd_ui": "toi"}, 'data-theme="toi"'), ({}, "<html")],
)
def test_each_wish_has_its_own_page(neighbour, words, cookies, mark):
    neighbour.get("/")
    for name, value in cookies.items():
        neighbour.cookies[name] = value
    assert mark in neighbour.get("/").content.decode()


def test_the_page_changes_with_the_day(neighbour, words):
    first = neighbour.get("/").content.decode()
    clock.set_now(NOW + timedelta(days=1))
    assert first != neighbour.get("/").content.decode()


def test_opening_the_installed_app_for_the_first_time_leads_to_the_first_run(client, words):
    assert client.get(f"/?nguon={home.FROM_APP}")["Location"] == f"/bat-dau/?nguon={home.FROM_APP}"


def test_opening_the_installed_app_later_leads_home(neighbour, words):
    assert neighbour.get(f"/?nguon={home.FROM_APP}").status_code == 200


@pytest.mark.parametrize("nonsense", ["", "abc", "'; drop", "00000000000000000000000000000000"])
def test_a_cookie_that_means_nothing_is_as_none(client, words, nonsense):
    client.cookies[commune.COOKIE] = nonsense
    answer = client.get("/")
    assert answer.status_code == 200
    assert "Bà con ở xã, phường nào?" in answer.content.decode()
