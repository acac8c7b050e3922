"""A team leader's evening in a village without a network, and a neighbour who scans the leader's code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]

TEAM = "/can-bo/to-cong-nghe/"
LOG = f"{TEAM}so-tham/"

SEND_AGAIN = """() => new Promise((resolve) => {
  indexedDB.open("smarthd-visits").onsuccess = (opened) => {
    const transaction = opened.target.result.transaction("visits", "readwrite");
    const store = transaction.objectStore("visits");
    let count = 0;
    store.getAll().onsuccess = (all) => all.target.result.forEach((visit) => {
      count += 1;
      store.put({ ...visit, state: "waiting" });
    });
    transaction.oncomplete = () => resolve(count);
  };
})"""


def write_visit(page: Page, house: str) -> None:
    page.check("#v-o-helped")
    page.check("#v-consent")
    page.fill("#v-household", house)
    page.fill("#v-adults", "3")
    page.click("[data-visit-form] button[type=submit]")
    expect(page.locator("[data-visit-list]")).to_contain_text(house)


def visits(site: Site) -> list[tuple[object, ...]]:
    return site.sql("SELECT household FROM rollout_visit WHERE household LIKE 'Nhà thử %%' ORDER BY household")


def test_a_leaders_visits_written_offline_arrive_once_each(site: Site, as_role: As) -> None:
    context = as_role("team_leader")
    page = context.new_page()
    page.goto(site.url + LOG)
    expect(page.locator("#v-village option")).not_to_have_count(0)
    expect(page.locator("html[data-shell-kept]")).to_have_count(1)

    context.set_offline(True)
    page.goto(site.url + LOG)  # the shell opens without a network
    expect(page.locator("[data-visit-state-words]")).to_contain_text("Không có mạng")
    for number in range(3):
        write_visit(page, f"Nhà thử {number}")
    expect(page.locator('[data-visit="waiting"]')).to_have_count(3)
    page.reload()
    expect(page.locator('[data-visit="waiting"]')).to_have_count(3)
    assert visits(site) == []

    context.set_offline(False)
    expect(page.locator('[data-visit="waiting"]')).to_have_count(0, timeout=20_000)
    assert visits(site) == [("Nhà thử 0",), ("Nhà thử 1",), ("Nhà thử 2",)]
    assert page.evaluate(SEND_AGAIN) == 3  # the answers were lost: the phone sends everything again
    page.goto(site.url + LOG)
    expect(page.locator('[data-visit="waiting"]')).to_have_count(0, timeout=20_000)
    assert len(visits(site)) == 3
    context.close()


TELL_ANEW = """(house) => new Promise((resolve) => {
  indexedDB.open("smarthd-visits").onsuccess = (opened) => {
    const transaction = opened.target.result.transaction("visits", "readwrite");
    const store = transaction.objectStore("visits");
    store.getAll().onsuccess = (all) => all.target.result.filter((visit) => visit.household === house).forEach((visit) => {
      store.put({ ...visit, adults: 5, edits: visit.edits + 1, state: "waiting" });
    });
    transaction.oncomplete = () => resolve(true);
  };
})"""
"""The answer was lost, and what was written was put right on the phone meanwhile: one visit, two contents."""


def test_what_phones_tell_differently_is_shown_and_the_leader_settles_it(
    site: Site, as_role: As, browser: Browser
) -> None:
    first = as_role("team_leader")
    page = first.new_page()
    page.goto(site.url + LOG)
    expect(page.locator("#v-village option")).not_to_have_count(0)
    write_visit(page, "Nhà lệch")
    expect(page.locator('[data-visit="waiting"]')).to_have_count(0, timeout=20_000)
    assert page.evaluate(TELL_ANEW, "Nhà lệch")
    page.reload()
    expect(page.locator('[data-visit="conflict"]')).to_contain_text("Nhà lệch", timeout=20_000)
    [(adults, state)] = told(site, "Nhà lệch")  # one visit; one of the two contents stands until somebody decides
    assert (adults in {3, 5}, state) == (True, "standing")

    second = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="vi-VN", storage_state=first.storage_state()
    )
    other = second.new_page()  # the same evening, another phone of the team at the same door
    for phone in (page, other):
        phone.goto(site.url + LOG)
        expect(phone.locator("#v-village option")).not_to_have_count(0)
        write_visit(phone, "Nhà hai máy")
        expect(phone.locator('[data-visit="waiting"]')).to_have_count(0, timeout=20_000)
    second.close()
    assert told(site, "Nhà hai máy") == [(3, "standing"), (3, "standing")]

    page.goto(site.url + TEAM)
    page.get_by_role("link", name=re.compile("chỗ cần quyết định")).click()
    card = page.locator("section.card").filter(has_text="Nhà lệch")
    card.locator("li").filter(has_text="chưa tính").get_by_role("button", name="Nội dung này đúng").click()
    expect(page.locator("main")).not_to_contain_text("Nhà lệch")
    twice = page.locator("section.card").filter(has_text="Nhà hai máy")
    twice.get_by_role("button", name="Chỉ giữ lần này").first.click()
    expect(page.locator("main")).not_to_contain_text("Nhà hai máy")
    assert told(site, "Nhà lệch") == [(8 - int(str(adults)), "standing")]
    assert sorted(state for _adults, state in told(site, "Nhà hai máy")) == ["dropped", "standing"]
    first.close()


def told(site: Site, house: str) -> list[tuple[object, ...]]:
    return site.sql("SELECT adults, state FROM rollout_visit WHERE household = %s ORDER BY uid", house)


def test_a_neighbour_who_scans_the_leaders_code_is_credited_once(site: Site, as_role: As, browser: Browser) -> None:
    leader = as_role("team_leader")
    page = leader.new_page()
    page.goto(f"{site.url}/can-bo/to-cong-nghe/ma/")
    code = page.locator("#ma-in").inner_text().replace(" ", "")
    leader.close()

    before = credits(site)
    phone = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    page = phone.new_page()
    page.goto(f"{site.url}/m/{code}/")
    expect(page.locator("main")).to_contain_text("được ghi nhận đã giúp một người")
    page.get_by_role("link", name="Cài ứng dụng").click()
    page.wait_for_url("**/cai-dat-ung-dung/?to=*")
    start = page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then((r) => r.json()).then((m) => m.start_url)"
    )
    assert start.endswith(f"&to={code}")
    page.goto(site.url + start)  # the installed app opens, and the reader agrees to be counted
    expect(page).to_have_url(re.compile("nguon=ung-dung.*to="))  # the first question keeps how it was opened
    page.wait_for_timeout(1500)  # the counting begins when the page is idle
    page.goto(f"{site.url}/bat-dau/do-luong/")
    page.check("#dong-y")
    page.click("form[data-consent] button")
    page.wait_for_url(f"{site.url}/")
    page.goto(f"{site.url}/dang-nhap/")
    page.fill("[name=phone]", "0990 777 123")
    page.click("main button[type=submit] >> nth=0")
    page.fill("[name=code]", page.locator("[data-demo-code]").inner_text().replace(" ", ""))
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_load_state()
    for _attempt in range(60):
        if credits(site) == before + 1:
            break
        time.sleep(0.5)
    assert credits(site) == before + 1
    phone.close()


def credits(site: Site) -> int:
    [(count,)] = site.sql("SELECT count(*) FROM rollout_teamcredit WHERE certainty = 'exact'")
    return int(str(count))
