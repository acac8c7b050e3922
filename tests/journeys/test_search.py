"""A grandmother looks for a pharmacy on duty, a man for the commune he was born in, somebody types without looking."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

FIELD = "Tìm thông báo, thủ tục, số điện thoại, địa điểm, xã cũ"


def test_a_grandmother_finds_the_pharmacy_on_duty_in_her_ward(page: Page, site: Site) -> None:
    acts.choose_commune(page, site, "Thành Đông")
    page.goto(f"{site.url}/")
    page.wait_for_load_state("networkidle")
    field = page.get_by_role("combobox", name=FIELD)
    field.press_sequentially("nha thuoc tr")
    expect(page.get_by_role("option", name=re.compile("Nhà thuốc trực theo lịch")).first).to_be_visible()
    field.press_sequentially("uc")
    field.press("Enter")
    page.wait_for_url("**/tim/?q=nha+thuoc+truc")
    places = page.get_by_role("region", name="Địa điểm, dữ liệu tra cứu")
    first = places.get_by_role("link").filter(has_text="Nhà thuốc trực theo lịch").first
    expect(first).to_contain_text("Phường Thành Đông")
    expect(first).to_contain_text("Ở xã, phường mình")
    looks.must_be_fit(page)
    first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nhà thuốc")
    expect(page.locator("main")).to_contain_text("Thành Đông")


def test_an_old_communes_name_leads_to_what_it_is_now(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/tim/")
    page.wait_for_load_state("networkidle")
    field = page.get_by_role("combobox", name=FIELD)
    field.press_sequentially("xa hong phong")
    option = page.get_by_role("option").filter(has_text="Nay thuộc").first
    expect(option).to_be_visible()
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    looks.must_be_fit(page)
    field.press("Enter")
    page.wait_for_url("**/dia-chi/*-*/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hồng Phong")


def test_escape_puts_the_suggestions_away_and_keeps_what_was_typed(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/tim/")
    page.wait_for_load_state("networkidle")
    field = page.get_by_role("combobox", name=FIELD)
    field.press_sequentially("xa hong phong")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("xa hong phong")


def test_a_slip_and_a_keyboard_left_off_are_understood_and_nothing_leads_somewhere(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/tim/?q=nhaf+thuoocs")
    expect(page.get_by_role("status").filter(has_text="Đang xem kết quả của")).to_contain_text("nhà thuốc")
    expect(page.get_by_role("link", name=re.compile("Nhà thuốc trực theo lịch")).first).to_be_visible()
    page.goto(f"{site.url}/tim/?q=zzzqqqxxx")
    expect(page.get_by_text("Chưa tìm thấy gì")).to_be_visible()
    looks.must_be_fit(page)
    page.get_by_role("link", name="Gọi đường dây nóng").click()
    page.wait_for_url("**/danh-ba/")


def test_a_name_an_editor_adds_is_understood_at_once(
    page: Page, site: Site, as_role: Callable[..., BrowserContext]
) -> None:
    desk = as_role("administrator", viewport=looks.DESK).new_page()
    desk.goto(f"{site.url}/can-bo/ten-thuong-goi/")
    looks.must_be_fit(desk)
    desk.get_by_label("Bà con hay gọi").fill("giấy mụ đỡ")
    desk.get_by_label("Những chữ có trong tên chính thức").fill("khai sinh")
    desk.get_by_role("button", name="Thêm", exact=True).click()
    expect(desk.get_by_text("Đã thêm “giấy mụ đỡ”")).to_be_visible()
    page.goto(f"{site.url}/tim/?q=giay+mu+do")
    expect(page.get_by_role("link", name=re.compile("Đăng ký khai sinh")).first).to_be_visible()
