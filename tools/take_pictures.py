"""Take pictures of the running demonstration as its users see it, for looking at and for the guides.

``python tools/take_pictures.py OUT [PATH …] [--site URL] [--role NUMBER] [--device phone|desk|tablet|wide] [--dark] [--large] [--full]``.
The role is the number of a demonstration account (config/seeding/accounts.py): 1 a citizen, 3 a head of a commune, 5 the coordinator …
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from config.seeding import accounts

DEVICES = {
    "phone": {"width": 360, "height": 740},
    "tablet": {"width": 768, "height": 1024},
    "desk": {"width": 1366, "height": 768},
    "wide": {"width": 1920, "height": 1080},
}


def sign_in(page: Page, site: str, number: int) -> None:
    """Sign a demonstration account in, second factor included."""
    account = next(account for account in accounts.ACCOUNTS if account.number == number)
    page.goto(f"{site}/dang-nhap/")
    page.fill("[name=phone]", "0" + account.phone.removeprefix("+84"))
    page.click("main button[type=submit] >> nth=0")
    page.fill("[name=code]", page.locator("[data-demo-code]").inner_text().replace(" ", ""))
    page.click("main button[type=submit] >> nth=0")
    page.wait_for_load_state()
    while page.locator("[name=code]").count() and account.official:
        page.fill("[name=code]", accounts.current_second_factor(datetime.now(UTC)))
        page.click("main button[type=submit] >> nth=0")
        page.wait_for_load_state()
        if page.locator("[name=code]").count():
            time.sleep(5)  # a code of this half minute may have been used already


def wishes(context: BrowserContext, site: str, *, dark: bool, large: bool) -> None:
    """Set the reader's wishes as the settings page does."""
    parts = [*(["chu-to"] if large else []), *(["toi"] if dark else [])]
    if parts:
        context.add_cookies([{"name": "smarthd_ui", "value": ".".join(parts), "url": site}])


def main() -> None:
    """Take what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("paths", nargs="*", default=["/"])
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--role", type=int, default=0)
    parser.add_argument("--device", choices=DEVICES, default="phone")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--commune", default="", help="the reader's commune, as typed on the first run")
    parser.add_argument("--full", action="store_true", help="the whole page, not only its first screen")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        # Codes are limited by number and hour, so a session once opened is used again.
        kept = Path(tempfile.gettempdir()) / f"smarthd-pictures-{asked.site.rsplit(':', 1)[-1]}-{asked.role}.json"
        context = browser.new_context(
            viewport=DEVICES[asked.device],
            locale="vi-VN",
            color_scheme="dark" if asked.dark else "light",
            storage_state=kept if asked.role and kept.exists() else None,
        )
        wishes(context, asked.site, dark=asked.dark, large=asked.large)
        page = context.new_page()
        if asked.role and not kept.exists():
            sign_in(page, asked.site, asked.role)
            context.storage_state(path=kept)
        if asked.commune:
            page.goto(f"{asked.site}/bat-dau/")
            page.fill("[name=name]", asked.commune)
            page.click("form[data-once] button[type=submit]")
            page.wait_for_load_state()
        for number, path in enumerate(asked.paths):
            page.goto(asked.site + path)
            page.wait_for_load_state("networkidle")
            look = "".join([asked.device, "-dark" * asked.dark, "-large" * asked.large])
            slug = path.split("?")[0].strip("/").replace("/", "_") or "trang-chu"
            place = asked.out / f"{number:02d}_{slug}_{look}.png"
            page.screenshot(path=place, full_page=asked.full)
            print(place, page.title())
        browser.close()


if __name__ == "__main__":
    main()
