"""A flooded road, no network: what was seen can still be read, what was done is told later, once."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys import acts, looks
from tests.journeys.conftest import Site

STRIP = "[data-offline-strip]"


def _see(page: Page, site: Site, *paths: str) -> None:
    """Look at pages while there is a network, with the service worker looking on."""
    page.goto(f"{site.url}/")
    acts.until_the_worker_serves(page)
    for path in paths:
        page.goto(f"{site.url}{path}")
        acts.until(lambda: page.evaluate("caches.match(location.href).then(Boolean)"))


def test_pages_seen_before_open_without_a_network_with_the_time_they_were_kept(page: Page, site: Site) -> None:
    acts.choose_commune(page, site, "Xã Kiến Hưng")
    _see(page, site, "/", "/danh-ba/")
    page.context.set_offline(True)
    page.goto(f"{site.url}/danh-ba/")
    expect(page.locator(STRIP)).to_contain_text("Không có mạng. Đang xem bản đã lưu lúc")
    kept_at = page.locator("body").get_attribute("data-kept-at")
    assert kept_at
    expect(page.locator("#khan-cap")).to_be_visible()
    looks.must_be_fit(page)
    page.goto(f"{site.url}/")
    expect(page.locator(".place-name")).to_have_text("Xã Kiến Hưng")
    page.context.set_offline(False)
    page.goto(f"{site.url}/danh-ba/")
    expect(page.locator(STRIP)).to_be_hidden()


def test_the_installed_app_opens_without_a_network(page: Page, site: Site) -> None:
    acts.choose_commune(page, site, "Xã Kiến Hưng")
    _see(page, site, "/")
    page.context.set_offline(True)
    page.goto(f"{site.url}{acts.APP}")
    expect(page.locator(".place-name")).to_have_text("Xã Kiến Hưng")


def test_a_player_gets_its_part_of_a_video_from_under_the_worker(page: Page, site: Site) -> None:
    """A page seen once is served by the worker; parts of a video must pass it by, or no video plays again on that phone."""
    _see(page, site, "/")
    page.goto(f"{site.url}/cam-nang/phong-chong-bao-mau/")
    address = page.locator("video source").first.get_attribute("src")
    part = "(address) => fetch(address, {headers: {Range: 'bytes=4-7'}}).then(async (told) => [told.status, await told.text()])"
    assert page.evaluate(part, address) == [206, "ftyp"]
    expect(page.locator("[data-video-lost]")).to_be_hidden()


def test_a_page_never_seen_gives_the_emergency_numbers_and_what_is_kept(page: Page, site: Site) -> None:
    _see(page, site, "/danh-ba/")
    page.context.set_offline(True)
    page.goto(f"{site.url}/dia-chi/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Khi không có mạng")
    for number in ("113", "114", "115"):
        expect(page.locator(f"a[href='tel:{number}']")).to_be_visible()
    page.get_by_role("link", name="Danh bạ").first.click()
    expect(page.locator("#khan-cap")).to_be_visible()


def test_pages_of_an_account_are_never_kept_on_the_phone(page: Page, site: Site) -> None:
    acts.sign_in(page, site, acts.new_number())
    _see(page, site, "/")
    page.goto(f"{site.url}/toi/tai-khoan/")
    page.context.set_offline(True)
    page.goto(f"{site.url}/toi/tai-khoan/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Khi không có mạng")
    kept = page.evaluate(
        "caches.open('pages-1').then((store) => store.keys()).then((kept) => kept.map((one) => one.url))"
    )
    assert not [url for url in kept if "/tai-khoan/" in url]


def test_what_was_done_without_a_network_arrives_once_even_when_told_twice(page: Page, site: Site) -> None:
    acts.open_installed(page, site)
    acts.choose_commune(page, site, "Xã Kiến Hưng")
    acts.agree_to_counting(page, site)
    acts.sign_in(page, site, acts.new_number())
    account_id = acts.account_of(page, site)
    page.goto(f"{site.url}/thong-bao/")
    page.locator("a.notice-item").first.click()
    notice = page.url.removeprefix(site.url)
    _see(page, site, "/danh-ba/", notice)

    page.context.set_offline(True)
    page.clock.install()
    page.goto(f"{site.url}{notice}")
    expect(page.locator("article[data-read-seconds]")).to_be_visible()
    acts.keep_in_view(page)
    acts.until(lambda: len(acts.waiting(page)) == 1)
    page.goto(f"{site.url}/danh-ba/")
    acts.tap_a_number(page)
    acts.until(lambda: len(acts.waiting(page)) == 2)
    held = acts.waiting(page)
    assert {event["action"] for event in held} == {"read_notice", "directory_used"}
    assert _used(site, account_id) == []

    page.context.set_offline(False)
    acts.until(lambda: acts.waiting(page) == [])
    assert _used(site, account_id) == [1 | 64]

    replay = {"install_uid": acts.install_uid(page), "events": held}
    again = page.request.post(f"{site.url}/api/v1/activity", data=replay)
    assert again.ok, again.text()
    assert _used(site, account_id) == [1 | 64]


def test_taking_consent_back_empties_what_waits(whole_page: Page, site: Site) -> None:
    page = whole_page
    acts.choose_commune(page, site, "Xã Kiến Hưng")
    acts.agree_to_counting(page, site)
    _see(page, site, "/danh-ba/", "/quyen-rieng-tu/")
    page.context.set_offline(True)
    page.goto(f"{site.url}/danh-ba/")
    acts.tap_a_number(page)
    acts.until(lambda: len(acts.waiting(page)) == 1)
    page.goto(f"{site.url}/quyen-rieng-tu/")
    expect(page.locator("#dong-y")).to_be_checked()
    page.locator("#dong-y").uncheck()
    page.get_by_role("button", name="Lưu lựa chọn").click()
    acts.until(lambda: acts.waiting(page) == [])
    install_uid = acts.install_uid(page)
    page.context.set_offline(False)
    acts.until(lambda: _consents(site, install_uid) == 0)


def _used(site: Site, account_id: int) -> list[Any]:
    """Return what an account did, as bits, day by day, villages aside; opening the app is nothing done."""
    rows = site.sql(
        "SELECT bit_or(actions) FROM rollout_activity_day WHERE account_id = %s AND actions <> 0 GROUP BY day ORDER BY day",
        account_id,
    )
    return [actions for (actions,) in rows]


def _consents(site: Site, install_uid: str) -> Any:
    """Return how many agreements stand on an install."""
    return site.sql(
        "SELECT count(*) FROM people_consent c JOIN people_install i ON i.id = c.install_id WHERE i.uid = %s AND c.withdrawn_at IS NULL",
        install_uid,
    )[0][0]
