"""The same spring of 2024 under the map of that spring, after the mergers of 1/12/2024, after the splits of 1/7/2025."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from smarthd.ui import words
from tests.journeys import looks
from tests.journeys.conftest import Site

SPRING, DECEMBER, JULY = "2024-04-20", "2024-12-01", "2025-07-01"
COMMUNES = {SPRING: 235, DECEMBER: 207, JULY: 114}
_ROWS = """() => [...document.querySelectorAll("main table[data-rows] tbody tr:not(.group-row)")].map((row) => {
  const under = row.querySelector("th .cell-base");
  const name = (row.querySelector("th a") ?? row.querySelector("th").firstChild).textContent;
  return [name.trim(), under?.textContent ?? "", ...[...row.querySelectorAll("td")].map((cell) => cell.textContent.trim())];
})"""


@pytest.fixture
def auditor(as_role: Callable[..., BrowserContext]) -> Page:
    return as_role("auditor", viewport=looks.DESK).new_page()


@dataclass(frozen=True)
class Sheet:
    """A league table as it was exported: the total, and numerators by name and superior, None where one is hidden."""

    total: float
    rows: dict[tuple[str, str], float | None]
    lines: list[list[str]]


def _open_spring(page: Page, site: Site, boundaries: str) -> None:
    """Pick the spring's campaign, its last day and a map in the form on the province's page."""
    page.goto(f"{site.url}/can-bo/toan-tinh/?q=khong+co+xa+nay")
    page.get_by_label("Chiến dịch").select_option("lenh-2024")
    page.get_by_label("Số liệu đến hết ngày").fill(SPRING)
    page.get_by_label("Theo địa giới ngày").fill(boundaries)
    page.get_by_label("Xem theo").select_option(label="Cấp xã")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator(".as-seen").first).to_contain_text(f"{COMMUNES[boundaries]}/{COMMUNES[boundaries]} đơn vị")
    page.wait_for_load_state("load")  # the count stands above a long table, which may still be on its way


def _exported(page: Page) -> Sheet:
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="CSV").click()
    written = downloaded.value.path().read_text("utf-8-sig")
    lines = list(csv.reader(io.StringIO(written)))
    first = next(number for number, line in enumerate(lines) if line[0] == "Nhóm")
    body = lines[first + 1 :]
    rows = {(line[1], line[3]): float(line[4]) if line[4] else None for line in body[1:]}
    return Sheet(float(body[0][4]), rows, body)


def _same(on_page: str, numerator: str, denominator: str) -> bool:
    """Say whether a cell of the page shows what the file has in two columns."""
    if not numerator:
        return "ẩn, dưới 10 người" in on_page
    spoken = [words.number(float(value)) for value in (numerator, denominator) if value]
    return "/".join(spoken) in on_page


def test_totals_are_conserved_under_the_map_of_any_day_and_the_file_says_what_the_page_says(
    auditor: Page, site: Site
) -> None:
    sheets: dict[str, Sheet] = {}
    for boundaries in (SPRING, DECEMBER, JULY):
        _open_spring(auditor, site, boundaries)
        page_rows: list[list[str]] = auditor.evaluate(_ROWS)
        sheets[boundaries] = sheet = _exported(auditor)
        assert len(sheet.rows) == COMMUNES[boundaries]
        known = [value for value in sheet.rows.values() if value is not None]
        assert sum(known) <= sheet.total + 0.01
        assert len(known) < len(sheet.rows) or sum(known) == pytest.approx(sheet.total)
        for on_page, in_file in zip(page_rows, sheet.lines, strict=True):
            assert on_page[0] in {in_file[1], "Cộng cả bảng"}
            assert _same(on_page[2], in_file[4], in_file[5]), (on_page, in_file)
    assert len({sheet.total for sheet in sheets.values()}) == 1

    assert sum(value is None for value in sheets[JULY].rows.values()) == 0
    merged = [sheets[SPRING].rows[(f"Xã {name}", "Huyện Nam Sách")] for name in ("Nam Trung", "Nam Chính")]
    assert sheets[DECEMBER].rows[("Xã Trần Phú", "Huyện Nam Sách")] == sum(value or 0 for value in merged)


def test_a_merger_can_be_followed_from_the_new_commune_to_the_old_ones(auditor: Page, site: Site) -> None:
    _open_spring(auditor, site, DECEMBER)
    auditor.get_by_label("Tìm đơn vị").fill("tran phu nam sach")
    auditor.get_by_label("Tìm đơn vị").press("Enter")
    auditor.locator("main table").get_by_role("link", name="Xã Trần Phú").click()
    expect(auditor.get_by_role("heading", level=1)).to_have_text("Xã Trần Phú")
    made_of = auditor.locator(".card", has=auditor.get_by_role("heading", name="Hợp thành từ"))
    expect(made_of.get_by_role("link")).to_contain_text(["Xã Nam Chính", "Xã Nam Trung"], use_inner_text=True)
    expect(made_of).to_contain_text("toàn bộ · 01/12/2024")
    looks.must_be_fit(auditor)


def test_a_split_is_marked_as_an_estimate_and_names_its_parts(auditor: Page, site: Site) -> None:
    _open_spring(auditor, site, DECEMBER)
    auditor.get_by_label("Tìm đơn vị").fill("van duc")
    auditor.get_by_label("Tìm đơn vị").press("Enter")
    auditor.locator("main table").get_by_role("link", name="Phường Văn Đức").click()
    became = auditor.locator(".card", has=auditor.get_by_role("heading", name="Về sau thuộc"))
    expect(became.get_by_role("link")).to_have_count(3)
    expect(became).to_contain_text(re.compile(r"một phần, ước tính 61,1% · 01/07/2025"))
    became.get_by_role("link").first.click()
    expect(auditor.get_by_text(re.compile("Phần ước tính")).first).to_be_visible()


def test_the_filters_and_the_order_stay_in_the_address_and_in_the_file(auditor: Page, site: Site) -> None:
    _open_spring(auditor, site, SPRING)
    auditor.get_by_text("Vượt 100%", exact=True).click()
    expect(auditor.locator(".as-seen").first).to_contain_text("1/235 đơn vị")
    expect(auditor.locator("main table[data-rows]")).to_contain_text("vượt 100%")
    row: list[str] = auditor.evaluate(_ROWS)[-1]
    seen = _exported(auditor)
    assert [name for name, _above in seen.rows] == [row[0]]
    address = auditor.url
    auditor.goto(f"{site.url}/can-bo/")
    auditor.goto(address)
    again: Any = auditor.evaluate(_ROWS)[-1]
    assert again == row
