"""What may have been meant where nothing holds what was typed: keys of Telex left standing, slips of the fingers, words written in one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from smarthd.connectors.selectors import finding as rows
from smarthd.finding.rules import nearness
from smarthd.finding.rules.typed import Typed, without_keys
from smarthd.finding.selectors import ranking
from smarthd.finding.selectors.wording import Known
from smarthd.kernel import lexemes

_NEAR = "SELECT k.key, t.word, t.entries, t.rows FROM finding_termkey k JOIN finding_term t ON t.word = k.term_id WHERE k.key = ANY(%s)"
_LIKELY = 3
_ASKED = 8
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
    there = ranking.held(list(queries.values()))
    first = next((at for at, said in enumerate(told) if queries[said] in there), len(told))
    return _in_rows(told[: min(first, _ASKED)], queries, near) or (told[first] if first < len(told) else "")


def _in_rows(told: Sequence[str], queries: dict[str, str], near: dict[str, dict[str, Known]]) -> str:
    """Return the first of some readings that public rows hold. Of words that stand in very many rows it is believed: joining their lists
    would take longer than the search they are for, which finds nothing where it was wrong."""
    counts = {other: known.rows for words in near.values() for other, known in words.items()}
    least = {said: min(counts.get(word, 0) for word in said.split()) for said in told}
    asked = [queries[said] for said in told if 0 < least[said] <= rows.FREQUENT]
    there = rows.held(asked) if asked else set()
    return next((said for said in told if least[said] > rows.FREQUENT or queries[said] in there), "")


def _near(words: Sequence[str]) -> dict[str, dict[str, Known]]:
    """Return the known words near each; halves of a word and words without keys too. One statement."""
    keys: dict[str, set[str]] = {}
    for word in words:
        plain = without_keys(word)
        own = nearness.keys_of(word) | {part for halves in nearness.halves(word) for part in halves}
        for key in own | (nearness.keys_of(plain) if plain else set()):
            keys.setdefault(key, set()).add(word)
    found: dict[str, dict[str, Known]] = {word: {} for word in words}
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, [list(keys)])
        for key, other, entries, count in cursor.fetchall():
            for word in keys[key]:
                found[word][other] = Known(other, entries, count)
    return found


def _choices(word: str, near: dict[str, dict[str, Known]], *, doubted: bool) -> list[tuple[str, float]]:
    known = near[word]
    if not doubted or (not word.isalpha() and word in known):
        return [(word, 0.0)]
    counts = {other: one.entries + one.rows for other, one in known.items()}
    found = [(one.word, one.cost) for one in nearness.guesses(word, counts)]
    pairs = [(one, other) for one, other in nearness.halves(word) if one in known and other in known]
    pairs.sort(key=lambda pair: -min(counts[pair[0]], counts[pair[1]]))
    found += [(f"{one} {other}", 0.8) for one, other in pairs[:2]]
    return sorted(found, key=lambda pair: pair[1]) or [(word, 0.0)]
