"""What the watchers' system reads: numbers, behind a token."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings

from smarthd.alerts.models import RelayPosition
from smarthd.alerts.services import broadcasting, rehearsals
from smarthd.alerts.tests import make as alerts_make
from smarthd.alerts.tests.test_rehearsals import GOOD
from smarthd.kernel import clock, events
from smarthd.messaging import selectors
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.services import ledger, pushing
from smarthd.messaging.services.sending import Sender
from smarthd.messaging.tests import make
from smarthd.places.tests import make as places

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten(monkeypatch, tmp_path: Path):
    clock.set_now(make.NOW)
    pool = KeyPool(tmp_path / "pool")
    monkeypatch.setattr(pushing, "pool", lambda: pool)
    with override_settings(METRICS_TOKEN="the-token"):
        yield
    pool.close()
    clock.set_now(None)


def asked(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers={"authorization": "Bearer the-token"})
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.parametrize("token", ["", "another", "the-token-and-more"])
def test_without_the_token_there_is_no_such_page(client: Client, token: str) -> None:
    assert client.get("/metrics", headers={"authorization": f"Bearer {token}"}).status_code == 404
    with override_settings(METRICS_TOKEN=""):
        assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_what_waits_and_who_refuses_is_measured(client: Client, tmp_path: Path) -> None:
    commune = places.small_land(tmp_path)["c0"].id
    for _ in range(3):
        make.subscribed([commune])
    make.begun([commune])
    ledger.refuse("https://web.push.apple.com", "HTTP 403", now=make.NOW)
    clock.set_now(make.NOW + timedelta(seconds=90))
    seen = asked(client)
    assert (seen["smarthd_push_phones"], seen["smarthd_push_waiting_phones"], seen["smarthd_push_waiting_chunks"]) == (
        3,
        3,
        1,
    )
    assert 90 <= seen["smarthd_push_oldest_seconds"] < 95
    assert (seen["smarthd_push_refusing_services"], seen["smarthd_push_pool_keys"]) == (1, 0)
    assert not any(name.startswith("smarthd_push_acceptance") for name in seen)


def test_how_soon_messages_are_accepted_is_measured(client: Client, tmp_path: Path) -> None:
    commune = places.small_land(tmp_path)["c0"].id
    make.subscribed([commune])
    make.begun([commune])
    later = make.NOW + timedelta(seconds=4)
    sender = Sender(transport=FakeTransport(), pool=None, now=lambda: later)
    while sender.step():
        pass
    assert asked(client)['smarthd_push_acceptance_seconds{quantile="0.99"}'] == 4
    assert selectors.acceptance_times(since=make.NOW) == {0.5: 4.0, 0.95: 4.0, 0.99: 4.0}


def test_each_warning_is_measured_from_its_approval(client: Client, tmp_path: Path, monkeypatch, settings) -> None:
    settings.DATA_DIR = tmp_path
    clock.set_now(alerts_make.NOW)
    land = alerts_make.land(tmp_path)
    for _ in range(4):
        make.subscribed(land.at("c0"), now=alerts_make.NOW)
    alert = alerts_make.issued(land)
    clock.set_now(alerts_make.NOW + timedelta(seconds=2))  # the worker takes it up
    events.deliver_owed()
    later = alerts_make.NOW + timedelta(seconds=5)
    sender = Sender(transport=FakeTransport(), pool=None, now=lambda: later)
    while sender.step():
        pass
    assert selectors.fanout(broadcasting.key_of(alert.uid)).accepted == 4
    name = f'smarthd_alert_acceptance_seconds{{alert="{alert.code}",drill="0",quantile="0.95"}}'
    assert asked(client)[name] == 5


def test_the_exchange_is_measured_where_there_is_one(client: Client, settings) -> None:
    assert not any(name.startswith("smarthd_relay") for name in asked(client))
    settings.RELAY_CELL = "hai-duong"
    RelayPosition.objects.create(cell="hai-duong", began_at=make.NOW, seen_at=make.NOW, sequence=7, fault="refused")
    clock.set_now(make.NOW + timedelta(seconds=30))
    seen = asked(client)
    names = ("up", "seen_seconds", "sequence", "owed", "owed_seconds", "quarantined")
    assert [int(seen[f"smarthd_relay_{name}"]) for name in names] == [0, 30, 7, 0, 0, 0]


def test_the_latest_rehearsal_is_measured(client: Client) -> None:
    assert asked(client)["smarthd_rehearsal_passed_seconds"] == -1
    rehearsals.record(GOOD, actor=alerts_make.SYSTEM, now=make.NOW - timedelta(days=2))
    seen = asked(client)
    assert 172_800 <= seen["smarthd_rehearsal_passed_seconds"] < 172_900
    assert seen["smarthd_rehearsal_lost"] == 0
    assert seen['smarthd_rehearsal_acceptance_seconds{quantile="0.95"}'] == 2


def test_jobs_that_dead_workers_left_and_jobs_that_failed_are_measured(client: Client) -> None:
    before = asked(client)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status) "
            "SELECT 'q', 'gone', 'doing' FROM generate_series(1, 2) RETURNING id"
        )
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [cursor.fetchone()[0]])
    clock.set_now(None)
    after = asked(client)
    told = {name: after[name] - before[name] for name in ("smarthd_jobs_stalled", "smarthd_jobs_failed")}
    assert told == {"smarthd_jobs_stalled": 1, "smarthd_jobs_failed": 1}
