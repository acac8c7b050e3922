"""Who may do what with notices and the directory. Every act in the editor needs a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smarthd.agencies.rules import Role
from smarthd.content import rules
from smarthd.kernel.actor import Actor

if TYPE_CHECKING:
    from smarthd.content.models import Hotline, Notice

WRITERS = (Role.EDITOR,)
APPROVERS = (Role.EDITOR, Role.HEAD, Role.DELEGATE)
READERS = (*APPROVERS, Role.AUDITOR)


def can_enter(actor: Actor) -> bool:
    """Say whether the actor may open the content editor at all."""
    return actor.second_factor and actor.has_role(*READERS)


def agencies_seen(actor: Actor) -> frozenset[int]:
    """Return the agencies whose drafts and notices the actor sees in the editor."""
    return actor.agencies_as(*READERS) if actor.second_factor else frozenset()


def agencies_written(actor: Actor) -> frozenset[int]:
    """Return the agencies in whose name the actor writes."""
    return actor.agencies_as(*WRITERS) if actor.second_factor else frozenset()


def can_see(actor: Actor, thing: Notice | Hotline) -> bool:
    """Say whether the actor sees this notice or directory entry in the editor."""
    return thing.agency_id in agencies_seen(actor)


def can_write(actor: Actor, thing: Notice | Hotline) -> bool:
    """Say whether the actor may change this notice's draft or this directory entry."""
    return thing.agency_id in agencies_written(actor)


def can_approve(actor: Actor, notice: Notice, *, author_ids: frozenset[int]) -> bool:
    """Say whether the actor may approve: of the agency or above it, and with no hand in the words."""
    return (
        actor.second_factor
        and actor.account_id is not None
        and notice.agency_id in actor.agencies_as(*APPROVERS)
        and rules.approver_is_another(approver_id=actor.account_id, author_ids=author_ids)
    )


def can_withdraw(actor: Actor, notice: Notice) -> bool:
    """Say whether the actor may take a notice down; one person is enough for the safe direction."""
    return actor.second_factor and notice.agency_id in actor.agencies_as(*APPROVERS)
