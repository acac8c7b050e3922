"""What people do in the stories: choose a commune, agree, sign in, read for a while; and waiting for what follows from it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count as counter
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect

from config.seeding import accounts, phones
from smarthd.kernel import clock
from tests.journeys import sheets

if TYPE_CHECKING:
    from tests.journeys.conftest import Site

SECOND_STEP = "/hai-buoc/"
APP = "/?nguon=ung-dung"
"""The manifest's start_url: how an opening from the home screen is known."""
_numbers = counter(101)  # the demonstration's reserved numbers; its role accounts have the first dozen


def new_number() -> str:
    """Return a telephone number nobody in the demonstration has, as +84…"""
    return phones.role_phone(next(_numbers))


def spoken(phone: str) -> str:
    """Return a number as people type it."""
    return phones.spoken(phone)


def role(name: str) -> accounts.DemoAccount:
    """Return the demonstration's first account of a role (``citizen`` has none), or of one at an agency: ``head of hp-skhcn``."""
    wanted, _of, agency = name.partition(" of ")
    return next(
        account
        for account in accounts.ACCOUNTS
        if (account.role or "citizen") == wanted and account.agency.endswith(agency)
    )


# --- on the phone -----------------------------------------------------------------------------------------------------
def choose_commune(page: Page, site: Site, name: str) -> None:
    """Type a commune's name, and pick it where several are meant."""
    page.goto(f"{site.url}/bat-dau/")
    page.get_by_label("Gõ tên xã, phường").fill(name)
    page.get_by_role("button", name="Tiếp tục").click()
    asked = page.get_by_role("heading", name="Ý bà con là nơi nào?")
    until(lambda: asked.is_visible() or not page.url.endswith("/bat-dau/"))
    if asked.is_visible():
        page.get_by_role("button", name=re.compile(rf"{name}$")).first.click()
    page.wait_for_url(re.compile(r"/(bat-dau/hien-thi/)?$"))


def agree_to_counting(page: Page, site: Site) -> None:
    """Agree on the last page of the first run, and wait until the server was told."""
    page.goto(f"{site.url}/bat-dau/do-luong/")
    page.locator("#dong-y").check()
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/installs")) as told:
        page.get_by_role("button", name="Xong").click()
    assert told.value.ok
    page.wait_for_url(f"{site.url}/")


def open_installed(page: Page, site: Site) -> None:
    """Open the app as the home screen does."""
    page.goto(f"{site.url}{APP}")
    until(lambda: page.evaluate("sessionStorage.getItem('nguon') !== null"))


def sign_in(page: Page, site: Site, phone: str, *, going_to: str = "/toi/tai-khoan/", next_page: str = "") -> None:
    """Sign in by the code the demonstration shows, and by the second factor where the account has one.

    ``going_to`` is where one arrives; ``next_page`` where one meant to go, if it is another page.
    """
    page.goto(f"{site.url}/dang-nhap/?next={next_page or going_to}")
    page.get_by_label("Số điện thoại di động").fill(spoken(phone))
    if page.evaluate("sessionStorage.getItem('nguon')"):
        expect(page.locator("[name=install_uid]")).not_to_have_value("")
    page.get_by_role("button", name="Gửi mã xác nhận").click()
    page.get_by_label("Mã xác nhận").fill(page.locator("[data-demo-code]").inner_text())
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url.partition("?")[0])
    if SECOND_STEP in page.url:
        page.get_by_label("Mã", exact=True).fill(accounts.current_second_factor(datetime.now(UTC)))
        page.get_by_role("button", name="Vào").click()
    page.wait_for_url(re.compile(rf"{re.escape(site.url + going_to)}(\?|$)"))


def read_a_notice(page: Page, site: Site) -> None:
    """Open the first notice and keep it in view for ten seconds of the page's own clock."""
    page.clock.install()
    page.goto(f"{site.url}/thong-bao/")
    page.locator("a.notice-item").first.click()
    article = page.locator("article[data-read-seconds]")
    expect(article).to_be_visible()
    page.clock.run_for(1_000)
    expect(article).not_to_have_attribute("data-read", "")
    with page.expect_response(lambda answer: answer.url.endswith("/api/v1/activity")) as told:
        keep_in_view(page)
    assert told.value.ok, told.value.text()
    assert told.value.json()["accepted"] >= 1


def keep_in_view(page: Page) -> None:
    """Let the page's own clock run until a notice counts as read: the page counts only from when its script has come."""
    article = page.locator("article[data-read-seconds]")

    def is_read() -> bool:
        page.clock.run_for(10_000)
        return article.get_attribute("data-read") is not None

    until(is_read)


def tap_a_number(page: Page) -> None:
    """Tap the first number of the directory; the call itself is not made."""
    page.wait_for_load_state("networkidle")  # the counting begins when the page is idle
    page.locator("[data-value-action=directory_used]").first.evaluate(
        "call => { call.addEventListener('click', (tap) => tap.preventDefault()); call.click(); }"
    )


def install_uid(page: Page) -> str:
    """Return the identifier the app made for itself on this phone."""
    until(lambda: page.evaluate("'SmarthdOutbox' in self"))
    return str(page.evaluate("self.SmarthdOutbox.installUid()"))


