"""The app's background calls: repeatable, bounded, closed to other sites, and clear about what they refuse."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.kernel import clock
from smarthd.kernel.ids import uuid7
from smarthd.people import selectors as people
from smarthd.people.rules import Purpose
from smarthd.places.tests import make as land
from smarthd.rollout.models import ActivityDay, InstallState
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def post(client: Client, path: str, body: object, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers)


def event(action: str = "read_notice", **more: Any) -> dict[str, Any]:
    return {"id": "e1", "action": action, "at": make.NOW.isoformat()} | more


def signed_in(client: Client, **options: Any) -> int:
    account_id = make.account(**options)
    client.force_login(
        get_user_model().objects.get(pk=account_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    return account_id


def test_a_phone_that_was_offline_sends_its_batch_twice_and_is_counted_once(client: Client, tmp_path: Path) -> None:
    units = land.small_land(tmp_path)
    account_id = signed_in(client)
    atom = str(units["c0"].uid)
    yesterday = (make.NOW - timedelta(days=1)).isoformat()
    events = [
        event(atom_uid=atom),
        event("directory_used", at=yesterday, atom_uid=atom),
        event("launch", atom_uid=atom),
    ]
    first = post(client, "activity", {"events": events})
    again = post(client, "activity", {"events": events[::-1]})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {"accepted": 3, "clamped": 0, "dropped": [], "by_order": False}
    rows = list(
        ActivityDay.objects.filter(account_id=account_id).order_by("day").values_list("atom_id", "launched", "actions")
    )
    assert rows == [(units["c0"].id, True, 64), (units["c0"].id, True, 1)]


@pytest.mark.parametrize(
    ("minutes", "accepted", "clamped", "reason"),
    [
        (0, 1, 0, None),
        (120, 1, 1, None),
        (181, 0, 0, "in_future"),
        (-60 * 24 * 7, 1, 0, None),
        (-60 * 24 * 9, 0, 0, "too_old"),
    ],
)
def test_a_wrong_clock_is_mended_or_said(
    client: Client, minutes: int, accepted: int, clamped: int, reason: str | None
) -> None:
    signed_in(client)
    answer = post(
        client, "activity", {"events": [event(at=(make.NOW + timedelta(minutes=minutes)).isoformat())]}
    ).json()
    assert (answer["accepted"], answer["clamped"]) == (accepted, clamped)
    assert [one["reason"] for one in answer["dropped"]] == ([reason] if reason else [])
    assert not ActivityDay.objects.filter(day__gt=make.TODAY).exists()


def test_nothing_is_recorded_of_whoever_did_not_agree(client: Client) -> None:
    account_id = signed_in(client, consent=False)
    answer = post(client, "activity", {"events": [event()]}).json()
    assert [one["reason"] for one in answer["dropped"]] == ["no_consent"]
    assert not ActivityDay.objects.filter(account_id=account_id).exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://testserver"}, 200),
        ({}, 200),
    ],
)
def test_only_our_own_pages_may_post(client: Client, headers: dict[str, str], status: int) -> None:
    signed_in(client)
    assert post(client, "activity", {"events": [event()]}, **headers).status_code == status


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_form_of_another_site_cannot_be_mistaken_for_json(client: Client, kind: str) -> None:
    signed_in(client)
    answer = client.post("/api/v1/activity", json.dumps({"events": [event()]}), content_type=kind)
    assert answer.status_code in {400, 415, 422}
    assert not ActivityDay.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "events"),
        ({"events": []}, "events"),
        ({"events": [event()] * 501}, "events"),
        ({"events": [event("dance")]}, "events.0.action"),
        ({"events": [event(), event(at="31/02/2026")]}, "events.1.at"),
        ({"events": [event(at="2024-04-20T10:00:00")]}, "events.0.at"),
        ({"events": [event(atom_uid="x")]}, "events.0.atom_uid"),
        ({"events": [event(atom_uid=str(uuid7()))]}, "events.0.atom_uid"),
        ({"events": [event()], "install_uid": "1"}, "install_uid"),
    ],
)
def test_wrong_input_is_answered_in_vietnamese_by_field_and_nothing_is_kept(
    client: Client, body: object, field: str
) -> None:
    signed_in(client)
    answer = post(client, "activity", body)
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert field in error["fields"]
    assert "lưu" in error["detail"]
    assert not ActivityDay.objects.exists()


@pytest.mark.parametrize("raw", ["", "{", "null", "[1,2]", '"x"', "\x00", '{"events": ' + "[" * 2000, "NaN"])
def test_what_is_no_json_object_is_refused_quietly(client: Client, raw: str) -> None:
    answer = client.post("/api/v1/activity", raw, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert "error" in answer.json()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(
    events=st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "action": st.sampled_from(["launch", "read_notice", "dance"]) | _JSON,
                "at": st.datetimes().map(lambda at: at.isoformat() + "+14:00")
                | st.datetimes().map(lambda at: at.isoformat() + "Z")
                | _JSON,
                "atom_uid": st.none() | _JSON,
            },
        ),
        max_size=4,
    )
    | _JSON
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_input_at_all_breaks_the_door(client: Client, events: object) -> None:
    answer = client.post("/api/v1/activity", json.dumps({"events": events}), content_type="application/json")
    assert answer.status_code in {200, 422, 429}


def test_a_first_open_with_consent_is_counted_as_a_device(client: Client, tmp_path: Path) -> None:
    units = land.small_land(tmp_path)
    uid = str(uuid7())
    body = {
        "install_uid": uid, "platform": "android", "standalone": True, "atom_uid": str(units["c0"].uid),
        "opened_at": make.NOW.isoformat(), "team_code": "", "consent": {"purpose": "usage", "wording_version": make.WORDING},
    }  # fmt: skip
    assert post(client, "installs", body).json() == {"ok": True}
    assert post(client, "installs", body).json() == {"ok": True}
    deliver()
    state = InstallState.objects.get(pk=uid)
    assert (state.standalone, state.atom_id, state.bound_on) == (True, units["c0"].id, None)
    told = post(client, "activity", {"install_uid": uid, "events": [event("launch"), event()]}).json()
    assert (told["accepted"], [one["reason"] for one in told["dropped"]]) == (1, ["not_signed_in"])
    assert InstallState.objects.get(pk=uid).last_launch_on == make.TODAY


def test_a_consent_taken_back_stops_the_count_and_may_be_said_twice(client: Client) -> None:
    account_id = signed_in(client)
    body = {"install_uid": str(uuid7()), "purpose": "usage"}
    assert post(client, "installs/withdraw", body).json() == {"ok": True}
    assert post(client, "installs/withdraw", body).json() == {"ok": True}
    assert not people.has_consent(account_id, Purpose.USAGE)


def test_a_phone_that_never_stops_is_asked_to_wait(client: Client) -> None:
    signed_in(client)
    answers = [post(client, "activity", {"events": [event()]}).status_code for _ in range(121)]
    assert answers == [200] * 120 + [429]


def deliver() -> None:
    from smarthd.kernel import events as outbox

    outbox.deliver_owed()
