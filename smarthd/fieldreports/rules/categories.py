"""The seeded tree of categories: written by us, shipped as a file, edited as data afterwards."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "categories.csv"
FALLBACK = "viec-khac"
"""The category of what fits nowhere."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One shipped category; hours are working hours, ``words`` are how people call it."""

    key: str
    parent: str
    name: str
    hint: str
    icon: str
    intake_hours: float
    working_hours: float
    urgent_intake_hours: float
    urgent_hours: float
    radius_m: int
    sensitive: bool
    dangerous: bool
    words: str


@cache
def shipped() -> tuple[Seed, ...]:
    """Return the shipped categories, parents before their children."""
    with SHIPPED.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Seed(
                key=row["key"],
                parent=row["parent"],
                name=row["name"],
                hint=row["hint"],
                icon=row["icon"],
                intake_hours=float(row["intake_hours"]),
                working_hours=float(row["working_hours"]),
                urgent_intake_hours=float(row["urgent_intake_hours"]),
                urgent_hours=float(row["urgent_hours"]),
                radius_m=int(row["radius_m"]),
                sensitive=row["sensitive"] == "yes",
                dangerous=row["dangerous"] == "yes",
                words=row["words"],
            )
            for row in csv.DictReader(lines)
        )
