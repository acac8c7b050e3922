"""What each page of the desk costs the database: a stated number of questions, the same for three times the rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies import selectors as agencies_selectors
from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Kind, Role
from smarthd.agencies.rules.exemptions import Reason
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice import urls
from smarthd.backoffice.tests import make
from smarthd.backoffice.tests.test_addresses import ACTIONS
from smarthd.places import selectors as places
from smarthd.rollout import services as rollout
from smarthd.rollout.tests import make as rollout_make

QUERIES = {
    "guides": 4,
    "guide": 4,
    "work": 36,
    "units": 11,
    "unit": 17,
    "rosters": 7,
    "roster_upload": 5,
    "roster": 8,
    "roster_faulty": 6,
    "province": 16,
    "province?cap=agency": 17,
    "province?cap=district": 16,
    "province_export": 12,
    "province_unit": 14,
    "reports": 8,
    "report": 5,
    "report_edit": 5,
    "report_file": 4,
    "agencies": 5,
    "agency": 9,
    "audit": 6,
}
"""Three of each say who asks: the session, the account, its roles; one counts what is unread in the inbox."""


@pytest.fixture(autouse=True)
def _units_in_memory(settings: Any, desk: make.Desk) -> None:
    """Let the process answer about units from memory, as in service."""
    settings.PLACES_REVISION_SECONDS = float("inf")
    places.units_on(make.TODAY, "commune")


@pytest.fixture
def everyone(desk: make.Desk) -> Client:
    """Someone for whom every page opens."""
    return make.signed_in(make.official(desk.at, Role.HEAD, Role.ADMINISTRATOR))


def asked(client: Client, desk: make.Desk, page: str) -> int:
    """Return how many questions a page asks, once everything that is kept in memory is there."""
    view, _mark, query = page.partition("?")
    address = f"{reverse(f'backoffice:{view}', kwargs=desk.address_parts(view))}?{query}"
    client.get(address).getvalue()
    with CaptureQueriesContext(connection) as told:
        answer = client.get(address)
        answer.getvalue()
    assert answer.status_code == 200
    return len(told)


def grow(desk: make.Desk) -> None:
    """Make three of everything that a page lists."""
    names = tuple(f"Trần Thị Thêm {letter}" for letter in "ABCDEF")
    staff = make.staffed(desk.at, names, first_phone=500)
    persons = {person.id: person for person in agencies_selectors.roster_on([desk.at], make.TODAY)}
    for pk in staff[:2]:
        agencies.request_exemption(
            staff_uid=persons[pk].uid, reason=Reason.LONG_LEAVE, evidence="QĐ 17", actor=make.SYSTEM, now=make.NOW
        )
    for number in range(12):
        new = agencies.NewAgency(
            kind=Kind.COMMUNE_COMMITTEE,
            name=f"Ủy ban nhân dân xã Mới {number}",
            code=f"moi-{number}",
            parent_id=desk.world.district,
        )
        make.staffed(agencies.found_agency(new, valid_from=agencies_make.FOUNDED).pk, first_phone=1000 + 10 * number)
    for unit in make.neighbours(9)[3:]:
        rollout.set_denominators([rollout_make.base(unit.id, 20)], actor=make.SYSTEM, now=make.NOW)
        rollout_make.person(unit.id, make.TODAY)
    for _ in range(2):
        make.roster_upload(desk.at)
        make.official(desk.at, Role.CLERK)
    rollout.rebuild_rollups(now=make.NOW)


def test_every_page_has_its_number():
    shown = (
        {str(pattern.name) for pattern in urls.urlpatterns} - ACTIONS - {"second_factor"} - make.told_elsewhere().keys()
    )
    assert {page.partition("?")[0] for page in QUERIES} == shown


@pytest.mark.parametrize("page", QUERIES)
def test_a_page_asks_its_number_of_questions_however_many_rows_there_are(desk, everyone, page):
    assert asked(everyone, desk, page) == QUERIES[page]
    grow(desk)
    assert asked(everyone, desk, page) == QUERIES[page]


def test_my_work_asks_the_same_of_one_agency_and_of_many(desk):
    """An administrator of several agencies, each with lists to confirm and teams to judge."""
    account = make.official(desk.world.commune_a, Role.HEAD, Role.ADMINISTRATOR)
    client, address = make.signed_in(account), reverse("backoffice:work")
    make.roster_upload(desk.world.commune_a)

    def count() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as told:
            assert client.get(address).status_code == 200
        return len(told)

    before = count()
    for agency_id in (desk.world.commune_b, desk.world.school, desk.world.department):
        make.roster_upload(agency_id)
        for role in (Role.HEAD, Role.ADMINISTRATOR):
            agencies.grant_role(
                account_id=account, agency_id=agency_id, role=role, actor=make.SYSTEM, now=make.NOW - timedelta(days=30)
            )
    assert count() <= before
    assert client.get(address).content.decode().count("Xác nhận danh sách đã tải lên") == 4
