"""Background work of channels."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from procrastinate.exceptions import AlreadyEnqueued

from smarthd.channels.services import dispatching, receipts, retention
from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily

KEEP = timedelta(days=365)
HEAR_AFTER_S = 8


@app.task(queue="messages", priority=5)
def send_due() -> None:
    """Send what is due now; what fails is tried again by ``sweep``, the urgent within seconds by itself."""
    dispatching.send_due(now=clock.now())
    wait_s = dispatching.seconds_to_next(now=clock.now())
    if wait_s is not None:
        with suppress(AlreadyEnqueued):
            send_due.configure(schedule_in={"seconds": wait_s}, queueing_lock="channels.send_again").defer()

    if receipts.awaits_words(now=clock.now()):
        with suppress(AlreadyEnqueued):
            hear_clusters.configure(schedule_in={"seconds": HEAR_AFTER_S}, queueing_lock="channels.hear").defer()


@app.task(queue="messages", priority=5)
def hear_clusters() -> None:
    """Ask the clusters soon after they were told, so that the desk sees within seconds what was played; later ``sweep`` asks."""
    receipts.collect_words(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="channels.sweep", lock="channels.sweep")
def sweep(timestamp: int) -> None:
    """Send what is due, take up what a dead worker left, ask the clusters what they played."""
    dispatching.send_due(now=clock.now())
    receipts.collect_words(now=clock.now())


@app.periodic(cron=daily(2, 50))
@app.task(queue="housekeeping", queueing_lock="channels.forget")
def forget(timestamp: int) -> None:
    """Forget each try, and who confirmed, after a year."""
    retention.forget_old(before=clock.now() - KEEP)
