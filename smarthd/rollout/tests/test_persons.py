"""Who sees persons, who sees counts, who sees neither: all roles at all places of the chain."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.agencies import selectors as known
from smarthd.agencies import services as agencies
from smarthd.agencies.models import Staff
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as offices
from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.kernel.errors import NotAllowed
from smarthd.rollout import rules, selectors, services
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db
PLACES = ("same", "superior", "top", "below", "sibling", "nowhere")


@pytest.fixture
def world() -> offices.World:
    world = offices.world()
    people = [agencies.NewStaff(agency_id=world.commune_a, full_name=name) for name in ("Vũ Thị An", "Vũ Thị Bình")]
    agencies.add_staff(people, valid_from=make.TODAY)
    services.sync_seats([world.commune_a], day=make.TODAY, now=make.NOW)
    services.refresh_rollups(now=make.NOW)
    return world


def actor_at(where: str, role: Role, world: offices.World) -> Actor:
    at = {
        "same": world.commune_a, "superior": world.district, "top": world.province, "below": world.school,
        "sibling": world.commune_b,
    }  # fmt: skip
    return ANONYMOUS if where == "nowhere" else offices.officer(at[where], role)


def seen(where: str, role: Role, world: offices.World) -> str:
    """What a role held somewhere lets one see of the commune's staff."""
    try:
        ladder = selectors.staff_ladder(world.commune_a, make.TODAY, actor_at(where, role, world))
    except NotAllowed:
        return "nothing"
    assert ladder.figures["staff_used"].denominator == 2
    if ladder.persons is None:
        return "counts"
    return ", ".join(person.full_name for person in ladder.persons)


@pytest.mark.parametrize("where", PLACES)
def test_persons_are_for_their_own_head_and_delegate_counts_for_the_chain_above(
    where: str, world: offices.World
) -> None:
    expected = dict.fromkeys(Role, "counts" if where in {"same", "superior", "top"} else "nothing")
    if where == "same":
        expected |= dict.fromkeys([Role.HEAD, Role.DELEGATE], "Vũ Thị An, Vũ Thị Bình")
    assert {role: seen(where, role, world) for role in Role} == expected


def test_figures_of_several_agencies_are_each_its_own_in_two_statements(world: offices.World) -> None:
    agencies.add_staff([agencies.NewStaff(agency_id=world.commune_b, full_name="Vũ Thị Chi")], valid_from=make.TODAY)
    services.sync_seats([world.commune_b], day=make.TODAY, now=make.NOW)
    services.refresh_rollups(now=make.NOW)
    asked = (world.commune_a, world.commune_b, world.school)
    with CaptureQueriesContext(connection) as told:
        figures = selectors.staff_figures(asked, make.TODAY, make.SYSTEM)
    assert [figures[one]["staff_used"].denominator for one in asked] == [2, 1, None]
    assert len(told) == 2


def test_figures_of_several_agencies_need_every_one_within_reach(world: offices.World) -> None:
    head = offices.officer(world.commune_a, Role.HEAD)
    assert set(selectors.staff_figures([world.commune_a], make.TODAY, head)) == {world.commune_a}
    with pytest.raises(NotAllowed):
        selectors.staff_figures([world.commune_a, world.commune_b], make.TODAY, head)


def test_the_system_sees_counts_and_no_persons(world: offices.World) -> None:
    assert selectors.staff_ladder(world.commune_a, make.TODAY, make.SYSTEM).persons is None


def test_only_administrators_set_accounts_apart_and_auditors_look(world: offices.World) -> None:
    someone = make.person(11, make.TODAY)
    allowed = set()
    for role in Role:
        try:
            services.quarantine(
                someone, held=True, reason="x", actor=offices.officer(world.commune_a, role), now=make.NOW
            )
        except NotAllowed:
            continue
        allowed.add(role)
    assert allowed == {Role.ADMINISTRATOR}


def test_a_persons_level_in_the_list_is_that_of_the_ladder(world: offices.World) -> None:
    head = offices.officer(world.commune_a, Role.HEAD)
    someone = make.person(11, make.TODAY)
    make.use(someone, make.TODAY)
    staff_id = known.roster_on([world.commune_a], make.TODAY)[0].id
    services.link_staff(staff_id, account_id=someone, agency_id=world.commune_a, at=make.NOW)
    Staff.objects.filter(pk=staff_id).update(account_id=someone)
    services.refresh_rollups(now=make.NOW)
    ladder = selectors.staff_ladder(world.commune_a, make.TODAY, head)
    assert ladder.persons is not None
    assert {(one.level, one.reached_on, one.linked) for one in ladder.persons} == {
        (rules.Level.ACTIVE, make.TODAY, True),
        (rules.Level.NONE, None, False),
    }
    assert ladder.levels == {0: 1, 1: 0, 2: 0, 3: 0, 4: 1, 5: 0}
