"""Which category do these words speak of? A linear model over character n-grams of folded Vietnamese, read without any library.

Trained by scikit-learn (services/training.py), kept as plain arrays: a vocabulary, its weights, one row a category. Reading it needs no
pickle and executes nothing. The features are those of scikit-learn's ``TfidfVectorizer(analyzer="char_wb", sublinear_tf=True)``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from smarthd.kernel import text

LEAST, MOST = 2, 4
LONGEST = 1_000
"""So many letters of a text are looked at: what it is about stands at its beginning."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One category with its certainty 0..1 (its share among all, times how much of the text is known) and the words that spoke for it."""

    key: str
    certainty: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Candidates, the likeliest first; ``certain`` says that the first need not be asked about. ``source``: model or words."""

    candidates: tuple[Candidate, ...]
    certain: bool
    source: str

    @property
    def best(self) -> Candidate | None:
        """The likeliest candidate, if any."""
        return self.candidates[0] if self.candidates else None


NOTHING = Suggestion((), certain=False, source="")


@dataclass(frozen=True, slots=True)
class Model:
    """The learned weights. ``threshold``: from this certainty on it is not asked."""

    vocabulary: dict[str, int]
    idf: npt.NDArray[np.float32]
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    keys: tuple[str, ...]
    threshold: float


def grams(folded: str) -> Iterator[str]:
    """Yield the n-grams of folded text word by word, each word between spaces, as ``char_wb`` does."""
    for word in folded.split():
        padded = f" {word} "
        for size in range(LEAST, MOST + 1):
            if size >= len(padded):
                yield padded
                break
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def folded(words: str) -> str:
    """Return the part of a text that is looked at."""
    return text.fold(words)[:LONGEST]


def features(model: Model, words: str) -> tuple[list[int], npt.NDArray[np.float32]]:
    """Return the columns and values of a text: 1 + ln(count), weighted, of length one."""
    counts = Counter(column for gram in grams(words) if (column := model.vocabulary.get(gram)) is not None)
    columns = sorted(counts)
    values = np.array([1 + math.log(counts[column]) for column in columns], dtype=np.float32) * model.idf[columns]
    length = float(np.linalg.norm(values))
    return columns, values / length if length else values


def suggest(model: Model, words: str, *, most: int = 3) -> Suggestion:
    """Return the likeliest categories of a text with reasons, or nothing for a text without known letters."""
    whole = folded(words)
    columns, values = features(model, whole)
    if not columns:
        return NOTHING
    scores = model.weights[:, columns] @ values + model.bias
    shares = _softmax(scores) * known_share(model, whole)
    order = np.argsort(-shares)[:most]
    made = tuple(
        Candidate(model.keys[row], round(float(shares[row]), 4), _because(model, int(row), whole)) for row in order
    )
    return Suggestion(made, certain=made[0].certainty >= model.threshold, source="model")


def known_share(model: Model, whole: str) -> float:
    """Return how much of a text the model has seen before: of words it never met it must not be sure, whatever the rest says."""
    made = list(grams(whole))
    return sum(gram in model.vocabulary for gram in made) / len(made) if made else 0.0


def _because(model: Model, row: int, whole: str, *, most: int = 4) -> tuple[str, ...]:
    """Return the words that spoke most for a category."""
    told: dict[str, float] = {}
    for word in dict.fromkeys(whole.split()):
        columns, values = features(model, word)
        if columns and len(word) > 1:
            told[word] = float(model.weights[row, columns] @ values)
    best = sorted(told.items(), key=lambda one: -one[1])[:most]
    return tuple(word for word, weight in best if weight > 0)


def _softmax(scores: npt.NDArray[Any]) -> npt.NDArray[Any]:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def by_words(known: Sequence[tuple[str, str]], words: str, *, most: int = 3) -> Suggestion:
    """Suggest by the words people use for each category (key, words), before anything was learned; never certain."""
    asked = _pairs(folded(words))
    scored = []
    for key, told in known:
        shared = asked & _known_pairs(told)
        weight = sum(2.0 if " " in one else 1.0 for one in shared)
        if weight >= 2:
            scored.append((weight, key, tuple(sorted(one for one in shared if " " in one))[:4]))
    scored.sort(key=lambda one: (-one[0], one[1]))
    whole = sum(weight for weight, _key, _because in scored) or 1.0
    made = tuple(Candidate(key, round(weight / whole, 4), because) for weight, key, because in scored[:most])
    return Suggestion(made, certain=False, source="words")


@lru_cache(maxsize=512)
def _known_pairs(told: str) -> frozenset[str]:
    return _pairs(text.fold(told))


def _pairs(whole: str) -> frozenset[str]:
    words = [word for word in whole.split() if len(word) > 1]
    return frozenset(words) | frozenset(f"{one} {other}" for one, other in pairwise(words))


def original_words(words: str, because: Sequence[str]) -> tuple[str, ...]:
    """Return reasons as the person wrote them, with their marks."""
    written: dict[str, str] = {}
    for word in words.split():
        bare = word.strip(".,;:!?()\"'“”")
        written.setdefault(text.fold(bare), bare.lower())
    return tuple(" ".join(written.get(part, part) for part in one.split()) for one in because)
