"""Who writes, approves, watches and answers warnings."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from smarthd.agencies.rules import Kind, Role
from smarthd.alerts.models import Alert
from smarthd.alerts.rules import states
from smarthd.alerts.rules.states import State
from smarthd.kernel.actor import Actor, Grant

WRITING = (Role.ALERT_AUTHOR,)
APPROVING = (Role.ALERT_APPROVER,)
REVIEWING = (Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE)
WATCHING = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE, Role.AUDITOR, Role.ADMINISTRATOR)
HELPING = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE, Role.DISPATCHER)
SHELTERING = (Role.CLERK, Role.HEAD, Role.DELEGATE, Role.DISPATCHER, Role.ALERT_AUTHOR, Role.ALERT_APPROVER)
PROVINCE_WIDE = frozenset({Kind.PROVINCE_COMMITTEE, Kind.DEPARTMENT})


def writes_at(actor: Actor) -> list[Grant]:
    """Return the grants under which an official writes warnings."""
    return [grant for grant in actor.grants if Role(grant.role) in WRITING]


def can_write(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor may write a warning in an agency's name: its own duty officer, past the second factor."""
    if actor.system:
        return True
    return actor.second_factor and any(grant.agency_id == agency_id for grant in writes_at(actor))


def can_edit(actor: Actor, alert: Alert) -> bool:
    """Say whether the actor may change the warning now."""
    return State(alert.state) in states.EDITABLE and can_write(actor, alert.agency_id)


def reaches_everywhere(kind: str) -> bool:
    """Say whether an agency of a kind warns the whole province; a commune's committee warns its own ground only."""
    return kind in PROVINCE_WIDE


def may_approve_here(actor: Actor, agency_id: int) -> bool:
    """Say whether the actor approves warnings of this agency: an approver of it or of a superior one, past the second factor."""
    if actor.system:
        return False
    return actor.second_factor and agency_id in actor.agencies_as(*APPROVING)


def wrote(actor: Actor, alert: Alert) -> bool:
    """Say whether the actor had a hand in the text."""
    return actor.account_id is not None and actor.account_id in alert.editors


def can_approve(actor: Actor, alert: Alert) -> bool:
    """Say whether the actor may approve this very warning: an approver here who did not write it."""
    return may_approve_here(actor, alert.agency_id) and not wrote(actor, alert)


def can_review(actor: Actor, alert: Alert) -> bool:
    """Say whether the actor may judge a warning sent by break-glass: an approver, or a head, who was neither of the two."""
    if actor.account_id in {alert.approver, *alert.editors}:
        return False
    return actor.second_factor and alert.agency_id in actor.agencies_as(*REVIEWING)


def visible_to(actor: Actor) -> Q:
    """Return the condition for what an official's lists hold: all that went out for real or as a drill, and all of their agencies."""
    out = Q(state__in=list(states.OUT)) & ~Q(status="Test")
    if actor.system:
        return Q()
    if not actor.has_role(*WATCHING):
        return Q(pk__in=[])
    return out | Q(agency_id__in=sorted(actor.agencies_as(*WATCHING)))


def helps_in(actor: Actor, communes: Iterable[int], places: dict[int, int]) -> set[int]:
    """Return those of the communes whose calls for help the actor may see. ``places``: commune by agency id (committees).

    Officials of a province-wide agency see all; a commune's officials see their own.
    """
    if not actor.second_factor:
        return set()
    held = [grant for grant in actor.grants if Role(grant.role) in HELPING]
    if any(reaches_everywhere(grant.kind) for grant in held):
        return set(communes)
    own = {places[grant.agency_id] for grant in held if grant.agency_id in places}
    return set(communes) & own


def shelters_in(actor: Actor, communes: Iterable[int], places: dict[int, int]) -> set[int]:
    """Return those of the communes whose shelters the actor keeps. ``places``: commune by agency id (committees).

    A commune's officials keep their own; the duty officers of a province-wide agency may mend any.
    """
    duty = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER)
    if any(Role(grant.role) in duty and reaches_everywhere(grant.kind) for grant in actor.grants):
        return set(communes)
    held = [grant for grant in actor.grants if Role(grant.role) in SHELTERING]
    return set(communes) & {places[grant.agency_id] for grant in held if grant.agency_id in places}


def can_keep_sources(actor: Actor) -> bool:
    """Say whether the actor pins others' certificates: the administrator of a province-wide agency, past the second factor."""
    if actor.system:
        return True
    mine = any(Role(one.role) is Role.ADMINISTRATOR and reaches_everywhere(one.kind) for one in actor.grants)
    return actor.second_factor and mine


def can_ask_sources(actor: Actor) -> bool:
    """Say whether the actor may have a source fetched now: who keeps them, and the duty officers of a province-wide agency."""
    duty = any(Role(one.role) in (*WRITING, *APPROVING) and reaches_everywhere(one.kind) for one in actor.grants)
    return can_keep_sources(actor) or (actor.second_factor and duty)


def sees_sources(actor: Actor) -> bool:
    """Say whether the actor knows of others' messages: who watches warnings at a province-wide agency."""
    return bool(actor.system) or any(
        Role(one.role) in WATCHING and reaches_everywhere(one.kind) for one in actor.grants
    )
