"""How many phones tell that they showed a warning: all of few, one in ten or a hundred of many, so that their word does not drown the site."""

from __future__ import annotations

MOST_TELLERS = 20_000
HEAVIEST = 1_000


def one_in(phones: int) -> int:
    """Return one phone in how many tells (1, 10, 100 or 1,000), of so many that agreed to be told."""
    weight = 1
    while phones > MOST_TELLERS * weight and weight < HEAVIEST:
        weight *= 10
    return weight


def believed(weight: int, phones: int) -> int:
    """Return for how many phones a word counts: what the phone says, and never more than we ourselves asked for."""
    return max(1, min(weight, one_in(phones)))
