"""How many live where: people, adults, smartphone owners, households of made-up communes, adding up to a province's total.

Every number is drawn, none is a statistic: the sizes only resemble a delta province (a ward holds more than a rural commune; about
70% of people are adults and 70% own a smartphone; 3.4 persons share a household).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

KIND_WEIGHT = {"Phường": 1.35, "Thị trấn": 1.25, "Xã": 1.0, "Đặc khu": 0.8}
ADULT_SHARE, OWNER_SHARE, HOUSEHOLD_SIZE = 0.72, 0.70, 3.4


@dataclass(frozen=True)
class Populations:
    """One row a unit, in the order given; persons (households: households)."""

    people: Ints
    adults: Ints
    smartphone_owners: Ints
    households: Ints


def split_total(total: int, weights: Floats) -> Ints:
    """Return whole parts of ``total`` in proportion to ``weights``, adding up to it exactly (largest remainders)."""
    exact = total * weights / weights.sum()
    parts: Ints = np.floor(exact).astype(np.int64)
    missing = total - int(parts.sum())
    parts[np.argsort(parts - exact, kind="stable")[:missing]] += 1
    return parts


def draw(rng: np.random.Generator, kinds: list[str], *, people: int) -> Populations:
    """Return the populations of units of the given kinds, ``people`` persons in all."""
    weights = np.array([KIND_WEIGHT.get(kind, 1.0) for kind in kinds]) * rng.lognormal(0.0, 0.28, len(kinds))
    persons = split_total(people, weights)
    owner_share = np.clip(rng.normal(OWNER_SHARE, 0.05, len(kinds)), 0.5, 0.85)
    return Populations(
        people=persons,
        adults=np.rint(persons * np.clip(rng.normal(ADULT_SHARE, 0.01, len(kinds)), 0.68, 0.76)).astype(np.int64),
        smartphone_owners=split_total(round(people * OWNER_SHARE), persons * owner_share),
        households=np.maximum(1, np.rint(persons / rng.normal(HOUSEHOLD_SIZE, 0.12, len(kinds)))).astype(np.int64),
    )
