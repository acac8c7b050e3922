"""Words near another: by letters struck out (SymSpell), by the number of slips between them (optimal string alignment)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from smarthd.finding.rules import typed as reading

SHORTEST = 2
LONG = 5
"""From so many letters on, two slips may be mended; below, one."""
_CHOICES = 4
_MOST = 24


def slips_allowed(word: str) -> int:
    """Return how many slips of the fingers a word may hold."""
    return 2 if len(word) >= LONG else 1


def keys_of(word: str) -> set[str]:
    """Return the word and what is left of it with as many letters struck out as slips are allowed."""
    found = {word}
    for struck in range(1, slips_allowed(word) + 1):
        if len(word) - struck >= 1:
            found |= {"".join(kept) for kept in combinations(word, len(word) - struck)}
    return found


def slips(one: str, other: str) -> int:
    """Return the least number of letters put in, left out, exchanged, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        last, before, row = before, row, [i] + [0] * len(other)
        for j, sign in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


@dataclass(frozen=True, slots=True)
class Guess:
    """A word that may be meant: what it costs to believe so, and how often it stands somewhere."""

    word: str
    cost: float
    count: int


def guesses(word: str, near: Mapping[str, int]) -> list[Guess]:
    """Return what a word may mean, of known words with their counts, the likeliest first; the word itself is one where it is known."""
    plain = reading.without_keys(word)
    found = []
    for other, count in near.items():
        apart = slips(word, other)
        if other == plain:
            found.append(Guess(other, 0.4, count))
        elif apart == 0:
            found.append(Guess(other, 0.0, count))
        elif apart <= slips_allowed(word):
            first = 0.0 if other[0] == word[0] else 0.5
            found.append(Guess(other, apart + first, count))
    return sorted(found, key=lambda one: (one.cost, -one.count, one.word))[:_CHOICES]


def halves(word: str) -> list[tuple[str, str]]:
    """Return the ways to read a word as two written in one: ``nhathuoc``."""
    return [(word[:at], word[at:]) for at in range(SHORTEST, len(word) - 1)] if len(word) >= LONG else []


def sentences(choices: Iterable[list[tuple[str, float]]]) -> list[str]:
    """Return the questions that may be meant, cheapest first, of what each word may be with its cost; "" is a word left out."""
    told = [
        (sum(cost for _word, cost in picked), " ".join(word for word, _cost in picked if word))
        for picked in product(*(one[:_CHOICES] for one in choices))
    ]
    return list(dict.fromkeys(words for _cost, words in sorted(told, key=lambda one: one[0]) if words))[:_MOST]
