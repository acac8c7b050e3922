"""How likely are two reports the same? Place, category, time and words, each with its weight, and each said in words."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from smarthd.fieldreports.rules import mapping
from smarthd.fieldreports.rules.suggesting import folded, grams

WEIGHTS = {"place": 0.45, "category": 0.20, "words": 0.25, "time": 0.10}
LIKELY_FROM = 0.55
SEARCHED_M = 250
DAYS = 90
_FADES = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared of a report; without a point the commune alone speaks for the place."""

    lat: float | None
    lon: float | None
    commune_id: int
    category_key: str
    root_key: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: which, how strongly it speaks (0..1), its weight, and in words."""

    key: str
    strength: float
    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two reports are, 0..1, and why: the sum of strength × weight of the reasons."""

    score: float
    reasons: tuple[Reason, ...]


def likeness(one: Said, other: Said, *, radius_m: float) -> Likeness:
    """Compare two reports. What lies three radii apart is another thing, whatever the words."""
    reasons = [_place(one, other, radius_m), _category(one, other), _words(one, other), _time(one, other)]
    told = tuple(
        sorted((reason for reason in reasons if reason.strength > 0.05), key=lambda one: -one.strength * one.weight)
    )
    if _far(one, other, radius_m) or not _same_matter(one, other):
        return Likeness(0.0, told)
    return Likeness(round(sum(reason.strength * reason.weight for reason in reasons), 4), told)


def _far(one: Said, other: Said, radius_m: float) -> bool:
    distance = _distance(one, other)
    return one.commune_id != other.commune_id if distance is None else distance > 3 * radius_m


def _same_matter(one: Said, other: Said) -> bool:
    """A lamp and a pothole at one corner are two things: another root needs words that say the same."""
    return one.root_key == other.root_key or _shared(one.words, other.words) >= 0.5


def _distance(one: Said, other: Said) -> float | None:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return None
    return mapping.metres_between((one.lat, one.lon), (other.lat, other.lon))


def _place(one: Said, other: Said, radius_m: float) -> Reason:
    distance = _distance(one, other)
    if distance is None:
        same = one.commune_id == other.commune_id
        return Reason("place", 0.3 if same else 0.0, WEIGHTS["place"], "cùng xã, phường")
    strength = math.exp(-((distance / radius_m) ** 2) / 2)
    return Reason("place", round(strength, 4), WEIGHTS["place"], f"cách {round(distance)} m")


def _category(one: Said, other: Said) -> Reason:
    if one.category_key == other.category_key:
        return Reason("category", 1.0, WEIGHTS["category"], "cùng lĩnh vực")
    if one.root_key == other.root_key:
        return Reason("category", 0.5, WEIGHTS["category"], "lĩnh vực gần nhau")
    return Reason("category", 0.0, WEIGHTS["category"], "khác lĩnh vực")


def _time(one: Said, other: Said) -> Reason:
    apart = abs(one.at - other.at)
    days = apart // timedelta(days=1)
    words = "cùng ngày" if days == 0 else f"cách {days} ngày"
    return Reason("time", round(math.exp(-apart / _FADES), 4), WEIGHTS["time"], words)


def _words(one: Said, other: Said) -> Reason:
    shared = _shared(one.words, other.words)
    return Reason("words", round(min(1.0, shared * 1.6), 4), WEIGHTS["words"], "lời kể giống nhau")


def _shared(one: str, other: str) -> float:
    """Return how much two texts share: Dice's measure over character n-grams; nothing where one says nothing."""
    mine, theirs = _grams(one), _grams(other)
    if not mine or not theirs:
        return 0.0
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _grams(words: str) -> frozenset[str]:
    return frozenset(gram for gram in grams(folded(words)) if len(gram) > 2)


def best(found: Iterable[tuple[Likeness, int]], *, most: int) -> list[tuple[Likeness, int]]:
    """Return the likeliest (likeness, place in the list) above the threshold."""
    likely = [one for one in found if one[0].score >= LIKELY_FROM]
    return sorted(likely, key=lambda one: (-one[0].score, one[1]))[:most]
