"""A browser's subscription through the API: its own JSON taken, wishes kept, everything else refused by name."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from smarthd.kernel import clock
from smarthd.messaging.adapters import resolver
from smarthd.messaging.models import PushSubscription
from smarthd.messaging.services.vapid import point
from smarthd.messaging.tests import make
from smarthd.places.tests import make as places
from smarthd.publicapi.routers import push
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
_land = planted_once(places.small_land)


@pytest.fixture
def land(_land, db) -> dict[str, Any]:
    return _land


@pytest.fixture
def uids(land: dict[str, Any]) -> list[str]:
    return [str(land[f"c{number}"].uid) for number in range(6)]


@pytest.fixture(autouse=True)
def _outside(monkeypatch) -> Any:
    clock.set_now(make.NOW)
    monkeypatch.setattr(resolver.SystemResolver, "addresses", lambda self, host: (make.PUBLIC,))
    yield
    clock.set_now(None)


def told(**more: Any) -> dict[str, Any]:
    mine = make.phone()
    return {
        "endpoint": mine.endpoint,
        "expirationTime": None,
        "keys": {"p256dh": make.b64(mine.public), "auth": make.b64(mine.auth)},
        "wording_version": 1,
    } | more


def post(client: Client, body: object, **headers: str) -> Any:
    return client.post("/api/v1/push/subscriptions", json.dumps(body), content_type="application/json", headers=headers)


def test_the_key_is_a_point_browsers_take(client: Client) -> None:
    said = client.get("/api/v1/push/key").json()
    from smarthd.messaging import rules

    assert rules.public_key(said["key"])
    assert said["wording_version"] == 1


def test_a_phone_is_taken_in_and_told_its_wishes(client: Client, uids: list[str]) -> None:
    body = told(communes=uids[:2], topics=["alerts", "news"], quiet=[1320, 360])
    said = post(client, body).json()
    assert said == {"communes": uids[:2], "topics": ["alerts", "news"], "quiet": [1320, 360], "language": "vi"}
    again = post(client, {name: body[name] for name in ("endpoint", "keys")})
    assert again.json() == said
    assert PushSubscription.objects.count() == 1


def test_quiet_may_be_given_up(client: Client) -> None:
    assert post(client, told()).json()["quiet"] == [1260, 420]
    assert post(client, told(quiet=[])).json()["quiet"] == []


def test_a_phone_lets_go_of_itself(client: Client) -> None:
    body = told()
    post(client, body)
    for known in (True, False):
        answer = client.delete(
            "/api/v1/push/subscriptions", json.dumps({"endpoint": body["endpoint"]}), content_type="application/json"
        )
        assert answer.json() == {"known": known}


def test_an_unknown_phone_without_agreement_is_refused(client: Client) -> None:
    body = told()
    del body["wording_version"]
    answer = post(client, body)
    assert (answer.status_code, answer.json()["error"]["name"]) == (409, "NotAgreed")


WRONG = {
    "endpoint elsewhere": ({"endpoint": "https://evil.example/a.google.com/"}, "endpoint"),
    "endpoint inside": ({"endpoint": "https://169.254.169.254/"}, "endpoint"),
    "key beside the curve": (
        {"keys": {"p256dh": make.b64(b"\x04" + bytes(64)), "auth": make.b64(bytes(16))}},
        "keys.p256dh",
    ),
    "short secret": ({"keys": {"p256dh": make.b64(point(make._PRIVATE.public_key())), "auth": "AA"}}, "keys.auth"),
    "no keys": ({"keys": {}}, "told.keys.p256dh"),
    "minute of no day": ({"quiet": [1440, 0]}, "told.quiet.0"),
    "unknown topic": ({"topics": ["weather"]}, "told.topics.0"),
    "unknown place": ({"communes": ["00000000-0000-7000-8000-000000000000"]}, "communes.0"),
    "too many places": ({"communes": ["00000000-0000-7000-8000-000000000000"] * 7}, "told.communes"),
}


@pytest.mark.parametrize(("more", "field"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_named_in_vietnamese_and_nothing_is_kept(
    client: Client, more: dict[str, Any], field: str
) -> None:
    answer = post(client, told(**more))
    assert answer.status_code == 422
    fields = answer.json()["error"]["fields"]
    assert field.removeprefix("told.") in {name.removeprefix("told.") for name in fields}
    assert not PushSubscription.objects.exists()


def test_a_district_is_no_place_to_be_told_of(client: Client, land: dict[str, Any]) -> None:
    assert post(client, told(communes=[str(land["d1"].uid)])).status_code == 422


def test_other_sites_cannot_subscribe_anybody(client: Client) -> None:
    assert post(client, told(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert post(client, told(), origin="https://evil.example").status_code == 403
    plain = client.post("/api/v1/push/subscriptions", json.dumps(told()), content_type="text/plain")
    assert plain.status_code == 415


def test_a_phone_that_asks_too_often_waits(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(push, "PER_PHONE", 2)
    body = told()
    assert [post(client, body).status_code for _ in range(3)] == [200, 200, 429]
