"""Who keeps popular names: they change what everybody finds."""

from __future__ import annotations

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor

_KEEPERS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})


def can_keep_names(actor: Actor) -> bool:
    """The command line, and after a second factor an editor or administrator of an agency with others below it."""
    return bool(actor.system) or (
        actor.second_factor
        and any(grant.role in _KEEPERS and bool(grant.agency_ids - {grant.agency_id}) for grant in actor.grants)
    )
