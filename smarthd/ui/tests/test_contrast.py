"""Every pair of colours used together reads: WCAG 2.2 AA in light, in dark and on paper."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).resolve().parent.parent / "static/ui/css/tokens.css").read_text()
WORDS = [
    ("ink", "bg"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink-soft", "bg"),
    ("ink-soft", "surface"),
    ("ink-soft", "sunken"),
    ("primary", "bg"),
    ("primary", "surface"),
    ("on-primary", "primary"),
    ("on-primary", "primary-strong"),
    ("on-primary-soft", "primary-soft"),
    ("on-accent", "accent"),
    ("on-hero", "hero"),
    ("ok", "ok-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("info", "info-soft"),
    ("on-soft", "ok-soft"),
    ("on-soft", "warn-soft"),
    ("on-soft", "bad-soft"),
    ("on-soft", "info-soft"),
    ("primary", "warn-soft"),
    ("bad", "surface"),
    ("bad", "bg"),
    ("warn", "surface"),
    ("ok", "surface"),
    ("on-bad", "bad"),
    ("bg", "ink"),
    *((f"on-risk-{level}", f"risk-{level}") for level in range(1, 6)),
]
SHAPES = [
    ("line-strong", "surface"),
    ("line-strong", "bg"),
    ("focus", "surface"),
    ("focus", "bg"),
    ("bar", "bar-ground"),
]


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))


def _themes() -> dict[str, dict[str, str]]:
    light = _colours(TOKENS[: TOKENS.index("prefers-color-scheme: dark")])
    device = TOKENS[TOKENS.index("prefers-color-scheme: dark") : TOKENS.index(':root[data-theme="toi"]')]
    chosen = TOKENS[TOKENS.index(':root[data-theme="toi"]') : TOKENS.index("@media print")]
    paper = TOKENS[TOKENS.index("@media print") :]
    return {
        "light": light,
        "dark as the device": light | _colours(device),
        "dark as chosen": light | _colours(chosen),
        "paper": light | _colours(paper),
    }


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", _themes())
@pytest.mark.parametrize(("front", "back"), WORDS)
def test_words_reach_four_and_a_half_to_one(theme, front, back):
    colours = _themes()[theme]
    assert contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("theme", _themes())
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_borders_and_marks_reach_three_to_one(theme, front, back):
    colours = _themes()[theme]
    assert contrast(colours[front], colours[back]) >= 3


def test_dark_is_the_same_whether_the_device_or_the_reader_chose_it():
    themes = _themes()
    assert themes["dark as the device"] == themes["dark as chosen"]


def test_black_is_twenty_one_to_one_with_white():
    assert round(contrast("#000000", "#ffffff")) == 21
