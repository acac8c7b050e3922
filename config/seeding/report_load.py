"""Reports in bulk for measuring: three hundred thousand by COPY, spread over years, communes, categories and states as a city's would be.

Rows are those services would have written as far as lists, maps, searches and figures read them; steps are two a report, audit entries and
announcements are none.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from config.seeding import copying, planting, report_words
from config.seeding.copying import Column, Ints
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.fieldreports.models import Category
from smarthd.fieldreports.rules import mapping as grid
from smarthd.fieldreports.services import mapping
from smarthd.kernel import clock, ids, text
from smarthd.places import selectors as places

HOUR, DAY = 3_600_000_000, 86_400_000_000
STATES = ("received", "accepted", "assigned", "in_progress", "answered", "confirmed", "closed", "declined")
OLD = np.array([0.0, 0.0, 0.0, 0.004, 0.006, 0.35, 0.56, 0.08])
"""How reports older than a month stand; of the newest month a third is open."""
NEW = np.array([0.06, 0.05, 0.07, 0.15, 0.22, 0.2, 0.2, 0.05])
BATCH = 50_000


def plant_reports(count: int, *, rng: np.random.Generator, first: date, last: date) -> int:
    """Append so many reports received from ``first`` to ``last``, oldest first, and make the map's cells anew; return how many there are."""
    ground = _Ground(last)
    done = 0
    while done < count:
        size = min(BATCH, count - done)
        since = first + (last - first) * (done / count)
        until = first + (last - first) * ((done + size) / count)
        _plant_batch(size, rng, ground, since=since, until=until, last=last)
        done += size
    return mapping.rebuild()


class _Ground:
    """Communes with the committee that answers for each, and categories with their texts."""

    def __init__(self, day: date) -> None:
        units = [unit for unit in places.units_on(day, "commune") if unit.lat is not None and unit.lon is not None]
        bodies = agencies.agencies_of_places([unit.id for unit in units], day, kinds=[Kind.COMMUNE_COMMITTEE])
        holder = {view.place_id: view.id for view in bodies}
        units = [unit for unit in units if unit.id in holder]
        self.unit = np.array([unit.id for unit in units], dtype=np.int64)
        self.holder = np.array([holder[unit.id] for unit in units], dtype=np.int64)
        self.lat = np.array([unit.lat for unit in units], dtype=np.float64)
        self.lon = np.array([unit.lon for unit in units], dtype=np.float64)
        keys, self.shares = report_words.shares()
        known = dict(Category.objects.values_list("key", "id"))
        self.category = np.array([known[key] for key in keys], dtype=np.int64)
        self.texts = [_texts(key) for key in keys]


def _texts(key: str) -> list[tuple[str, str]]:
    """Return every text of a category with its folded form."""
    told = [
        " ".join(part for part in (said, where, since) if part) + f". {report_words.LABEL}"
        for said in report_words.SAID[key]
        for where in report_words.WHERE
        for since in report_words.SINCE
    ]
    return [(words, text.fold(words)) for words in told]


