"""Who may do what. Every function answers a question about values already read; none of them writes."""

from __future__ import annotations

from collections.abc import Iterable

from smarthd.agencies.rules.roles import Role, may_grant
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

__all__ = [
    "can_decide_exemption",
    "can_edit_roster_persons",
    "can_follow_places",
    "can_grant_role",
    "can_import_roster",
    "can_request_exemption",
    "can_see_agency",
    "can_see_staff_persons",
    "can_set_calendar",
    "can_set_mailbox",
    "can_shape_agencies",
    "require",
]


def _reaches(actor: Actor, agency_id: int, *roles: Role) -> bool:
    return bool(actor.system) or agency_id in actor.agencies_as(*roles)


def _holds_at(actor: Actor, agency_id: int, *roles: Role) -> bool:
    return bool(actor.system) or any(grant.role in roles and grant.agency_id == agency_id for grant in actor.grants)


def can_shape_agencies(actor: Actor, agency_ids: Iterable[int]) -> bool:
    """Merge, split, end, rename: an administrator who reaches every agency concerned, with a second factor."""
    if actor.system:
        return True
    return actor.second_factor and set(agency_ids) <= actor.agencies_as(Role.ADMINISTRATOR)


def can_grant_role(actor: Actor, *, agency_id: int, account_id: int) -> bool:
    """An administrator of the agency or of a superior one, with a second factor; never to oneself."""
    if actor.system:
        return True
    reach = actor.second_factor and agency_id in actor.agencies_as(Role.ADMINISTRATOR)
    return may_grant(holds_administrator_over_agency=reach, to_oneself=account_id == actor.account_id)


def can_follow_places(actor: Actor) -> bool:
    """Founding and carrying all committees at once is a command's act, run by whoever runs the machine."""
    return bool(actor.system)


def can_set_calendar(actor: Actor, province_ids: Iterable[int]) -> bool:
    """The State's schedule holds for everyone: an administrator of the province's own committee, with a second factor."""
    if actor.system:
        return True
    return actor.second_factor and any(_holds_at(actor, agency_id, Role.ADMINISTRATOR) for agency_id in province_ids)


def can_see_agency(actor: Actor, agency_id: int) -> bool:
    """Any role that reaches the agency may see its page and its figures."""
    return bool(actor.system) or any(agency_id in grant.agency_ids for grant in actor.grants)


def can_import_roster(actor: Actor, agency_id: int) -> bool:
    """The head, the delegate or the clerk of the agency or of a superior one, and administrators above it."""
    return _reaches(actor, agency_id, Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR)


def can_see_staff_persons(actor: Actor, agency_id: int) -> bool:
    """Names beside levels of use: only the unit's own head and the delegate named there (ROLLOUT.md, "Measuring")."""
    return _holds_at(actor, agency_id, Role.HEAD, Role.DELEGATE)


def can_edit_roster_persons(actor: Actor, agency_id: int) -> bool:
    """Names and positions without levels of use: who keeps the roster, and the unit's head and delegate."""
    return can_see_staff_persons(actor, agency_id) or can_import_roster(actor, agency_id)


def can_request_exemption(actor: Actor, agency_id: int) -> bool:
    """Who keeps the agency's roster may ask that a person be counted apart."""
    return _reaches(actor, agency_id, Role.HEAD, Role.DELEGATE, Role.CLERK)


def can_decide_exemption(actor: Actor, agency_id: int, *, requested_by_id: int | None) -> bool:
    """The head or delegate of the agency or of a superior one, who is not the one who asked."""
    if actor.account_id is not None and actor.account_id == requested_by_id:
        return False
    return _reaches(actor, agency_id, Role.HEAD, Role.DELEGATE)


def can_set_mailbox(actor: Actor, agency_id: int) -> bool:
    """The agency's own head or delegate, or an administrator who reaches it; with a second factor, for letters will go there."""
    if actor.system:
        return True
    own = _holds_at(actor, agency_id, Role.HEAD, Role.DELEGATE)
    return actor.second_factor and (own or _reaches(actor, agency_id, Role.ADMINISTRATOR))
