"""Who needs help most: units by how many persons are missing to the target, with what the last week brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.rollout.errors import FigureUnknown, NothingMeasured
from smarthd.rollout.selectors.indicators import KEYS
from smarthd.rollout.selectors.tables import table
from smarthd.rollout.selectors.values import Figure, Row


@dataclass(frozen=True, slots=True)
class Laggard:
    """A unit short of the target: ``missing`` persons, and the gain in ratio (points of 1) over the last week if known."""

    row: Row
    figure: Figure
    target: float
    missing: float
    week_gain: float | None


def laggards(
    level: str,
    as_of: date,
    boundaries: date,
    *,
    indicator: str = "used_owners",
    target: float = 1.0,
    limit: int = 20,
    actor: Actor = ANONYMOUS,
) -> list[Laggard]:
    """Return the units furthest from a target, by ratio; those without a base or hidden cannot be placed and are left out."""
    if indicator not in KEYS or KEYS[indicator].of != "citizen":
        raise FigureUnknown(key=indicator)
    now = table(level, as_of, boundaries, actor=actor)
    before = _ratios(level, now.as_of - timedelta(days=7), boundaries, indicator, actor)
    behind = []
    for row in now.rows:
        figure = row.values[indicator]
        if figure.ratio is None or figure.numerator is None or figure.denominator is None or figure.ratio >= target:
            continue
        last = before.get(row.unit_id)
        gain = None if last is None else figure.ratio - last
        behind.append(Laggard(row, figure, target, target * figure.denominator - figure.numerator, gain))
    return sorted(behind, key=lambda one: (one.figure.ratio or 0.0, -one.missing, one.row.name))[:limit]


def _ratios(level: str, day: date, boundaries: date, indicator: str, actor: Actor) -> dict[int, float | None]:
    try:
        earlier = table(level, day, boundaries, actor=actor)
    except NothingMeasured:
        return {}  # the roll-out is younger than a week
    return {row.unit_id: row.values[indicator].ratio for row in earlier.rows}
