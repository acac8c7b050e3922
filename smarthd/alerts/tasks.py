"""Doors for the queue: every minute what is owed goes out and what is over ends; at night contacts are forgotten."""

from __future__ import annotations

from datetime import timedelta

from smarthd.alerts.services import erasure, following, issuing, publishing, rehearsals, texting
from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily

KEEP_CONTACTS = timedelta(days=90)


@app.periodic(cron="* * * * * */20")
@app.task(queue="alerts", queueing_lock="alerts.sweep", lock="alerts.sweep", priority=20)
def sweep(timestamp: int) -> None:
    """Send out what is owed, end what is over."""
    now = clock.now()
    issuing.issue_owed(now=now)
    issuing.expire_due(now=now)
    texting.text_owed(now=now)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="alerts", queueing_lock="alerts.files", lock="alerts.files")
def write_files(timestamp: int) -> None:
    """Write every commune's file anew where it differs."""
    publishing.publish_all(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="alerts", queueing_lock="alerts.follow", priority=-5)
def follow(timestamp: int) -> None:
    """Fetch others' messages whose turn it is."""
    following.follow_due(now=clock.now())


@app.task(queue="alerts")
def follow_asked() -> None:
    """Fetch now what somebody asked for."""
    following.follow_due(now=clock.now())


@app.periodic(cron=daily(2, 40))
@app.task(queue="housekeeping", queueing_lock="alerts.forget")
def forget_contacts(timestamp: int) -> None:
    """Forget where people were and how they were called."""
    erasure.forget_contacts(before=clock.now() - KEEP_CONTACTS)


@app.periodic(cron=daily(8, 10))
@app.task(queue="housekeeping", queueing_lock="alerts.rehearsal_due")
def remind_of_rehearsal(timestamp: int) -> None:
    """Ask for the monthly rehearsal where none has passed."""
    rehearsals.remind_due(now=clock.now())
