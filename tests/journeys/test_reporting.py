"""A clerk files on a phone, loses the network midway, seals, and it arrives once; the Department endorses; the board moves."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import looks
from tests.journeys.conftest import Site

ANSWERS = {"so_buoi": "4", "nguoi_du": "120", "duoc_giup": "35", "phat_thanh": "14"}


def state_of(site: Site, uid: str) -> tuple[Any, ...]:
    """Return what the database holds of a report: state, rounds, steps, whether sealed."""
    [row] = site.sql(
        "SELECT r.state, r.round, (SELECT count(*) FROM rollout_reportstep s WHERE s.report_id = r.id), r.sealed_at IS NOT NULL"
        " FROM rollout_periodicreport r JOIN rollout_obligation o ON o.id = r.obligation_id WHERE o.uid = %s",
        uid,
    )
    return row


def test_a_report_sealed_without_network_arrives_once_and_the_board_moves(
    site: Site, as_role: Callable[..., Any]
) -> None:
    phone = as_role("clerk")
    clerk = phone.new_page()
    clerk.goto(f"{site.url}/can-bo/bao-cao-ky/")
    clerk.get_by_role("link", name=re.compile("Chưa làm")).first.click()
    clerk.wait_for_selector("form[data-filing]")
    uid = clerk.url.rstrip("/").split("/")[-2]
    said = clerk.locator("[data-draft-state]")

    # what is typed is kept by itself
    clerk.fill("[name=v-so_buoi]", ANSWERS["so_buoi"])
    said.filter(has_text="Đã lưu lúc").wait_for()
    assert state_of(site, uid)[:2] == ("draft", 0)
    assert "so với" not in clerk.locator("#muc-so_buoi .answer-before").inner_text()

    # the tunnel: no network, the page goes on
    phone.set_offline(True)
    clerk.fill("[name=v-nguoi_du]", ANSWERS["nguoi_du"])
    said.filter(has_text="đang lưu trên máy này").wait_for()
    clerk.fill("[name=v-phat_thanh]", ANSWERS["phat_thanh"])
    clerk.fill("[name=v-duoc_giup]", "500")
    clerk.fill("[name=v-nguoi_dan]", "30")
    clerk.locator("#muc-kho_khan label").last.click()
    seal = clerk.get_by_role("button", name="Niêm phong và gửi khi có mạng")
    seal.click()
    expect(clerk.locator("#muc-duoc_giup")).to_contain_text("không thể lớn hơn")
    clerk.fill("[name=v-duoc_giup]", ANSWERS["duoc_giup"])
    seal.click()
    said.filter(has_text="Đã niêm phong").wait_for()
    assert state_of(site, uid)[0] == "draft"

    # out of it: sent once, by itself
    phone.set_offline(False)
    said.filter(has_text="Đã gửi lúc").wait_for(timeout=30_000)
    assert state_of(site, uid) == ("submitted", 1, 1, True)
    clerk.reload()
    clerk.wait_for_load_state("networkidle")
    assert state_of(site, uid) == ("submitted", 1, 1, True)

    # the Department sees it, endorses what it saw, and the board moves
    department = as_role("administrator", viewport=looks.DESK).new_page()
    department.goto(f"{site.url}/can-bo/bao-cao-ky/{uid}/")
    department.get_by_role("button", name="Xác nhận báo cáo này").click()
    department.get_by_text("Đã xác nhận.").wait_for()
    assert state_of(site, uid)[0] == "endorsed"
    department.goto(f"{site.url}/can-bo/bao-cao-ky/theo-doi/")
    department.fill("#q", "thanh dong")
    department.get_by_role("button", name="Tìm").click()
    department.wait_for_url(re.compile("q=thanh"))
    expect(department.locator("tbody tr").first).to_contain_text("Đã xác nhận")


@pytest.mark.parametrize("role", ["clerk", "administrator"])
def test_the_desks_have_nothing_an_axe_would_find(site: Site, as_role: Callable[..., Any], role: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = as_role(role, viewport=looks.DESK).new_page()
    pages = ["/can-bo/bao-cao-ky/"] if role == "clerk" else ["/can-bo/bao-cao-ky/xac-nhan/", "/can-bo/bao-cao-ky/theo-doi/", "/can-bo/chien-dich/dang-chay/"]  # fmt: skip
    if role == "clerk":
        page.goto(f"{site.url}/can-bo/bao-cao-ky/")
        pages.append(page.locator("a.owed").first.get_attribute("href") or "")
    for path in pages:
        page.goto(site.url + path)
        found = Axe().run(page, context="#noi-dung")  # the frame around it has tests of its own
        assert found.violations_count == 0, found.generate_report()
