"""The window of a map as its script asks for it: ``tay``, ``nam``, ``dong``, ``bac`` in degrees (WGS 84) and ``z``, the zoom."""

from __future__ import annotations

import math

from django.http import HttpRequest

EDGES = ("tay", "nam", "dong", "bac")


def edges_of(request: HttpRequest) -> tuple[float, float, float, float]:
    """Return west, south, east and north; what is no number is one that no window has (NaN)."""
    west, south, east, north = (_number(request, name) for name in EDGES)
    return west, south, east, north


def zoom_of(request: HttpRequest) -> int | None:
    """Return the zoom, 0 to 22; None where it is none."""
    zoom = _number(request, "z")
    return int(zoom) if 0 <= zoom <= 22 else None


def _number(request: HttpRequest, name: str) -> float:
    try:
        value = float(request.GET.get(name, ""))
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
