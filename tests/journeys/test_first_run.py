"""A citizen opens the app for the first time, says where she lives, installs it, signs in, reads; and is counted, once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

HOME = "Xã Nam Sách"


def test_a_citizen_types_an_old_name_and_is_asked_which_place_is_meant(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/")
    page.get_by_role("link", name="Chọn xã, phường").click()
    page.get_by_label("Gõ tên xã, phường").fill("hong phong")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.get_by_role("heading", name="Ý bà con là nơi nào?")).to_be_visible()
    looks.must_be_fit(page)
    first = page.locator("section[aria-labelledby=y-la] button").first
    name = first.inner_text().strip()
    first.click()
    expect(page.get_by_role("heading", name="Chữ thế này đã dễ đọc chưa?")).to_be_visible()
    page.goto(f"{site.url}/")
    expect(page.locator(".place-name")).to_have_text(name)


def test_the_page_a_phone_opens_first_is_served_by_the_worker_without_being_loaded_again(
    page: Page, site: Site
) -> None:
    page.goto(f"{site.url}/")
    page.wait_for_load_state("networkidle")
    acts.until(lambda: page.evaluate("navigator.serviceWorker.controller !== null"))
    assert page.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate"


def test_a_citizen_picks_her_commune_under_the_district_she_remembers(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/bat-dau/")
    page.get_by_text("Huyện Thanh Hà", exact=False).click()
    page.get_by_role("button", name="Xã Hà Nam", exact=True).click()
    page.goto(f"{site.url}/toi/")
    expect(page.get_by_text("Xã Hà Nam", exact=True)).to_be_visible()


def test_a_citizen_standing_in_hai_duong_is_offered_the_ward_round_her(
    site: Site, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(geolocation={"latitude": 20.9399, "longitude": 106.3308}, permissions=["geolocation"])
    page = context.new_page()
    page.goto(f"{site.url}/bat-dau/")
    page.get_by_role("button", name="Tìm theo vị trí đang đứng").click()
    asked = page.get_by_role("heading", name=re.compile("Có phải bà con ở"))
    expect(asked).to_be_visible()
    looks.must_be_fit(page)
    name = asked.locator("[lang=vi]").inner_text()
    page.get_by_role("button", name="Đúng, chọn nơi này").click()
    page.goto(f"{site.url}/")
    expect(page.locator(".place-name")).to_have_text(name)
    assert {cookie["name"] for cookie in context.cookies()} <= {"smarthd_xa", "smarthd_csrf"}, "the position is kept"


def test_large_text_and_darkness_are_seen_at_once_and_kept(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/bat-dau/hien-thi/")
    before = page.locator("h1").evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    page.get_by_label("Chữ to").check()
    after = page.locator("h1").evaluate("heading => parseFloat(getComputedStyle(heading).fontSize)")
    assert after > before * 1.2
    page.get_by_label("Nền tối").check()
    page.get_by_role("button", name="Tiếp tục").click()
    expect(page.locator("html")).to_have_attribute("data-text", "lon")
    expect(page.locator("html")).to_have_attribute("data-theme", "toi")


def test_the_first_run_can_be_passed_over_and_nothing_is_counted(page: Page, site: Site) -> None:
    told: list[str] = []
    page.on("request", lambda request: told.append(request.url) if "/api/" in request.url else None)
    acts.open_installed(page, site)
    expect(page.get_by_role("heading", name="Bà con ở xã, phường nào?")).to_be_visible()
    page.get_by_role("link", name="Để sau").click()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Xong").click()
    page.wait_for_url(f"{site.url}/")
    page.goto(f"{site.url}/danh-ba/")
    acts.tap_a_number(page)
    acts.until_the_worker_serves(page)
    assert acts.waiting(page) == []
    assert told == []


def test_the_phone_finds_what_it_needs_to_install_the_app(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/")
    manifest = page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())")
    assert manifest["start_url"] == acts.APP
    assert manifest["display"] == "standalone"
    assert all(page.request.get(f"{site.url}{icon['src']}").ok for icon in manifest["icons"])
    acts.until_the_worker_serves(page)
    kept = page.evaluate("caches.keys()")
    assert any(name.startswith("shell-") for name in kept)
    found = page.context.new_cdp_session(page).send("Page.getInstallabilityErrors")
    assert {error["errorId"] for error in found["installabilityErrors"]} <= {"in-incognito"}


def test_a_citizen_who_installs_signs_in_and_reads_climbs_three_rungs_and_is_counted_once(
    page: Page, site: Site
) -> None:
    before = acts.table(site)
    acts.open_installed(page, site)
    acts.choose_commune(page, site, HOME)
    acts.agree_to_counting(page, site)
    first = acts.counted(site, HOME)
    assert first["devices"] == pytest.approx(before.of(HOME, "devices") + 1), "L1: a device, nobody's yet"
    assert first["activated"] == pytest.approx(before.of(HOME, "activated"))

    acts.sign_in(page, site, acts.new_number())
    second = acts.counted(site, HOME)
    assert second["devices"] == pytest.approx(before.of(HOME, "devices")), "L2: the device became a person's"
    assert second["activated"] == pytest.approx(before.of(HOME, "activated") + 1)
    assert second["reached_3"] == pytest.approx(before.of(HOME, "used_owners")), "signing in is no use"

    acts.read_a_notice(page, site)
    acts.read_a_notice(page, site)
    acts.let_news_arrive(site)
    site.command("rollout", "refresh")
    after = acts.table(site)
    for key in ("installed", "activated", "used_owners", "dau", "active_28"):
        assert after.of(HOME, key) == pytest.approx(before.of(HOME, key) + 1), f"{key}: a person counts once"
    assert after.of(HOME, "devices") == pytest.approx(before.of(HOME, "devices"))
