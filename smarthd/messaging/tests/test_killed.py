"""Real sending processes against a real push service: killed in the midst, misused, told to stop. Nobody is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from django.conf import settings
from django.db import connection

from smarthd.kernel import clock
from smarthd.messaging import rules, selectors, services
from smarthd.messaging.adapters.sink.server import Sink
from smarthd.messaging.models import PushSubscription
from smarthd.messaging.tests import make
from smarthd.places.tests import make as places
from tests.environment import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MANY = 30_000


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(Path(settings.DATA_DIR) / "push-sink") as running:
        yield running


@contextmanager
def sending(many: int = 1, *options: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    environ = {
        **os.environ,
        "PUSH_LOOPBACK": "true",
        "SMARTHD_TEST_DATABASE": connection.settings_dict["NAME"],
    }
    command = [sys.executable, "-m", "config.cli", "messaging", "send", *options]
    running = [subprocess.Popen(command, cwd=ROOT, env=environ) for _ in range(many)]
    try:
        yield running
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(30)


def until(happened, patience_s: float = 150) -> None:
    ends = monotonic() + patience_s
    while not happened():
        assert monotonic() < ends, "it did not happen"
        sleep(0.05)


def begun(communes: list[int], key: str = "k-1"):
    return make.begun(communes, key=key, now=clock.now(), expires_in=timedelta(hours=1))


def land(tmp_path: Path) -> list[int]:
    units = places.small_land(tmp_path)
    return [units[f"c{number}"].id for number in range(6)]


def test_processes_killed_in_the_midst_lose_nobody_and_repeat_few(sink: Sink, tmp_path: Path) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, MANY, origin=sink.origin)
    begun(communes)
    killed = 0
    with sending(2) as running:
        for share in (0.2, 0.5):
            until(lambda share=share: sink.box.accepted > MANY * share)
            victim = running.pop(0)
            victim.send_signal(signal.SIGKILL)
            victim.wait()
            killed += 1
        with connection.cursor() as cursor:  # the time of the dead ones' leases goes by
            cursor.execute("UPDATE messaging_fanoutchunk SET lease_until = lease_until - interval '1 minute'")
        with sending(2):
            until(lambda: selectors.fanout("k-1").state == "finished")
    view = selectors.fanout("k-1")
    assert len(sink.box.got) == view.accepted == MANY
    assert sink.box.duplicates <= killed * rules.MOST_UNCERTAIN


def test_cancelled_while_it_is_sent_the_counts_are_the_services_own(sink: Sink, tmp_path: Path) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, MANY, origin=sink.origin)
    begun(communes)
    with sending(2):
        until(lambda: sink.box.accepted > 2000)
        assert services.cancel_fanout("k-1", clock.now()) > 0
        sleep(1)
    view = selectors.fanout("k-1")
    assert view.accepted == sink.box.accepted < MANY
    assert (view.waiting, view.accepted + view.dropped) == (0, MANY)


def test_a_third_of_the_phones_gone_one_service_hanging_another_busy(sink: Sink, tmp_path: Path) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, 2000, origin=sink.origin)
    make.many_phones(communes, 900, origin=sink.origin, path="/p/gone410")
    with Sink(Path(settings.DATA_DIR) / "push-sink") as hanging:
        hanging.misbehave("hang", 3600)
        make.many_phones(communes, 300, origin=hanging.origin)
        begun(communes)
        with sending(1):
            until(lambda: selectors.fanout("k-1").accepted == 2000 and selectors.fanout("k-1").gone == 900)
            until(lambda: PushSubscription.objects.count() == 2300)
            sink.misbehave("wait429", 2)
            begun(communes, key="k-2")
            until(lambda: selectors.fanout("k-2").accepted >= 2000)
    first, second = selectors.fanout("k-1"), selectors.fanout("k-2")
    assert (first.targeted, second.targeted) == (3200, 2300)  # who was gone is not asked again
    assert sink.box.accepted == 4000


def test_the_same_approval_clicked_on_two_nodes_is_one_message(tmp_path: Path, sink: Sink) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, 500, origin=sink.origin)

    def click(_node: int) -> str:
        try:
            return begun(communes).audience_hash
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as nodes:
        hashes = set(nodes.map(click, range(4)))
    assert len(hashes) == 1
    view = selectors.fanout("k-1")
    assert (view.targeted, view.waiting) == (500, 500)


def test_two_alerts_at_once_reach_everybody_once_each(tmp_path: Path, sink: Sink) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, 5000, origin=sink.origin)
    for key in ("k-1", "k-2"):
        make.begun(communes, key=key, now=clock.now(), expires_in=timedelta(hours=1), tag=key)
    with sending(2):
        until(lambda: all(selectors.fanout(key).state == "finished" for key in ("k-1", "k-2")))
    assert set(sink.box.got.values()) == {2}
    assert [selectors.fanout(key).accepted for key in ("k-1", "k-2")] == [5000, 5000]


def test_a_service_that_asks_for_patience_for_a_minute_gets_it_and_everybody_is_told_once(
    sink: Sink, tmp_path: Path
) -> None:
    communes = land(tmp_path)
    make.many_phones(communes, 1500, origin=sink.origin)
    sink.misbehave("wait429", 60)
    begun(communes)
    with sending(2):
        until(lambda: selectors.fanout("k-1").accepted == 1500)
    assert (len(sink.box.got), sink.box.duplicates) == (1500, 0)
    # asked for a second's patience each time: a window of each process a second, not every phone over and over
    assert 0 < sink.box.asked["wait429"] < 60 * 2 * rules.Window.FIRST
