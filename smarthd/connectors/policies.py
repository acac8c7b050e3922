"""Who may see, feed, publish and connect a source."""

from __future__ import annotations

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor

FEEDERS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR)
SEERS = (*FEEDERS, Role.AUDITOR)
RELEASERS = (Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR)
OPENERS = (Role.HEAD, Role.ADMINISTRATOR)


def visible_agencies(actor: Actor) -> frozenset[int]:
    """Return the agencies whose sources the actor may see."""
    return actor.agencies_as(*SEERS)


def can_see(actor: Actor, agency_id: int) -> bool:
    """Any role that feeds or watches, at the agency or above it."""
    return bool(actor.system) or agency_id in actor.agencies_as(*SEERS)


def can_feed(actor: Actor, agency_id: int) -> bool:
    """Make a source, hand in files, name columns, publish what was not held, go back to an older version."""
    return bool(actor.system) or agency_id in actor.agencies_as(*FEEDERS)


def can_release(actor: Actor, agency_id: int) -> bool:
    """Publish what was held: the head, the delegate, an administrator; with a second factor."""
    return bool(actor.system) or (actor.second_factor and agency_id in actor.agencies_as(*RELEASERS))


def can_connect(actor: Actor, agency_id: int) -> bool:
    """Say where data is fetched from and with what secret: as for releasing."""
    return can_release(actor, agency_id)


def can_open_earlier(actor: Actor, agency_id: int) -> bool:
    """Say whether earlier versions may be taken away, and recall one: the head, an administrator; with a second factor.

    What others have taken away cannot be had back, so it is not delegated.
    """
    return bool(actor.system) or (actor.second_factor and agency_id in actor.agencies_as(*OPENERS))
