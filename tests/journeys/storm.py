"""What the duty's two officers do in the stories of a storm: write a warning, approve it with a second factor; a phone in a commune."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, Page, expect

from config.seeding import accounts
from tests.journeys import acts, looks
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
DESK = {"viewport": looks.DESK}
HEADLINE = "Lũ sông Thái Bình lên nhanh: rời bãi ngoài đê trước 3 giờ"
TEXTS = {
    "Tiêu đề (tiếng Việt)": HEADLINE,
    "Đang xảy ra gì (tiếng Việt)": "Mực nước lúc 2 giờ là 5,2 m, trên báo động 3, còn lên.",
    "Việc cần làm (tiếng Việt)": "Rời vùng bãi ngoài đê đến nhà văn hóa. Cần cứu giúp gọi 112.",
    "Tiêu đề (tiếng Anh)": "Thai Binh river rising fast: leave land outside the dikes before 03:00",
    "Đang xảy ra gì (tiếng Anh)": "5.2 m at 02:00, above alarm level 3, rising.",
    "Việc cần làm (tiếng Anh)": "Leave land outside the dikes for the village hall. For rescue call 112.",
}


def write(page: Page, site: Site, *places: str, drill: bool = False, headline: str = HEADLINE) -> str:
    """Write a flood warning for some communes and hand it in; return its code."""
    page.goto(f"{site.url}/can-bo/canh-bao/")
    page.get_by_role("link", name="Soạn cảnh báo").click()
    page.get_by_role("link", name="Lũ trên sông").click()
    page.get_by_label("Diễn tập" if drill else "Thật", exact=True).check()
    page.get_by_label(re.compile("^Cấp 4")).check()
    page.locator("[data-commune-list] > summary").click()
    for place in places:
        page.get_by_label(place, exact=True).check()
    expect(page.locator("[data-audience-said]")).to_contain_text(f"{len(places)} xã, phường")
    expect(page.locator("[data-audience-said]")).to_contain_text("người có tài khoản")
    for label, words in TEXTS.items():
        page.get_by_label(label).fill(headline if words == HEADLINE else words)
    page.get_by_label("Điện thoại trực").fill("0220 3 000 112")
    if not drill:
        looks.must_be_fit(page)
    expect(page.locator("[data-preview-title]")).to_have_text(f"DIỄN TẬP: {headline}" if drill else headline)
    page.get_by_role("button", name="Lưu và xem như người dân sẽ thấy").click()
    expect(page.get_by_role("heading", name="Loa truyền thanh đọc")).to_be_visible()
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.get_by_text("Đã gửi duyệt.")).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[1]


class Approver:
    """Signs in once, and gives a code of another half minute for each approval: a code serves once."""

    def __init__(self, as_role: As) -> None:
        self.page = as_role("alert_approver", **DESK).new_page()
        self.used = half_minute()

    def code(self) -> str:
        """Return the figures an authenticator shows, waiting for the next where these were used."""
        while half_minute() <= self.used:
            self.page.wait_for_timeout(500)
        self.used = half_minute()
        return accounts.current_second_factor(datetime.now(UTC))

    def approve(self, site: Site, code: str, *, button: str = "Duyệt và phát ngay") -> None:
        """Read a warning and approve it."""
        self.page.goto(f"{site.url}/can-bo/canh-bao/{code}/")
        self.page.get_by_label(re.compile("^Mã 6 số")).fill(self.code())
        self.page.get_by_role("button", name=button).click()
        expect(self.page.get_by_text("Đã duyệt và phát.")).to_be_visible()


def half_minute() -> int:
    return int(datetime.now(UTC).timestamp()) // 30


def commune_page(new_context: As, site: Site, name: str) -> Page:
    page = new_context().new_page()
    acts.choose_commune(page, site, name)
    page.goto(f"{site.url}/")
    acts.until_the_worker_serves(page)
    return page
