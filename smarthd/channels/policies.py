"""Who may see, keep, send and prove."""

from __future__ import annotations

from smarthd.agencies.rules import Role
from smarthd.channels.models import Dispatch
from smarthd.kernel.actor import Actor

SEES = (
    Role.HEAD,
    Role.DELEGATE,
    Role.CLERK,
    Role.EDITOR,
    Role.ALERT_AUTHOR,
    Role.ALERT_APPROVER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)
SENDS = (Role.HEAD, Role.DELEGATE, Role.EDITOR)
WORKS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ALERT_AUTHOR, Role.ALERT_APPROVER)
KEEPS = (Role.ADMINISTRATOR,)


def _reach(actor: Actor, *roles: str) -> frozenset[int]:
    """Return the agencies at which the actor holds one of the roles, and all below them."""
    return frozenset(
        agency_id for grant in actor.grants if grant.role in roles for agency_id in (grant.agency_id, *grant.agency_ids)
    )


def sees_at(actor: Actor) -> frozenset[int]:
    """Return the agencies whose outlets an actor may see."""
    return _reach(actor, *SEES)


def keeps_at(actor: Actor) -> frozenset[int]:
    """Return the agencies whose outlets an actor may add and change."""
    return _reach(actor, *KEEPS)


def sends_at(actor: Actor) -> frozenset[int]:
    """Return the agencies in whose name an actor may send a bulletin: those where they hold the role itself."""
    return frozenset(grant.agency_id for grant in actor.grants if grant.role in SENDS)


def sends_to(actor: Actor) -> frozenset[int] | None:
    """Return the agencies to whose outlets an actor may send: their own and those below; None for everybody's.

    A commune's head speaks by the commune's loudspeakers and not by the city's Facebook page.
    """
    return None if actor.system else _reach(actor, *SENDS)


def can_keep_outlet(actor: Actor, agency_id: int) -> bool:
    """Say whether an actor may add or change outlets of an agency."""
    return bool(actor.system) or agency_id in keeps_at(actor)


def can_send_for(actor: Actor, agency_id: int) -> bool:
    """Say whether an actor may send a bulletin in an agency's name."""
    return bool(actor.system) or agency_id in sends_at(actor)


def can_see_dispatch(actor: Actor, dispatch: Dispatch) -> bool:
    """Say whether an actor may know of a dispatch: of an outlet within reach, or of a bulletin of an agency within reach."""
    return bool(actor.system) or bool({dispatch.outlet.agency_id, dispatch.bulletin.agency_id} & sees_at(actor))


def works_at(actor: Actor) -> frozenset[int]:
    """Return the agencies for whose outlets and bulletins an actor answers when one did not arrive."""
    return _reach(actor, *WORKS)


def can_work(actor: Actor, dispatch: Dispatch) -> bool:
    """Say whether an actor may send a dispatch again and prove it: who keeps the outlet, and whose bulletin it is."""
    return bool(actor.system) or bool({dispatch.outlet.agency_id, dispatch.bulletin.agency_id} & works_at(actor))
