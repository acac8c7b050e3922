"""Calls are kept in memory for a moment and written together; nothing is lost but by a kill, and limits hold."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.programs.metering import NEAR, Meter
from smarthd.programs.models import CallCount, DatasetUse

HOUR = datetime(2026, 11, 24, 2, tzinfo=UTC)
ASKER = ("asker", HOUR)
USE = ("tram-y-te", HOUR.date(), "ogc")
LONG = 1_000.0
"""A moment no test outlasts."""


@pytest.fixture
def asked() -> list[float]:
    return []


@pytest.fixture
def meter(db: None, asked: list[float]) -> Meter:
    return Meter(later=asked.append)


def written() -> tuple[int, int]:
    calls = CallCount.objects.filter(mark="asker").values_list("calls", flat=True).first() or 0
    uses = DatasetUse.objects.filter(dataset="tram-y-te").values_list("calls", flat=True).first() or 0
    return calls, uses


def test_the_first_call_is_written_and_the_next_are_kept(meter, asked):
    found = [meter.count(ASKER, USE, limit=10_000, moment=LONG) for _ in range(5)]
    assert found == [1, 2, 3, 4, 5]
    assert written() == (1, 1)
    assert asked == [2 * LONG], "one writing is arranged, however many calls are kept"
    meter.write_all()
    assert written() == (5, 5)
    assert meter.count(ASKER, USE, limit=10_000, moment=LONG) == 6
    assert len(asked) == 2


def test_calls_are_written_by_the_next_call_after_a_moment(meter):
    for _ in range(4):
        meter.count(ASKER, USE, limit=10_000, moment=LONG)
    with CaptureQueriesContext(connection) as told:
        meter.count(ASKER, USE, limit=10_000, moment=0.0)
    assert len(told) == 1
    assert written() == (5, 5)


def test_a_limit_holds_with_calls_in_memory(meter):
    found = [meter.count(ASKER, USE, limit=NEAR + 20, moment=LONG) for _ in range(NEAR + 30)]
    assert found == list(range(1, NEAR + 31))
    meter.write_all()
    assert written() == (NEAR + 30, NEAR + 20), "what is beyond the limit is a call and no use"


def test_two_processes_count_into_one(meter):
    other = Meter(later=lambda _seconds: None)
    for each in (meter, other, meter, other):
        each.count(ASKER, USE, limit=2, moment=0.0)
    assert written() == (4, 2)


def test_a_call_that_uses_nothing_is_counted(meter):
    meter.count(ASKER, None, limit=5, moment=0.0)
    assert written() == (1, 0)


def test_writing_nothing_asks_nothing(meter):
    with CaptureQueriesContext(connection) as told:
        meter.write_all()
    assert len(told) == 0
