"""How a warning travels: which kinds of outlets its roads are, how urgent it is, what it does to the one before. Values are CAP's own words."""

from __future__ import annotations

from collections.abc import Collection

from smarthd.channels.rules.bulletins import Change, Priority
from smarthd.channels.rules.outlets import Kind

ROADS: dict[str, tuple[Kind, ...]] = {
    "feeds": (Kind.PORTAL,),
    "loudspeaker": (Kind.LOUDSPEAKER,),
    "radio": (Kind.RADIO,),
    "press": (Kind.PRESS,),
    "social": (Kind.ZALO, Kind.FACEBOOK),
}
"""An approved warning's roads that are ours; its app and push are messaging's."""

CHANGES = {"Alert": Change.NEW, "Update": Change.UPDATE, "Cancel": Change.CANCEL}


def kinds_of(roads: Collection[str]) -> tuple[Kind, ...]:
    """Return the kinds of outlets that a warning's approved roads mean."""
    return tuple(kind for road in sorted(roads) for kind in ROADS.get(road, ()))


def priority_of(*, severity: str, urgency: str, change: Change) -> Priority:
    """Return the Circular's priority: at once where lives hang on it; that it is over can wait for the programme."""
    if change is Change.CANCEL:
        return Priority.PRIORITY
    grave = severity in {"Extreme", "Severe"} and urgency in {"Immediate", "Expected"}
    return Priority.URGENT if grave or urgency == "Immediate" else Priority.PRIORITY
