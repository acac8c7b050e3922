"""A worker's process is killed (SIGKILL) in the middle: nothing is done twice, nothing is lost, and the next one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from smarthd.kernel import clock, events
from smarthd.messaging.models import InboxItem
from smarthd.rollout import services
from smarthd.rollout.models import Consolidation, Reminder
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import NOW, SYSTEM, Desk
from tests.environment import ROOT

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)
THURSDAY_FIVE = clock.at_local(date(2024, 4, 11), 17)
_SETUP = "import django; django.setup(); from datetime import datetime; from smarthd.rollout import services; from smarthd.kernel import actor\n"


@pytest.fixture
def desk() -> Desk:
    return reporting.desk()


def database() -> str:
    """Return the address of the database this test works on, for another process."""
    said = connection.settings_dict
    return f"postgresql://{said['USER']}@/{said['NAME']}?host={said['HOST']}"


@contextmanager
def held(table: str, *, after: int) -> Iterator[psycopg.Connection]:
    """Let the other process write some rows into a table and wait at the next, inside its transaction, by an advisory lock of ours."""
    with psycopg.connect(database(), autocommit=True) as ours:
        ours.execute("SELECT pg_advisory_lock(4711)")
        ours.execute(
            f"""CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF (SELECT count(*) FROM {table}) >= {after} THEN PERFORM pg_advisory_xact_lock(4711); END IF;
              RETURN NEW;
            END $$"""  # noqa: S608 - constants of this file
        )
        ours.execute(f"CREATE TRIGGER wait_here BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION wait_here()")
        try:
            yield ours
        finally:
            ours.execute("SELECT pg_advisory_unlock_all()")
            ours.execute("DROP FUNCTION wait_here CASCADE")


def killed_while(act: str, ours: psycopg.Connection) -> None:
    """Run an act in a process of its own, kill it once it waits in the middle, and wait until the server has let go of it."""
    environ = {
        **{key: value for key, value in os.environ.items() if not key.startswith("SMARTHD_TEST_")},
        "DATABASE_URL": database(),
        "SMARTHD_MODE": "demo",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    with subprocess.Popen(
        [sys.executable, "-c", _SETUP + act], env=environ, cwd=ROOT, stderr=subprocess.PIPE
    ) as process:
        _kill_in_the_middle(process, ours)


def _kill_in_the_middle(process: subprocess.Popen[bytes], ours: psycopg.Connection) -> None:
    waits = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
    for _attempt in range(600):
        if found := ours.execute(waits).fetchone():
            break
        if process.poll() is not None:
            pytest.fail(process.communicate()[1].decode())
        time.sleep(0.1)
    else:
        process.kill()
        pytest.fail("the other process never came to the middle")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    ours.execute("SELECT pg_advisory_unlock_all()")
    ours.execute("SELECT pg_terminate_backend(%s)", [found[0]])
    for _attempt in range(200):
        if not ours.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [found[0]]).fetchone():
            return
        time.sleep(0.05)
    pytest.fail("the server did not let go of the dead process")


def test_a_worker_killed_in_the_middle_of_a_reminder_run_leaves_no_half_of_a_batch(desk: Desk) -> None:
    """It dies with some steps of the batch written and their news announced, none of it committed."""
    with held("rollout_reminder", after=3) as ours:
        killed_while(f"services.take_steps(now=datetime.fromisoformat('{THURSDAY_FIVE.isoformat()}'))", ours)
    assert Reminder.objects.count() == 0
    assert services.take_steps(now=THURSDAY_FIVE) == 6
    assert services.take_steps(now=THURSDAY_FIVE + timedelta(minutes=5)) == 0
    events.deliver_owed()
    told = Counter(InboxItem.objects.filter(kind="rollout.reminder").values_list("account_id", "title"))
    assert set(told.values()) == {1}
    assert {desk.clerk.account_id, desk.head.account_id, desk.district.account_id} == {account for account, _ in told}


def test_a_worker_killed_in_the_middle_of_a_reminder_run_keeps_the_batches_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held("rollout_reminder", after=3) as ours:
        killed_while(
            "from smarthd.rollout.services import reminding; reminding.BATCH = 1\n"
            f"services.take_steps(now=datetime.fromisoformat('{THURSDAY_FIVE.isoformat()}'))",
            ours,
        )
    assert Reminder.objects.count() == 2  # one unit whole, the second one not at all
    assert services.take_steps(now=THURSDAY_FIVE) == 4
    events.deliver_owed()
    told = Counter(InboxItem.objects.filter(kind="rollout.reminder").values_list("account_id", flat=True))
    assert set(told.values()) == {1}
    assert Reminder.objects.count() == 6


def test_a_worker_killed_in_the_middle_of_a_consolidation_leaves_none_and_the_next_is_the_first(desk: Desk) -> None:
    reporting.submitted(desk)
    when = NOW + timedelta(hours=1)
    with held("rollout_consolidation", after=0) as ours:
        killed_while(
            f"services.consolidate('{desk.period.uid}', 'tuan', agency_id={desk.world.department}, "
            f"actor=actor.system('worker'), now=datetime.fromisoformat('{when.isoformat()}'))",
            ours,
        )
    assert Consolidation.objects.count() == 0
    made = services.consolidate(
        desk.period.uid, "tuan", agency_id=desk.world.department, actor=SYSTEM, now=when + timedelta(minutes=1)
    )
    assert (made.version, made.content["handed_in"], services.reproduces(made)) == (1, 1, True)
    again = services.consolidate(
        desk.period.uid, "tuan", agency_id=desk.world.department, actor=SYSTEM, now=when + timedelta(minutes=2)
    )
    assert again.pk == made.pk
