"""Who may see persons, see small cells, set bases and targets, set accounts apart."""

from __future__ import annotations

from smarthd.agencies import rules as agency_rules
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout.models import Obligation

_PERSONS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE)
_KEEPERS = (agency_rules.Role.ADMINISTRATOR, agency_rules.Role.HEAD)


def can_see_persons(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor is head or named delegate of this very agency; superiors see counts."""
    return any(grant.role in _PERSONS and grant.agency_id == agency_id for grant in actor.grants)


def can_see_counts(actor: Actor, agency_id: int) -> bool:
    """Say whether the agency is within reach of any role the actor holds."""
    return bool(actor.system) or any(agency_id in {grant.agency_id, *grant.agency_ids} for grant in actor.grants)


def can_keep_bases(actor: Actor) -> bool:
    """Say whether the actor may enter denominators, targets and campaigns."""
    return bool(actor.system) or actor.has_role(*_KEEPERS)


def can_judge_integrity(actor: Actor) -> bool:
    """Say whether the actor may set accounts apart from the figures; an auditor only looks."""
    return bool(actor.system) or actor.has_role(agency_rules.Role.ADMINISTRATOR)


def can_see_integrity(actor: Actor) -> bool:
    """Say whether the actor may read suspicions and what was decided about them."""
    return can_judge_integrity(actor) or actor.has_role(agency_rules.Role.AUDITOR)


def require_integrity(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may set accounts apart."""
    require(can_judge_integrity(actor))


_FILLERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE, agency_rules.Role.CLERK)
_SIGNERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE)
_COMMANDERS = (agency_rules.Role.HEAD, agency_rules.Role.DELEGATE, agency_rules.Role.ADMINISTRATOR)
_WATCHERS = (*_COMMANDERS, agency_rules.Role.CLERK, agency_rules.Role.AUDITOR)


def _holds(actor: Actor, agency_id: int | None, roles: tuple[agency_rules.Role, ...]) -> bool:
    return any(grant.role in roles and grant.agency_id == agency_id for grant in actor.grants)


def can_command(actor: Actor, coordinator_id: int | None) -> bool:
    """Say whether the actor may run a campaign: draw up forms, open periods, give time, exempt, consolidate, urge."""
    return bool(actor.system) or (coordinator_id is not None and _holds(actor, coordinator_id, _COMMANDERS))


def can_fill(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may write and hand in the reports of this very agency."""
    return bool(actor.system) or _holds(actor, agency_id, _FILLERS)


def can_review(actor: Actor, superior_id: int | None) -> bool:
    """Say whether the actor may endorse and return what is handed in to this agency."""
    return bool(actor.system) or _holds(actor, superior_id, (*_SIGNERS, agency_rules.Role.ADMINISTRATOR))


def can_accept(actor: Actor, coordinator_id: int | None) -> bool:
    """Say whether the actor may take in endorsed reports for the coordinating Department."""
    return can_command(actor, coordinator_id)


def watched_agencies(actor: Actor) -> frozenset[int]:
    """Return the agencies whose reports the actor may read: those within reach of a role that works with reports."""
    return actor.agencies_as(*_WATCHERS)


def can_see_report(actor: Actor, obligation: Obligation) -> bool:
    """Say whether the actor may read what an agency owes: itself, those above it in the chain, the coordinating Department."""
    if actor.system:
        return True
    watched = watched_agencies(actor)
    return obligation.agency_id in watched or can_command(actor, obligation.period.campaign.coordinator_id)


def can_sign_for(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may sign in the name of this agency."""
    return _holds(actor, agency_id, _SIGNERS)


def can_see_letter(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may read the letters of an agency: it lies within reach of a role that works with reports."""
    return bool(actor.system) or agency_id in watched_agencies(actor)
