"""A machine whose clock jumps: nothing is held, nothing is lost; a disk that is full: keys are made as they are needed."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from smarthd.messaging import selectors
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.adapters.webpush.pool import KeyPool
from smarthd.messaging.services import pushing
from smarthd.messaging.services.sending import Sender
from smarthd.messaging.services.steady import Steady
from smarthd.messaging.tests import make
from smarthd.messaging.tests.make import NOW


class Machine:
    """A clock on the wall that may jump, and seconds that only grow."""

    def __init__(self) -> None:
        self.wall, self.pace = NOW, 0.0

    def goes(self, seconds: float, *, jumps: float = 0.0) -> None:
        self.pace += seconds
        self.wall += timedelta(seconds=seconds + jumps)

    def clock(self) -> Steady:
        return Steady(lambda: self.wall, lambda: self.pace)


@given(some.lists(some.tuples(some.floats(0, 100), some.floats(-7200, 7200)), max_size=30))
def test_it_never_goes_back_and_never_stands_still(steps) -> None:
    machine = Machine()
    steady = machine.clock()
    before = steady()
    for seconds, jumps in steps:
        machine.goes(seconds, jumps=jumps)
        now = steady()
        assert now - before >= timedelta(seconds=seconds) - timedelta(microseconds=5)
        assert now >= machine.wall
        before = now


@pytest.mark.django_db
@pytest.mark.parametrize("jumps", [-3600.0, 3600.0, -86_400.0])
def test_a_clock_that_jumps_in_the_midst_holds_nobody_and_tells_nobody_twice(c, jumps) -> None:
    machine = Machine()
    for _ in range(5):
        make.subscribed(c[:1])
    make.begun(c[:1])
    first = FakeTransport(lambda _request: (503, 0))
    sender = Sender(transport=first, pool=None, now=machine.clock(), chance=lambda: 0.5)
    while sender.step():
        pass
    machine.goes(1, jumps=jumps)
    good = FakeTransport()
    sender._transport = good
    machine.goes(10)  # the wait before the second try is over, by the pace of the process
    sender._look_at = 0.0
    while sender.step():
        pass
    assert selectors.fanout("k-1").accepted == len(good.sent) == 5


@pytest.mark.django_db
def test_on_a_full_disk_messages_go_out_with_keys_made_as_they_are_needed(c, monkeypatch, tmp_path: Path) -> None:
    pool = KeyPool(tmp_path / "pool")
    monkeypatch.setattr(pushing, "pool", lambda: pool)
    monkeypatch.setattr(pushing, "_filled", {})
    for _ in range(3):
        make.subscribed(c[:1])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", full)
        patched.setattr("smarthd.messaging.adapters.webpush.pool._GROW", 0)
        os.ftruncate(pool._file, 97)  # no room but for the mark
        assert pushing.fill_pool(now=NOW) == 0
    make.begun(c[:1])
    transport = FakeTransport()
    sender = Sender(transport=transport, pool=pool, now=lambda: NOW)
    while sender.step():
        pass
    assert selectors.fanout("k-1").accepted == 3
    pool.close()


def test_where_no_pool_can_be_made_there_is_none(monkeypatch) -> None:
    def full() -> KeyPool:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pushing, "pool", full)
    assert pushing._pool_if_any() is None
    assert pushing.fill_pool(now=NOW) == 0
