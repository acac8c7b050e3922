"""Gatherings that teams declared beforehand, as a sweep of integrity asks for them: by every code people may have come with."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from smarthd.rollout.models import TeamCode, TeamEvent
from smarthd.rollout.rules.integrity import DeclaredEvent
from smarthd.rollout.selectors import scanning


def declared(since: datetime, until: datetime) -> list[DeclaredEvent]:
    """Return the gatherings that touch a stretch of time and were not called off, once for each code of their team. Two queries."""
    events = list(
        TeamEvent.objects.filter(cancelled_at=None, starts_at__lt=until, ends_at__gt=since).select_related("team")
    )
    codes: dict[int, list[str]] = defaultdict(list)
    for event in events:
        codes[event.team_id] = [event.team.code]  # the spoken one, typed by hand
    for row in TeamCode.objects.filter(team_id__in=list(codes)).select_related("member"):
        codes[row.team_id].append(scanning.written(row))
    return [DeclaredEvent(code, event.starts_at, event.ends_at) for event in events for code in codes[event.team_id]]
