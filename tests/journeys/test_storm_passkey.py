"""A passkey at the approval of a warning on which lives hang: given now, for this very text, by an authenticator Chromium plays itself."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.journeys.conftest import Site
from tests.journeys.storm import DESK, Approver, As, write

QUIET = """
const said = console.error;
console.error = (...words) => String(words[0]).startsWith("NotAllowedError") || said(...words);
"""
"""allauth's script tells the console that the authenticator refused, which is what one of the steps is about."""

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def named(site: Site) -> Site:
    """The same site by a name: a passkey belongs to a domain, never to a number."""
    return replace(site, url=f"http://localhost:{urlsplit(site.url).port}")


def by_name(context: BrowserContext) -> Page:
    """Return a page in which whoever is signed in at the number is signed in at the name."""
    held = [cookie | {"domain": "localhost"} for cookie in context.cookies()]
    context.add_cookies(held)  # type: ignore[arg-type]
    return context.new_page()


def plug_in(page: Page) -> tuple[CDPSession, str]:
    """Give the page an authenticator of its own; return the way to it and its name."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools, str(made["authenticatorId"])


def test_a_warning_on_which_lives_hang_is_approved_with_a_passkey_given_for_it(
    site: Site, named: Site, as_role: As
) -> None:
    author, officer = as_role("alert_author", **DESK).new_page(), Approver(as_role)
    code = write(author, site, "Xã Kiến Hưng", headline="Lũ quét: rời nhà lên chỗ cao ngay")
    page = by_name(officer.page.context)
    page.add_init_script(QUIET)
    devtools, key = plug_in(page)

    page.goto(f"{named.url}/tai-khoan/bao-mat/hai-buoc/webauthn/add/")
    if (
        "/webauthn/add/" not in page.url.partition("?")[0]
    ):  # signed in long ago: who adds a key proves first who they are
        page.get_by_label("Mã", exact=True).fill(officer.code())
        page.get_by_role("button", name="Xác nhận").click()
        page.wait_for_url("**/webauthn/add/**")
    page.get_by_label("Tên khóa").fill("Máy của trực ban")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    assert len(devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1

    # Without the key given now nothing goes out, however fresh the sign-in is.
    page.goto(f"{named.url}/can-bo/canh-bao/{code}/")
    page.get_by_role("button", name="Duyệt và phát ngay").click()
    expect(page.get_by_text("Cần mã xác thực mới")).to_be_visible()

    # Somebody who is not the owner of the finger: the authenticator refuses, and nothing is approved.
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.get_by_role("link", name="Hoặc dùng khóa truy cập (passkey)").click()
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_timeout(300)
    assert "/reauthenticate/" in page.url
    page.goto(f"{named.url}/can-bo/canh-bao/{code}/")
    page.get_by_role("button", name="Duyệt và phát ngay").click()
    expect(page.get_by_text("Cần mã xác thực mới")).to_be_visible()
    assert site.sql("SELECT state FROM alerts_alert WHERE code = %s", code) == [("pending",)]

    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": True})
    page.get_by_role("link", name="Hoặc dùng khóa truy cập (passkey)").click()
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url(f"**/canh-bao/{code}/#duyet")
    expect(page.get_by_text("Đã xác nhận bằng khóa truy cập.")).to_be_visible()
    page.get_by_role("button", name="Duyệt và phát ngay").click()
    expect(page.get_by_text("Đã duyệt và phát.")).to_be_visible()
    assert site.sql("SELECT state, approved_by_factor FROM alerts_alert WHERE code = %s", code) == [
        ("issued", "passkey")
    ]
    site.sql_write("UPDATE alerts_alert SET state = 'expired', ended_at = now() WHERE code = %s", code)
