"""One board for whoever answers for the whole: which data is fresh, which rots, since when, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.connectors.rules.sources import Freshness
from smarthd.connectors.selectors import dossiers, sensors
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.selectors.sources import SourceLine
from smarthd.kernel import clock


@dataclass(slots=True)
class Keeper:
    """An agency and how its data keeps."""

    name: str
    fresh: int = 0
    stale: int = 0
    unpromised: int = 0
    unpublished: int = 0
    waiting: int = 0
    worst: timedelta = field(default_factory=timedelta)

    @property
    def all(self) -> int:
        """How many datasets there are."""
        return self.fresh + self.stale + self.unpromised + self.unpublished


@require_GET
@official(*SOURCES)
def board(request: HttpRequest) -> HttpResponse:
    """Show keepers, those with the most rotten data first; below, each dataset that is older than promised."""
    actor, now = cast("DeskRequest", request).actor, clock.now()
    lines = selectors.lines_for(actor, now=now)
    names = agencies.agency_views([line.source.agency_id for line in lines], clock.day_of(now))
    keepers: dict[int, Keeper] = {}
    for line in lines:
        pk = line.source.agency_id
        _count(keepers.setdefault(pk, Keeper(names[pk].name if pk in names else "–")), line, now)
    stale = [line for line in lines if line.freshness is Freshness.STALE]
    context = {
        "keepers": sorted(keepers.values(), key=lambda one: (-one.stale, -one.worst, one.name)),
        "stale": sorted(
            (
                (line, names[line.source.agency_id].name, _days(_over(line, now)))
                for line in stale
                if line.source.agency_id in names
            ),
            key=lambda one: -one[2],
        ),
        "totals": {kind.value: sum(line.freshness is kind for line in lines) for kind in Freshness},
        "count": len(lines),
        "silent": sensors.silent_in([line.source.pk for line in lines]),
        "failing": [desk for desk in dossiers.desks_for(actor) if desk.failed_at],
        "now": now,
        "nav_here": "sources",
    }
    return render(request, "backoffice/sources/freshness.html", context)


def _count(keeper: Keeper, line: SourceLine, now: datetime) -> None:
    match line.freshness:
        case Freshness.FRESH:
            keeper.fresh += 1
        case Freshness.STALE:
            keeper.stale += 1
        case Freshness.UNPROMISED:
            keeper.unpromised += 1
        case Freshness.NONE:
            keeper.unpublished += 1
    keeper.waiting += line.waiting is not None
    keeper.worst = max(keeper.worst, _over(line, now))


def _over(line: SourceLine, now: datetime) -> timedelta:
    """Return how long a dataset is past its promise."""
    source = line.source
    if line.freshness is not Freshness.STALE or source.confirmed_at is None or source.promise_hours is None:
        return timedelta()
    return now - source.confirmed_at - timedelta(hours=source.promise_hours)


def _days(over: timedelta) -> float:
    return over.total_seconds() / 86_400
