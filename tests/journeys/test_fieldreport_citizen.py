"""A lamp is out, and there is no network: the report waits on the phone with its photo, arrives once, and anybody may read what becomes of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, ViewportSize, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

SEND, MINE = "/phan-anh/gui/", "/phan-anh/cua-toi/"
SAID = "Đèn đường trước cổng chợ tắt đã một tuần, tối đến không nhìn thấy đường"
HERE = {"latitude": 20.941, "longitude": 106.335, "accuracy": 14}


def photo() -> bytes:
    """Return a large photo that says where and with what it was taken."""
    out = io.BytesIO()
    marks = Image.Exif()
    marks[0x0110] = "MayChupCuaToi"
    place = marks.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (20.0, 56.0, 27.0), "E", (106.0, 20.0, 6.0)
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(out, "JPEG", exif=marks)
    return out.getvalue()


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A cheap phone that knows where it stands."""
    small = ViewportSize(width=360, height=740)
    return new_context(viewport=small, geolocation=HERE, permissions=["geolocation"]).new_page()


def write(page: Page, said: str = SAID, category: str = "den-duong") -> None:
    """Fill the page in as somebody does in the street."""
    page.locator("form[data-report][data-ready]").wait_for()
    chosen = {"name": "IMG_2026.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.get_by_label("Chọn ảnh có sẵn").set_input_files(chosen)
    expect(page.get_by_role("img", name="Ảnh 1")).to_be_visible()
    page.get_by_role("button", name="Chỗ tôi đang đứng").click()
    expect(page.locator("[name=lat]")).not_to_have_value("")
    page.get_by_label("Kể ngắn gọn").fill(said)
    page.get_by_label("Lĩnh vực").select_option(category)


def send(page: Page) -> None:
    page.get_by_role("button", name="Gửi phản ánh", exact=True).click()


def reports(site: Site, said: str) -> list[tuple[object, ...]]:
    """Return code, number of photos and commune of the reports with these words."""
    return site.sql("SELECT code, photos, place_source FROM fieldreports_report WHERE text = %s", said)


def test_a_report_written_without_a_network_waits_with_its_photo_and_arrives_once(phone: Page, site: Site) -> None:
    said = f"{SAID}, cột số 7"
    phone.goto(f"{site.url}/")
    acts.until_the_worker_serves(phone)
    acts.until(lambda: phone.evaluate("caches.match('/phan-anh/gui/khung/').then(Boolean)"))
    phone.context.set_offline(True)
    phone.goto(f"{site.url}{SEND}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Gửi phản ánh")
    write(phone, said)
    send(phone)
    phone.wait_for_url(f"**{MINE}")
    held = phone.locator("[data-report-outbox-list] > li")
    expect(held).to_have_count(1)
    expect(held).to_contain_text("Chờ gửi · 1 ảnh")
    assert reports(site, said) == []
    looks.must_be_fit(phone)

    phone.context.set_offline(False)
    acts.until(lambda: len(reports(site, said)) == 1)
    [(code, photos, source)] = reports(site, said)
    assert (photos, source) == (1, "gps")
    expect(phone.get_by_role("link", name=re.compile("Đèn đường"))).to_have_count(1)  # the page loads itself anew
    expect(phone.locator("[data-report-outbox]")).to_be_hidden()
    assert phone.evaluate("self.SmarthdReports.waiting().then((held) => held.length)") == 0
    phone.goto(f"{site.url}/phan-anh/{code}/")
    expect(phone.get_by_text(said)).to_be_visible()
    assert len(reports(site, said)) == 1


def test_a_report_is_sent_from_the_street_and_a_draft_survives_a_closed_page(phone: Page, site: Site) -> None:
    said = f"{SAID}, cột số 9"
    phone.goto(f"{site.url}{SEND}")
    write(phone, said)
    acts.until(lambda: phone.evaluate("self.SmarthdReports.draft().then((kept) => kept?.files.length === 1)"))
    phone.reload()
    phone.locator("form[data-report][data-ready]").wait_for()
    expect(phone.get_by_label("Kể ngắn gọn")).to_have_value(said)
    expect(phone.get_by_role("img", name="Ảnh 1")).to_be_visible()
    expect(phone.locator("[data-unit]")).to_contain_text(re.compile("Phường|Xã"))
    looks.must_be_fit(phone)
    phone.set_viewport_size({"width": 360, "height": 740})
    send(phone)
    phone.wait_for_url(re.compile(r"/phan-anh/PA-\w+/\?moi$"))
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    looks.must_be_fit(phone)


def test_a_line_that_breaks_off_goes_on_from_where_it_was(
    new_context: Callable[..., BrowserContext], site: Site
) -> None:
    said = f"{SAID}, cột số 13"
    phone = new_context(geolocation=HERE, permissions=["geolocation"], service_workers="block").new_page()
    begun: list[str] = []
    pieces: list[str] = []

    def weak(route: Route) -> None:
        pieces.append(route.request.url.split("tu=")[1])
        if len(pieces) == 2:
            route.abort()
        else:
            route.continue_()

    phone.route("**/phan-anh/gui/tep/*/?tu=*", weak)
    phone.on("request", lambda request: begun.append(request.url) if request.url.endswith("/gui/tep/") else None)
    phone.goto(f"{site.url}{SEND}")
    write(phone, said)
    send(phone)
    phone.wait_for_url(f"**{MINE}")  # the line broke: it waits, and opening this page sends it on
    expect(phone.locator("a.report-row")).to_have_count(1)  # not by the clock: the weak line above lives in this thread
    assert [photos for _code, photos, _source in reports(site, said)] == [1]
    assert len(begun) == 1, "the upload was not begun a second time"
    assert pieces.count("0") == 1
    assert len(pieces) > 2


def test_what_the_server_refuses_is_named_and_nothing_is_lost(phone: Page, site: Site) -> None:
    phone.context.set_geolocation({"latitude": 10.77, "longitude": 106.7, "accuracy": 9})
    phone.goto(f"{site.url}{SEND}")
    write(phone, f"{SAID}, cột số 11")
    send(phone)
    expect(phone.locator("[data-send-problem]")).to_contain_text("Vị trí nằm ngoài địa bàn")
    expect(phone.get_by_role("img", name="Ảnh 1")).to_be_visible()
    phone.get_by_label("Xã, phường").fill("Phường Thành Đông")
    phone.get_by_role("option", name="Phường Thành Đông").click()
    send(phone)
    phone.wait_for_url(re.compile(r"/phan-anh/PA-\w+/\?moi$"))
    assert [photos for _code, photos, _source in reports(site, f"{SAID}, cột số 11")] == [1]


def test_the_map_shows_clusters_on_our_own_ground_and_asks_nobody_else(page: Page, site: Site) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/phan-anh/ban-do/")
    place = page.locator("[data-map-public]")
    expect(place).to_have_attribute("data-shown", re.compile(r"\d+"))
    total = int(place.get_attribute("data-shown") or 0)
    assert total > 0
    assert all(url.startswith((site.url, "data:", "blob:")) for url in asked)
    looks.must_be_fit(page)
    page.goto(f"{site.url}/phan-anh/ban-do/?trang_thai=da-tra-loi")
    expect(place).to_have_attribute("data-shown", re.compile(r"\d+"))
    assert 0 < int(place.get_attribute("data-shown") or 0) < total


def test_a_case_a_newspaper_could_link_to(page: Page, site: Site) -> None:
    [(code,), *_] = site.sql(
        """SELECT r.code FROM fieldreports_report r JOIN fieldreports_answer a ON a.report_id = r.id
        JOIN fieldreports_attachment f ON f.answer_id = a.id AND f.part = 'after'
        WHERE r.visibility = 'public' AND r.state = 'answered' ORDER BY r.id LIMIT 1"""
    )
    page.goto(f"{site.url}/phan-anh/{code}/")
    expect(page.get_by_text("Hạn gốc (không bao giờ đổi)")).to_be_visible()
    expect(page.locator("figure", has_text="Sau").locator("img").first).to_be_visible()
    assert page.locator("link[rel=canonical]").get_attribute("href") == f"{site.url}/phan-anh/{code}/"
    assert page.locator("meta[property='og:title']").get_attribute("content")
    page.locator("[data-map-one]").scroll_into_view_if_needed()
    expect(page.locator("[data-map-one][data-drawn]")).to_be_visible()
    looks.must_be_fit(page)


@pytest.mark.parametrize("path", ["/phan-anh/", MINE, "/phan-anh/thong-ke/", "/phan-anh/du-lieu-mo/", "/tim/?q=den"])
def test_every_page_of_reports_is_fit_to_be_read(page: Page, site: Site, path: str) -> None:
    page.goto(f"{site.url}{path}")
    looks.must_be_fit(page)


def test_the_sender_rates_what_was_confirmed(as_role: Callable[..., BrowserContext], site: Site) -> None:
    page = as_role("citizen").new_page()
    page.goto(f"{site.url}{MINE}")
    mine = page.locator("a.report-row").evaluate_all("all => all.map((one) => one.href)")
    told_again = (
        "DELETE FROM fieldreports_rating t USING fieldreports_report r WHERE r.id = t.report_id AND r.code = ANY(%s)"
    )
    site.sql_write(told_again, [href.rstrip("/").rsplit("/", 1)[1] for href in mine])
    for href in mine:
        page.goto(href)
        if page.get_by_role("button", name="Gửi đánh giá").is_visible():
            break
        if page.get_by_role("button", name="Đã xong", exact=True).is_visible():
            page.get_by_role("button", name="Đã xong", exact=True).click()
            break
    expect(page.get_by_role("button", name="Gửi đánh giá")).to_be_visible()
    page.get_by_role("radio", name="2 sao").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("[data-error-summary]")).to_contain_text("vì sao")
    expect(page.get_by_role("radio", name="2 sao")).to_be_checked()
    page.get_by_role("radio", name="Chậm").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_text("Đã ghi đánh giá. Cảm ơn bà con.")).to_be_visible()
    expect(page.get_by_role("button", name="Gửi đánh giá")).to_be_hidden()
