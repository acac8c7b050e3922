"""What waits for the people of an agency among its own sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from smarthd.connectors import policies
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.rules.schedule import TOLD_AFTER
from smarthd.connectors.rules.states import RunState, VersionState
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Owed:
    """How many versions wait to be published, how many are held, how many sources stopped or fail, how many are older than promised, and
    since which day the oldest of these is."""

    checked: int = 0
    held: int = 0
    stopped: int = 0
    stale: int = 0
    stale_on: date | None = None


def owed_by(actor: Actor, *, now: datetime) -> Owed:
    """Return what waits at the agencies where the actor feeds data themselves, not at those below. Three queries at most."""
    own = {grant.agency_id for grant in actor.grants if grant.role in policies.FEEDERS}
    found = list(Source.objects.filter(agency_id__in=own, ended_at=None)) if own else []
    if not found:
        return Owed()
    ids = [source.pk for source in found]
    states = list(
        Version.objects.filter(source__in=ids, state__in=[VersionState.CHECKED, VersionState.HELD]).values_list(
            "state", flat=True
        )
    )
    last = Run.objects.filter(source__in=ids).order_by("source_id", "-id").distinct("source_id")
    stopped = {source_id for source_id, state in last.values_list("source_id", "state") if state == RunState.STOPPED}
    failing = {source.pk for source in found if source.failures >= TOLD_AFTER and not source.paused}
    late = [
        source.confirmed_at + timedelta(hours=source.promise_hours)
        for source in found
        if source.confirmed_at is not None and source.promise_hours is not None
    ]
    overdue = [until for until in late if until < now]
    return Owed(
        checked=states.count(VersionState.CHECKED),
        held=states.count(VersionState.HELD),
        stopped=len(stopped | failing),
        stale=len(overdue),
        stale_on=clock.day_of(min(overdue)) if overdue else None,
    )
