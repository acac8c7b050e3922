"""Who may read, make and sign reports. A report belongs to the agency that issues it."""

from __future__ import annotations

from django.db.models import Q

from smarthd.agencies.rules import Role
from smarthd.kernel.actor import Actor

READERS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR)
MAKERS = (Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR)
SIGNERS = (Role.HEAD, Role.DELEGATE)


def can_make(actor: Actor, issuer_id: int) -> bool:
    """Say whether the actor may make, and edit while it is a draft, a report issued by this agency."""
    return bool(actor.system) or issuer_id in actor.agencies_as(*MAKERS)


def can_sign(actor: Actor, issuer_id: int) -> bool:
    """Say whether the actor may sign off this agency's reports; that it be another than the maker is checked by the service."""
    return any(grant.role in SIGNERS and grant.agency_id == issuer_id for grant in actor.grants)


def visible_to(actor: Actor) -> Q:
    """Return the filter of the reports an actor may see: those issued by an agency within reach."""
    return Q() if actor.system else Q(issuer_id__in=actor.agencies_as(*READERS))
