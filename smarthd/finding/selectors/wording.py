"""A question made of what was typed and of the words that are there: how wide each is, what the last one may become."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection

from smarthd.finding.rules.typed import Typed
from smarthd.kernel import lexemes

_BEGUN = 8
"""Words a half typed one may become; beyond, the likeliest are taken."""
_WHOLE_FROM = 2
_DIGITS_FROM = 3
_COUNTED = re.compile(r"[a-z]{2,20}")


@dataclass(frozen=True, slots=True)
class Question:
    """tsqueries of one question: all words anywhere, all in the title, one after another, as they are spelt. ``length`` counts its words,
    ``counts`` are how many public rows hold each."""

    words: str
    title: str
    phrase: str
    spelt: str
    length: int
    counts: tuple[int, ...]
    digits: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A word that stands somewhere."""

    word: str
    entries: int
    rows: int


def known_words(asked: Typed) -> tuple[dict[str, Known], list[Known]]:
    """Return the typed words that are known, and what the last one may become, the commonest first. One statement."""
    last = asked.words[-1] if asked.open and not asked.digits else ""
    begun = last if len(last) >= _WHOLE_FROM and last.isascii() else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "(SELECT word, entries, rows, false FROM finding_term WHERE word = ANY(%(words)s)) UNION ALL "
            "(SELECT word, entries, rows, true FROM finding_term WHERE %(begun)s <> '' AND word LIKE %(begun)s || '%%' "
            "AND word <> %(begun)s ORDER BY entries DESC, rows DESC, word LIMIT %(most)s)",
            {"words": list(asked.words), "begun": begun, "most": _BEGUN},
        )
        rows = cursor.fetchall()
    found = {word: Known(word, entries, rows_) for word, entries, rows_, more in rows if not more}
    return found, [Known(word, entries, rows_) for word, entries, rows_, more in rows if more]


def question(asked: Typed, known: dict[str, Known], begun: list[Known], *, as_typed: bool) -> Question:
    """Return the question; ``as_typed`` lets the last word become others even where it is a word itself."""
    if asked.digits:
        return _of_digits(asked.digits)
    if len(asked.words) > 1 and asked.open and len(asked.words[-1]) == 1 and asked.words[-1].isalpha():
        asked = replace(asked, words=asked.words[:-1], open=False)  # one letter says nothing yet
    last = asked.words[-1]
    open_last = bool(begun) and asked.open and (as_typed or last not in known)
    whole = asked.words[:-1] if open_last else asked.words
    ends = ([last] if last in known else []) + [one.word for one in begun] if open_last else []
    counts = [_rows_with(word, known) for word in whole]
    if open_last:
        counts.append(sum(one.rows for one in begun) + (known[last].rows if last in known else 0))
    words = lexemes.both(lexemes.every(whole), lexemes.any_of(ends))
    title = lexemes.both(lexemes.every(whole, before="^"), lexemes.any_of(ends, before="^"))
    return Question(
        words=words,
        title=title,
        phrase=_phrase(whole, ends),
        spelt=lexemes.every(
            f"={word}" for word in asked.marked[: len(asked.marked) - _half(asked, open_last=open_last)]
        ),
        length=len(asked.words),
        counts=tuple(counts),
    )


def _rows_with(word: str, known: dict[str, Known]) -> int:
    """Return how many public rows hold a word; of digits and single letters, which are not counted, say one."""
    if word in known:
        return known[word].rows
    return 0 if _COUNTED.fullmatch(word) else 1


def _half(asked: Typed, *, open_last: bool) -> int:
    """Return 1 where the last word bears marks and is only half typed: nothing is spelt like it yet."""
    spelt = lexemes.spelt(asked.said)
    return int(open_last and bool(spelt) and bool(asked.marked) and spelt[-1] == asked.marked[-1])


def _phrase(whole: Sequence[str], ends: Sequence[str]) -> str:
    """Return the tsquery that wants the words in a row, the last of them one of what a half typed one may become."""
    told = " <-> ".join([*(f"'{word}'" for word in whole), *([lexemes.any_of(ends)] if ends else [])])
    return told if len(whole) + bool(ends) > 1 else ""


def _of_digits(digits: str) -> Question:
    begun = f"'{digits}':*" if len(digits) >= _DIGITS_FROM else f"'{digits}'"
    title = f"'^{digits}':*" if len(digits) >= _DIGITS_FROM else f"'^{digits}'"
    return Question(begun, title, "", "", 1, (1,), digits=True)
