"""A small line chart as numbers for an SVG: at most six lines, the rest told; its table stands below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.wording import said

WIDTH, HEIGHT, LEFT, BOTTOM = 640, 240, 8, 24
MOST_LINES = 6


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
    low: str
    high: str
    first: str
    last: str
    left_out: int
    finding: str


def draw(
    series: Sequence[tuple[str, str, float]], *, kind: Kind, marks: Sequence[tuple[str, float]] = ()
) -> Chart | None:
    """Return the chart of (line, instant, value) in order, with levels (name, value) across it; None where nothing can be drawn."""
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

    def place(point: tuple[float, float, str]) -> tuple[str, str]:
        x = LEFT + (point[0] - begin) / ((end - begin) or 1) * (WIDTH - 2 * LEFT)
        return f"{x:.1f}", f"{lies(point[1]):.1f}"

    def lies(value: float) -> float:
        return LEFT + (top - value) / ((top - bottom) or 1) * (HEIGHT - LEFT - BOTTOM)

    lines = []
    for name, found in shown.items():
        placed = [place(point) for point in found]
        told = " ".join(f"{x},{y}" for x, y in placed)
        lines.append(Line(name, told, said(kind, found[-1][1]), *placed[-1]))
    days = [said(Kind.MOMENT if "T" in at else Kind.DAY, at) for at in (min(points)[2], max(points)[2])]
    finding = "; ".join(f"{line.name}: {line.last}" for line in lines)
    return Chart(
        tuple(lines),
        tuple(
            Mark(name, said(kind, mark), f"{lies(mark):.1f}", f"{max(lies(mark) - 4, 14):.1f}") for name, mark in marks
        ),
        said(kind, low),
        said(kind, high),
        days[0],
        days[1],
        len(by_name) - len(shown),
        f"Mới nhất: {finding}.",
    )
