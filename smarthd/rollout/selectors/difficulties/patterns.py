"""Where difficulties come from: by category and place over months, with the indicators of their clocks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import OPEN, Category, State
from smarthd.rollout.selectors.difficulties.rows import visible


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line of a pattern: a category or a place, how many were raised in each month, how many stand open, whom they touch."""

    key: str
    words: str
    months: tuple[int, ...]
    raised: int
    open: int
    late: int
    affected: int | None
    leading: str = ""
    uid: UUID | None = None


@dataclass(frozen=True, slots=True)
class Patterns:
    """Where difficulties come from: by category, by place, over months; merged ones are counted, withdrawn ones are not."""

    months: tuple[str, ...]
    categories: tuple[Pattern, ...]
    places: tuple[Pattern, ...]
    raised: int
    indicators: rules.Indicators
    since: date = field(default=date(2000, 1, 1))


def patterns(actor: Actor, *, now: datetime, campaign: str = "", months: int = 6, top: int = 15) -> Patterns:
    """Return the patterns of the last months of what the actor may see. A handful of queries."""
    span = _months(clock.day_of(now), months)
    since = date.fromisoformat(f"{span[0]}-01")
    found = visible(actor).exclude(state=State.WITHDRAWN).filter(raised_at__gte=clock.start_of(since))
    if campaign:
        found = found.filter(campaign__key=campaign)
    rows = list(
        found.values_list(
            "category", "place_id", "raised_at", "state", "due_at", "affected",
            "first_answer_due_at", "answered_at", "solve_due_at", "solved_at", "confirm_due_at", "confirmed_at",
        )
    )  # fmt: skip
    units = places.views({row[1] for row in rows if row[1]}, clock.day_of(now))
    named = {unit_id: view.full_name for unit_id, view in units.items()}
    by_category = _patterns(
        rows, span, now, of=lambda row: row[0], words=lambda key: rules.CATEGORY_WORDS[Category(key)]
    )
    uids = {str(unit_id): view.uid for unit_id, view in units.items()}
    by_place = _patterns(
        rows, span, now, of=lambda row: str(row[1] or 0), words=lambda key: named.get(int(key), "Chưa rõ địa bàn")
    )
    return Patterns(
        tuple(span),
        tuple(by_category),
        tuple(replace(line, uid=uids.get(line.key)) for line in by_place[:top]),
        len(rows),
        rules.indicators((rules.Clocks(*row[6:]) for row in rows), now),
        since,
    )


def _months(today: date, count: int) -> list[str]:
    whole = today.year * 12 + today.month - 1
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(whole - count + 1, whole + 1)]


def _patterns(rows: list[Any], span: list[str], now: datetime, *, of: Any, words: Any) -> list[Pattern]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(of(row), []).append(row)
    made = []
    for key, group in groups.items():
        months = dict.fromkeys(span, 0)
        kinds: dict[str, int] = {}
        for row in group:
            months[clock.day_of(row[2]).strftime("%Y-%m")] += 1
            kinds[row[0]] = kinds.get(row[0], 0) + 1
        still = [row for row in group if State(row[3]) in OPEN]
        made.append(
            Pattern(
                key=key,
                words=words(key),
                months=tuple(months.values()),
                raised=len(group),
                open=len(still),
                late=sum(1 for row in still if row[4] is not None and row[4] < now),
                affected=sum(known) if (known := [row[5] for row in group if row[5] is not None]) else None,
                leading=rules.CATEGORY_WORDS[Category(max(kinds, key=lambda kind: kinds[kind]))],
            )
        )
    return sorted(made, key=lambda one: (-one.raised, one.words))
