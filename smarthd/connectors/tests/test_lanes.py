"""Which lane a source is read in: what was slow or failed the last time waits only for its like."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from smarthd.connectors import tasks
from smarthd.connectors.models import Source
from smarthd.connectors.ports import FROM_THE_START, Offer, Reader, SourceRefused, State, Table
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import lanes, promises, pulling, reading, trying, watching
from smarthd.connectors.tests import make
from smarthd.kernel import clock, jobs


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


def test_the_lanes_are_given_back_only_after_their_runs_have_ended():
    assert timedelta(seconds=tasks.LOST_AFTER_S) > watching.LEASE
    assert jobs.silence_of(lanes.QUICK) == jobs.silence_of(lanes.SLOW) == tasks.LOST_AFTER_S


def test_what_a_dead_worker_was_reading_is_read_again_and_its_run_is_ended(source, monkeypatch):
    """The job may come back before anybody looked for lost runs."""
    lost = reading.begin(source, actor=make.SYSTEM, now=make.NOW, lease_until=make.NOW + watching.LEASE)
    later = make.NOW + timedelta(seconds=tasks.LOST_AFTER_S)
    pulled = []
    monkeypatch.setattr(
        pulling, "pull", lambda one, **_how: pulled.append(reading.begin(one, actor=make.SYSTEM, now=later))
    )
    pulling.pull_due(source.uid, now=later)
    lost.refresh_from_db()
    assert (lost.state, lost.words) == (RunState.FAILED, pulling.INTERRUPTED)
    assert len(pulled) == 1


def test_a_trial_that_a_dead_worker_left_is_tried_again(source):
    reading.begin(source, actor=make.SYSTEM, now=make.NOW, lease_until=make.NOW + watching.LEASE)
    later = make.NOW + timedelta(seconds=tasks.LOST_AFTER_S)
    run = trying.try_out(source.uid, now=later, make=lambda _source: _Silent())
    assert run is not None
    assert run.state == RunState.FAILED
    assert "không trả lời" in run.words


class _Silent(Reader):
    def read(self, state: State = FROM_THE_START) -> Table:
        raise SourceRefused("không trả lời")

    def offers(self) -> list[Offer]:
        return []


def test_the_check_is_part_of_what_a_run_took(source, monkeypatch):
    """A source whose check is long is read in the lane of slow ones."""
    clock.set_now(make.NOW)
    understand = reading.checking.understand

    def slowly(*args: Any, **told: Any) -> Any:
        clock.set_now(make.NOW + timedelta(minutes=1))
        return understand(*args, **told)

    monkeypatch.setattr(reading.checking, "understand", slowly)
    try:
        run = pulling.pull(source, actor=make.SYSTEM, now=make.NOW, make=lambda _source: _Telling())
    finally:
        clock.set_now(None)
    assert run.state == RunState.CHECKED
    assert run.ended_at - run.began_at >= timedelta(minutes=1)
    assert lanes.lane_of(source.uid) == lanes.SLOW


class _Telling(Reader):
    def read(self, state: State = FROM_THE_START) -> Table:
        return make.table(make.rows(10))


def test_a_turn_is_taken_with_its_job_or_not_at_all(source, monkeypatch):
    """Where the process dies between the two, the source is still due."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    later = source.next_run_at + timedelta(seconds=1)

    def dies(_uid: object) -> None:
        raise SystemExit

    with monkeypatch.context() as dying:
        dying.setattr(pulling, "enqueue", dies)
        with pytest.raises(SystemExit):
            pulling.start_due(now=later)
    due_at = source.next_run_at
    source.refresh_from_db()
    assert source.next_run_at == due_at
    pulling.start_due(now=later)
    source.refresh_from_db()
    assert source.next_run_at > later
    assert ProcrastinateJob.objects.filter(task_name__endswith="read_source", status="todo").count() == 1


def test_an_owner_is_told_of_a_broken_promise_once_a_day_and_never_lost(source, monkeypatch):
    Source.objects.filter(pk=source.pk).update(version=1, promise_hours=1, confirmed_at=make.NOW - timedelta(days=2))
    told: list[object] = []

    def dies(_event: object) -> None:
        raise SystemExit

    monkeypatch.setattr(promises, "announce", dies)
    with pytest.raises(SystemExit):
        promises.watch(now=make.NOW)
    monkeypatch.setattr(promises, "announce", told.append)
    assert [promises.watch(now=make.NOW), promises.watch(now=make.NOW)] == [1, 0]
    assert len(told) == 1
