"""What may have been meant where nothing holds what was typed: keys of Telex left standing, slips of the fingers, words written in one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from smarthd.connectors.selectors import finding as rows
from smarthd.finding.rules import nearness
from smarthd.finding.rules.typed import Typed, without_keys
from smarthd.finding.selectors import ranking
from smarthd.kernel import lexemes

_NEAR = (
    "SELECT DISTINCT ON (asked.word, t.word) asked.word, t.word, t.entries + t.rows FROM unnest(%s::text[], %s::text[]) AS asked(word, key) "
    "JOIN finding_termkey k ON k.key = asked.key JOIN finding_term t ON t.word = k.term_id"
)

_LIKELY = 3
_LEFT_OUT = 3.0
"""What it costs to leave a word out: dearer than any slip."""


def meant(asked: Typed, unknown: Sequence[str]) -> str:
    """Return the likeliest words something does hold in place of those typed, "" where there are none. At most three statements.

    Words that stand somewhere are doubted only where none is unknown: "đường" and "điện" may both be right and yet never meet.
    """
    if not asked.words or asked.digits:
        return ""
    near = _near(asked.words)
    choices = [_choices(word, near, doubted=not unknown or word in unknown) for word in asked.words]
    if len(choices) > 1:
        choices = [[*one[:_LIKELY], ("", _LEFT_OUT)] for one in choices]
    told = [said for said in nearness.sentences(choices) if said != " ".join(asked.words)]
    if not told:
        return ""
    queries = {said: lexemes.every(dict.fromkeys(said.split())) for said in told}
    there = ranking.held(list(queries.values())) | rows.held(list(queries.values()))
    return next((said for said in told if queries[said] in there), "")


def _near(words: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the known words near each, with how often they stand somewhere; halves of a word and words without keys too."""
    pairs: list[tuple[str, str]] = []
    for word in words:
        keys = nearness.keys_of(word) | {part for halves in nearness.halves(word) for part in halves}
        plain = without_keys(word)
        pairs += [(word, key) for key in (keys | nearness.keys_of(plain) if plain else keys)]
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [[word for word, _key in pairs], [key for _word, key in pairs]])
        found: dict[str, dict[str, int]] = {word: {} for word in words}
        for word, other, count in cursor.fetchall():
            found[word][other] = int(count)
    return found


def _choices(word: str, near: dict[str, dict[str, int]], *, doubted: bool) -> list[tuple[str, float]]:
    known = near[word]
    if not doubted or (not word.isalpha() and word in known):
        return [(word, 0.0)]
    found = [(one.word, one.cost) for one in nearness.guesses(word, known)]
    pairs = [(one, other) for one, other in nearness.halves(word) if one in known and other in known]
    pairs.sort(key=lambda pair: -min(known[pair[0]], known[pair[1]]))
    found += [(f"{one} {other}", 0.8) for one, other in pairs[:2]]
    return sorted(found, key=lambda pair: pair[1]) or [(word, 0.0)]
