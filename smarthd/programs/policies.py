"""Who issues keys, changes what they may, and ends them."""

from __future__ import annotations

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor


def can_manage_keys(actor: Actor) -> bool:
    """The command line, and an administrator of an agency with others below it, after a second factor."""
    return bool(actor.system) or (
        actor.second_factor
        and any(
            grant.role == Role.ADMINISTRATOR and bool(grant.agency_ids - {grant.agency_id}) for grant in actor.grants
        )
    )
