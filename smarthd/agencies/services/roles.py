"""Giving and taking roles."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.agencies import errors, policies
from smarthd.agencies.events import RoleGranted, RoleRevoked
from smarthd.agencies.models import Agency, RoleGrant
from smarthd.agencies.rules import roles
from smarthd.agencies.selectors import AgencyUnknown
from smarthd.kernel import audit, events
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import NotFound


class GrantUnknown(NotFound):
    """No open role answers to this identifier."""


@transaction.atomic
def grant_role(*, account_id: int, agency_id: int, role: roles.Role, actor: Actor, now: datetime) -> RoleGrant:
    """Give an account a role at an agency from now on.

    Raises NotAllowed, AgencyUnknown, RoleAlreadyHeld, or RolesClash when a role held there excludes it.
    """
    if not Agency.objects.select_for_update(no_key=True).filter(id=agency_id).exists():
        raise AgencyUnknown(agency_id=agency_id)
    policies.require(policies.can_grant_role(actor, agency_id=agency_id, account_id=account_id), act="grant_role")
    open_grants = RoleGrant.objects.filter(account_id=account_id, agency_id=agency_id, valid_to=None)
    held = frozenset(roles.Role(name) for name in open_grants.values_list("role", flat=True))
    if role in held:
        raise errors.RoleAlreadyHeld(role=role.value)
    if clash := roles.clashes(role, held):
        raise errors.RolesClash(role=role.value, held=sorted(clash))
    grant = RoleGrant(
        account_id=account_id, agency_id=agency_id, role=role, granted_by_id=actor.account_id, valid_from=now
    )
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        raise errors.RoleAlreadyHeld(role=role.value) from error
    audit.record(actor, "agencies.role_granted", grant, at=now, role=role.value, agency_id=agency_id)
    events.announce(RoleGranted(account_id=account_id, agency_id=agency_id, role=role.value, at=now))
    return grant


@transaction.atomic
def revoke_role(*, grant_uid: UUID, actor: Actor, now: datetime) -> RoleGrant:
    """Take a role back from now on; the row stays as history. Raises GrantUnknown or NotAllowed."""
    grant = RoleGrant.objects.select_for_update().filter(uid=grant_uid, valid_to=None).first()
    if grant is None:
        raise GrantUnknown(uid=str(grant_uid))
    policies.require(
        policies.can_grant_role(actor, agency_id=grant.agency_id, account_id=grant.account_id), act="revoke_role"
    )
    grant.valid_to = max(now, grant.valid_from)
    grant.revoked_by_id = actor.account_id
    grant.save(update_fields=["valid_to", "revoked_by"])
    audit.record(actor, "agencies.role_revoked", grant, at=now, role=grant.role, agency_id=grant.agency_id)
    events.announce(RoleRevoked(account_id=grant.account_id, agency_id=grant.agency_id, role=grant.role, at=now))
    return grant
