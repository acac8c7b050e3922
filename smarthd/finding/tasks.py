"""Doors for the queue."""

from __future__ import annotations

from smarthd.finding.services import keeping
from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily


@app.task(queue="finding")
def refresh_part(part: str) -> None:
    """Make a part of the index what its owners tell now."""
    keeping.refresh(part, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="finding", queueing_lock="finding.content")
def watch_content(timestamp: int) -> None:
    """Take in what changed in the directory, whose edits announce nothing."""
    keeping.watch_content(now=clock.now())


@app.periodic(cron=daily(2, 40))
@app.task(queue="finding", queueing_lock="finding.rebuild")
def rebuild(timestamp: int) -> None:
    """Every night, put right whatever an announcement that was lost left behind."""
    keeping.rebuild(now=clock.now())
