"""Stations of a river as people ask after them: how high, rising or falling, how far to the next alarm level; and a gauge to see it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.thresholds import Levels
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors.sensors import StationLine

WIDTH, HEIGHT = 320, 34
STEADY = 0.02
"""A change of less than this part of the value is none: gauges and waves differ by as much."""
_BACK = timedelta(hours=3)
_NEAR = timedelta(hours=1)
NUMERALS = ("I", "II", "III")
Points = Sequence[tuple[datetime, float]]


@dataclass(frozen=True, slots=True)
class Tick:
    """An alarm level on the gauge: its numeral, its value in words, where it stands."""

    numeral: str
    value: str
    x: int


@dataclass(frozen=True, slots=True)
class Gauge:
    """The bar of a station, in an SVG 320 wide: filled up to where the water stands."""

    filled: int
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One station: the newest value with its unit, its tendency and distance in words (empty: not known)."""

    line: StationLine
    value: str
    tendency: str
    trend: str
    distance: str
    gauge: Gauge | None


def told(lines: Sequence[StationLine], series: Mapping[str, Points]) -> list[Told]:
    """Return the stations, the one in most danger first; ``series`` is what was measured, by station, in order."""
    found = [_told(one, series.get(one.name, ())) for one in lines]
    return sorted(found, key=lambda one: (one.line.stale, -one.line.level, one.line.name))


def _told(line: StationLine, points: Points) -> Told:
    if line.value is None:
        return Told(line, "", "", "", "", None)
    known = not line.stale
    trend, tendency = _tendency(points, line.measure) if known else ("", "")
    return Told(
        line=line,
        value=f"{said(Kind.NUMBER, line.value)} {line.measure}".strip(),
        tendency=tendency,
        trend=trend,
        distance=distance(line) if known else "",
        gauge=gauge(line.value, line.levels),
    )


def change(points: Points) -> float | None:
    """Return by how much the newest value differs from that of three hours before (within an hour of it); None where there is none."""
    if not points:
        return None
    at, value = points[-1]
    before = [(abs(at - _BACK - then), past) for then, past in points if abs(at - _BACK - then) <= _NEAR]
    return value - min(before)[1] if before else None


def _tendency(points: Points, measure: str) -> tuple[str, str]:
    moved = change(points)
    if moved is None:
        return "", ""
    if abs(moved) < STEADY * max(abs(points[-1][1]), 1e-9):
        return "steady", _("gần như không đổi trong 3 giờ")
    told_ = {"by": f"{said(Kind.NUMBER, round(abs(moved), 2))} {measure}".strip()}
    if moved > 0:
        return "up", _("đang lên %(by)s trong 3 giờ") % told_
    return "down", _("đang xuống %(by)s trong 3 giờ") % told_


def distance(line: StationLine) -> str:
    """Return how far it is to the next level, or how far above the highest one reached."""
    if line.value is None:
        return ""
    marks = [mark for n in (1, 2, 3) if (mark := line.levels.at(n)) is not None]
    following = next(((n, mark) for n, mark in enumerate(marks) if mark > line.value), None)
    if following is None:
        over = said(Kind.NUMBER, round(line.value - marks[-1], 2))
        return _("trên báo động %(level)s %(by)s %(measure)s") % {"level": NUMERALS[len(marks) - 1], "by": over, "measure": line.measure}  # fmt: skip
    n, mark = following
    under = said(Kind.NUMBER, round(mark - line.value, 2))
    return _("còn %(by)s %(measure)s tới báo động %(level)s") % {"level": NUMERALS[n], "by": under, "measure": line.measure}  # fmt: skip


def gauge(value: float, levels: Levels) -> Gauge:
    """Return the bar from nothing (or the value, where it lies below) to a little above the highest level."""
    marks = [mark for n in (1, 2, 3) if (mark := levels.at(n)) is not None]
    low, high = min(0.0, value, marks[0]), max(marks[-1], value)
    span = (high - low) * 1.08 or 1.0

    def lies(at: float) -> int:
        return round((at - low) / span * WIDTH)

    ticks = tuple(Tick(NUMERALS[n], said(Kind.NUMBER, mark), lies(mark)) for n, mark in enumerate(marks))
    return Gauge(max(lies(value), 2), ticks)
