"""What airings brought: yield and cost by channel, agency and week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout import rules as figures
from smarthd.rollout.models import ChannelCode
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.rules.airings import Channel, Coverage, State
from smarthd.rollout.selectors import airings
from smarthd.rollout.selectors.channel_codes import activations


@dataclass(frozen=True, slots=True)
class Yield:
    """What a channel, an agency or a week brought: airings, those with proof, persons who came with a code, cost."""

    key: str
    words: str
    coverage: Coverage
    activations: int | None
    hidden: bool
    cost: int | None
    unit_cost: rules.UnitCost
    uncosted: int


@dataclass(frozen=True, slots=True)
class Yields:
    """A campaign's broadcasts as they brought people in; codes are typed in or carried by a link, so every count is a least."""

    channels: tuple[Yield, ...]
    units: tuple[Yield, ...]
    weeks: tuple[Yield, ...]
    total: Yield
    with_code: int
    activated: int


def yields(actor: Actor, *, now: datetime, campaign: str) -> Yields:
    """Return coverage and yield of a campaign by channel, by agency, by week, of what the actor may see. A handful of queries."""
    rows = list(
        airings.visible(actor)
        .filter(campaign__key=campaign)
        .values_list("channel", "agency_id", "planned_at", "state", "cost", "code_row__code")
    )
    general = list(
        _codes(actor).filter(campaign__key=campaign, airing=None).values_list("channel", "agency_id", "code")
    )
    came = activations([*(row[5] for row in rows), *(row[2] for row in general)])
    views = agencies.agency_views({row[1] for row in rows} | {row[1] for row in general}, clock.day_of(now))
    entries = [_Entry(row, came.get(row[5], 0), now) for row in rows]
    loose = [
        _Entry((channel, agency, None, None, None, code), came.get(code, 0), now) for channel, agency, code in general
    ]
    own = policies.airs_at(actor)
    total = sum(entry.came for entry in [*entries, *loose])
    channels = _grouped(
        [*entries, *loose], lambda one: one.row[0], lambda key: rules.CHANNEL_WORDS[Channel(key)], open_to=None
    )
    units = _grouped(
        [*entries, *loose],
        lambda one: str(one.row[1]),
        lambda key: views[int(key)].name if int(key) in views else "",
        open_to=None if actor.system else {str(one) for one in own},
    )
    weeks = _grouped(entries, lambda one: _week(one.row[2]), lambda key: key, open_to=None)
    return Yields(
        channels=tuple(sorted(channels, key=lambda one: (-(one.activations or 0), one.words))),
        units=tuple(sorted(units, key=lambda one: (one.coverage.ratio is None, one.coverage.ratio or 0, one.words))),
        weeks=tuple(sorted(weeks, key=lambda one: one.key)),
        total=_yield("", "Cả chiến dịch", [*entries, *loose], hide=False),
        with_code=total,
        activated=_activated_since(campaign),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    row: tuple[Any, ...]
    came: int
    now: datetime


def _codes(actor: Actor) -> QuerySet[ChannelCode]:
    found = ChannelCode.objects.all()
    return found if actor.system else found.filter(agency_id__in=policies.sees_airings_of(actor))


def _week(planned_at: datetime) -> str:
    day = clock.day_of(planned_at)
    return (day - timedelta(days=day.weekday())).isoformat()


def _grouped(
    entries: list[_Entry],
    of: Callable[[_Entry], str],
    words: Callable[[str], str],
    *,
    open_to: set[str] | None,
) -> list[Yield]:
    """Group entries; where ``open_to`` is given, small counts of other groups are hidden, and one more if that betrays a single one."""
    groups: dict[str, list[_Entry]] = {}
    for entry in entries:
        groups.setdefault(of(entry), []).append(entry)
    hidden: set[int] = set()
    order = sorted(groups)
    if open_to is not None:
        counts = {place: float(sum(one.came for one in groups[key])) for place, key in enumerate(order)}
        closed = {place: count for place, count in counts.items() if order[place] not in open_to}
        hidden = figures.spare_cells(closed, sorted(closed))
    return [_yield(key, words(key), groups[key], hide=place in hidden) for place, key in enumerate(order)]


def _yield(key: str, words: str, entries: list[_Entry], *, hide: bool) -> Yield:
    airings = [entry for entry in entries if entry.row[3] is not None]
    aired = [entry for entry in airings if entry.row[3] in {State.AIRED, State.PROVEN}]
    costs = [entry.row[4] for entry in aired if entry.row[4] is not None]
    came = sum(entry.came for entry in entries)
    cost = sum(costs) if costs else None
    return Yield(
        key=key,
        words=words,
        coverage=rules.coverage((State(one.row[3]), one.row[2] <= one.now) for one in airings),
        activations=None if hide else came,
        hidden=hide,
        cost=cost,
        unit_cost=rules.cost_each(cost, None if hide else came),
        uncosted=sum(1 for entry in aired if entry.row[4] is None),
    )


def _activated_since(campaign: str) -> int:
    """Return how many persons were activated since a campaign opened, by whatever road."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM rollout_participant p, rollout_campaign c WHERE c.key = %s AND p.activated_on >= c.opens_on "
            "AND p.erased_on IS NULL AND NOT p.is_test AND NOT p.quarantined",
            [campaign],
        )
        [count] = cursor.fetchone() or (0,)
    return int(count)
