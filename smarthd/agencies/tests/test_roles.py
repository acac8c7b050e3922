"""Roles: who may give them, what they reach, and what nobody may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.agencies import errors, policies, selectors, services
from smarthd.agencies.models import RoleGrant
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make
from smarthd.kernel import actor as actors
from smarthd.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def test_an_actor_reaches_the_agency_of_the_role_and_all_below_in_one_query() -> None:
    world = make.world()
    clerk = make.officer(world.district, Role.CLERK)
    with CaptureQueriesContext(connection) as queries:
        actor = selectors.actor_for(clerk.account_id, make.NOW)
    assert len(queries) <= 2
    assert actor.agencies_as(Role.CLERK) == {world.district, world.commune_a, world.commune_b, world.school}
    assert not actor.has_role(Role.HEAD)
    assert selectors.actor_for(None, make.NOW) == actors.ANONYMOUS


def test_a_revoked_role_reaches_nothing_from_that_instant_on() -> None:
    world = make.world()
    head = make.officer(world.commune_a, Role.HEAD)
    grant = RoleGrant.objects.get(account_id=head.account_id)
    later = make.NOW + timedelta(hours=1)
    services.revoke_role(grant_uid=grant.uid, actor=make.SYSTEM, now=later)
    assert selectors.actor_for(head.account_id, later - timedelta(seconds=1)).has_role(Role.HEAD)
    assert not selectors.actor_for(head.account_id, later).has_role(Role.HEAD)
    with pytest.raises(services.GrantUnknown):
        services.revoke_role(grant_uid=grant.uid, actor=make.SYSTEM, now=later)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("where", ["superior", "same", "below", "sibling"])
@pytest.mark.parametrize("second_factor", [True, False])
def test_only_an_administrator_at_or_above_with_a_second_factor_grants(
    role: Role, where: str, second_factor: bool
) -> None:
    world = make.world()
    at = {
        "superior": world.district, "same": world.commune_a, "below": world.school, "sibling": world.commune_b,
    }[where]  # fmt: skip
    actor = make.officer(at, role, second_factor=second_factor)
    allowed = role is Role.ADMINISTRATOR and where in {"superior", "same"} and second_factor
    other = make.account()
    if allowed:
        services.grant_role(account_id=other, agency_id=world.commune_a, role=Role.CLERK, actor=actor, now=make.NOW)
        assert selectors.actor_for(other, make.NOW).has_role(Role.CLERK)
    else:
        with pytest.raises(NotAllowed):
            services.grant_role(account_id=other, agency_id=world.commune_a, role=Role.CLERK, actor=actor, now=make.NOW)
        assert not RoleGrant.objects.filter(account_id=other).exists()


def test_nobody_grants_a_role_to_themselves() -> None:
    world = make.world()
    actor = make.officer(world.province, Role.ADMINISTRATOR)
    assert actor.account_id is not None
    with pytest.raises(NotAllowed):
        services.grant_role(
            account_id=actor.account_id, agency_id=world.commune_a, role=Role.HEAD, actor=actor, now=make.NOW
        )


def test_a_role_is_held_once_and_auditing_is_held_alone() -> None:
    world = make.world()
    person = make.account()

    def grant(role: Role) -> None:
        services.grant_role(account_id=person, agency_id=world.commune_a, role=role, actor=make.SYSTEM, now=make.NOW)

    grant(Role.ALERT_AUTHOR)
    with pytest.raises(errors.RoleAlreadyHeld):
        grant(Role.ALERT_AUTHOR)
    with pytest.raises(errors.RolesClash):
        grant(Role.ALERT_APPROVER)
    with pytest.raises(errors.RolesClash):
        grant(Role.AUDITOR)
    grant(Role.CLERK)


# role → (import roster, see persons' levels, decide an exemption another asked for), at the agency itself
AT_HOME = {
    Role.HEAD: (True, True, True),
    Role.DELEGATE: (True, True, True),
    Role.CLERK: (True, False, False),
    Role.DISPATCHER: (False, False, False),
    Role.EDITOR: (False, False, False),
    Role.ALERT_AUTHOR: (False, False, False),
    Role.ALERT_APPROVER: (False, False, False),
    Role.TEAM_LEADER: (False, False, False),
    Role.AUDITOR: (False, False, False),
    Role.ADMINISTRATOR: (True, False, False),
}


@pytest.mark.parametrize("role", list(Role))
def test_what_each_role_may_do_with_a_roster(role: Role) -> None:
    world = make.world()
    actor = make.officer(world.commune_a, role)
    found = (
        policies.can_import_roster(actor, world.commune_a),
        policies.can_see_staff_persons(actor, world.commune_a),
        policies.can_decide_exemption(actor, world.commune_a, requested_by_id=-1),
    )
    assert found == AT_HOME[role]
    assert policies.can_see_agency(actor, world.commune_a)
    assert not policies.can_see_agency(actor, world.commune_b)
    assert not policies.can_import_roster(actor, world.commune_b)
    assert not policies.can_see_staff_persons(actor, world.school), "levels of persons stop at the unit itself"
    assert not policies.can_decide_exemption(actor, world.commune_a, requested_by_id=actor.account_id)
