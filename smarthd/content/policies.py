"""Who may do what with notices, pages and the directory. Every act in the editor needs a second factor."""

from __future__ import annotations

from typing import Protocol

from smarthd.agencies.rules import Role
from smarthd.content import rules
from smarthd.content.rules import flows
from smarthd.kernel.actor import Actor

WRITERS = (Role.EDITOR,)
APPROVERS = (Role.EDITOR, Role.HEAD, Role.DELEGATE)
PUBLISHERS = (Role.HEAD, Role.DELEGATE)
READERS = (*APPROVERS, Role.AUDITOR)
_APPROVERS_OF = {flows.Part.BOTH: APPROVERS, flows.Part.REVIEW: APPROVERS, flows.Part.PUBLISH: PUBLISHERS}


class OfAgency(Protocol):
    """Anything an agency keeps here: a notice, a page, a directory entry, a tile."""

    @property
    def agency_id(self) -> int | None:
        """Return the agency's id."""


def can_enter(actor: Actor) -> bool:
    """Say whether the actor may open the content editor at all."""
    return actor.second_factor and actor.has_role(*READERS)


def agencies_seen(actor: Actor) -> frozenset[int]:
    """Return the agencies whose drafts and notices the actor sees in the editor."""
    return actor.agencies_as(*READERS) if actor.second_factor else frozenset()


def agencies_written(actor: Actor) -> frozenset[int]:
    """Return the agencies in whose name the actor writes."""
    return actor.agencies_as(*WRITERS) if actor.second_factor else frozenset()


def can_see(actor: Actor, thing: OfAgency) -> bool:
    """Say whether the actor sees this thing in the editor."""
    return thing.agency_id in agencies_seen(actor)


def can_write(actor: Actor, thing: OfAgency) -> bool:
    """Say whether the actor may change this thing's draft."""
    return thing.agency_id in agencies_written(actor)


def can_approve(actor: Actor, piece: OfAgency, *, author_ids: frozenset[int], part: str = flows.Part.BOTH) -> bool:
    """Say whether the actor may take this step of approval: of the agency or above it, and with no hand in the words."""
    return (
        actor.second_factor
        and actor.account_id is not None
        and piece.agency_id in actor.agencies_as(*_APPROVERS_OF[flows.Part(part)])
        and rules.approver_is_another(approver_id=actor.account_id, author_ids=author_ids)
    )


def can_withdraw(actor: Actor, piece: OfAgency) -> bool:
    """Say whether the actor may take a notice or page down; one person is enough for the safe direction."""
    return actor.second_factor and piece.agency_id in actor.agencies_as(*APPROVERS)


def sections_kept(actor: Actor) -> frozenset[int]:
    """Return the agencies whose promises and ways of approval the actor sets."""
    return actor.agencies_as(Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR) if actor.second_factor else frozenset()


def sections_seen(actor: Actor) -> frozenset[int]:
    """Return the agencies whose freshness the actor sees."""
    return actor.agencies_as(*READERS, Role.ADMINISTRATOR)


def agencies_moderated(actor: Actor) -> frozenset[int]:
    """Return the agencies whose ideas the actor reads before others do, and publishes, returns, joins, forwards."""
    return actor.agencies_as(*APPROVERS) if actor.second_factor else frozenset()


def agencies_answered_for(actor: Actor) -> frozenset[int]:
    """Return the agencies in whose name the actor answers ideas and opinions."""
    return actor.agencies_as(*PUBLISHERS) if actor.second_factor else frozenset()


def can_moderate(actor: Actor, idea: OfAgency, *, author_id: int | None) -> bool:
    """Say whether the actor may publish, return, join, forward or hide an idea: never one's own."""
    return idea.agency_id in agencies_moderated(actor) and (author_id is None or author_id != actor.account_id)


def can_answer(actor: Actor, idea: OfAgency, *, author_id: int | None) -> bool:
    """Say whether the actor may answer an idea in its agency's name: never one's own."""
    return idea.agency_id in agencies_answered_for(actor) and (author_id is None or author_id != actor.account_id)
