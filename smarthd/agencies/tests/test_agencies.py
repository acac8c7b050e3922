"""Agencies in time: one name and one superior a day, chains and closures of a day."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from smarthd.agencies import errors, selectors, services
from smarthd.agencies.models import AgencyEdge, AgencyVersion
from smarthd.agencies.rules import Kind
from smarthd.agencies.tests import make

pytestmark = pytest.mark.django_db


def test_the_chain_of_reporting_runs_from_the_school_to_the_province() -> None:
    world = make.world()
    chain = selectors.chain_of(world.school, make.TODAY)
    assert [view.id for view in chain] == [world.school, world.commune_a, world.district, world.province]
    assert selectors.chain_of(world.school, date(2023, 12, 31)) == []


def test_the_closure_of_a_day_is_one_query_and_holds_every_superior() -> None:
    world = make.world()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        closure = selectors.agency_closure(make.TODAY)
    assert len(queries) == 1
    assert len(closure) == len(set(closure))
    assert {leaf for ancestor, leaf in closure if ancestor == world.district} == {
        world.district,
        world.commune_a,
        world.commune_b,
        world.school,
    }
    assert {ancestor for ancestor, leaf in closure if leaf == world.school} == {
        world.school,
        world.commune_a,
        world.district,
        world.province,
    }
    assert selectors.below([world.district], make.TODAY) == {
        world.district,
        world.commune_a,
        world.commune_b,
        world.school,
    }


def test_a_code_is_borne_by_one_agency_a_day() -> None:
    make.world()
    with pytest.raises(errors.AgencyCodeTaken):
        services.found_agency(
            services.NewAgency(kind=Kind.DEPARTMENT, name="Sở khác", code="STTTT"), valid_from=make.TODAY
        )
    assert selectors.agency_by_code("StTTt", make.TODAY).short_name == "Sở TT&TT"


def test_the_database_refuses_two_names_on_one_day() -> None:
    world = make.world()
    twice = AgencyVersion(agency_id=world.school, name="x", folded="x", code="other", valid_from=make.TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


def test_the_database_refuses_two_superiors_on_one_day() -> None:
    world = make.world()
    twice = AgencyEdge(child_id=world.school, parent_id=world.commune_b, valid_from=make.TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save()


@pytest.mark.parametrize("query", ["so thong tin", "TT&TT", "stttt", "Sở TT TT"])
def test_search_finds_what_people_type(query: str) -> None:
    world = make.world()
    assert [view.id for view in selectors.search_agencies(query, make.TODAY)] == [world.department]
