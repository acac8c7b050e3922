"""Fixtures for every test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Playwright

PHONE = {"width": 360, "height": 740}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"
PATIENCE_MS = (
    20_000  # what a page is waited for; on a busy machine five seconds are not enough, and a page that comes costs none
)


# A busy machine draws examples slowly; that says nothing about what is tested.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


@pytest.fixture(autouse=True)
def _remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process remembers for two seconds it remembers for a whole test, and forgets before the next: counts of statements hang on no clock."""
    from smarthd.agencies import calendar
    from smarthd.alerts.selectors import public
    from smarthd.connectors.selectors import known
    from smarthd.content.selectors import versions

    for module, forget in ((public, public.forget), (versions, versions.forget_version), (calendar, calendar.forget)):
        monkeypatch.setattr(module, "_TTL_S", float("inf"))
        forget()
    known.forget()


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    from playwright.sync_api import expect, sync_playwright

    # Playwright's loop runs in this thread; Django would otherwise refuse the database to tests that follow.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium for the whole session, as the shell without windows where there is one: the same engine at half the cost."""
    yield from _running(_playwright, SHELL, *CHROMIUM)


@pytest.fixture(scope="session")
def whole_browser(_playwright: Playwright) -> Iterator[Browser]:
    """Chromium whole, for what the shell does not do: it tells pages that the network came back."""
    yield from _running(_playwright, *CHROMIUM)


def _running(playwright: Playwright, *names: str) -> Iterator[Browser]:
    place = next(filter(None, map(shutil.which, names)), None)
    if place is None:
        pytest.skip("không có Chromium trên máy này: apt-get install chromium")
    running = playwright.chromium.launch(executable_path=place, args=CHROMIUM_FLAGS)
    yield running
    running.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make phones: ``new_context(viewport=…, color_scheme="dark")``. What their pages complain about fails the test."""
    yield from _contexts(browser)


@pytest.fixture
def whole_page(whole_browser: Browser) -> Iterator[Page]:
    """A fresh phone with one empty page, in Chromium whole."""
    for make in _contexts(whole_browser):
        yield make().new_page()


def _contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**wishes: Any) -> BrowserContext:
        context = browser.new_context(**{"locale": "vi-VN", "viewport": PHONE, **wishes})
        context.on("weberror", lambda problem: complaints.append(str(problem.error)))
        context.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    if complaints:
        pytest.fail(f"the page complained: {complaints}")


def _is_complaint(said: Any) -> bool:
    """An error a page wrote to its console; a request that failed is the test's own business (offline, 404, 422)."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A fresh phone with one empty page."""
    return new_context().new_page()
