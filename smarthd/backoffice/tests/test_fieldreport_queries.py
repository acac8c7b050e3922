"""What the pages of citizens' reports cost the database, the same for three times the rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.backoffice import saved
from smarthd.backoffice.tests.fieldreports import browser, url
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make
from smarthd.places import selectors as places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _units_in_memory(settings, land):
    """Let the process answer about units from memory, as in service."""
    settings.PLACES_REVISION_SECONDS = float("inf")
    places.units_on(make.TODAY, "commune")


def asked(client, address: str) -> int:
    """Return how many questions a page asks, once everything that is kept in memory is there."""
    client.get(address).getvalue()
    with CaptureQueriesContext(connection) as told:
        answer = client.get(address)
        answer.getvalue()
    assert answer.status_code == 200
    return len(told)


def grow(land: make.Land, count: int) -> None:
    who = make.citizen()
    uid = make.upload(make.picture(), who)
    photos.process(uid, now=make.NOW)
    make.sent(land, who, attachment_uids=[uid], now=make.NOW - timedelta(hours=2))
    for number in range(count):
        make.sent(land, make.phone(), now=make.NOW - timedelta(minutes=number))


@pytest.mark.parametrize("who", ["clerk", "chief", "leader", "auditor"])
def test_the_officials_list_of_fifty_asks_at_most_ten_questions(land, who):
    caller = getattr(land, who)
    saved.save_filter(account_id=caller.actor.account_id, name="Khẩn", address="loc=khan", now=make.NOW)
    client = browser(caller)
    grow(land, 12)
    few = asked(client, url("fieldreports"))
    grow(land, 50)
    many = asked(client, url("fieldreports"))
    assert len(client.get(url("fieldreports")).context["rows"]) == 50
    assert few == many <= 10
    address = (
        f"{url('fieldreports')}?xem=tat-ca&linh-vuc=den-duong&q=den duong&loc=mo-lai&tu=2024-01-01&noi={land.place.uid}"
    )
    assert asked(client, address) <= 10


@pytest.mark.parametrize("page", ["fieldreport_agencies", "fieldreport_rules", "fieldreport_categories", "fieldreport_frames", "fieldreport_take", "fieldreport_handover"])  # fmt: skip
def test_a_page_asks_as_much_for_three_times_the_rows(land, page):
    client = browser(land.chief)
    grow(land, 3)
    before = asked(client, url(page))
    grow(land, 9)
    assert asked(client, url(page)) == before <= 12


def test_one_case_asks_as_much_with_many_around_it(land):
    report = make.sent(land)
    client = browser(land.dispatcher)
    grow(land, 3)
    before = asked(client, url("fieldreport", code=report.code))
    grow(land, 12)
    assert asked(client, url("fieldreport", code=report.code)) <= before <= 34
