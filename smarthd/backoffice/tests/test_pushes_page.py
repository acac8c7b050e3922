"""How pushing stands, for those who watch; who may open a stopped push service again."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.kernel import audit, clock
from smarthd.messaging import selectors
from smarthd.messaging.services import ledger
from smarthd.messaging.tests import make as pushes
from smarthd.places.tests import make as places

pytestmark = pytest.mark.django_db
PAGE, ORIGIN = "/can-bo/thong-bao-day/", "https://web.push.apple.com"
DOORS = {Role.ADMINISTRATOR: (200, 302), Role.AUDITOR: (200, 404)}


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture
def world():
    return make.world()


def as_role(world, role: Role) -> Client:
    return make.signed_in(make.official(world.department, role))


@pytest.mark.parametrize("role", list(Role))
def test_who_watches_sees_and_administrators_alone_open_again(world, role: Role) -> None:
    client = as_role(world, role)
    seen, done = DOORS.get(role, (404, 404))
    assert client.get(PAGE).status_code == seen
    assert client.post(reverse("backoffice:pushes_reopen"), {"origin": ORIGIN}).status_code == done


def test_nothing_yet_says_what_will_be_here(world) -> None:
    page = as_role(world, Role.AUDITOR).get(PAGE).content.decode()
    assert "Chưa có thông báo công khai nào" in page
    assert "Không còn gì chờ gửi" in page


def test_a_refusing_service_waits_for_the_administrator_and_is_opened_again(world) -> None:
    ledger.refuse(ORIGIN, "HTTP 403", now=make.NOW)
    client = as_role(world, Role.ADMINISTRATOR)
    assert "Một máy chủ thông báo đang từ chối ta" in client.get("/can-bo/").content.decode()
    page = client.get(PAGE).content.decode()
    assert ORIGIN in page
    assert "HTTP 403" in page
    assert "gửi lại" not in as_role(world, Role.AUDITOR).get(PAGE).content.decode()
    client.post(reverse("backoffice:pushes_reopen"), {"origin": ORIGIN})
    assert selectors.push_alarms() == []
    [entry] = audit.trail(act="messaging.origin_reopened")
    assert entry.facts == {"origin": ORIGIN, "fault": "HTTP 403"}
    answer = client.post(reverse("backoffice:pushes_reopen"), {"origin": ORIGIN}, follow=True)
    assert "không còn bị dừng" in answer.content.decode()


def test_messages_show_how_far_they_have_come_in_a_few_queries(world, tmp_path, django_assert_max_num_queries) -> None:
    commune = places.small_land(tmp_path)["c0"].id
    pushes.subscribed([commune], now=make.NOW)
    for key in ("k-1", "k-2", "k-3"):
        pushes.begun([commune], key=key, now=make.NOW)
    client = as_role(world, Role.AUDITOR)
    with django_assert_max_num_queries(14):
        page = client.get(PAGE).content.decode()
    assert "đang gửi" in page
    assert "Đang chờ gửi" in page
    assert page.count('<th scope="row"') == 3
