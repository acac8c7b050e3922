"""Who may open which page: signed in, with a role, past the second factor; the rest is not found."""

from __future__ import annotations

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice import navigation
from smarthd.backoffice.tests import make

pytestmark = pytest.mark.django_db

PAGES = {item.view: item.roles for part in navigation.PARTS for item in part.items}


@pytest.fixture
def world():
    return make.world()


def test_nobody_signed_in_is_led_to_the_sign_in(client):
    answer = client.get(reverse("backoffice:work"))
    assert answer.status_code == 302
    assert answer["location"].startswith("/dang-nhap/")


def test_an_account_without_role_is_told_so(world):
    client = make.signed_in(make.official(world.department))
    assert client.get(reverse("backoffice:work")).status_code == 403


def test_without_the_second_factor_of_this_session_no_page_opens(world):
    client = make.signed_in(make.official(world.department, Role.ADMINISTRATOR), second_factor=False)
    for page in PAGES:
        answer = client.get(reverse(f"backoffice:{page}"))
        assert answer.status_code == 302, page
        assert answer["location"].startswith(reverse("backoffice:second_factor")), page


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_its_pages_and_no_others(world, role):
    client = make.signed_in(make.official(world.province, role))
    for page, roles in PAGES.items():
        expected = 200 if not roles or role in roles else 404
        assert client.get(reverse(f"backoffice:{page}")).status_code == expected, page


def test_an_agency_out_of_reach_is_not_found(world):
    from smarthd.agencies import selectors as agencies

    head = make.signed_in(make.official(world.commune_a, Role.HEAD))
    own, other = (agencies.agency_view(pk, make.TODAY) for pk in (world.commune_a, world.commune_b))
    assert head.get(reverse("backoffice:unit", kwargs={"uid": own.uid})).status_code == 200
    assert head.get(reverse("backoffice:unit", kwargs={"uid": other.uid})).status_code == 404


def test_pages_are_never_cached(world):
    client = make.signed_in(make.official(world.department, Role.HEAD))
    assert "no-store" in client.get(reverse("backoffice:work"))["cache-control"]


def test_a_page_that_never_asks_who_reads_it_costs_no_query_for_the_actor(world, rf, django_assert_num_queries):
    from smarthd.backoffice.middleware import ActorMiddleware

    with django_assert_num_queries(0):
        ActorMiddleware(lambda request: request)(rf.get("/"))
