"""Agencies that merge, split, end or move keep their people, their subordinates and their history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from smarthd.agencies import errors, selectors, services
from smarthd.agencies.events import AgencyEventApplied
from smarthd.agencies.models import AgencyLineage, Exemption, RoleGrant, Staff
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.services.reorganise import check_shares, main_heirs
from smarthd.agencies.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.places.tests import make as places_make

ON = date(2024, 12, 1)
BEFORE = ON - timedelta(days=1)
ORDER = {"effective_on": ON, "legal_document": "Nghị quyết 1250/NQ-UBTVQH15", "actor": make.SYSTEM, "now": make.NOW}


def staffed(world: make.World) -> None:
    rows = [make.HEADINGS, *((n, name, "", make.phone(n)) for n, name in enumerate(["Vũ An", "Vũ Bình", "Vũ Cúc"]))]
    make.imported(make.workbook(rows), world.commune_a)


def names(agency_id: int, day: date) -> list[str]:
    return [person.full_name for person in selectors.roster_on([agency_id], day)]


@pytest.mark.django_db
def test_a_merger_hands_over_staff_and_subordinates_and_ends_roles(heard: list[object]) -> None:
    world = make.world()
    staffed(world)
    head = make.officer(world.commune_a, Role.HEAD)
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    assert names(world.commune_a, BEFORE) == names(world.commune_b, ON) == ["Vũ An", "Vũ Bình", "Vũ Cúc"]
    assert names(world.commune_a, ON) == names(world.commune_b, BEFORE) == []
    assert [view.id for view in selectors.chain_of(world.school, BEFORE)][1] == world.commune_a
    assert [view.id for view in selectors.chain_of(world.school, ON)][1] == world.commune_b
    with pytest.raises(selectors.AgencyUnknown):
        selectors.agency_view(world.commune_a, ON)
    until = RoleGrant.objects.get(account_id=head.account_id).valid_to
    assert until is not None
    assert selectors.actor_for(head.account_id, until - timedelta(seconds=1)).has_role(Role.HEAD)
    assert not selectors.actor_for(head.account_id, until).grants
    assert [(row.to_agency_id, row.staff_share) for row in AgencyLineage.objects.all()] == [(world.commune_b, 1.0)]
    (told,) = [event for event in heard if isinstance(event, AgencyEventApplied)]
    assert set(told.agency_ids) == {world.commune_a, world.commune_b}


@pytest.mark.django_db
def test_a_split_sends_named_persons_their_own_way_and_the_rest_to_the_larger_part() -> None:
    world = make.world()
    staffed(world)
    an = Staff.objects.get(full_name="Vũ An").pk
    services.split_agency(
        world.commune_a, parts={world.commune_b: 0.7, world.department: 0.3}, staff_to={an: world.department}, **ORDER
    )
    assert names(world.department, ON) == ["Vũ An"]
    assert names(world.commune_b, ON) == ["Vũ Bình", "Vũ Cúc"]
    assert Staff.objects.filter(previous__isnull=False).count() == 3


@pytest.mark.django_db
def test_an_approved_exemption_goes_along() -> None:
    world = make.world()
    staffed(world)
    Exemption.objects.create(
        staff=Staff.objects.get(full_name="Vũ An"), status="approved", reason="long_leave", evidence="QĐ 12",
        valid_from=make.TODAY, requested_at=make.NOW, decided_at=make.NOW,
    )  # fmt: skip
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    exempt = {person.full_name: person.exempt for person in selectors.roster_on([world.commune_b], ON)}
    assert exempt == {"Vũ An": True, "Vũ Bình": False, "Vũ Cúc": False}


@pytest.mark.django_db
def test_ending_an_agency_with_subordinates_is_refused_and_without_them_its_staff_leave() -> None:
    world = make.world()
    staffed(world)
    with pytest.raises(errors.AgencyStillHasSubordinates) as refused:
        services.abolish_agency(world.commune_a, **ORDER)
    assert refused.value.facts["agency_ids"] == [world.school]
    services.transfer_agency(world.school, to_parent_id=world.district, **ORDER)
    services.abolish_agency(world.commune_a, **ORDER)
    assert names(world.commune_a, ON) == []
    assert set(Staff.objects.values_list("left_reason", flat=True)) == {"abolished"}


@pytest.mark.django_db
def test_no_agency_reports_to_one_below_it() -> None:
    world = make.world()
    for target in (world.school, world.commune_a):
        with pytest.raises(errors.ChainWouldCircle):
            services.transfer_agency(world.commune_a, to_parent_id=target, **ORDER)


@pytest.mark.django_db
def test_what_has_ended_cannot_be_reorganised_again() -> None:
    world = make.world()
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    with pytest.raises(errors.AgencyEnded):
        services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    with pytest.raises(errors.AgencyEnded):
        services.merge_agencies([world.commune_b], into_id=world.commune_a, **ORDER)


@pytest.mark.django_db
def test_a_new_name_holds_from_its_day_and_the_old_one_is_still_found_then() -> None:
    world = make.world()
    services.rename_agency(world.department, name="Sở Khoa học và Công nghệ", code="skhcn", **ORDER)
    assert selectors.agency_view(world.department, BEFORE).code == "stttt"
    assert selectors.agency_by_code("skhcn", ON).name == "Sở Khoa học và Công nghệ"
    with pytest.raises(errors.AgencyCodeTaken):
        services.rename_agency(world.school, name="x", code="SKHCN", **ORDER)


@pytest.mark.django_db
def test_only_an_administrator_who_reaches_all_agencies_reorganises_them() -> None:
    world = make.world()
    narrow = make.officer(world.commune_a, Role.ADMINISTRATOR)
    wide = make.officer(world.district, Role.ADMINISTRATOR)
    order = {key: value for key, value in ORDER.items() if key != "actor"}
    with pytest.raises(NotAllowed):
        services.merge_agencies([world.commune_a], into_id=world.commune_b, actor=narrow, **order)
    for act in (services.establish_committees, services.follow_places):
        with pytest.raises(NotAllowed):
            act(on=ON, actor=wide, now=make.NOW)
    services.merge_agencies([world.commune_a], into_id=world.commune_b, actor=wide, **order)


@given(st.dictionaries(st.integers(1, 30), st.floats(0.01, 1), min_size=1, max_size=5), st.integers(100, 105))
def test_shares_that_sum_to_one_pass_and_others_do_not(weights: dict[int, float], source: int) -> None:
    total = sum(weights.values())
    parts = [services.Passage(source, target, weight / total) for target, weight in weights.items()]
    check_shares(parts)
    heir = main_heirs(parts)[source]
    assert heir is not None
    assert weights[heir] == max(weights.values())
    with pytest.raises(errors.SharesDoNotSum):
        check_shares([*parts, services.Passage(source, 99, 0.2)])
    with pytest.raises(errors.SharesDoNotSum):
        check_shares([services.Passage(source, source, 1.0)])


@pytest.mark.django_db
def test_the_committees_of_the_real_province_follow_both_reorganisations() -> None:
    """Hải Dương: 235 communes, 207 from 1/12/2024, 114 of the merged city from 1/7/2025, when the districts ended."""
    places_make.the_province()
    old, merged, city = date(2024, 4, 20), date(2024, 12, 1), date(2025, 7, 1)
    founded = services.establish_committees(on=date(2024, 1, 1), actor=make.SYSTEM, now=make.NOW, with_sub_units=True)
    assert founded == 1 + 12 + 235
    assert services.establish_committees(on=date(2024, 1, 1), actor=make.SYSTEM, now=make.NOW) == 0

    def count(kind: str, day: date) -> int:
        return len(selectors.agencies_on(day, kinds=[kind]))

    top = selectors.agency_by_code("ubnd-tinh", old)
    assert len(selectors.agencies_on(old, under=top.id)) == len(selectors.agencies_on(old)) == 248 + 235 * 4
    commune = next(
        view for view in selectors.agencies_on(old, kinds=["commune_committee"]) if "Lê Thanh Nghị" in view.name
    )
    services.add_staff(
        [services.NewStaff(agency_id=view.id, full_name=f"Vũ Thị {view.id}") for view in selectors.agencies_on(old)],
        valid_from=old,
    )
    assert selectors.roster_on([commune.id], old)[0].full_name == f"Vũ Thị {commune.id}"
    with CaptureQueriesContext(connection) as queries:
        services.follow_places(on=merged, actor=make.SYSTEM, now=make.NOW)
    assert len(queries) < 150, "bulk statements, and one look at the map for each ended unit"
    services.follow_places(on=city, actor=make.SYSTEM, now=make.NOW)
    assert [count("commune_committee", day) for day in (old, merged, city)] == [235, 207, 114]
    assert [count("district_committee", day) for day in (old, date(2025, 6, 30), city)] == [12, 12, 0]
    everyone = {day: [view.id for view in selectors.agencies_on(day)] for day in (old, merged, city)}
    sizes = {day: len(selectors.roster_on(ids, day)) for day, ids in everyone.items()}
    assert sizes[old] == sizes[merged] == 248 + 940, "a merger loses nobody"
    assert sizes[city] == sizes[old] - 12, "the district committees ended without an heir"
    new_top = selectors.agency_by_code("ubnd-tp", city)
    assert {leaf for ancestor, leaf in selectors.agency_closure(city) if ancestor == new_top.id} == set(everyone[city])


@pytest.mark.django_db
def test_an_agency_cannot_be_merged_into_one_that_stands_below_it() -> None:
    world = make.world()
    with pytest.raises(errors.ChainWouldCircle):
        services.merge_agencies([world.district], into_id=world.commune_a, **ORDER)
    assert selectors.agency_view(world.district, ON).id == world.district


# -- who covers the past ------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_heir_of_a_merger_covers_what_its_predecessors_were_and_a_stranger_does_not() -> None:
    world = make.world()
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    assert selectors.with_predecessors([world.commune_b], ON) == {world.commune_a, world.commune_b}
    assert selectors.with_predecessors([world.commune_b], BEFORE) == {world.commune_b}
    assert selectors.with_predecessors([world.school], ON) == {world.school}
    assert selectors.with_predecessors([], ON) == frozenset()


@pytest.mark.django_db
def test_only_who_covers_every_part_covers_the_divided_whole() -> None:
    world = make.world()
    services.split_agency(world.commune_a, parts={world.commune_b: 0.6, world.department: 0.4}, **ORDER)
    assert world.commune_a not in selectors.with_predecessors([world.commune_b], ON)
    assert world.commune_a in selectors.with_predecessors([world.commune_b, world.department], ON)


@pytest.mark.django_db
def test_an_agency_that_ended_without_an_heir_is_covered_by_its_last_superior_and_that_ones_heirs() -> None:
    world = make.world()
    for child in (world.commune_a, world.commune_b):
        services.transfer_agency(child, to_parent_id=world.province, **ORDER)
    services.abolish_agency(world.district, **ORDER)
    assert world.district in selectors.with_predecessors([world.province], ON)
    assert world.district not in selectors.with_predecessors([world.commune_a], ON)
    later = ORDER | {"effective_on": ON + timedelta(days=1)}
    city = services.found_agency(
        services.NewAgency(kind=Kind.PROVINCE_COMMITTEE, name="Ủy ban nhân dân thành phố", code="ubnd-31"),
        valid_from=ON,
    ).pk
    services.merge_agencies([world.province], into_id=city, **later)
    covered = selectors.with_predecessors([city], later["effective_on"])
    assert {world.province, world.district} <= covered


@pytest.mark.django_db
def test_the_past_of_a_thousand_agencies_is_two_questions() -> None:
    world = make.world()
    services.merge_agencies([world.commune_a], into_id=world.commune_b, **ORDER)
    with CaptureQueriesContext(connection) as queries:
        selectors.with_predecessors([world.province, world.commune_b], ON)
    assert len(queries) == 2
