"""What the service worker tells of a warning's notification, and how the desk counts it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from smarthd.alerts.adapters.fake import FakeBroadcaster
from smarthd.alerts.models import Alert, Echo
from smarthd.alerts.rules import echoes
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import Echoed
from smarthd.alerts.selectors import public, reach
from smarthd.alerts.services import broadcasting
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.citizen import commune
from smarthd.kernel import clock
from tests.planting import planted_once

_land = planted_once(make.land)


@pytest.fixture
def land(_land: Land, db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Land]:
    settings.DATA_DIR = tmp_path
    clock.set_now(NOW)
    public.forget()
    fake = FakeBroadcaster()
    monkeypatch.setattr(broadcasting, "broadcaster", lambda: fake)
    yield copy.deepcopy(_land)
    public.forget()


def phone(land: Land, name: str = "") -> Client:
    client = Client(enforce_csrf_checks=True)
    if name:
        client.cookies[commune.COOKIE] = land.units[name].uid.hex
    return client


def tell(client: Client, alert: Alert, what: str, mark: object, *, of: str = "1", **headers: str) -> int:
    body = {"what": what, "mark": str(mark), "of": of}
    return client.post(f"/canh-bao/{alert.code}/da-hien/", body, headers=headers).status_code


def test_a_phone_counts_once_for_each_of_shown_and_pressed_in_the_commune_it_chose(land):
    alert = make.issued(land)
    for name in ("c0", "c0", "c1", ""):
        mark, client = uuid4(), phone(land, name)
        for _again in range(2):
            assert tell(client, alert, "shown", mark) == 204
        if name == "c1":
            assert tell(client, alert, "pressed", mark) == 204
    table = reach.table_of(alert, now=NOW)
    counts = {line.commune_id: (line.shown, line.pressed) for line in table.lines}
    assert {name: counts[land.units[name].id] for name in ("c0", "c1")} == {"c0": (2, 0), "c1": (1, 1)}
    assert (table.whole.shown, table.whole.pressed) == (4, 1)
    assert table.elsewhere == (1, 0, 0)
    assert table.one_in == 1


@pytest.mark.parametrize(
    ("what", "mark", "of"),
    [("seen", uuid4(), "1"), ("shown", "x", "1"), ("shown", uuid4(), "-3"), ("shown", uuid4(), "99999"), ("", "", "")],
)
def test_nonsense_is_refused_and_not_counted(land, what, mark, of):
    alert = make.issued(land)
    assert tell(phone(land), alert, what, mark, of=of) == 422
    assert not Echo.objects.exists()


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_another_site_cannot_count(land, site):
    assert tell(phone(land), make.issued(land), "shown", uuid4(), **{"sec-fetch-site": site}) == 403
    assert not Echo.objects.exists()


def test_a_test_and_a_draft_have_no_figures(land):
    tested = make.issued(land, status=Status.TEST, testers=(1,))
    draft = make.composed(land)
    for alert in (tested, draft):
        assert tell(phone(land), alert, "shown", uuid4()) == 404


def test_a_phone_that_boasts_counts_as_one(land):
    alert = make.issued(land)
    assert tell(phone(land, "c0"), alert, "shown", uuid4(), of="1000") == 204
    assert reach.table_of(alert, now=NOW).whole.shown == 1


@pytest.mark.parametrize(
    ("phones", "weight"), [(0, 1), (20_000, 1), (20_001, 10), (200_000, 10), (1_000_000, 100), (10**9, 1_000)]
)
def test_of_many_phones_few_tell(phones, weight):
    assert echoes.one_in(phones) == weight
    assert phones <= echoes.MOST_TELLERS * weight or weight == echoes.HEAVIEST
    assert echoes.believed(weight, phones) == weight
    assert echoes.believed(9_999, phones) == weight


def test_where_few_tell_the_desk_says_that_it_is_an_estimate(land, monkeypatch):
    from smarthd.messaging import selectors as messaging

    monkeypatch.setattr(messaging, "phone_count", lambda: 150_000)
    alert = make.issued(land)
    assert tell(phone(land, "c0"), alert, "shown", uuid4(), of="10") == 204
    table = reach.table_of(alert, now=NOW)
    assert (table.whole.shown, table.one_in) == (10, 10)


def test_nothing_of_a_word_leads_to_a_person():
    kept = {field.name for field in Echo._meta.get_fields()}
    assert kept == {"id", "alert", "mark", "what", "weight", "commune", "at"}
    assert {one.value for one in Echoed} == {"shown", "pressed"}
