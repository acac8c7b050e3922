"""Where a reader says they are: in the address of this one question, kept nowhere."""

from __future__ import annotations

import math

from django.http import HttpRequest


def of(request: HttpRequest) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees (WGS 84), None where none are given or they are no place on earth."""
    try:
        lat, lon = float(request.GET.get("lat", "")), float(request.GET.get("lon", ""))
    except ValueError:
        return None
    sound = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180
    return (lat, lon) if sound else None
