"""A member of staff who does not agree to being counted reaches the order's level; of a citizen who does not agree nothing is left."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import acts, looks, sheets
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
NAME = "Đặng Thị Không Đồng Ý"


def _said(site: Site, account_id: int) -> tuple[object, ...]:
    """Return what the roll-out keeps of a person: activated, used within seven days, days of use as rows."""
    [row] = site.sql(
        """SELECT p.activated_on IS NOT NULL, p.used_on IS NOT NULL,
        (SELECT count(*) FROM rollout_activity_day d WHERE d.account_id = p.account_id)
        FROM rollout_participant p WHERE p.account_id = %s""",
        account_id,
    )
    return row


def _read_without_waiting_for_an_answer(page: Page, site: Site) -> None:
    page.clock.install()
    page.goto(f"{site.url}/thong-bao/")
    page.locator("a.notice-item").first.click()
    expect(page.locator("article[data-read-seconds]")).to_be_visible()
    acts.keep_in_view(page)


def test_staff_who_do_not_agree_are_told_what_is_kept_and_reach_level_three_without_a_day(
    site: Site, as_role: As, new_context: Callable[..., BrowserContext]
) -> None:
    clerk = as_role("clerk", viewport=looks.DESK).new_page()
    phone = acts.new_number()
    acts.upload_roster(clerk, site, [(NAME, "Công chức Tài chính", sheets.dotted(phone))])
    acts.confirm_roster(clerk)

    hand = new_context().new_page()
    acts.open_installed(hand, site)
    acts.choose_commune(hand, site, "Phường Thành Đông")
    hand.goto(f"{site.url}/bat-dau/do-luong/")
    hand.get_by_role("button", name="Xong").click()
    hand.wait_for_url(f"{site.url}/")
    acts.sign_in(hand, site, phone, going_to="/toi/theo-yeu-cau/", next_page="/toi/")
    told = hand.locator("main")
    expect(told).to_contain_text("Giữ đúng hai điều")
    expect(told).to_contain_text("02/UBND-DUNGTHU")
    expect(told).to_contain_text("không dựa trên sự đồng ý")
    looks.must_be_fit(hand)
    hand.get_by_role("link", name="Tôi đã đọc").click()
    hand.wait_for_url(f"{site.url}/toi/")
    expect(hand.get_by_role("link", name=re.compile("Ghi theo yêu cầu của cơ quan"))).to_be_visible()

    acts.read_a_notice(hand, site)
    acts.let_news_arrive(site)
    account_id = acts.account_of(hand, site)
    acts.until(lambda: _said(site, account_id) == (True, True, 0))
    assert acts.waiting(hand) == []
    head = as_role("head", viewport=looks.DESK).new_page()
    acts.count(site)
    head.goto(f"{site.url}/can-bo/don-vi/")
    expect(head.locator("#nhac li", has_text=NAME)).to_have_count(0)

    hand.goto(f"{site.url}/dang-xuat/")
    hand.locator("main").get_by_role("button", name="Đăng xuất").click()
    hand.wait_for_url(f"{site.url}/")
    acts.until(lambda: hand.evaluate("self.SmarthdOutbox?.fact('order')") is False)
    sent: list[str] = []
    hand.on("request", lambda request: sent.append(request.url) if "/api/v1/" in request.url else None)
    _read_without_waiting_for_an_answer(hand, site)
    assert acts.waiting(hand) == []
    assert sent == []


def test_who_left_the_roster_is_told_of_no_more_by_the_phone(
    site: Site, as_role: As, new_context: Callable[..., BrowserContext]
) -> None:
    clerk = as_role("clerk", viewport=looks.DESK).new_page()
    phone = acts.new_number()
    acts.upload_roster(clerk, site, [("Hoàng Văn Chuyển Đi", "Người lao động", sheets.dotted(phone))])
    acts.confirm_roster(clerk)
    hand = new_context().new_page()
    acts.open_installed(hand, site)
    acts.choose_commune(hand, site, "Phường Thành Đông")
    acts.sign_in(hand, site, phone, going_to="/toi/theo-yeu-cau/")
    hand.get_by_role("link", name="Tôi đã đọc").click()
    acts.until(lambda: hand.evaluate("self.SmarthdOutbox?.fact('order')") is True)
    site.sql_write("UPDATE agencies_staff SET valid_to = valid_from WHERE full_name = 'Hoàng Văn Chuyển Đi'")
    site.sql_write(
        "DELETE FROM rollout_staff_seat WHERE staff_id = "
        "(SELECT id FROM agencies_staff WHERE full_name = 'Hoàng Văn Chuyển Đi')"
    )
    _read_without_waiting_for_an_answer(hand, site)
    acts.until(lambda: hand.evaluate("self.SmarthdOutbox.fact('order')") in ("ended", False))
    assert acts.waiting(hand) == []


def test_a_citizen_who_does_not_agree_leaves_nothing(site: Site, new_context: Callable[..., BrowserContext]) -> None:
    hand = new_context().new_page()
    sent: list[str] = []
    hand.on("request", lambda request: sent.append(request.url) if "/api/v1/" in request.url else None)
    acts.open_installed(hand, site)
    acts.choose_commune(hand, site, "Phường Thành Đông")
    acts.sign_in(hand, site, acts.new_number())
    _read_without_waiting_for_an_answer(hand, site)
    assert acts.waiting(hand) == []
    assert sent == []
    acts.let_news_arrive(site)
    account_id = acts.account_of(hand, site)
    assert _said(site, account_id) == (True, False, 0)
