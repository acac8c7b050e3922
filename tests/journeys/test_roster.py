"""A ward sends its roster, a member of staff activates on her phone, the ward's 100% moves; who need not is counted apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import acts, looks, sheets
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
DESK = {"viewport": looks.DESK}


def _part(told: str) -> tuple[int, int]:
    """Return numerator and denominator as the unit's page says them: “23 / 24 người”, “(22/23)”."""
    found = re.search(r"([\d.]+)\s*/\s*([\d.]+)", told)
    assert found, told
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))


def _gross(page: Page) -> tuple[int, int]:
    return _part(page.locator("#chi-tieu ~ .figure .figure-base").inner_text())


def _net(page: Page) -> tuple[int, int]:
    return _part(
        page.locator("dt", has_text="Trừ trường hợp được miễn").locator("xpath=following-sibling::dd[1]").inner_text()
    )


def test_a_roster_is_read_line_by_line_before_anything_is_saved(site: Site, as_role: As) -> None:
    page = as_role("clerk", **DESK).new_page()
    dots, bare = acts.new_number(), acts.new_number()
    acts.upload_roster(
        page,
        site,
        [
            ("NGUYỄN THỊ BÌNH YÊN", "Công chức Tư pháp - hộ tịch", sheets.dotted(dots)),
            ("Trần Văn Cường Thịnh", "Chỉ huy trưởng Quân sự", sheets.without_zero(bare)),
            ("Lê Đức Vẹn Toàn", "Người lao động", ""),
            ("Nguyễn Thị Bình Yên", "Công chức", sheets.dotted(dots)),
            ("Đỗ Mạnh Sai Số", "Công chức", "12.345"),
        ],
    )
    expect(page.locator(".chips")).to_contain_text("Thêm mới 3")
    expect(page.locator(".chips")).to_contain_text("Có lỗi 2")
    expect(page.get_by_role("row", name=re.compile("Sai Số"))).to_contain_text("Sửa thành số di động 10 chữ số")
    expect(page.get_by_role("row", name=re.compile("Vẹn Toàn"))).to_contain_text("Chưa có số điện thoại")
    expect(page.get_by_text("Trùng với dòng 8")).to_be_visible()
    looks.must_be_fit(page)

    with page.expect_download() as downloaded:
        page.get_by_role("link", name="Tải các dòng lỗi").click()
    returned = load_workbook(BytesIO(downloaded.value.path().read_bytes())).worksheets[0]
    rows = list(returned.iter_rows(values_only=True))
    assert rows[0][1] == "Họ và tên"
    assert rows[0][-1] == "Lỗi và cách sửa"
    assert [row[1] for row in rows[1:]] == ["Nguyễn Thị Bình Yên", "Đỗ Mạnh Sai Số"]
    assert all(row[-1] for row in rows[1:])

    page.goto(f"{site.url}/can-bo/")
    page.get_by_role("link", name=re.compile("Xác nhận danh sách đã tải lên")).first.click()
    page.get_by_role("button", name="Bỏ bản này").click()
    expect(page.get_by_text("không có gì được lưu")).to_be_visible()
    assert site.sql("SELECT count(*) FROM agencies_staff WHERE full_name = 'Trần Văn Cường Thịnh'") == [(0,)]


