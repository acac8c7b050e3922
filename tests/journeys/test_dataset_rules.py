"""A clerk says what must hold of a column, sees at once how many lines would fall, and mends them in the same workbook."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import xlsxwriter
from playwright.sync_api import BrowserContext, expect

from tests.journeys import looks
from tests.journeys.conftest import Site
from tests.journeys.test_datasets import DESK, hand_in, new_source

As = Callable[..., BrowserContext]
HEADS = ("Mã", "Tên điểm", "Số chỗ", "Giờ mở cửa", "Từ ngày", "Đến ngày")


def rooms(folder: Path, *, broken: bool) -> Path:
    place = folder / f"phong-doc-{broken}.xlsx"
    with xlsxwriter.Workbook(place) as book:
        page = book.add_worksheet("Danh sách")
        page.write_row(0, 0, HEADS)
        for n in range(1, 41):
            page.write_row(n, 0, (f"PD{n:02}", f"Phòng đọc {n}", 20 + n, "7h–17h", "01/09/2026", "31/12/2026"))
        if broken:
            page.write(7, 2, 4000)
            page.write(9, 5, "01/01/2020")
            page.write(11, 3, "sáng")
    return place


def test_a_clerk_sets_rules_sees_which_lines_fall_and_mends_them(site: Site, as_role: As, tmp_path: Path) -> None:
    page = as_role("clerk", **DESK).new_page()
    new_source(page, site, "Phòng đọc thôn, khu", "upload")
    hand_in(page, rooms(tmp_path, broken=True))
    expect(page.get_by_role("heading", level=1)).to_have_text("Khai các cột")
    seats = page.locator("[data-column='2']")
    seats.locator("summary").focus()
    page.keyboard.press("Enter")
    seats.get_by_label("Từ", exact=True).fill("1")
    seats.get_by_label("Đến", exact=True).fill("500")
    page.keyboard.press("Tab")
    expect(page.get_by_text("Trong 40 dòng: 1 dòng sẽ bị giữ lại, 0 dòng được công bố và nhắc.")).to_be_visible()
    expect(page.locator("[data-found='2']")).to_have_text("1 dòng")

    page.get_by_label("Là: Giờ mở cửa", exact=True).select_option("text")
    hours = page.locator("[data-column='3']")
    hours.locator("summary").click()
    hours.get_by_label("Dạng có sẵn").select_option("gio-mo-cua")
    page.locator("#form-notice-3").check()
    expect(page.get_by_text("Trong 40 dòng: 1 dòng sẽ bị giữ lại, 1 dòng được công bố và nhắc.")).to_be_visible()
    page.get_by_label("Tên người dân thấy: Số chỗ").press("Enter")
    expect(page.get_by_role("heading", name="Thử với tệp này")).to_be_visible()
    page.get_by_role("button", name="Thêm quy tắc giữa các cột").click()
    expect(page.get_by_label("Quy tắc", exact=True)).to_have_value("order")
    page.get_by_label("Cột A").select_option("4")
    page.get_by_label("Cột B").select_option("5")
    page.get_by_role("button", name="Thử với tệp này").click()
    expect(page.get_by_text("Trong 40 dòng: 2 dòng sẽ bị giữ lại, 1 dòng được công bố và nhắc.")).to_be_visible()
    looks.must_be_fit(page)

    page.get_by_role("button", name="Kiểm tra và xem trước").click()
    expect(page.get_by_text("4.000 lớn hơn 500. Nhận từ 1 đến 500; xem lại số và đơn vị tính")).to_be_visible()
    expect(page.get_by_text("Có thể hai ô bị đổi chỗ")).to_be_visible()
    with page.expect_download() as told:
        page.get_by_role("link", name="Tải các dòng lỗi").click()
    told.value.save_as(tmp_path / "dong-loi.xlsx")
    lines = list(openpyxl.load_workbook(tmp_path / "dong-loi.xlsx").active.values)
    assert [line[0] for line in lines[1:]] == ["PD07", "PD09", "PD11"]
    assert "Số chỗ: 4.000 lớn hơn 500" in str(lines[1][-1])
    assert str(lines[3][-1]).startswith("Nhắc: Giờ mở cửa")
    looks.must_be_fit(page)
    page.get_by_role("link", name="Phòng đọc thôn, khu").first.click()
    page.get_by_role("link", name="Nộp tệp mới").click()
    hand_in(page, rooms(tmp_path, broken=False))
    expect(page.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
    expect(page.get_by_role("heading", name="Dòng lỗi")).to_have_count(0)
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_text("Đã công bố. Người dân thấy ngay.")).to_be_visible()

    phone = as_role("clerk", viewport={"width": 360, "height": 740}).new_page()
    phone.goto(page.url)
    phone.get_by_role("link", name="Khai các cột").click()
    phone.locator("[data-column='2'] summary").click()
    expect(phone.locator("#most-2")).to_have_value("500")
    looks.must_be_fit(phone)