def _plant_batch(size: int, rng: np.random.Generator, ground: _Ground, *, since: date, until: date, last: date) -> None:
    start = copying.micros_of(clock.start_of(since))
    span = max(DAY, copying.micros_of(clock.start_of(until + timedelta(days=1))) - start)
    received = np.sort(start + rng.integers(0, span, size))
    place = rng.choice(len(ground.unit), size, p=_uneven(rng, len(ground.unit)))
    kind = rng.choice(len(ground.category), size, p=ground.shares)
    state = _states(received, rng, last)
    lat, lon = ground.lat[place] + rng.normal(0, 0.012, size), ground.lon[place] + rng.normal(0, 0.012, size)
    points = np.array(
        [grid.grid_of(one, other) for one, other in zip(lat.tolist(), lon.tolist(), strict=True)], dtype=np.int64
    )
    words = [
        ground.texts[one][int(pick)]
        for one, pick in zip(kind.tolist(), rng.integers(0, 24, size).tolist(), strict=True)
    ]
    codes = _codes(size)
    answered = received + (rng.gamma(2.0, 1.6, size) * DAY).astype(np.int64)
    original = received + 7 * DAY
    due = original + np.where(rng.random(size) < 0.1, 5 * DAY, 0)
    planted = planting.plant(
        "fieldreports.Report", size, rng,
        code=codes,
        client_id=copying.same(None, size),
        channel="app",
        category_id=ground.category[kind],
        text=[one[0] for one in words],
        folded=[f"{text.fold(code)} {one[1]}" for code, one in zip(codes, words, strict=True)],
        search=copying.same(None, size),
        lat=lat, lon=lon, mx=points[:, 0], my=points[:, 1],
        place_source="gps",
        commune_id=ground.unit[place],
        published_at=copying.instant(received + 4 * HOUR, state == 0),
        state=copying.words(STATES, state),
        intake_id=ground.holder[place], holder_id=ground.holder[place],
        involved=_arrays(ground.holder[place]),
        route_uid=copying.same(None, size),
        held_since=received, received_at=received,
        accepted_at=copying.instant(received + 4 * HOUR, state == 0),
        **_endings(state, answered, rng),
        intake_due_at=received + DAY,
        original_due_at=copying.instant(original, state == 0),
        due_at=due,
        steps_count=2,
    )  # fmt: skip
    _plant_rest(planted, rng, ground.holder[place], received, state)


def _uneven(rng: np.random.Generator, count: int) -> Any:
    """Return how many reports come from each commune: towns send many times what villages do."""
    weight = np.exp(np.random.default_rng(11).normal(0, 0.9, count))
    return weight / weight.sum()


def _states(received: Ints, rng: np.random.Generator, last: date) -> Ints:
    month_ago = copying.micros_of(clock.start_of(last - timedelta(days=30)))
    old = rng.choice(len(STATES), len(received), p=OLD / OLD.sum())
    new = rng.choice(len(STATES), len(received), p=NEW / NEW.sum())
    return np.where(received < month_ago, old, new)


def _endings(state: Ints, answered: Ints, rng: np.random.Generator) -> dict[str, Column]:
    """Return what answered, ended and declined reports carry."""
    is_answered, is_over, is_declined = np.isin(state, (4, 5, 6)), np.isin(state, (5, 6)), state == 7
    ending = np.where(state == 5, 1, np.where(state == 6, 2, 0))
    rated = is_over & (rng.random(len(state)) < 0.2)
    return {
        "first_answered_at": copying.instant(answered, ~is_answered),
        "answered_at": copying.instant(answered, ~is_answered),
        "ended_at": copying.instant(answered + 3 * DAY, ~is_over),
        "ending": copying.words(("", "reporter", "silence"), ending),
        "declined_at": copying.instant(answered, ~is_declined),
        "decline_reason": copying.words(("", "untrue"), is_declined.astype(np.int64)),
        "stars": copying.smallint(rng.integers(1, 6, len(state)), ~rated),
    }


def _codes(size: int) -> list[str]:
    """Return so many different codes; longer than those people get, so that none of them is one."""
    made: dict[str, None] = {}
    while len(made) < size:
        made[f"PA-{ids.spoken_code(10)}"] = None
    return list(made)


def _arrays(holders: Ints) -> Column:
    """Return a bigint[] column of one element a row (PostgreSQL's binary array: dimensions, flags, type 20, length, first index)."""
    head = struct.pack(">iiiiii", 1, 0, 20, 1, 1, 8)
    return copying.octets([head + struct.pack(">q", holder) for holder in holders.tolist()])


def _plant_rest(report: Ints, rng: np.random.Generator, holder: Ints, received: Ints, state: Ints) -> None:
    size = len(report)
    token = rng.integers(0, 256, (size, 32), dtype=np.uint8)
    planting.plant(
        "fieldreports.Sender", size, rng, report_id=report, token_hash=copying.octets([row.tobytes() for row in token])
    )
    acts: Sequence[tuple[int, str, Any]] = ((1, "received", received), (2, "accepted", received + 4 * HOUR))
    for number, act, at in acts:
        planting.plant(
            "fieldreports.ReportStep", size, rng,
            report_id=report, number=number, act=act, at=at, holder_id=holder, state=copying.words(STATES, state),
        )  # fmt: skip
