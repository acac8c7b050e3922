"""The agency's page: its official e-mail address is named, changed and taken away by administrators who reach it."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import reverse

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.kernel import clock
from smarthd.messaging import services as messaging

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture
def world():
    return make.world()


def uid_of(agency_id: int) -> UUID:
    return agencies.agency_view(agency_id, make.TODAY).uid


def post(client, agency_id: int, address: str):
    return client.post(reverse("backoffice:agency_mailbox", kwargs={"uid": uid_of(agency_id)}), {"address": address})


def test_an_administrator_names_changes_and_takes_away_the_address(world):
    client = make.signed_in(make.official(world.province, Role.ADMINISTRATOR))
    assert post(client, world.department, "STTTT@haiduong.gov.vn").status_code == 302
    assert agencies.mailboxes_of([world.department]) == {world.department: "stttt@haiduong.gov.vn"}
    page = client.get(reverse("backoffice:agency", kwargs={"uid": uid_of(world.department)})).content.decode()
    assert "stttt@haiduong.gov.vn" in page
    post(client, world.department, "")
    assert agencies.mailboxes_of([world.department]) == {}


def test_what_is_no_address_is_refused_and_stays_typed(world):
    client = make.signed_in(make.official(world.province, Role.ADMINISTRATOR))
    answer = post(client, world.department, "không phải thư")
    assert answer.status_code == 422
    assert "không phải thư" in answer.content.decode()
    assert "Không phải địa chỉ thư" in answer.content.decode()


def test_an_agency_out_of_reach_is_not_found(world):
    client = make.signed_in(make.official(world.district, Role.ADMINISTRATOR))
    assert post(client, world.department, "a@x.vn").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_no_other_role_finds_the_form(world, role):
    client = make.signed_in(make.official(world.province, role))
    assert post(client, world.department, "a@x.vn").status_code == 404


def test_the_top_bar_counts_what_is_unread(world):
    account = make.official(world.province, Role.HEAD)
    client = make.signed_in(account)
    assert "Hộp thư" in client.get(reverse("backoffice:work")).content.decode()
    messaging.tell([account], kind="test", title="Việc", key="k", now=make.NOW)
    assert "1 thư mới" in client.get(reverse("backoffice:work")).content.decode()
