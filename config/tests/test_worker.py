"""The worker's own process: it takes what was put off, does it, and leaves when asked."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections, transaction

from config import worker
from smarthd.kernel.tasks import app
from smarthd.rollout.services import dirt
from tests.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)
REFRESH = "smarthd.rollout.tasks.refresh"
TAKEN = "SELECT status FROM procrastinate_jobs WHERE id = %s"


def test_a_worker_does_what_was_put_off_and_leaves_when_asked() -> None:
    job = app.configure_task(REFRESH).defer(timestamp=0)
    with _working() as worker:
        _until(worker, lambda: _status(job) not in {"todo", "doing"})
        words = _told_to_leave(worker)
    assert (_status(job), worker.returncode) == ("succeeded", 0), words


@pytest.mark.slow
def test_what_a_killed_worker_had_taken_is_done_by_the_next() -> None:
    """Under its lock, which the dead one would have held for ever; exactly once more."""
    job = app.configure_task(REFRESH, lock="worker.killed", queueing_lock="worker.killed").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [dirt._COUNTING])  # what the task waits for
        try:
            with _working() as worker:
                _until(worker, lambda: _status(job) == "doing")
                worker.kill()
                worker.communicate(timeout=60)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [dirt._COUNTING])
        assert _status(job) == "doing"
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '2 minutes'")
    try:
        with _working() as worker:
            _until(worker, lambda: _status(job) not in {"todo", "doing"})
            words = _told_to_leave(worker)
        assert _status(job) == "succeeded", words
        assert f"job {job} smarthd.rollout.tasks.refresh of a dead worker given back" in words
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_events WHERE job_id = %s AND type = 'started'", [job])
            assert cursor.fetchone() == (2,)
            cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'")
            assert cursor.fetchone() == (0,)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
            cursor.execute("DELETE FROM procrastinate_workers")


def _working() -> subprocess.Popen[bytes]:
    said = connection.settings_dict
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("SMARTHD_TEST_")},
        "DATABASE_URL": f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}",
        "SMARTHD_MODE": "demo",
        "LOG_LEVEL": "WARNING",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "config.worker"], env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def _until(worker: subprocess.Popen[bytes], true: Callable[[], bool]) -> None:
    """Wait for what must come, for two minutes at most, or until the worker ends by itself."""
    for _attempt in range(1200):
        if worker.poll() is not None or true():
            return
        time.sleep(0.1)


def _told_to_leave(worker: subprocess.Popen[bytes]) -> str:
    worker.send_signal(signal.SIGTERM)
    return worker.communicate(timeout=60)[0].decode()


def _status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [job])
        row = cursor.fetchone()
    return str(row[0]) if row else "gone"


def test_what_a_task_puts_off_is_part_of_its_transaction() -> None:
    """Otherwise a job is begun before its row is there, and one about a row that was rolled back is begun in vain."""

    def put_off() -> list[bool]:
        there = []
        for fails in (True, False):
            with contextlib.suppress(ZeroDivisionError), transaction.atomic():
                job = app.configure_task(REFRESH, queueing_lock=f"worker.{fails}").defer(timestamp=0)
                if fails:
                    raise ZeroDivisionError
            there.append(_status(job) == "todo")
        connections.close_all()
        return there

    async def in_a_worker() -> list[bool]:
        async with worker.working(app).open_async():
            return await sync_to_async(put_off, thread_sensitive=False)()

    app.perform_import_paths()
    with ThreadPoolExecutor(1) as apart:  # a browser of another test may hold a loop in this thread
        assert apart.submit(lambda: asyncio.run(in_a_worker())).result() == [False, True]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock LIKE 'worker.%'")


def test_one_slow_source_holds_up_no_other() -> None:
    """Every source is a job of its own under a lock of its own; no lock is shared, and the lanes have many places."""
    from smarthd.connectors import tasks
    from smarthd.connectors.services import lanes

    assert worker.APART.keys() == {lanes.QUICK, lanes.SLOW}
    assert tasks.read_source.queue == tasks.try_source.queue == lanes.QUICK
    assert min(worker.APART.values()) > 8
    assert tasks.read_source.lock is None
    assert tasks.start_due.queue != tasks.QUEUE, "what is due is found while every place in the lane is taken"
