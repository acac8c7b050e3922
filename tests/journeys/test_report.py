"""The coordinating department writes the Báo cáo, another of its officials signs it; the file says what the page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from smarthd.kernel import clock
from tests.journeys import looks
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
DESK = {"viewport": looks.DESK}


def _file(page: Page, link: str) -> bytes:
    with page.expect_download() as downloaded:
        page.get_by_role("link", name=link).click()
    return downloaded.value.path().read_bytes()


def _words(docx: bytes) -> str:
    """Return every paragraph and cell of a Word file, one a line, with plain spaces."""
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]).replace("\xa0", " ")


def _headline(page: Page, site: Site, day: str) -> dict[str, tuple[str, str, str]]:
    """Return share, numerator and base of each figure at the head of the province's page, as printed."""
    page.goto(f"{site.url}/can-bo/toan-tinh/?ngay={day}&dia-gioi={day}&q=khong+co")
    found = {}
    for card in page.locator(".figures .card").all():
        counts = re.match(r"([\d.]+) / ([\d.]+)", card.locator(".figure-base").inner_text())
        assert counts
        found[card.locator(".figure-label").inner_text()] = (
            card.locator(".figure-value").inner_text(),
            counts[1],
            counts[2],
        )
    return found


def test_the_report_is_made_by_one_official_and_signed_off_by_another(site: Site, as_role: As) -> None:
    maker = as_role("administrator", **DESK).new_page()
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    headline = _headline(maker, site, yesterday)

    maker.goto(f"{site.url}/can-bo/bao-cao/")
    if not maker.get_by_label("Chốt số liệu hết ngày").is_visible():
        maker.get_by_text("Lập báo cáo").first.click()
    expect(maker.get_by_label("Chốt số liệu hết ngày")).to_have_value(yesterday)
    maker.get_by_role("button", name="Lập báo cáo").click()
    expect(maker.get_by_role("link", name="Tải Word")).to_be_visible()
    expect(maker.get_by_text("Chờ người khác ký duyệt")).to_have_count(0)
    expect(maker.get_by_role("button", name="Ký duyệt báo cáo")).to_have_count(0)
    looks.must_be_fit(maker)
    address = maker.url

    draft = _file(maker, "Tải Word")
    written = _words(draft)
    for share, numerator, base in headline.values():
        assert share in written
        assert f"{numerator}/{base}" in written
    for paragraph in maker.locator(".paper p").all_inner_texts():
        assert paragraph.replace("\xa0", " ") in written
    annex = load_workbook(BytesIO(_file(maker, "Tải phụ lục Excel")), read_only=True)
    assert len(annex.sheetnames) > 1

    maker.get_by_role("link", name="Sửa lời văn").click()
    looks.must_be_fit(maker)
    maker.get_by_role("textbox").first.fill("Có {khong.co.so.nay} người")
    maker.get_by_role("button", name="Lưu lời văn").click()
    expect(maker.get_by_text("Chưa lưu được")).to_be_visible()
    maker.goto(address)
    maker.get_by_role("button", name="Lập lại và đối chiếu").click()
    expect(maker.get_by_text("hai tệp trùng khớp từng byte")).to_be_visible()
    assert _file(maker, "Tải Word") == draft

    signer = as_role("head of hp-skhcn", **DESK).new_page()
    signer.goto(f"{site.url}/can-bo/")
    signer.get_by_role("link", name=re.compile("Ký duyệt báo cáo")).first.click()
    expect(signer).to_have_url(address)
    signer.get_by_label("Số văn bản").fill("một trăm")
    signer.get_by_role("button", name="Ký duyệt báo cáo").click()
    expect(signer.get_by_text("Số văn bản chỉ gồm chữ số").first).to_be_visible()
    signer.get_by_label("Số văn bản").fill("128")
    signer.get_by_role("button", name="Ký duyệt báo cáo").click()
    expect(signer.get_by_text("Đã ký duyệt báo cáo.")).to_be_visible()
    expect(signer.get_by_role("link", name="Sửa lời văn")).to_have_count(0)
    signed = _file(signer, "Tải Word")
    assert "Số: 128/BC-" in _words(signed)
    assert "Ngô Thị Thu Hường" in _words(signed)
    maker.goto(address)
    maker.get_by_role("button", name="Lập lại và đối chiếu").click()
    expect(maker.get_by_text("hai tệp trùng khớp từng byte")).to_be_visible()
    assert _file(maker, "Tải Word") == signed


def test_a_ward_sees_no_report_of_the_department_and_may_write_its_own(site: Site, as_role: As) -> None:
    page = as_role("clerk", **DESK).new_page()
    page.goto(f"{site.url}/can-bo/bao-cao/")
    scopes = page.get_by_label("Phạm vi").locator("option").all_inner_texts()
    assert scopes == ["Phường Thành Đông, do Ủy ban nhân dân phường Thành Đông lập"]
    page.get_by_label("Chốt số liệu hết ngày").fill(clock.today().isoformat())
    page.get_by_role("button", name="Lập báo cáo").click()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    looks.must_be_fit(page)
