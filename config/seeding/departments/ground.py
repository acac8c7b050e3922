"""What a draw is given: a generator, the day, the communes; and how days and points are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from smarthd.places.values import UnitView


@dataclass(frozen=True, slots=True)
class Ground:
    """``play`` is the address of the server that plays departments' systems in the demonstration."""

    rng: np.random.Generator
    today: date
    now: datetime
    units: Sequence[UnitView]
    play: str


def day(on: date) -> str:
    """Return a day as offices write it."""
    return f"{on:%d/%m/%Y}"


def phone(number: int) -> str:
    """Return a number nobody has: the range of the demonstration's own accounts."""
    return f"0990 001 {number:03}"


def point(ground: Ground, unit: UnitView) -> tuple[str, str]:
    """Return a point near a commune's centre."""
    lat, lon = (unit.lat or 0) + ground.rng.normal(0, 0.004), (unit.lon or 0) + ground.rng.normal(0, 0.004)
    return f"{lat:.5f}", f"{lon:.5f}"
