"""Two workers at one outbox: every dispatch goes once. These tests commit, and plant for themselves."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.models import Attempt, Dispatch
from smarthd.channels.ports import Taken
from smarthd.channels.rules.dispatches import State
from smarthd.channels.services import dispatching, speaking
from smarthd.channels.tests import make
from smarthd.kernel import clock

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_workers_at_once_send_each_dispatch_once(tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(speaking, "voice", FakeSpeaker)
    monkeypatch.setattr(dispatching, "BATCH", 5)
    clock.set_now(make.NOW)
    make.land(tmp_path)
    for number in range(8):
        make.taken(key=str(number))
    carried, together = [], threading.Barrier(2)

    def carry(parcel):
        carried.append(parcel.key)
        return Taken("x")

    def work(_number):
        try:
            together.wait(5)
            return dispatching.send_due(now=make.NOW, carry=carry)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        tried = list(pool.map(work, range(2)))
    clock.set_now(None)
    assert sum(tried) == len(carried) == len(set(carried)) == Dispatch.objects.count() == 56
    assert set(Dispatch.objects.values_list("state", flat=True)) == {State.SENT}
    assert Attempt.objects.count() == 56