def test_a_member_of_staff_activates_and_the_wards_hundred_percent_moves(
    site: Site, as_role: As, new_context: Callable[..., BrowserContext]
) -> None:
    clerk = as_role("clerk", **DESK).new_page()
    phone = acts.new_number()
    acts.upload_roster(clerk, site, [("Phạm Thị Minh Nguyệt Ánh", "Công chức Văn hóa - xã hội", sheets.dotted(phone))])
    acts.confirm_roster(clerk)
    acts.count(site)
    clerk.goto(f"{site.url}/can-bo/don-vi/")
    used, roster = _gross(clerk)
    expect(clerk.get_by_text("Tên chỉ hiện với thủ trưởng")).to_be_visible()
    expect(clerk.get_by_role("list").get_by_text("Nguyệt Ánh")).to_have_count(0)

    head = as_role("head", **DESK).new_page()
    head.goto(f"{site.url}/can-bo/")
    head.get_by_role("link", name=re.compile("Nhắc cán bộ chưa cài đặt")).click()
    hers = head.locator("li", has_text="Phạm Thị Minh Nguyệt Ánh")
    expect(hers).to_contain_text("chưa cài đặt")
    expect(hers.get_by_role("link", name="Gọi")).to_have_attribute("href", f"tel:{phone}")
    looks.must_be_fit(head)
    head.set_viewport_size(looks.DESK)
    head.get_by_role("button", name="Ghi là đã nhắc").click()
    expect(hers).to_contain_text("đã nhắc")

    hand = new_context().new_page()
    acts.open_installed(hand, site)
    acts.choose_commune(hand, site, "Phường Thành Đông")
    acts.agree_to_counting(hand, site)
    acts.sign_in(hand, site, phone)
    acts.count(site)
    head.goto(f"{site.url}/can-bo/don-vi/")
    expect(hers).to_contain_text("có tài khoản, chưa sử dụng")
    assert _gross(head) == (used, roster), "an account is no use yet"

    acts.read_a_notice(hand, site)
    acts.count(site)
    head.reload()
    expect(hers).to_have_count(0)
    assert _gross(head) == (used + 1, roster)


def test_who_need_not_use_the_app_is_counted_apart_by_two_persons_word(site: Site, as_role: As) -> None:
    clerk = as_role("clerk", **DESK).new_page()
    acts.upload_roster(clerk, site, [("Bùi Thị Thai Sản", "Công chức Địa chính", "")])
    acts.confirm_roster(clerk)
    acts.count(site)
    clerk.goto(f"{site.url}/can-bo/don-vi/")
    gross, net = _gross(clerk), _net(clerk)

    clerk.get_by_text("Đề nghị miễn cho một người").click()
    clerk.get_by_label("Người được đề nghị miễn").select_option(label="Bùi Thị Thai Sản")
    clerk.get_by_label("Căn cứ").fill("QĐ 15/QĐ-UBND")
    clerk.get_by_role("button", name="Gửi đề nghị").click()
    asked = clerk.locator("#mien li", has_text="Bùi Thị Thai Sản")
    expect(asked).to_contain_text("Chờ duyệt")
    expect(asked.get_by_role("button", name="Duyệt")).to_have_count(0)

    delegate = as_role("delegate", **DESK).new_page()
    delegate.goto(f"{site.url}/can-bo/")
    delegate.get_by_role("link", name=re.compile("Duyệt trường hợp miễn")).click()
    waiting = delegate.locator("#mien li", has_text="Bùi Thị Thai Sản")
    waiting.get_by_role("button", name="Duyệt", exact=True).click()
    expect(waiting).to_contain_text("Đã duyệt")
    acts.count(site)
    delegate.goto(f"{site.url}/can-bo/don-vi/")
    assert _gross(delegate) == gross, "gross counts everybody"
    assert _net(delegate) == (net[0], net[1] - 1), "net leaves the exempt person out"
    missing = delegate.locator("#nhac")
    expect(missing.get_by_role("heading", name="Chưa dùng hoặc đã lâu không mở")).to_be_visible()
    expect(missing.get_by_text("Thai Sản")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("anh.jpg", b"\xff\xd8\xff\xe0 no table", "Hãy gửi tệp Excel (.xlsx) hoặc .csv"),
        ("trong.xlsx", b"", "Tệp trống"),
        ("nham.csv", "Kính gửi: các đồng chí\nĐề nghị nộp danh sách".encode(), "Không thấy bảng danh sách"),
    ],
    ids=["a picture", "empty", "a letter"],
)
def test_a_file_that_is_no_roster_is_refused_in_words(
    name: str, content: bytes, words: str, site: Site, as_role: As
) -> None:
    page = as_role("clerk", **DESK).new_page()
    page.goto(f"{site.url}/can-bo/don-vi/")
    page.get_by_role("link", name="Nộp danh sách").click()
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    page.get_by_label("Tệp danh sách").set_input_files(file)
    page.get_by_role("button", name="Xem trước").click()
    expect(page.locator(".field-error")).to_contain_text(words)
