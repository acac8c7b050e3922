"""Who may see persons, see small cells, set bases and targets, set accounts apart."""

from __future__ import annotations

from smarthd.agencies import rules as agency_rules
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

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
    """Say whether the actor may set accounts apart from the figures."""
    return bool(actor.system) or actor.has_role(agency_rules.Role.ADMINISTRATOR, agency_rules.Role.AUDITOR)


def require_integrity(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may set accounts apart."""
    require(can_judge_integrity(actor))
