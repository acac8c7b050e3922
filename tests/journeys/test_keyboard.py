"""An official with no mouse, a reader who goes from link to link: everything is reached from the keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
SMALL_TABLE = "/can-bo/toan-tinh/?q=nam+sach"


def _focused(page: Page) -> str:
    """Return the words of what has the focus."""
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_j_and_k_walk_the_table_and_enter_opens_the_row(site: Site, as_role: As) -> None:
    page = as_role("auditor", viewport=looks.DESK).new_page()
    page.goto(f"{site.url}/can-bo/toan-tinh/?q=nam")
    page.wait_for_load_state("networkidle")
    names = page.locator("main table[data-rows] th[scope=row] a").all_inner_texts()
    assert len(names) > 2
    for name in names[:2]:
        page.keyboard.press("j")
        acts.until(lambda expected=name: _focused(page) == expected)
    page.keyboard.press("k")
    acts.until(lambda: _focused(page) == names[0])
    expect(page.locator("tr.is-current")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[0])


def test_slash_goes_to_the_search_and_typing_there_moves_nothing(site: Site, as_role: As) -> None:
    page = as_role("auditor", viewport=looks.DESK).new_page()
    page.goto(f"{site.url}{SMALL_TABLE}")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("/")
    search = page.get_by_label("Tìm đơn vị")
    expect(search).to_be_focused()
    search.fill("")
    page.keyboard.type("jk?/")
    expect(search).to_have_value("jk?/")
    expect(page.locator("tr.is-current")).to_have_count(0)


@pytest.mark.parametrize("path", ["/can-bo/toan-tinh/?q=nam+sach", "/can-bo/bao-cao/", "/can-bo/nhat-ky/?viec=people"])
def test_a_question_mark_shows_the_keys_and_escape_puts_them_away(path: str, site: Site, as_role: As) -> None:
    page = as_role("auditor", viewport=looks.DESK).new_page()
    page.goto(f"{site.url}{path}")
    page.wait_for_load_state("networkidle")
    keys = page.get_by_role("dialog", name="Phím tắt")
    if page.locator("table[data-rows]").count():
        page.keyboard.press("?")
    else:
        page.get_by_role("button", name="Phím tắt").press("Enter")
    expect(keys).to_be_visible()
    looks.must_be_fit(page)
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()


@pytest.mark.parametrize(("path", "role"), [("/", ""), ("/thong-bao/", ""), ("/can-bo/", "auditor")])
def test_the_first_key_leads_past_the_navigation(
    path: str, role: str, site: Site, new_context: Callable[..., BrowserContext], as_role: As
) -> None:
    page = (as_role(role) if role else new_context()).new_page()
    page.goto(f"{site.url}{path}")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Bỏ qua, tới nội dung")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_name_is_found_among_suggestions_without_touching_the_screen(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/dia-chi/")
    page.wait_for_load_state("networkidle")
    field = page.get_by_role("combobox", name="Tên xã, phường, huyện cũ hoặc mới")
    field.press_sequentially("hop tien")
    expect(page.get_by_role("option").first).to_be_visible()
    looks.must_be_fit(page)
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    chosen = page.get_by_role("option").first.locator(".list-title").inner_text()
    field.press("Enter")
    page.wait_for_url("**/dia-chi/*-*/")
    expect(page.locator("main")).to_contain_text(chosen.split(",")[0])
