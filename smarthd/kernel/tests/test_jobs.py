"""Jobs of dead workers go back into their lanes, each once; what cannot be begun again fails where it is seen; old rows are forgotten."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django.models import ProcrastinateJob

from smarthd.kernel import jobs, tasks
from smarthd.kernel.tasks import app

pytestmark = pytest.mark.django_db
LONG_AGO, JUST_NOW = jobs.SILENT_S + 1, 1


def worker(*, silent_s: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second') RETURNING id",
            [silent_s],
        )
        return int(cursor.fetchone()[0])


def taken(by: int | None, *, task: str = "smarthd.kernel.tasks.forget_ended", attempts: int = 0, **more: str) -> int:
    """Return a job as a worker that died leaves it."""
    told = {"queue_name": "housekeeping", "lock": None, "queueing_lock": None} | more
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, attempts, worker_id, args) "
            "VALUES (%s, %s, %s, %s, 'doing', %s, %s, '{\"timestamp\": 0}') RETURNING id",
            [told["queue_name"], task, told["lock"], told["queueing_lock"], attempts, by],
        )
        return int(cursor.fetchone()[0])


def status(pk: int) -> tuple[str, int]:
    job = ProcrastinateJob.objects.get(pk=pk)
    return job.status, job.attempts


@pytest.mark.parametrize(
    ("silent_s", "queue", "after"),
    [
        (JUST_NOW, "housekeeping", "doing"),
        (LONG_AGO, "housekeeping", "todo"),
        (LONG_AGO, "patient", "doing"),
        (1000, "patient", "todo"),
        (None, "housekeeping", "todo"),
        (None, "patient", "todo"),
    ],
)
def test_what_a_worker_had_taken_is_given_back_once_it_is_silent_for_long(monkeypatch, silent_s, queue, after):
    monkeypatch.setattr(jobs, "_silent_s", {"patient": 999})
    pk = taken(None if silent_s is None else worker(silent_s=silent_s), queue_name=queue)
    jobs.give_back()
    assert status(pk) == (after, 1 if after == "todo" else 0)
    assert jobs.give_back() == {}


def test_its_lock_no_longer_stands_in_the_way_of_the_same_work(caplog):
    """The next of a periodic task waits already for the lock: it alone is done, and no index is offended."""
    pk = taken(worker(silent_s=LONG_AGO), lock="kernel.a", queueing_lock="kernel.a")
    twin = tasks.forget_ended.configure(lock="kernel.a", queueing_lock="kernel.a").defer(timestamp=1)
    with caplog.at_level(logging.WARNING):
        assert jobs.give_back() == {"replaced": 1}
    assert (status(pk)[0], status(twin)[0]) == ("aborted", "todo")
    assert "the same waits already" in caplog.text


def test_what_takes_its_worker_down_time_and_again_fails_where_it_is_seen(caplog):
    pk = taken(None)
    for deaths in range(1, jobs.MOST_ATTEMPTS + 1):
        jobs.give_back()
        assert status(pk) == ("todo", deaths)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [pk])
    assert jobs.stalled().count() == 1
    with caplog.at_level(logging.ERROR):
        assert jobs.give_back() == {"failed": 1}
    assert status(pk)[0] == "failed"
    assert "smarthd.kernel.tasks.forget_ended of a dead worker failed" in caplog.text
    assert (jobs.stalled().count(), jobs.failed_since(datetime.now(UTC) - timedelta(hours=1))) == (0, 1)


def test_tries_a_task_allows_itself_are_not_cut_short():
    strategy = tasks.deliver_event.retry_strategy
    assert isinstance(strategy, RetryStrategy)
    assert strategy.max_attempts is not None
    assert strategy.max_attempts > jobs.MOST_ATTEMPTS
    pk = taken(None, task=tasks.deliver_event.name, attempts=strategy.max_attempts - 1)
    assert jobs.give_back() == {"given_back": 1}
    assert status(pk)[0] == "todo"


def test_a_job_whose_task_is_gone_with_an_old_version_fails():
    pk = taken(None, task="smarthd.past.tasks.gone")
    assert jobs.give_back() == {"failed": 1}
    assert status(pk)[0] == "failed"


def test_who_gives_back_waits_for_no_lock_that_may_be_lost_with_it():
    """Otherwise the worker that dies while it gives back would leave everything for ever."""
    assert tasks.give_back_stalled.lock is None
    app.perform_import_paths()
    assert tasks.give_back_stalled.priority > max(
        task.priority for task in app.tasks.values() if task is not tasks.give_back_stalled
    )


def test_a_silent_workers_row_is_kept_for_longer_than_anybody_waits():
    """Without its row the silence is not known, and its jobs are given back at once."""
    app.perform_import_paths()
    assert max(jobs.silence_of(task.queue) for task in app.tasks.values()) < jobs.KEEP_WORKERS_S


def test_jobs_that_ended_long_ago_are_forgotten_failed_ones_later():
    ended = {
        (state, days): _ended(state, days)
        for state in ("succeeded", "failed", "aborted", "cancelled")
        for days in (6, 8, 29, 31)
    }
    waiting = tasks.forget_ended.configure(queueing_lock="kernel.b").defer(timestamp=0)
    jobs.forget_ended()
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    kept = {one for one, pk in ended.items() if pk in left}
    assert kept == {("succeeded", 6)} | {
        (state, days) for state in ("failed", "aborted", "cancelled") for days in (6, 8, 29)
    }
    assert waiting in left


def _ended(state: str, days: int) -> int:
    pk = taken(None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s", [state, pk])
        cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [pk])
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) "
            "VALUES (%s, %s::procrastinate_job_event_type, now() - %s * interval '1 day')",
            [pk, state, days],
        )
    return pk