def account_of(page: Page, site: Site) -> int:
    """Return the id of the account signed in on this phone, by the install it stands on."""
    [found] = site.sql(
        """SELECT b.account_id FROM people_binding b JOIN people_install i ON i.id = b.install_id
        WHERE i.uid = %s AND b.ended_at IS NULL""",
        install_uid(page),
    )
    return int(str(found[0]))


def waiting(page: Page) -> list[dict[str, Any]]:
    """Return what waits on the phone to be counted."""
    until(lambda: page.evaluate("'SmarthdOutbox' in self"))
    found: list[dict[str, Any]] = page.evaluate("self.SmarthdOutbox.waiting()")
    return found


def until_the_worker_serves(page: Page) -> None:
    """Wait until the service worker stands between the page and the network.

    A page that was being loaded while the worker came to life is claimed by none; the next page of the same phone is its own.
    """
    serves = "navigator.serviceWorker.controller !== null"
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    with suppress(AssertionError):
        until(lambda: page.evaluate(serves), seconds=3)
        return
    page.reload()
    until(lambda: page.evaluate(serves))


# --- at the desk ---------------------------------------------------------------------------------------------------
def upload_roster(page: Page, site: Site, lines: list[sheets.Line]) -> None:
    """Send the unit's roster as a clerk does, up to the preview."""
    page.goto(f"{site.url}/can-bo/don-vi/")
    page.get_by_role("link", name="Nộp danh sách").click()
    page.get_by_label("Tệp danh sách").set_input_files(
        {"name": "DS can bo T11.xlsx", "mimeType": "application/octet-stream", "buffer": sheets.roster(lines)}
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Xem trước danh sách")


def confirm_roster(page: Page) -> None:
    """Confirm the preview."""
    page.get_by_role("button", name="Xác nhận danh sách").click()
    expect(page.get_by_text("Đã ghi danh sách vào sổ.")).to_be_visible()


# --- the figures ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Figures:
    """One league table as the command line prints it."""

    rows: dict[str, dict[str, Any]]
    total: dict[str, Any]

    def of(self, name: str, key: str) -> float:
        """Return the numerator of a unit whose name ends so."""
        [row] = [row for full, row in self.rows.items() if full.lower().endswith(name.lower())]
        return float(row["values"][key]["numerator"] or 0)

    def all(self, key: str) -> float:
        """Return the numerator of everybody."""
        return float(self.total["values"][key]["numerator"] or 0)


def table(site: Site, *, as_of: date | None = None, boundaries: date | None = None, level: str = "commune") -> Figures:
    """Return the league table, of today unless told otherwise, as it was last counted."""
    day = (as_of or clock.today()).isoformat()
    on = (boundaries or as_of or clock.today()).isoformat()
    printed = site.command("rollout", "table", "--level", level, "--as-of", day, "--boundaries", on, "--json")
    found = json.loads(printed)
    return Figures({row["name"]: row for row in found["rows"]}, found["total"])


def count(site: Site) -> None:
    """Let what was announced arrive, then let the worker count as it does every minute, now."""
    let_news_arrive(site)
    asked = site.sql(
        """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)
        VALUES ('rollout', 'smarthd.rollout.tasks.refresh', 'rollout.refresh', '{"timestamp": 0}') RETURNING id"""
    )
    until(lambda: site.sql("SELECT status FROM procrastinate_jobs WHERE id = %s", *asked[0]) == [("succeeded",)])


def counted(site: Site, commune: str) -> dict[str, float]:
    """Count, and return today's counts of one present commune straight from the roll-ups: quicker than a whole table."""
    count(site)
    columns = ("devices", "installed", "activated", "reached_3")
    sums = ", ".join(f"COALESCE(sum(r.{column} * c.weight), 0)" for column in columns)
    [found] = site.sql(
        f"""SELECT {sums} FROM rollout_citizen_day r
        JOIN places_closure c ON c.atom_id = r.atom_id AND c.basis = 'population' AND c.level = 'commune'
        JOIN places_unitversion v ON v.unit_id = c.ancestor_id AND v.valid_to IS NULL
        WHERE r.day = %s AND concat(v.kind, ' ', v.name) = %s
        AND c.boundary_set_id = (SELECT id FROM places_boundaryset WHERE kind = 'official' ORDER BY as_of DESC LIMIT 1)""",  # noqa: S608 - constants of this file
        clock.today(),
        commune,
    )
    return {column: float(str(value)) for column, value in zip(columns, found, strict=True)}


def let_news_arrive(site: Site) -> None:
    """Wait until everything announced has reached its hearers (the worker's job)."""
    until(lambda: site.sql("SELECT count(*) FROM kernel_outboxdelivery WHERE delivered_at IS NULL") == [(0,)])


def until(holds: Any, *, seconds: float = 60) -> None:
    """Wait for what the page cannot show: a row, a counted day."""
    for _attempt in _tries(seconds):
        if holds():
            return
    raise AssertionError("what was waited for did not come")


def _tries(seconds: float) -> Iterator[int]:
    end = time.monotonic() + seconds
    number = 0
    while time.monotonic() < end:
        yield number
        number += 1
        time.sleep(0.1)
