"""The worker's own process: it takes what was put off, does it, and leaves when asked."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from config import worker
from smarthd.kernel.tasks import app
from tests.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)
TAKEN = "SELECT status FROM procrastinate_jobs WHERE id = %s"


def test_a_worker_does_what_was_put_off_and_leaves_when_asked() -> None:
    said = connection.settings_dict
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("SMARTHD_TEST_")},
        "DATABASE_URL": f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}",
        "SMARTHD_MODE": "demo",
    }
    task = next(name for name in app.tasks if name.endswith(".refresh"))
    job = app.configure_task(task).defer(timestamp=0)
    with subprocess.Popen(
        [sys.executable, "-m", "config.worker"], env=environ, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as worker:
        for _attempt in range(600):
            if worker.poll() is not None or _status(job) not in {"todo", "doing"}:
                break
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        words = worker.communicate(timeout=60)[0].decode()
    assert (_status(job), worker.returncode) == ("succeeded", 0), words


def _status(job: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, [job])
        row = cursor.fetchone()
    return str(row[0]) if row else "gone"


def test_one_slow_source_holds_up_no_other() -> None:
    """Every source is a job of its own under a lock of its own; no lock is shared, and the lanes have many places."""
    from smarthd.connectors import tasks
    from smarthd.connectors.services import lanes

    assert worker.APART.keys() == {lanes.QUICK, lanes.SLOW}
    assert tasks.read_source.queue == tasks.try_source.queue == lanes.QUICK
    assert min(worker.APART.values()) > 8
    assert tasks.read_source.lock is None
    assert tasks.start_due.queue != tasks.QUEUE, "what is due is found while every place in the lane is taken"
