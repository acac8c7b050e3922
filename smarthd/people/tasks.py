"""Background work of people."""

from __future__ import annotations

from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily
from smarthd.people import services


@app.periodic(cron=daily(2, 40))
@app.task(queue="housekeeping", queueing_lock="people.retention")
def apply_retention(timestamp: int) -> None:
    """Delete what has outlived its purpose."""
    services.apply_retention(now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="housekeeping", queueing_lock="people.lapse_assistances")
def lapse_assistances(timestamp: int) -> None:
    """End every help whose half hour is over."""
    services.lapse_assistances(now=clock.now())
