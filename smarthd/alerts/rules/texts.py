"""Which warnings are worth a text to people push did not reach, and when: texts cost money and wake people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from smarthd.alerts.rules.messages import Channel, Kind, Status

LOWEST_LEVEL = 3
AFTER = timedelta(minutes=3)
"""How long push has before a text stands in for it; an update or the end may come in between."""
UNTIL = timedelta(hours=2)


def worth_a_text(*, status: Status, kind: Kind, level: int | None, life: bool, channels: Collection[str]) -> bool:
    """Say whether a warning goes by text: the real thing, new or updated, by the app's road, of level 3 or more.

    Hazards without levels (a dike, chemicals) count where lives hang on them. A drill costs nobody a text.
    """
    grave = level >= LOWEST_LEVEL if level is not None else life
    return status is Status.ACTUAL and kind is not Kind.CANCEL and Channel.APP in channels and grave
