"""Reports received and answered, week by week, as bars side by side; the page gives the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 220
_LEFT, _TOP, _FOOT = 44.0, 14.0, 26.0


@dataclass(frozen=True, slots=True)
class Week:
    """One week, from its Monday: how many came in, how many were answered."""

    monday: date
    received: int
    answered: int


def weeks_of(days: Sequence[tuple[date, int, int]]) -> list[Week]:
    """Return days as weeks; the first and the last may be cut by the period."""
    found: dict[date, tuple[int, int]] = {}
    for day, received, answered in days:
        monday = day - timedelta(days=day.weekday())
        before = found.get(monday, (0, 0))
        found[monday] = (before[0] + received, before[1] + answered)
    return [Week(monday, *counts) for monday, counts in sorted(found.items())]


def drawn(weeks: Sequence[Week]) -> SafeString | str:
    """Return the chart, its finding said to those who do not see it; nothing where there is nothing to draw."""
    most = max([1, *(max(week.received, week.answered) for week in weeks)])
    if len(weeks) < 2:
        return ""
    step = (WIDTH - _LEFT) / len(weeks)
    width = min(18.0, step / 3)
    foot = HEIGHT - _FOOT

    def bar(number: int, offset: float, count: int, look: str) -> tuple[str, str, str, str, str]:
        tall = (foot - _TOP) * count / most
        left = _LEFT + step * number + step / 2 + offset
        return (f"{left:.1f}", f"{foot - tall:.1f}", f"{width:.1f}", f"{tall:.1f}", look)

    bars = [
        one
        for number, week in enumerate(weeks)
        for one in (bar(number, -width, week.received, "week-received"), bar(number, 0, week.answered, "chart-bar"))
    ]
    every = max(1, len(weeks) // 6)
    labels = [
        (f"{_LEFT + step * (number + 0.5):.1f}", f"{HEIGHT - 8}", f"{week.monday.day}/{week.monday.month}")
        for number, week in enumerate(weeks)
        if number % every == 0
    ]
    received, answered = sum(week.received for week in weeks), sum(week.answered for week in weeks)
    finding = _("Trong %(weeks)d tuần nhận %(received)d phản ánh, trả lời %(answered)d") % {
        "weeks": len(weeks),
        "received": received,
        "answered": answered,
    }
    return format_html(
        '<svg class="drawing" viewBox="0 0 {} {}" role="img" aria-label="{}"><line x1="{}" x2="{}" y1="{}" y2="{}" class="chart-grid"/>'
        '<text x="{}" y="{}" class="chart-label" text-anchor="end">{}</text>{}{}</svg>',
        WIDTH, HEIGHT, finding, f"{_LEFT:.0f}", WIDTH, f"{foot:.0f}", f"{foot:.0f}", f"{_LEFT - 6:.0f}", f"{_TOP + 8:.0f}", most,
        format_html_join("", '<rect x="{}" y="{}" width="{}" height="{}" class="{}"/>', bars),
        format_html_join("", '<text x="{}" y="{}" class="chart-label" text-anchor="middle">{}</text>', labels),
    )  # fmt: skip
