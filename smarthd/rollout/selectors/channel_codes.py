"""Codes of channels: by which road a code brings people, and how many came by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from smarthd.rollout.models import ChannelCode
from smarthd.rollout.rules import airings as rules
from smarthd.rollout.rules.airings import Channel


@dataclass(frozen=True, slots=True)
class Road:
    """By which channel of which agency a code brings people."""

    code: str
    channel: Channel
    agency_id: int


def road_of(text: str) -> Road | None:
    """Return what a code people came with or typed says, or None where no channel was ever given such a code."""
    code = rules.read_code(text)
    row = ChannelCode.objects.filter(code=code).first() if code else None
    return None if row is None else Road(row.code, Channel(row.channel), row.agency_id)


def known_code(text: str) -> str:
    """Return a channel's code as it is kept, or nothing where we never gave it: an invented one is counted nowhere."""
    road = road_of(text)
    return "" if road is None else road.code


def activations(codes: Iterable[str]) -> dict[str, int]:
    """Return how many persons were activated with each code: one a person, test accounts and quarantined ones left out. One query."""
    wanted = sorted(set(codes))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT team_code, count(*) FROM rollout_participant WHERE team_code = ANY(%s) AND team_code <> '' "
            "AND activated_on IS NOT NULL AND erased_on IS NULL AND NOT is_test AND NOT quarantined GROUP BY 1",
            [wanted],
        )
        return dict(cursor.fetchall())
