"""One thing that waits for an official."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor

MOST_DUE = 20
OWN = (Role.HEAD, Role.DELEGATE, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what it is, how many of it, until when (None: no deadline), where it is done."""

    title: str
    note: str
    href: str
    icon: str
    count: int
    due: date | None = None


def own_agencies(actor: Actor) -> list[int]:
    """Return the agencies at which the actor is head, delegate or clerk."""
    return sorted({grant.agency_id for grant in actor.grants if grant.role in OWN})
