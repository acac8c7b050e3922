"""Charts for documents: PNG drawn by Altair with packaged letters, the same on every machine.

Black on white, direct labels, the target as a thin line; flagged bars are paler and say so in their label.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import altair
import vl_convert

from smarthd.insights import wording
from smarthd.insights.material import Cell, Line, Point

FONT = "Roboto"  # vl-convert's own letters lack Vietnamese marks; these come with the package font-roboto
INK, BAR, FLAGGED, TARGET = "#000000", "#3f5f7f", "#b5c3d1", "#a03020"
SCALE = 2.5


def bars(lines: Sequence[Line], key: str, *, target: float | None, width: int = 420) -> bytes:
    """Return a PNG of horizontal bars, one a unit, sorted as given, with the target as a thin line."""
    known = [(line, line.cells[key]) for line in lines if key in line.cells and line.cells[key].ratio is not None]
    rows = [
        {"name": line.name, "share": cell.ratio, "label": _label(cell), "flagged": bool(cell.flags)}
        for line, cell in known
    ]
    most = max([1.0, target or 0.0, *(cell.ratio or 0.0 for _, cell in known)])
    base = altair.Chart(altair.InlineData(values=rows)).encode(
        y=altair.Y("name:N", sort=None, title=None, axis=altair.Axis(labelLimit=260, ticks=False, domain=False))
    )
    bar = base.mark_bar(height={"band": 0.7}).encode(
        x=altair.X("share:Q", title=None, scale=altair.Scale(domain=[0, most * 1.12]), axis=None),
        color=altair.condition("datum.flagged", altair.value(FLAGGED), altair.value(BAR)),
    )
    text = base.mark_text(align="left", dx=4, font=FONT, fontSize=12, color=INK).encode(x="share:Q", text="label:N")
    layers = [bar, text]
    if target is not None:
        mark = altair.InlineData(values=[{"target": target}])
        layers.append(
            altair.Chart(mark).mark_rule(color=TARGET, strokeWidth=1.2, strokeDash=[5, 3]).encode(x="target:Q")
        )
    return _png(altair.layer(*layers).properties(width=width, height={"step": 22}))


def trend(points: Sequence[Point], *, target: float | None, width: int = 560, height: int = 200) -> bytes:
    """Return a PNG of one line over days, its last value written at its end, the target as a thin line."""
    rows = [
        {"day": point.day.isoformat(), "share": point.ratio, "label": wording.percent(point.ratio)}
        for point in points
        if point.ratio is not None
    ]
    top = max([target or 0.0, *(point.ratio or 0.0 for point in points), 0.01])
    time = altair.X(
        "day:T",
        title=None,
        axis=altair.Axis(format="%-d/%-m", grid=False, labelFontSize=12, values=_ticks(points)),
    )
    share = altair.Y(
        "share:Q",
        title=None,
        scale=altair.Scale(domain=[0, top * 1.1]),
        axis=altair.Axis(
            labelExpr="replace(format(datum.value * 100, '.0f'), '.', ',') + '%'", tickCount=5, labelFontSize=12
        ),
    )
    line = altair.Chart(altair.InlineData(values=rows)).mark_line(color=BAR, strokeWidth=2.5).encode(x=time, y=share)
    layers = [line]
    if rows:
        end = altair.Chart(altair.InlineData(values=rows[-1:]))
        layers.append(end.mark_point(color=BAR, filled=True, size=50, opacity=1).encode(x=time, y=share))
        layers.append(
            end.mark_text(align="right", dx=-6, dy=-12, font=FONT, fontSize=13, fontWeight="bold", color=INK).encode(
                x=time, y=share, text="label:N"
            )
        )
    if target is not None:
        mark = altair.Chart(
            altair.InlineData(values=[{"target": target, "label": f"chỉ tiêu {wording.percent(target, digits=0)}"}])
        )
        layers.append(mark.mark_rule(color=TARGET, strokeWidth=1.2, strokeDash=[5, 3]).encode(y="target:Q"))
        layers.append(
            mark.mark_text(align="left", x=6, dy=-8, font=FONT, fontSize=12, color=TARGET).encode(
                y="target:Q", text="label:N"
            )
        )
    return _png(altair.layer(*layers).properties(width=width, height=height))


def _ticks(points: Sequence[Point], most: int = 8) -> list[str]:
    """Return the days written under the axis: evenly apart, first and last among them."""
    days = [point.day for point in points]
    step = max(1, -(-len(days) // most))
    return [day.isoformat() for day in days[::-1][::step]][::-1]


def _label(cell: Cell) -> str:
    words = wording.flags(cell)
    return f"{wording.percent(cell.ratio)}{f' ({words})' if words else ''}"


@cache
def _letters() -> None:
    vl_convert.register_font_directory(str(files("font_roboto") / "files"))


def _png(chart: Any) -> bytes:
    _letters()
    styled = (
        chart.configure(font=FONT, background="white", padding=6)
        .configure_axis(labelColor=INK, labelFontSize=13, gridColor="#d9d9d9", domainColor=INK, tickColor=INK)
        .configure_view(stroke=None)
    )
    png: bytes = vl_convert.vegalite_to_png(styled.to_json(), scale=SCALE)
    return png
