"""What a Báo cáo says of difficulties and airings: as they stood at an instant, so that the same cut-off gives the same words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from smarthd.rollout.models import Airing, Difficulty, DifficultyStep
from smarthd.rollout.rules import airings
from smarthd.rollout.rules.difficulties import CATEGORY_WORDS, OPEN, Category, State


@dataclass(frozen=True, slots=True)
class Troubles:
    """A campaign's difficulties at an instant. ``answered`` had a first answer; ``categories``: words, raised, still open."""

    raised: int
    open: int
    solved: int
    confirmed: int
    merged: int
    answered: int
    answered_in_time: int
    categories: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Aired:
    """Airings by one channel planned until an instant: how many were aired, how many with proof by then."""

    channel: str
    planned: int
    aired: int
    proven: int


def troubles_at(campaign_key: str, *, at: datetime, agency_ids: Collection[int] | None = None) -> Troubles:
    """Return a campaign's difficulties (of all units, or raised by some agencies) from their steps until an instant. Two queries."""
    found = Difficulty.objects.filter(campaign__key=campaign_key, raised_at__lte=at)
    if agency_ids is not None:
        found = found.filter(agency_id__in=agency_ids)
    rows = list(found.values_list("pk", "category", "first_answer_due_at", "answered_at"))
    steps = DifficultyStep.objects.filter(difficulty__in=[row[0] for row in rows], at__lte=at).order_by("number")
    states = {pk: State(state) for pk, state in steps.values_list("difficulty_id", "state")}  # the last one stays
    kept = [row for row in rows if states.get(row[0], State.WAITING) is not State.WITHDRAWN]
    tallied: dict[Category, list[int]] = {}
    for pk, category, _due, _answered in kept:
        tally = tallied.setdefault(Category(category), [0, 0])
        tally[0] += 1
        tally[1] += states.get(pk, State.WAITING) in OPEN
    answered = [(due, when) for _pk, _category, due, when in kept if when is not None and when <= at]
    counts = [states.get(row[0], State.WAITING) for row in kept]
    return Troubles(
        raised=len(kept),
        open=sum(state in OPEN for state in counts),
        solved=counts.count(State.SOLVED),
        confirmed=counts.count(State.CONFIRMED),
        merged=counts.count(State.MERGED),
        answered=len(answered),
        answered_in_time=sum(when <= due for due, when in answered),
        categories=tuple(
            (CATEGORY_WORDS[category], raised, still)
            for category, (raised, still) in sorted(tallied.items(), key=lambda one: (-one[1][0], one[0]))
        ),
    )


def airings_at(campaign_key: str, *, at: datetime, agency_ids: Collection[int] | None = None) -> tuple[Aired, ...]:
    """Return a campaign's airings planned until an instant, by channel, the most first. Two queries."""
    found = Airing.objects.filter(campaign__key=campaign_key, planned_at__lte=at).exclude(state=airings.State.CANCELLED)
    if agency_ids is not None:
        found = found.filter(agency_id__in=agency_ids)
    proven = set(found.filter(proofs__added_at__lte=at).values_list("pk", flat=True))
    tallied: dict[airings.Channel, list[int]] = {}
    for pk, channel, aired_at, marked_at in found.values_list("pk", "channel", "aired_at", "marked_at"):
        tally = tallied.setdefault(airings.Channel(channel), [0, 0, 0])
        known = aired_at is not None and aired_at <= at and (marked_at is None or marked_at <= at)
        tally[0] += 1
        tally[1] += known
        tally[2] += known and pk in proven
    return tuple(
        Aired(airings.CHANNEL_WORDS[channel], *tally)
        for channel, tally in sorted(tallied.items(), key=lambda one: (-one[1][0], one[0]))
    )
