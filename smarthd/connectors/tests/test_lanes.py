"""Which lane a source is read in: what was slow or failed the last time waits only for its like."""

from __future__ import annotations

from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection

from smarthd.connectors import tasks
from smarthd.connectors.models import Source
from smarthd.connectors.ports import SourceRefused
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import lanes, pulling, reading
from smarthd.connectors.tests import make


def _file(agency: int, title: str) -> Source:
    return make.source(
        agency, SourceKind.FILE, title=title, place={"url": "https://so.example.vn/a.csv"}, every_minutes=5
    )


@pytest.fixture
def source(world: Any) -> Source:
    return make.mapped(_file(world.department, "Nhà thuốc"))


def test_what_failed_or_was_slow_waits_only_for_its_like(source):
    assert lanes.lane_of(source.uid) == lanes.QUICK
    run = reading.begin(source, actor=make.SYSTEM, now=make.NOW)
    assert lanes.lane_of(source.uid) == lanes.QUICK
    reading.close(run, RunState.UNCHANGED, now=make.NOW + lanes.LONG)
    assert lanes.lane_of(source.uid) == lanes.QUICK
    run = reading.begin(source, actor=make.SYSTEM, now=make.NOW)
    reading.close(run, RunState.UNCHANGED, now=make.NOW + lanes.LONG * 2)
    assert lanes.lane_of(source.uid) == lanes.SLOW
    run = reading.begin(source, actor=make.SYSTEM, now=make.NOW)
    pulling.failed(source, run, SourceRefused("máy chủ trả lời 404"))
    assert lanes.lane_of(source.uid) == lanes.SLOW
    run = reading.begin(source, actor=make.SYSTEM, now=make.NOW)
    reading.close(run, RunState.PUBLISHED, now=make.NOW)
    assert lanes.lane_of(source.uid) == lanes.QUICK


def test_what_somebody_asked_for_comes_before_what_the_schedule_brings(source):
    from procrastinate.contrib.django.models import ProcrastinateJob

    pulling.enqueue(source.uid)
    other = _file(source.agency_id, "Chợ")
    pulling.ask_to_read(uid=other.uid, actor=make.SYSTEM, now=make.NOW)
    told = {job.args["uid"]: job.priority for job in ProcrastinateJob.objects.filter(task_name__endswith="read_source")}
    assert told[str(other.uid)] > told[str(source.uid)]


def test_what_a_dead_worker_had_taken_is_begun_again_but_not_for_ever(source):
    """Its lock would keep the source from ever being read again."""
    pulling.enqueue(source.uid)
    for deaths in range(1, tasks.MOST_ATTEMPTS + 1):
        _taken_by_one_that_died()
        async_to_sync(tasks.give_back_lost.func)(timestamp=0)
        assert _jobs() == [("todo", deaths)]
    _taken_by_one_that_died()
    async_to_sync(tasks.give_back_lost.func)(timestamp=0)
    assert [status for status, _attempts in _jobs()] == ["failed"]


def _taken_by_one_that_died() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL")


def _jobs() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs WHERE task_name LIKE '%read_source'")
        return [(str(status), int(attempts)) for status, attempts in cursor.fetchall()]
