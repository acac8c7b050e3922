"""Decisions of insights as functions of values: the life of a document, classes of a map, order of a league table."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from enum import StrEnum

from smarthd.kernel.moves import Move


class Status(StrEnum):
    DRAFT = "draft"  # dự thảo
    SIGNED_OFF = "signed_off"  # đã ký duyệt


STATUS_WORDS = {Status.DRAFT: "Dự thảo", Status.SIGNED_OFF: "Đã ký duyệt"}

SIGN_OFF = Move(name="sign_off", sources=frozenset({Status.DRAFT}), target=Status.SIGNED_OFF)

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
SHARE_BREAKS = (0.5, 0.7, 0.85, 0.95, 1.0)


def class_of(ratio: float, breaks: Sequence[float] = SHARE_BREAKS) -> int:
    """Return the class of a share: 1 below the first break, one more at or above each; over 100% stays in the last."""
    return 1 + sum(1 for edge in breaks if ratio >= edge)


def ceiling(share: float) -> float:
    """Return the top of a percentage axis that keeps quarters readable: 1.0 for most, more for what exceeds it."""
    for top in (0.2, 0.4, 0.6, 0.8, 1.0):
        if share <= top:
            return top
    return math.ceil(share * 5) / 5


def cosine(degrees: float) -> float:
    """Return how much a degree of longitude narrows at a latitude."""
    return math.cos(math.radians(degrees))


def legend(breaks: Sequence[float] = SHARE_BREAKS) -> list[tuple[int, str]]:
    """Return (class, words) of every class of a map, lowest first."""
    edges = [f"{edge * 100:.0f}%" for edge in breaks]
    words = [
        f"dưới {edges[0]}",
        *(f"{low} đến dưới {high}" for low, high in itertools.pairwise(edges)),
        f"từ {edges[-1]}",
    ]
    return list(enumerate(words, start=1))
