"""Spot checks by lot quality assurance sampling (LQAS): how many to look at, which ones, and what the finding means.

Source: Valadez, "Assessing Child Health Programs in Developing Countries" (1991): the smallest sample whose decision rule keeps both
errors under their limits, by the binomial distribution.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

LARGEST_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class LotPlan:
    """Look at ``size`` units; the lot passes while no more than ``allowed`` are found wrong."""

    size: int
    allowed: int


def plan(*, good: float = 0.05, bad: float = 0.20, alpha: float = 0.10, beta: float = 0.10) -> LotPlan:
    """Return the smallest plan: a lot with a share ``good`` of wrong units is failed with a chance of at most ``alpha``, one with
    ``bad`` passed with at most ``beta``. ValueError when no sample of up to 60 does it."""
    if not 0 <= good < bad <= 1:
        msg = "good must be below bad, both between 0 and 1"
        raise ValueError(msg)
    for size in range(1, LARGEST_SAMPLE + 1):
        for allowed in range(size):
            if 1 - _at_most(allowed, size, good) <= alpha and _at_most(allowed, size, bad) <= beta:
                return LotPlan(size, allowed)
    msg = f"no sample of up to {LARGEST_SAMPLE} tells {good} from {bad}"
    raise ValueError(msg)


def for_lot(whole: LotPlan, lot: int, *, good: float = 0.05) -> LotPlan:
    """Return the plan for a lot of that many units: where the sample is the whole lot, it passes with a share ``good`` of wrong ones."""
    return whole if lot > whole.size else LotPlan(lot, int(lot * good))


def draw(units: Sequence[int], size: int, *, seed: int) -> list[int]:
    """Return the units to look at: the same seed over the same units gives the same draw, in whatever order they come."""
    ordered = sorted(set(units))
    return sorted(random.Random(seed).sample(ordered, min(size, len(ordered))))  # noqa: S311 - to be drawn again by anybody who has the seed


def passes(lot: LotPlan, wrong: int) -> bool:
    """Say whether the lot passes."""
    return wrong <= lot.allowed


def _at_most(most: int, size: int, share: float) -> float:
    return sum(comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(most + 1))
