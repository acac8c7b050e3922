"""The queue as its operators see it: whatever ended stays out of the way; what failed is begun again or given up, each once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from smarthd.kernel import clock, job_board, job_faults, jobs, tasks
from smarthd.kernel.actor import Actor
from smarthd.kernel.models import AuditEntry, JobFault
from smarthd.kernel.tests.test_jobs import LONG_AGO, taken, worker

pytestmark = pytest.mark.django_db
ME = Actor(account_id=5)
TASK = "smarthd.kernel.tasks.forget_ended"


def sql(statement: str, *params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def failed(error: str = "OperationalError", **more: Any) -> int:
    """Return a job that was begun and failed."""
    pk = taken(worker(silent_s=1), **more)
    job_faults.note(pk, error, place="smarthd/kernel/jobs.py:1", at=clock.now())
    jobs._end(pk, jobs.Status.FAILED)
    return pk


def seen(**asked: Any) -> job_board.Board:
    return job_board.board(now=clock.now(), **asked)


def lane(name: str) -> job_board.Lane:
    return next(one for one in seen().lanes if one.name == name)


def test_a_lane_says_how_many_wait_and_since_when():
    assert lane("events") == job_board.Lane("events"), "also where nothing waits"
    first = tasks.deliver_event.defer(delivery_id=1)
    tasks.deliver_event.defer(delivery_id=2)
    tasks.deliver_event.configure(schedule_in={"hours": 2}).defer(delivery_id=3)
    sql("UPDATE procrastinate_events SET at = now() - interval '90 minutes' WHERE job_id = %s", first)
    told = lane("events")
    assert (told.waiting, told.later, told.doing) == (2, 1, 0)
    assert told.oldest_at is not None
    assert timedelta(minutes=89) < clock.now() - told.oldest_at < timedelta(minutes=95)
    late = tasks.deliver_event.configure(schedule_in={"hours": 1}).defer(delivery_id=4)
    sql("UPDATE procrastinate_jobs SET scheduled_at = now() - interval '3 hours' WHERE id = %s", late)
    told = lane("events")
    assert told.waiting == 3
    assert clock.now() - told.oldest_at > timedelta(minutes=170), "it was due before the other was put off"


def test_what_is_being_done_is_told_with_its_worker_and_what_is_stalled():
    alive, dead = worker(silent_s=1), worker(silent_s=LONG_AGO)
    good, lost = taken(alive), taken(dead)
    sql("INSERT INTO procrastinate_events (job_id, type) VALUES (%s, 'started')", good)
    told = seen()
    assert [(one.id, one.worker_id, one.stalled, one.began_at is not None) for one in told.doing] == [
        (good, alive, False, True),
        (lost, dead, True, False),
    ]
    assert [(one.id, one.doing, one.silent) for one in told.workers] == [(alive, 1, False), (dead, 1, True)]
    assert not told.nobody_works


def test_nobody_works_where_no_worker_is_alive():
    assert seen().nobody_works
    worker(silent_s=LONG_AGO)
    assert seen().nobody_works


def test_what_failed_is_told_newest_first_page_by_page(monkeypatch):
    monkeypatch.setattr(job_board, "EACH_PAGE", 2)
    pks = [failed() for _one in range(5)]
    first = seen()
    assert [one.id for one in first.failed] == pks[:2:-1]
    assert (first.failed_count, first.more_after) == (5, pks[3])
    assert [one.id for one in seen(failed_before=first.more_after).failed] == pks[2:0:-1]
    one = first.failed[0]
    assert (one.error, one.place, one.attempts, one.failed_at is not None) == (
        "OperationalError",
        "smarthd/kernel/jobs.py:1",
        1,
        True,
    )


def test_a_failed_job_is_begun_again_once():
    pk = failed()
    assert jobs.begin_again(pk, actor=ME, now=clock.now()) == TASK
    job = ProcrastinateJob.objects.get(pk=pk)
    assert (job.status, job.attempts) == ("todo", 0), "tried as often as a new one"
    with pytest.raises(jobs.JobUnknown):
        jobs.begin_again(pk, actor=ME, now=clock.now())
    [entry] = AuditEntry.objects.filter(act="kernel.job_begun_again")
    assert (entry.account_id, entry.subject_id, entry.facts) == (5, str(pk), {"task": TASK})


def test_it_is_not_begun_beside_the_same_that_waits():
    pk = failed(queueing_lock="kernel.a")
    tasks.forget_ended.configure(queueing_lock="kernel.a").defer(timestamp=1)
    with pytest.raises(jobs.SameWaits):
        jobs.begin_again(pk, actor=ME, now=clock.now())
    assert ProcrastinateJob.objects.get(pk=pk).status == "failed"
    assert not AuditEntry.objects.filter(act="kernel.job_begun_again").exists()


def test_a_failed_job_that_is_given_up_no_longer_counts_and_is_forgotten_in_its_time():
    pk = failed()
    assert jobs.drop(pk, actor=ME, now=clock.now()) == TASK
    assert (seen().failed, jobs.failed_since(clock.now() - timedelta(days=1))) == ((), 0)
    with pytest.raises(jobs.JobUnknown):
        jobs.drop(pk, actor=ME, now=clock.now())
    assert AuditEntry.objects.filter(act="kernel.job_dropped", subject_id=str(pk)).count() == 1
    sql("UPDATE procrastinate_events SET at = at - interval '31 days' WHERE job_id = %s", pk)
    jobs.forget_ended()
    assert not ProcrastinateJob.objects.filter(pk=pk).exists()
    assert not JobFault.objects.exists()


def test_neither_touches_what_did_not_fail():
    for pk in (taken(worker(silent_s=1)), tasks.deliver_event.defer(delivery_id=1), 10**9):
        for act in (jobs.begin_again, jobs.drop):
            with pytest.raises(jobs.JobUnknown):
                act(pk, actor=ME, now=clock.now())


def test_the_place_of_a_fault_is_the_innermost_line_of_ours():
    try:
        clock.at_local("x", 1)  # type: ignore[arg-type]
    except TypeError as fault:
        place = job_faults.place_of(fault)
    assert place.startswith("smarthd/kernel/")
    assert place.rpartition(":")[2].isdigit()


def test_what_died_with_its_workers_says_so():
    pk = taken(None, attempts=jobs.MOST_ATTEMPTS)
    odd = taken(None, task="smarthd.gone.task")
    jobs.give_back()
    told = {one.id: one.error for one in seen().failed}
    assert told == {pk: job_faults.WORKER_DIED, odd: job_faults.NO_SUCH_TASK}


def test_tasks_that_come_by_the_clock_say_their_last_turn_and_their_next():
    pk = tasks.forget_ended.defer(timestamp=1)
    at = int(clock.now().timestamp())
    sql(
        "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp, job_id) VALUES (%s, '', %s, %s)",
        TASK,
        at,
        pk,
    )
    turns = {one.task: one for one in seen().turns}
    told = turns[TASK]
    assert (int(told.last_at.timestamp()), told.status) == (at, "todo")
    assert told.next_at.astimezone(clock.ZONE).strftime("%H:%M") == "03:20"
    assert clock.now() < told.next_at <= clock.now() + timedelta(days=1)
    other = turns["smarthd.kernel.tasks.sweep_outbox"]
    assert (other.last_at, other.status) == (None, "")


def test_a_hundred_thousand_ended_jobs_do_not_slow_it_down():
    """Every statement finds what it wants by an index; none reads through the jobs that ended, or their events."""
    sql("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")
    sql(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args) SELECT 'events', "
        "'smarthd.kernel.tasks.deliver_event', 'succeeded', 1, '{}' FROM generate_series(1, 100000)"
    )
    sql("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
    sql(
        "INSERT INTO procrastinate_events (job_id, type) SELECT id, t.type::procrastinate_job_event_type FROM procrastinate_jobs, "
        "(VALUES ('deferred'), ('started'), ('succeeded')) t(type)"
    )
    for _one in range(3):
        failed()
        tasks.deliver_event.defer(delivery_id=1)
    taken(worker(silent_s=1))
    sql("ANALYZE procrastinate_jobs")
    sql("ANALYZE procrastinate_events")
    with CaptureQueriesContext(connection) as asked:
        told = seen()
        jobs.failed_since(clock.now() - timedelta(days=1))
    assert (len(told.failed), len(told.doing), lane("events").waiting) == (3, 1, 3)
    assert len(asked) == 9
    for one in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {one['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert "Seq Scan on procrastinate_jobs" not in plan, plan
        assert "Seq Scan on procrastinate_events" not in plan, plan
