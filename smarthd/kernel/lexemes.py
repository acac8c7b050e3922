"""Words as PostgreSQL's text search keeps and asks them: folded in Python, with the spelling beside and facets among them.

A vector holds folded words (``thuoc``), those of a title again (``^thuoc``) and as they are spelt (``=thuốc``), and facets nobody can
type (``@u12`` of unit 12, ``@g419.2126`` of a cell of the map). Titles are told apart by lexemes rather than by weights because GIN keeps
no weights: asking for one would read every row that holds the word. A facet in the question keeps it small: GIN walks the shortest list first.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from smarthd.kernel import text

LONGEST = 60
CELLS_PER_DEGREE = 20
"""A cell of the map is 0.05°: 5.5 by 5.2 km in the Red River delta."""
_LETTERS = re.compile(r"[^\W_]+")
_LAST_PLACE = 16_000  # a tsvector counts places up to 16,383


def words(told: str) -> list[str]:
    """Return the folded words of a text."""
    return [word[:LONGEST] for word in text.fold(told).split()]


def spelt(told: str) -> list[str]:
    """Return the words of a text as they are spelt, wherever their tone marks stand (hòa, hoà)."""
    return [_spelt(word) for word in _LETTERS.findall(told.lower())]


@lru_cache(maxsize=20_000)
def _spelt(word: str) -> str:
    return text.tone_free_key(word[:LONGEST])


def marked(word: str) -> bool:
    """Say whether a word bears a mark, so that its spelling tells more than its letters."""
    return not word.isascii()


def cell(lat: float, lon: float) -> str:
    """Return the facet of the cell a point lies in."""
    return f"@g{math.floor(lat * CELLS_PER_DEGREE)}.{math.floor(lon * CELLS_PER_DEGREE)}"


def cells_around(lat: float, lon: float) -> list[str]:
    """Return the facets of a point's cell and of the eight about it: everything within 5 km, and some beyond."""
    step = 1 / CELLS_PER_DEGREE
    return [cell(lat + down * step, lon + right * step) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def vector(*, titles: Sequence[str], more: str = "", facets: Iterable[str] = (), rows: bool = False) -> str:
    """Return the text a tsvector is read from. Every title is a phrase of its own, unless the vector is one of many ``rows``: places cost room."""
    parts: list[str] = []
    place = 1
    for title in titles:
        for word in words(title):
            parts += [word if rows else f"{word}:{min(place, _LAST_PLACE)}", f"'^{word}'"]
            place += 1
        place += 5
        parts += [f"'={word}'" for word in spelt(title) if marked(word)]
    parts += words(more)
    parts += [f"'{facet}'" for facet in facets]
    return " ".join(parts)


def every(asked: Iterable[str], *, before: str = "") -> str:
    """Return the tsquery that wants all of some lexemes, each with a sign before it (``^``, ``=``); none is ""."""
    return " & ".join(f"'{before}{lexeme}'" for lexeme in asked)


def any_of(asked: Iterable[str], *, before: str = "") -> str:
    """Return the tsquery that wants one of some lexemes, each with a sign before it; none is ""."""
    told = " | ".join(f"'{before}{lexeme}'" for lexeme in asked)
    return f"({told})" if told else ""


def none_of(asked: Iterable[str]) -> str:
    """Return the tsquery that wants none of some lexemes; of none it is ""."""
    return " & ".join(f"!'{lexeme}'" for lexeme in asked)


def both(*asked: str) -> str:
    """Join tsqueries that must all hold; empty ones ask nothing."""
    return " & ".join(f"({one})" for one in asked if one)
