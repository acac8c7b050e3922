"""The visit log's sync: repeatable, bounded, closed to other sites and to who is in no team."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from smarthd.kernel import clock
from smarthd.rollout.models import Visit
from smarthd.rollout.rules import teams as rules
from smarthd.rollout.tests import team_make as make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> Iterator[make.World]:
    clock.set_now(make.NOW)
    yield copy.deepcopy(_world)
    clock.set_now(None)


def signed_in(account_id: int | None, *, second_factor: bool = True) -> Client:
    client = Client()
    client.force_login(
        get_user_model().objects.get(pk=account_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    if second_factor:
        session = client.session
        session["account_authentication_methods_user"] = str(account_id)
        session["account_authentication_methods"] = [{"method": "mfa", "at": make.NOW.timestamp()}]
        session.save()
    return client


def send(client: Client, visits: list[dict[str, Any]], **headers: str) -> Any:
    body = {"device_uid": str(make.DEVICES[0]), "sent_at": make.NOW.isoformat(), "visits": visits}
    return client.post("/api/v1/teams/visits", json.dumps(body), content_type="application/json", headers=headers)


def test_a_replayed_batch_is_kept_once_and_each_visit_is_answered_by_itself(world: make.World) -> None:
    client = signed_in(world.leader.account_id)
    batch = [make.visit(world), make.visit(world) | {"outcome": ""}, make.visit(world)]
    assert [one["state"] for one in send(client, batch).json()["answers"]] == ["kept", "refused", "kept"]
    assert [one["state"] for one in send(client, batch).json()["answers"]] == ["duplicate", "refused", "duplicate"]
    assert Visit.objects.count() == 2


def test_the_phone_learns_its_villages_and_nothing_about_citizens(world: make.World) -> None:
    mine = signed_in(world.member.account_id, second_factor=False).get("/api/v1/teams/mine").json()
    assert [village["name"] for village in mine["villages"]] == ["Thôn An Xá", "Thôn Đông Thôn"]
    assert set(mine) == {"member_uid", "team_uid", "team", "villages", "outcomes", "reasons", "conflicts", "now"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("nobody", 401), ("leader without second factor", 401), ("leader", 200), ("member", 200), ("stranger", 403)],
)
def test_who_may_send(world: make.World, who: str, status: int) -> None:
    client = {
        "nobody": Client,
        "leader without second factor": lambda: signed_in(world.leader.account_id, second_factor=False),
        "leader": lambda: signed_in(world.leader.account_id),
        "member": lambda: signed_in(world.member.account_id, second_factor=False),
        "stranger": lambda: signed_in(make.officer(world.agency).account_id),
    }[who]()
    assert send(client, [make.visit(world)]).status_code == status
    assert client.get("/api/v1/teams/mine").status_code == status


def test_other_sites_and_oversized_batches_are_kept_out(world: make.World) -> None:
    client = signed_in(world.leader.account_id)
    visit = make.visit(world)
    assert send(client, [visit], **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert send(client, [visit] * (rules.MOST_VISITS + 1)).status_code == 422
    assert send(client, []).status_code == 422
    assert Visit.objects.count() == 0
