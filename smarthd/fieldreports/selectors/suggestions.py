"""Suggestions before and after sending: the category by the words, likely duplicates by place, time, category and words. No network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from django.conf import settings

from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import NoModelYet
from smarthd.fieldreports.models import Category, Report
from smarthd.fieldreports.rules import likeness, states, suggesting
from smarthd.fieldreports.rules.likeness import Likeness, Said
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.rules.suggesting import Candidate, Model, Suggestion
from smarthd.fieldreports.selectors import lists, rows
from smarthd.fieldreports.selectors.rows import Row
from smarthd.kernel.actor import Actor

FILE, FIGURES = "fieldreports-categories.npz", "fieldreports-categories.json"
CANDIDATES = 60


def folder() -> Path:
    """Return where learned models are kept."""
    return Path(settings.DATA_DIR) / "models"


def categories_for(words: str, *, most: int = 3) -> Suggestion:
    """Return the likeliest categories of a text, each with the words that spoke for it; certain enough not to ask, or not.

    Before anything was learned, the words kept with each category are compared instead, and it is always asked.
    """
    if not words.strip():
        return suggesting.NOTHING
    model = _model()
    usable = _leaves()
    found = suggesting.suggest(model, words, most=most + 4) if model else suggesting.NOTHING
    if not found.candidates:
        found = suggesting.by_words(usable, words, most=most + 4)
    keys = {key for key, _words in usable}
    kept = tuple(
        Candidate(one.key, one.certainty, suggesting.original_words(words, one.because))
        for one in found.candidates
        if one.key in keys
    )[:most]
    certain = found.certain and bool(kept) and kept[0].key == found.candidates[0].key
    return Suggestion(kept, certain=certain, source=found.source)


def _leaves() -> list[tuple[str, str]]:
    found = list(Category.objects.filter(ended_at=None).values_list("id", "parent_id", "key", "name", "words"))
    parents = {parent for _pk, parent, *_rest in found}
    return [(key, f"{name} {words}") for pk, _parent, key, name, words in found if pk not in parents]


def _model() -> Model | None:
    path = folder() / FILE
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(path, changed)


@cache
def _read(path: Path, _changed: int) -> Model:
    """Return the model of a file; read once for each time it was written. Arrays only: nothing in the file is executed."""
    with np.load(path, allow_pickle=False) as kept:
        words = kept["vocabulary"].tolist()
        return Model(
            vocabulary={word: column for column, word in enumerate(words)},
            idf=kept["idf"].astype(np.float32),
            weights=kept["weights"].astype(np.float32),
            bias=kept["bias"].astype(np.float32),
            keys=tuple(kept["keys"].tolist()),
            threshold=float(kept["threshold"]),
        )


def figures() -> dict[str, object]:
    """Return the held-out figures of the model in use, or raise NoModelYet."""
    path = folder() / FIGURES
    if not path.exists():
        raise NoModelYet
    return dict(json.loads(path.read_text(encoding="utf-8")))


# --- duplicates ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Likely:
    """A report that may be the same, 0..1, and why."""

    row: Row
    likeness: Likeness


def duplicates_for(
    *,
    lat: float | None,
    lon: float | None,
    commune_id: int,
    category_key: str,
    words: str,
    at: datetime,
    now: datetime,
    actor: Actor | None = None,
    besides: str = "",
    most: int = 5,
) -> list[Likely]:
    """Return reports that may be the same as what is (about to be) sent, the likeliest first. At most six statements.

    Without an actor only what everybody may see is compared, open or answered within the last days.
    """
    category = Category.objects.select_related("parent").filter(key=category_key).first()
    said = Said(lat, lon, commune_id, category_key, _root(category), at, words)
    found = Report.objects.filter(policies.public_q() if actor is None else policies.visible_to(actor))
    found = found.filter(
        received_at__gte=at - timedelta(days=likeness.DAYS),
        state__in=[str(state) for state in sorted(states.OPEN | {State.ANSWERED})],
    ).exclude(code=besides)
    if lat is not None and lon is not None:
        found = lists.around(found, lat, lon, likeness.SEARCHED_M)
    else:
        found = found.filter(commune_id=commune_id, category__key=category_key).order_by("-received_at")
    candidates = list(
        found.select_related("category__parent").only(*rows.COLUMNS, "category__radius_m", "category__parent__key")[
            :CANDIDATES
        ]
    )
    scored = _scored(said, candidates, category.radius_m if category else 60, actor)
    best = likeness.best(scored, most=most)
    made = rows.rows_of([candidates[place] for _found, place in best], inside=actor is not None, now=now)
    return [Likely(row, found) for row, (found, _place) in zip(made, best, strict=True)]


def _scored(said: Said, candidates: Sequence[Report], radius_m: int, actor: Actor | None) -> list[tuple[Likeness, int]]:
    made = []
    for place, other in enumerate(candidates):
        words = rows.words_for(other, inside=actor is not None)
        seen = Said(
            other.lat,
            other.lon,
            other.commune_id,
            other.category.key,
            _root(other.category),
            other.received_at,
            words,
        )
        made.append((likeness.likeness(said, seen, radius_m=max(radius_m, other.category.radius_m)), place))
    return made


def _root(category: Category | None) -> str:
    if category is None:
        return ""
    return category.parent.key if category.parent else category.key


def duplicates_of(actor: Actor, code: str, *, now: datetime, most: int = 10) -> list[Likely]:
    """Return reports that may be the same as one an official looks at; what they may not see is not found."""
    report = Report.objects.select_related("category").filter(policies.visible_to(actor), code=code.upper()).first()
    if report is None:
        return []
    return duplicates_for(
        lat=report.lat,
        lon=report.lon,
        commune_id=report.commune_id,
        category_key=report.category.key,
        words=report.text,
        at=report.received_at,
        now=now,
        actor=actor,
        besides=report.code,
        most=most,
    )
