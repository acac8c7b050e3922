"""Every page of the citizen's app: it answers, in two languages, with one heading, and asks the database little."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from smarthd.citizen import commune
from smarthd.citizen.tests.conftest import NOW
from smarthd.finding.services import keeping
from smarthd.kernel import clock

pytestmark = pytest.mark.django_db
PAGES = {
    "/": 12,
    "/bat-dau/": 6,
    "/bat-dau/hien-thi/": 2,
    "/bat-dau/do-luong/": 2,
    "/thong-bao/": 8,
    "/danh-ba/": 8,
    "/danh-ba/?q=cong+an": 8,
    "/dia-chi/": 2,
    "/dia-chi/?q=nam+sach": 2,
    "/tim/": 4,
    "/tim/?q=dien": 14,
    "/noi-dung/": 3,
    "/thu-tuc/": 8,
    "/su-kien/": 8,
    "/danh-ba/can-bo/": 4,
    "/toi/": 2,
    "/cai-dat/": 2,
    "/cai-dat-ung-dung/": 2,
    "/tro-giup/": 2,
    "/quyen-rieng-tu/": 2,
    "/ngoai-tuyen/": 2,
    "/ve-giao-dien/": 2,
}
VIETNAMESE_ONLY = re.compile(r"[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_with_one_heading_and_few_queries(
    neighbour, words, places_in_memory, django_assert_max_num_queries, address
):
    neighbour.get("/tro-giup/")  # what a process reads once is read
    with django_assert_max_num_queries(PAGES[address]):
        answer = neighbour.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert page.count("<h1") == 1
    assert '<main id="noi-dung"' in page
    assert "!" not in re.sub(r"<!doctype html>|<!--.*?-->", "", page)


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/ve-giao-dien/"])
def test_an_english_page_marks_every_vietnamese_word_as_such(neighbour, words, address):
    neighbour.cookies["smarthd_lang"] = "en"
    page = neighbour.get(address).content.decode()
    assert '<html lang="en"' in page
    foreign = [text for text in _texts_in_english(page) if VIETNAMESE_ONLY.search(text)]
    assert foreign == []


def _texts_in_english(page: str) -> list[str]:
    """Return the texts that no element around them declares to be Vietnamese."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page, "html.parser")
    for element in soup.select('[lang="vi"], script, [data-words-kept]'):
        element.decompose()
    # what is shown of the data itself: names typed by officials and the reader's own words
    for element in soup.select(".list-note, .list-title, .banner-title, option"):
        element.decompose()
    return [
        text.strip()
        for text in soup.stripped_strings
        if text.strip() and "Thêm vào" not in text and "Cài đặt" not in text and "(Thêm)" not in text
    ]


def test_a_notice_opens_and_names_who_says_it(neighbour, words):
    slug = words.publish("Họp khu dân cư", words.ward)
    page = neighbour.get(f"/thong-bao/{slug}/").content.decode()
    assert "Ủy ban nhân dân phường Thành Đông" in page
    assert 'data-read-seconds="10"' in page


def test_a_notice_past_its_hour_says_so_with_410(neighbour, words):
    slug = words.publish("Cắt nước tạm thời", words.ward, expire_at=NOW + timedelta(hours=1))
    assert neighbour.get(f"/thong-bao/{slug}/").status_code == 200
    clock.set_now(NOW + timedelta(hours=2))
    answer = neighbour.get(f"/thong-bao/{slug}/")
    assert answer.status_code == 410
    assert "đã hết hiệu lực" in answer.content.decode()


def test_an_unknown_notice_is_not_found(client, words):
    assert client.get("/thong-bao/khong-co/").status_code == 404


def test_a_broken_cursor_is_refused_in_words(client, words):
    answer = client.get("/thong-bao/", {"cursor": "%%%"})
    assert answer.status_code == 422
    assert "Có chỗ chưa đúng" in answer.content.decode()


def test_the_filter_shows_my_ward_only(neighbour, words):
    page = neighbour.get("/thong-bao/?loc=noi-toi").content.decode()
    assert "Lịch cắt điện khu 1" in page
    assert "Danh mục thủ tục trực tuyến" not in page


def test_emergency_numbers_can_be_dialled_from_the_directory(client, words):
    page = client.get("/danh-ba/").content.decode()
    assert 'href="tel:113"' in page
    assert 'id="khan-cap"' in page


def test_the_directory_of_my_ward_shows_its_office(neighbour, client, words):
    assert "Bộ phận một cửa" in neighbour.get("/danh-ba/").content.decode()
    neighbour.cookies[commune.COOKIE] = words.other.uid.hex
    assert "Bộ phận một cửa" not in neighbour.get("/danh-ba/").content.decode()


@pytest.fixture
def index(words):
    """What may be found is written, as the queue does."""
    keeping.rebuild(now=NOW)


def test_search_finds_notices_numbers_and_places_without_accents(neighbour, words, index):
    page = neighbour.get("/tim/?q=cat+dien").content.decode()
    assert "Lịch cắt điện khu 1" in page
    assert "Ở xã, phường mình" in page
    assert 'href="tel:113"' in neighbour.get("/tim/?q=cong an").content.decode()
    assert "Xã Nam Sách" in neighbour.get("/tim/?q=nam sach").content.decode()
    assert neighbour.get("/tim/?q=cat+dien").headers["Cache-Control"] == "private, no-store"


def test_search_says_what_was_meant_and_answers_that(neighbour, words, index):
    page = neighbour.get("/tim/?q=catt+dienn").content.decode()
    assert 'href="?q=c%E1%BA%AFt%20%C4%91i%E1%BB%87n"' in page
    assert "Lịch cắt điện khu 1" in page


def test_search_for_nothing_found_says_what_to_try_and_leads_on(neighbour, words, index):
    page = neighbour.get("/tim/?q=zzzzqq").content.decode()
    assert "Chưa tìm thấy gì" in page
    assert 'href="/danh-ba/"' in page
    assert 'href="/phan-anh/gui/"' in page


def test_search_keeps_to_one_kind_and_to_what_is_one(neighbour, words, index):
    page = neighbour.get("/tim/?q=nam+sach&loai=place").content.decode()
    assert "Xã Nam Sách" in page
    assert 'href="?q=nam+sach"' in page
    assert neighbour.get("/tim/?q=nam+sach&loai=%00drop").status_code == 200
    assert neighbour.get("/tim/?q=nam+sach&lat=nan&lon=1e999").status_code == 200


def test_suggestions_are_for_one_reader_and_of_few_statements(
    neighbour, words, index, places_in_memory, django_assert_max_num_queries
):
    neighbour.get("/tim/goi-y/?q=cat+di")
    with django_assert_max_num_queries(4):
        answer = neighbour.get("/tim/goi-y/?q=cat+di")
    assert answer.headers["Cache-Control"].startswith("private")
    items = answer.json()["items"]
    assert items[0]["label"] == "Lịch cắt điện khu 1"
    assert items[0]["href"].startswith("/thong-bao/")
    assert neighbour.get("/tim/goi-y/?q=").json() == {"items": []}


def test_the_gallery_is_closed_to_production():
    from smarthd.citizen import urls

    assert any(getattr(entry, "name", "") == "gallery" for entry in urls.urlpatterns)
