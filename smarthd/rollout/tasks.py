"""Doors for the queue: counts are brought up to date twice a minute, difficulties that wait too long every half hour, exemptions and rosters that begin or end by date every night."""

from __future__ import annotations

from smarthd.agencies import selectors as agencies
from smarthd.kernel import actor, clock
from smarthd.kernel.tasks import app
from smarthd.rollout import services
from smarthd.rollout.services import difficulties


@app.periodic(cron="* * * * * */30")  # the sixth field is seconds: what waits longest is half a minute and one count
@app.task(queue="rollout", queueing_lock="rollout.refresh", lock="rollout.refresh")
def refresh(timestamp: int) -> None:
    """Make an event visible within a minute."""
    services.refresh_rollups(now=clock.now())


@app.periodic(cron="5 0 * * *")
@app.task(queue="rollout", queueing_lock="rollout.seats")
def sync_all_seats(timestamp: int) -> None:
    """Follow what changes in rosters by the calendar alone."""
    today = clock.today()
    services.sync_seats([view.id for view in agencies.agencies_on(today)], day=today, now=clock.now())


@app.periodic(cron="*/30 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.escalate_overdue")
def escalate_overdue(timestamp: int) -> None:
    """Send up what its holder is silent about."""
    difficulties.escalate_overdue(actor=actor.system("rollout"), now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.steps", lock="rollout.steps")
def take_steps(timestamp: int) -> None:
    """Take what fell on the ladder of reminders."""
    services.take_steps(now=clock.now())


@app.periodic(cron="7 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.silence", lock="rollout.silence")
def pass_silent(timestamp: int) -> None:
    """Let through what a superior did not look at for two working days."""
    services.pass_silent(actor=actor.system("silence"), now=clock.now())
