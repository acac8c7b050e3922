"""Doors for the queue: sources whose time has come, each a job of its own; promises, every morning."""

from __future__ import annotations

from uuid import UUID

from smarthd.connectors.services import (
    dossiers,
    following,
    indexes,
    lanes,
    promises,
    pulling,
    reading,
    retention,
    sensors,
    trying,
    words,
)
from smarthd.kernel import clock, jobs
from smarthd.kernel.tasks import app, daily

QUEUE = lanes.QUICK
LOST_AFTER_S = 150
"""Longer than a run's lease: what a dead worker was reading is given back when its run has ended."""
for lane in (lanes.QUICK, lanes.SLOW):
    jobs.wait_for(lane, seconds=LOST_AFTER_S)


@app.periodic(cron="* * * * *")
@app.task(queue="housekeeping", queueing_lock="connectors.due")
def start_due(timestamp: int) -> None:
    """Put every source whose time has come into the lane; one that still waits there is not put twice."""
    pulling.start_due(now=clock.now())


@app.task(queue=QUEUE)
def read_source(uid: str) -> None:
    """Read one source."""
    pulling.pull_due(UUID(uid), now=clock.now())


@app.task(queue=QUEUE)
def try_source(uid: str) -> None:
    """Try one source: nothing of it becomes public."""
    trying.try_out(UUID(uid), now=clock.now())


@app.task(queue=QUEUE)
def check_file(run_id: int) -> None:
    """Check a large file that was handed in."""
    reading.check_kept(run_id, now=clock.now())


@app.periodic(cron=daily(3))
@app.task(queue="housekeeping", queueing_lock="connectors.retention")
def clear_old_files(timestamp: int) -> None:
    """Destroy files that were read and are no longer needed."""
    retention.apply_retention(now=clock.now())


@app.periodic(cron=daily(8))
@app.task(queue="housekeeping", queueing_lock="connectors.promises")
def watch_promises(timestamp: int) -> None:
    """Tell owners what is older than promised."""
    promises.watch(now=clock.now())


@app.task(queue=QUEUE)
def find_words(source_id: int) -> None:
    """Make a dataset's public rows be found by words."""
    words.bring_up(source_id)


@app.task(queue=QUEUE)
def keep_indexes(source_id: int) -> None:
    """Make a dataset's indexes those its readers ask by."""
    indexes.keep(source_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="housekeeping", queueing_lock="connectors.words")
def find_owed_words(timestamp: int) -> None:
    """Ask for the words and indexes of datasets that still owe them (after an upgrade, or where a job was lost); forget the words of
    datasets that ended."""
    words.forget_ended()
    for source_id in words.behind():
        words.ask(source_id)
    for source_id in indexes.owing():
        indexes.ask(source_id)


@app.periodic(cron=daily(7))
@app.task(queue="housekeeping", queueing_lock="connectors.digests")
def tell_digests(timestamp: int) -> None:
    """Tell those who follow whole datasets what changed since yesterday."""
    following.tell_digests(now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="connectors.stations")
def watch_stations(timestamp: int) -> None:
    """Judge every station that is watched; above all, notice those that fell silent."""
    sensors.watch_all(now=clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(queue=QUEUE, queueing_lock="connectors.dossiers")
def ask_about_dossiers(timestamp: int) -> None:
    """Ask about followed dossiers whose turn it is."""
    dossiers.ask_due(now=clock.now())
