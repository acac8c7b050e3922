"""Charts for pages: trend with its target, map of shares. Each says its finding to those who do not see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from smarthd.insights import rules, wording
from smarthd.insights.charts.svg import element, picture
from smarthd.insights.material import Point

__all__ = ["Coordinates", "Point", "Shade", "choropleth", "trend"]

Coordinates = tuple[float, float]
Rings = Sequence[Sequence[Coordinates]]
Projection = Callable[[Coordinates], Coordinates]
INSET = 92
"""Side, in units of the picture, of the box of a far island."""


def trend(points: Sequence[Point], *, title: str, target: float | None, width: int = 640, height: int = 240) -> str:
    """Return the SVG of one indicator over days: a line, its end written out, the target as a thin line."""
    known = [point for point in points if point.ratio is not None]
    finding = wording.trend_finding(title, points)
    if len(known) < 2:
        return ""
    left, right, top, bottom = 52.0, 18.0, 26.0, 30.0
    first, last = known[0].day, known[-1].day
    most = rules.ceiling(max([target or 0.0, *(point.ratio or 0.0 for point in known)]))

    def x(day: date) -> float:
        return left + (width - left - right) * (day - first).days / max(1, (last - first).days)

    def y(share: float) -> float:
        return top + (height - top - bottom) * (1 - share / most)

    parts = [
        _gridline(y(most * step / 4), left, width - right, wording.percent(most * step / 4, digits=0))
        for step in range(5)
    ]
    parts += [
        element("text", x=x(day), y=height - 8, class_="chart-label", text_anchor=anchor, text=f"{day.day}/{day.month}")
        for day, anchor in _ticks(first, last)
    ]
    if target is not None:
        parts.append(element("line", x1=left, x2=width - right, y1=y(target), y2=y(target), class_="chart-target"))
        words = f"chỉ tiêu {wording.percent(target, digits=0)}"
        parts.append(element("text", x=left + 6, y=y(target) - 6, class_="chart-label chart-target-label", text=words))
    path = " ".join(
        f"{'M' if index == 0 else 'L'}{x(point.day):.1f} {y(point.ratio or 0.0):.1f}"
        for index, point in enumerate(known)
    )
    end = known[-1]
    parts.append(element("path", d=path, class_="chart-line", fill="none"))
    parts.append(element("circle", cx=x(end.day), cy=y(end.ratio or 0.0), r=4, class_="chart-dot"))
    parts.append(
        element(
            "text",
            x=x(end.day) - 8,
            y=y(end.ratio or 0.0) + 20,
            class_="chart-value",
            text_anchor="end",
            text=wording.percent(end.ratio),
        )
    )
    return picture(*parts, width=width, height=height, finding=finding, kind="trend")


def _gridline(y: float, left: float, right: float, label: str) -> str:
    line = element("line", x1=left, x2=right, y1=y, y2=y, class_="chart-grid")
    return line + element("text", x=left - 6, y=y + 4, class_="chart-label", text_anchor="end", text=label)


def _ticks(first: date, last: date, most: int = 6) -> list[tuple[date, str]]:
    days = (last - first).days
    count = min(most, days)
    ticks = [date.fromordinal(first.toordinal() + round(days * step / count)) for step in range(count + 1)]
    anchors = ["start", *["middle"] * (len(ticks) - 2), "end"]
    return list(zip(ticks, anchors, strict=True))


@dataclass(frozen=True, slots=True)
class Shade:
    """How one unit is painted: its share (None: not known), its flags, and where a click leads."""

    name: str
    ratio: float | None
    flags: tuple[str, ...] = ()
    href: str = ""


def choropleth(
    geojson: Mapping[str, Any], shades: Mapping[str, Shade], *, breaks: Sequence[float], finding: str, width: int = 640
) -> str:
    """Return the SVG map of shares in classes; ``shades`` are keyed by the features' ``uid`` or ``id``.

    Flagged units are hatched, units without a figure are dotted; the table beside the map gives the same numbers.
    """
    drawn = [(_key(feature), _rings(feature.get("geometry") or {})) for feature in geojson.get("features", [])]
    shapes = [(key, rings) for key, rings in drawn if rings]
    if not shapes:
        return ""
    remote = _remote([_middle(rings) for _, rings in shapes])
    near = [shape for number, shape in enumerate(shapes) if number not in remote]
    project, height = _projection([corner for _, rings in near for ring in rings for corner in ring], width)
    parts = [_HATCH, *(_shape(rings, project, shades.get(key), breaks) for key, rings in near)]
    for place, number in enumerate(sorted(remote)):
        key, rings = shapes[number]
        parts.append(_inset(rings, shades.get(key), breaks, x=width - (place + 1) * (INSET + 8), y=height - INSET))
    return picture(*parts, width=width, height=height, finding=finding, kind="map")


def _shape(rings: Rings, project: Projection, shade: Shade | None, breaks: Sequence[float]) -> str:
    return _area(" ".join(_path([project(corner) for corner in ring]) for ring in rings), shade, breaks)


def _inset(rings: Rings, shade: Shade | None, breaks: Sequence[float], *, x: float, y: float) -> str:
    """Return a far island in a box of its own, not to scale, so that it does not shrink everything else."""
    inner, _height = _projection([corner for ring in rings for corner in ring], INSET - 24)

    def project(corner: Coordinates) -> Coordinates:
        across, down = inner(corner)
        return x + 12 + across, y + 12 + down

    box = element("rect", x=x, y=y, width=INSET, height=INSET - 4, rx=4, class_="chart-inset")
    return box + _shape(rings, project, shade, breaks)


def _middle(rings: Rings) -> Coordinates:
    corners = [corner for ring in rings for corner in ring]
    return sum(lon for lon, _ in corners) / len(corners), sum(lat for _, lat in corners) / len(corners)


def _remote(middles: Sequence[Coordinates]) -> set[int]:
    """Return which shapes lie more than five times as far out as the middle one of all: islands far at sea."""
    if len(middles) < 8:
        return set()
    lon, lat = median(one[0] for one in middles), median(one[1] for one in middles)
    away = [((one[0] - lon) ** 2 + (one[1] - lat) ** 2) ** 0.5 for one in middles]
    return {number for number, distance in enumerate(away) if distance > 5 * median(away)}


_HATCH = (
    '<defs><pattern id="chart-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="2" height="6" class="chart-hatch"/></pattern>'
    '<pattern id="chart-dots" width="7" height="7" patternUnits="userSpaceOnUse"><circle cx="2" cy="2" r="1" class="chart-hatch"/>'
    "</pattern></defs>"
)


def _area(path: str, shade: Shade | None, breaks: Sequence[float]) -> str:
    known = shade is not None and shade.ratio is not None
    group = rules.class_of(shade.ratio, breaks) if shade is not None and shade.ratio is not None else 0
    name = shade.name if shade is not None else "Chưa có số liệu"
    said = wording.percent(shade.ratio) if shade is not None and known else "chưa có số liệu"
    parts = element(
        "path",
        element("title", text=f"{name}: {said}"),
        d=path,
        class_=f"chart-area chart-class-{group}",
        fill_rule="evenodd",
    )
    if not known:
        parts += element("path", d=path, fill="url(#chart-dots)", class_="chart-cover")
    elif shade is not None and {"over_100", "estimated"} & set(shade.flags):
        parts += element("path", d=path, fill="url(#chart-hatch)", class_="chart-cover")
    if shade is not None and shade.href:
        return element("a", parts, href=shade.href, tabindex="-1")
    return parts


def _key(feature: Mapping[str, Any]) -> str:
    properties = feature.get("properties") or {}
    return str(properties.get("uid") or properties.get("unit_id") or feature.get("id") or "")


def _rings(geometry: Mapping[str, Any]) -> list[list[Coordinates]]:
    if geometry.get("type") == "Polygon":
        polygons = [geometry["coordinates"]]
    elif geometry.get("type") == "MultiPolygon":
        polygons = geometry["coordinates"]
    else:
        return []
    return [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]


def _projection(corners: Sequence[Coordinates], width: int) -> tuple[Projection, float]:
    """Return (lon, lat) → (x, y), equirectangular at the middle latitude, and the picture's height."""
    west, east = min(lon for lon, _ in corners), max(lon for lon, _ in corners)
    south, north = min(lat for _, lat in corners), max(lat for _, lat in corners)
    narrowing = rules.cosine((south + north) / 2)
    scale = (width - 8) / max(1e-9, (east - west) * narrowing)

    def project(corner: Coordinates) -> Coordinates:
        return 4 + (corner[0] - west) * narrowing * scale, 4 + (north - corner[1]) * scale

    return project, (north - south) * scale + 8


def _path(points: Sequence[Coordinates]) -> str:
    """Return the path of one ring, points nearer than half a unit left out."""
    kept: list[Coordinates] = []
    for point in points:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= 0.8:
            kept.append(point)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept) + "Z" if len(kept) > 2 else ""
