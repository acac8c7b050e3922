"""Doors for the queue: who called in hours that are over is forgotten."""

from __future__ import annotations

from smarthd.kernel import clock
from smarthd.kernel.tasks import app
from smarthd.programs import services


@app.periodic(cron="7 * * * *")
@app.task(queue="housekeeping", queueing_lock="programs.forget_calls")
def forget_calls(timestamp: int) -> None:
    """Forget who called in hours that are over."""
    services.forget_calls(now=clock.now())
