"""Learning which words speak of which category, from this project's own settled reports; nothing leaves the machine.

The history is split by time: learned from the older part, measured on the newest, so that the figures are those of tomorrow's reports. What
is kept afterwards is learned from everything. The threshold is the least certainty at which nine in ten of those not asked are right.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from smarthd.fieldreports.errors import TooLittleHistory
from smarthd.fieldreports.models import Category, Report
from smarthd.fieldreports.rules import suggesting
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.rules.suggesting import Candidate, Model
from smarthd.fieldreports.selectors import suggestions

LEAST_REPORTS, LEAST_EACH = 60, 3
MOST_REPORTS = 30_000
FEATURES = 40_000
HELD_OUT = 0.2
WANTED = 0.90
LEAST_SURE, LEAST_CERTAIN = 5, 0.5
NEVER = 1.01
"""A threshold no certainty reaches: then everything is asked."""
_UNSETTLED = [str(State.RECEIVED), str(State.WITHDRAWN), str(State.DECLINED)]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured on reports the model had not seen. ``asked``: share below the threshold; ``sure_right``: of the others, how many right."""

    made_at: str
    learned_from: int
    held_out: int
    held_out_from: str
    held_out_until: str
    categories: int
    features: int
    right_first: float
    right_in_three: float
    commonest: float
    threshold: float
    asked: float
    sure_right: float | None
    demonstration: bool


def train(*, now: datetime, demonstration: bool = False) -> Figures:
    """Learn, measure on the newest fifth, write the model and its figures; raises TooLittleHistory below sixty settled reports."""
    texts, labels, at = _history()
    if len(texts) < LEAST_REPORTS or len(set(labels)) < 2:
        raise TooLittleHistory(have=len(texts), need=LEAST_REPORTS)
    cut = int(len(texts) * (1 - HELD_OUT))
    model = learned(texts[:cut], labels[:cut])
    told = [suggesting.suggest(model, words).candidates for words in texts[cut:]]
    truth = labels[cut:]
    threshold, asked, sure_right = _threshold(told, truth)
    figures = Figures(
        made_at=now.isoformat(),
        learned_from=cut,
        held_out=len(truth),
        held_out_from=at[cut].date().isoformat(),
        held_out_until=at[-1].date().isoformat(),
        categories=len(model.keys),
        features=len(model.vocabulary),
        right_first=_share(bool(found) and found[0].key == key for found, key in zip(told, truth, strict=True)),
        right_in_three=_share(key in {one.key for one in found} for found, key in zip(told, truth, strict=True)),
        commonest=_commonest(labels[:cut], truth),
        threshold=threshold,
        asked=asked,
        sure_right=sure_right,
        demonstration=demonstration,
    )
    _write(replace(learned(texts, labels), threshold=threshold), figures)
    return figures


def _share(told: Iterable[bool]) -> float:
    return round(float(np.mean(list(told))), 4)


def _history() -> tuple[list[str], list[str], list[datetime]]:
    """Return folded words, category and time of settled reports, oldest first; categories hardly ever used are left out."""
    ended = set(Category.objects.exclude(ended_at=None).values_list("id", flat=True))
    found = (
        Report.objects.exclude(state__in=_UNSETTLED)
        .exclude(text="")
        .exclude(category_id__in=ended)
        .order_by("-received_at", "-id")
        .values_list("text", "category__key", "received_at")[:MOST_REPORTS]
    )
    rows = [(suggesting.folded(words), key, at) for words, key, at in reversed(list(found))]
    counts: dict[str, int] = {}
    for _words, key, _at in rows:
        counts[key] = counts.get(key, 0) + 1
    kept = [row for row in rows if counts[row[1]] >= LEAST_EACH and row[0]]
    return [row[0] for row in kept], [row[1] for row in kept], [row[2] for row in kept]


def learned(texts: list[str], labels: list[str]) -> Model:
    """Return what is learned from folded texts and their categories, certain of nothing yet."""
    vectoriser, classifier = fitted(texts, labels)
    words = sorted(vectoriser.vocabulary_, key=vectoriser.vocabulary_.get)
    weights, bias = classifier.coef_, classifier.intercept_
    if len(classifier.classes_) == 2:  # scikit-learn keeps one row for two classes
        weights, bias = np.vstack([-weights[0] / 2, weights[0] / 2]), np.array([-bias[0] / 2, bias[0] / 2])
    return Model(
        vocabulary={word: column for column, word in enumerate(words)},
        idf=vectoriser.idf_.astype(np.float32),
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        keys=tuple(str(key) for key in classifier.classes_),
        threshold=NEVER,
    )


def fitted(texts: list[str], labels: list[str]) -> tuple[Any, Any]:
    """Return scikit-learn's vectoriser and classifier of these texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectoriser = TfidfVectorizer(
        analyzer="char_wb",
        ngram_range=(suggesting.LEAST, suggesting.MOST),
        lowercase=False,
        sublinear_tf=True,
        max_features=FEATURES,
        min_df=2,
        dtype=np.float32,
    )
    classifier = LogisticRegression(C=8.0, max_iter=400)
    classifier.fit(vectoriser.fit_transform(texts), labels)
    return vectoriser, classifier


def _threshold(told: Sequence[Sequence[Candidate]], truth: list[str]) -> tuple[float, float, float | None]:
    """Return the least certainty from which nine in ten are right, the share that is asked, and how right the others are."""
    certainty = np.array([found[0].certainty if found else 0.0 for found in told])
    right = np.array([bool(found) and found[0].key == key for found, key in zip(told, truth, strict=True)])
    for step in np.arange(LEAST_CERTAIN, 0.96, 0.05):
        sure = certainty >= step
        if sure.sum() >= LEAST_SURE and right[sure].mean() >= WANTED:
            return round(float(step), 2), round(float(1 - sure.mean()), 4), round(float(right[sure].mean()), 4)
    return NEVER, 1.0, None


def _commonest(learned: list[str], truth: list[str]) -> float:
    """Return how often the commonest category alone would be right: what the model must beat."""
    guess = max(set(learned), key=learned.count)
    return round(truth.count(guess) / len(truth), 4) if truth else 0.0


def _write(model: Model, figures: Figures) -> None:
    """Write model and figures beside the old ones, then in their place: a reader finds the one or the other, never half."""
    folder = suggestions.folder()
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{suggestions.FILE}.{os.getpid()}.npz"
    np.savez_compressed(
        part,
        vocabulary=np.array(list(model.vocabulary)),
        idf=model.idf,
        weights=model.weights,
        bias=model.bias,
        keys=np.array(model.keys),
        threshold=np.float64(model.threshold),
    )
    part.replace(folder / suggestions.FILE)
    told = folder / f".{suggestions.FIGURES}.{os.getpid()}"
    told.write_text(json.dumps(asdict(figures), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told.replace(folder / suggestions.FIGURES)
