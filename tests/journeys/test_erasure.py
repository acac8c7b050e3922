"""A citizen takes herself out: what was hers is gone at once, what was counted stays counted."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

HOME = "Xã Tiên Minh"


def _left_of(site: Site, account_id: int) -> dict[str, int]:
    """Return how many rows still speak of an account, table by table."""
    tables = {
        "people_binding": "account_id", "account_emailaddress": "user_id", "mfa_authenticator": "user_id",
        "usersessions_usersession": "user_id", "rollout_activity_day": "account_id", "rollout_residence": "account_id",
        "rollout_install_state": "account_id", "agencies_staff": "account_id",
    }  # fmt: skip
    return {
        table: int(str(site.sql(f"SELECT count(*) FROM {table} WHERE {column} = %s", account_id)[0][0]))  # noqa: S608
        for table, column in tables.items()
    }


def test_a_citizen_erases_her_account_and_the_totals_stay_true(page: Page, site: Site) -> None:
    acts.open_installed(page, site)
    acts.choose_commune(page, site, HOME)
    acts.agree_to_counting(page, site)
    phone = acts.new_number()
    acts.sign_in(page, site, phone)
    account_id = acts.account_of(page, site)
    page.goto(f"{site.url}/toi/tai-khoan/ten/")
    page.get_by_label("Họ và tên").fill("Vũ Thị Tạm Biệt")
    page.get_by_role("button", name="Lưu").click()
    acts.read_a_notice(page, site)
    before = acts.counted(site, HOME)

    page.goto(f"{site.url}/toi/tai-khoan/")
    page.get_by_role("link", name="Xóa tài khoản").click()
    form = page.locator("form[data-type-the-name]")
    form.get_by_role("textbox").fill("thôi")
    expect(form.get_by_role("button")).to_be_disabled()
    form.get_by_role("textbox").fill(form.get_attribute("data-type-the-name") or "")
    form.get_by_role("button").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã xóa tài khoản")
    expect(page.get_by_text("Mã yêu cầu")).to_be_visible()
    looks.must_be_fit(page)

    acts.let_news_arrive(site)
    assert set(_left_of(site, account_id).values()) == {0}
    [emptied] = site.sql(
        "SELECT phone_index, phone_sealed, full_name_sealed, home_id, is_active FROM people_account WHERE id = %s",
        account_id,
    )
    assert not any(emptied)
    assert acts.counted(site, HOME) == pytest.approx(before), "erasing changes no total"

    page.goto(f"{site.url}/toi/tai-khoan/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Số điện thoại của bà con?")
    acts.sign_in(page, site, phone)
    assert acts.account_of(page, site) != account_id, "the number opens a new account that knows nothing"
    expect(page.get_by_text("Vũ Thị Tạm Biệt")).to_have_count(0)
    after = acts.counted(site, HOME)
    assert after["activated"] == pytest.approx(before["activated"] + 1), "and is a new person in the figures"
