"""A team leader helps people under the code of the committee whose team it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make

pytestmark = pytest.mark.django_db


def test_a_team_leader_with_a_second_factor_may_help_and_is_named_by_code() -> None:
    leader = make.official(make.world().commune_a, Role.TEAM_LEADER)
    answer = make.signed_in(leader).get(reverse("citizen:assist"))
    assert answer.status_code == 200
    assert "TO-UBND-10615" in answer.content.decode()


@pytest.mark.parametrize(("role", "second_factor"), [(Role.CLERK, True), (Role.TEAM_LEADER, False)])
def test_nobody_else_may(role: Role, second_factor: bool) -> None:
    someone = make.official(make.world().commune_a, role)
    assert make.signed_in(someone, second_factor=second_factor).get(reverse("citizen:assist")).status_code == 403
