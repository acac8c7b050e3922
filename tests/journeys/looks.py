"""Whether a page is fit to be read by everybody: on a small phone, at a desk, in the dark, in large text, by a screen reader."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

PHONE, DESK, NARROW = (
    ViewportSize(width=360, height=740),
    ViewportSize(width=1366, height=768),
    ViewportSize(width=320, height=640),
)
# What differs between the looks of one width; in the light every rule is run, and large text has the colours of the light.
_RULES: dict[str, list[str] | None] = {
    "light": None,
    "dark": ["color-contrast"],
    "large": ["scrollable-region-focusable", "target-size"],
}
_RUN = """async (rules) => {
  for (let changes; (changes = document.getAnimations()).length; ) changes.forEach((change) => change.finish());
  const found = await axe.run({ resultTypes: ["violations"], ...(rules && { runOnly: rules }) });
  return found.violations.flatMap((rule) =>
    rule.nodes.slice(0, 3).map((node) => `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary.slice(0, 300)})`));
}"""
_SPILL = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return [document.documentElement.scrollWidth, ...wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
}"""


def must_be_fit(page: Page) -> None:
    """Hold the open page against axe and the house's own rules in every look; the page is not loaded again in between."""
    assert page.locator("h1").count() == 1, "every page has one h1"
    assert page.title().strip(" –"), "every page has a title"
    problems: list[str] = []
    page.evaluate(Axe().axe_script)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for look, rules in _RULES.items():
            _dress(page, look)
            found = page.evaluate(_RUN, rules)
            problems += [f"{size['width']} px, {look}: {problem}" for problem in found]
    _dress(page, "large")
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        spilled = page.evaluate(_SPILL)
        problems += [f"{size['width']} px, large: scrolls sideways {spilled}"] if spilled else []
        squeezed = page.locator("h1:not(.visually-hidden)").evaluate_all(
            "all => all.some((one) => one.clientWidth < 120)"
        )
        problems += [f"{size['width']} px, large: the heading is squeezed"] if squeezed else []
    assert not problems, "\n".join(problems)


def _dress(page: Page, look: str) -> None:
    page.emulate_media(color_scheme="dark" if look == "dark" else "light", reduced_motion="reduce")
    page.evaluate(
        "large => large ? document.documentElement.dataset.text = 'lon' : delete document.documentElement.dataset.text",
        look == "large",
    )
