"""Who may do what with other people's accounts. On their own account everybody may do everything the law gives them."""

from __future__ import annotations

from smarthd.kernel.actor import Actor

ADMINISTRATOR = "administrator"
TEAM_LEADER = "team_leader"
TEAM_CODE = "team_code"  # the fact an audience package puts on a team member's actor


def can_mark_test(actor: Actor) -> bool:
    """Administrators, with their second factor, and the system (seeding) declare test accounts."""
    return bool(actor.system) or (actor.has_role(ADMINISTRATOR) and actor.second_factor)


def can_handle_requests(actor: Actor) -> bool:
    """Requests about personal data are handled by administrators with their second factor, and by the system."""
    return bool(actor.system) or (actor.has_role(ADMINISTRATOR) and actor.second_factor)


def can_assist(actor: Actor, team_code: str) -> bool:
    """Members of a community team help under their team's code; a leader under the code of the team led."""
    return bool(team_code) and actor.signed_in and actor.facts.get(TEAM_CODE) == team_code
