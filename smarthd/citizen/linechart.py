"""A small line chart as numbers for an SVG: at most six lines, the rest told; its table stands below it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.wording import said

WIDTH, HEIGHT, LEFT, BOTTOM = 360, 190, 8, 14
"""In a phone's own dots, so that letters in the drawing are as large as they say."""
MOST_LINES, MOST_STEPS = 6, 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, its points for ``<polyline>``, its newest value in words."""

    name: str
    points: str
    last: str
    last_x: str
    last_y: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A level across the chart: what it is called, its value in words, where it lies."""

    name: str
    value: str
    y: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What the SVG is drawn from; ``finding`` says it in words."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    grid: tuple[Mark, ...]
    low: str
    high: str
    first: str
    last: str
    left_out: int
    finding: str


def draw(
    series: Sequence[tuple[str, str, float]], *, kind: Kind, marks: Sequence[tuple[str, float]] = (), measure: str = ""
) -> Chart | None:
    """Return the chart of (line, instant, value) in order, with levels (name, value) across it; None where nothing can be drawn.

    ``measure`` is the unit that stands behind every value in words.
    """
    by_name: dict[str, list[tuple[float, float, str]]] = {}
    for name, at, value in series:
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            continue
        by_name.setdefault(name, []).append((instant.timestamp(), value, at))
    if not by_name:
        return None
    shown = dict(sorted(by_name.items(), key=lambda item: -len(item[1]))[:MOST_LINES])
    points = [point for found in shown.values() for point in found]
    begin, end = min(point[0] for point in points), max(point[0] for point in points)
    low, high = min(point[1] for point in points), max(point[1] for point in points)
    bottom, top = min([low, *(mark for _name, mark in marks)]), max([high, *(mark for _name, mark in marks)])

    def spoken(value: float) -> str:
        return f"{said(kind, value)} {measure}".strip()

    def mark_of(name: str, value: float) -> Mark:
        return Mark(name, spoken(value), f"{lies(value):.1f}", f"{max(lies(value) - 3, 11):.1f}")

    def place(point: tuple[float, float, str]) -> tuple[str, str]:
        x = LEFT + (point[0] - begin) / ((end - begin) or 1) * (WIDTH - 2 * LEFT)
        return f"{x:.1f}", f"{lies(point[1]):.1f}"

    def lies(value: float) -> float:
        return LEFT + (top - value) / ((top - bottom) or 1) * (HEIGHT - LEFT - BOTTOM)

    lines = []
    for name, found in shown.items():
        placed = [place(point) for point in found]
        told = " ".join(f"{x},{y}" for x, y in placed)
        lines.append(Line(name, told, spoken(found[-1][1]), *placed[-1]))
    days = [said(Kind.MOMENT if "T" in at else Kind.DAY, at) for at in (min(points)[2], max(points)[2])]
    finding = "; ".join(f"{line.name}: {line.last}" for line in lines)
    return Chart(
        tuple(lines),
        tuple(mark_of(name, mark) for name, mark in marks),
        tuple(mark_of("", step) for step in steps(bottom, top)),
        spoken(low),
        spoken(high),
        days[0],
        days[1],
        len(by_name) - len(shown),
        f"Mới nhất: {finding}.",
    )


def steps(bottom: float, top: float) -> list[float]:
    """Return two to four round values between the ends (1, 2 or 5 of a power of ten apart), for the lines to read a value by."""
    span = top - bottom
    if span <= 0:
        return [top]
    rough = span / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough)
    first = math.ceil(bottom / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(top / step + 1e-9) + 1)]
