"""Doors for the queue: counts twice a minute, reminders every five, silence every hour, difficulties every half, integrity every
hour, digests each morning, what begins or ends by date every night."""

from __future__ import annotations

from smarthd.agencies import selectors as agencies
from smarthd.kernel import actor, clock
from smarthd.kernel.tasks import app, daily
from smarthd.rollout import selectors, services
from smarthd.rollout.services import difficulties


@app.periodic(cron="* * * * * */30")  # the sixth field is seconds: what waits longest is half a minute and one count
@app.task(queue="rollout", queueing_lock="rollout.refresh", lock="rollout.refresh")
def refresh(timestamp: int) -> None:
    """Make an event visible within a minute."""
    services.refresh_rollups(now=clock.now())


@app.periodic(cron=daily(0, 5))
@app.task(queue="rollout", queueing_lock="rollout.seats")
def sync_all_seats(timestamp: int) -> None:
    """Follow what changes in rosters, and who holds what is owed, by the calendar alone."""
    today = clock.today()
    services.follow_agencies(now=clock.now())
    services.sync_seats([view.id for view in agencies.agencies_on(today)], day=today, now=clock.now())


@app.periodic(cron="*/30 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.escalate_overdue")
def escalate_overdue(timestamp: int) -> None:
    """Send up what its holder is silent about."""
    difficulties.escalate_overdue(actor=actor.system("rollout"), now=clock.now())


@app.periodic(cron="7 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.silence", lock="rollout.silence")
def pass_silent(timestamp: int) -> None:
    """Let through what a superior did not look at for two working days."""
    services.pass_silent(actor=actor.system("silence"), now=clock.now())


@app.periodic(cron="*/5 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.remind", lock="rollout.remind")
def remind(timestamp: int) -> None:
    """Take the steps of the ladder that have fallen."""
    services.take_steps(now=clock.now())


@app.periodic(cron=daily(7, 30, 40, 50))
@app.task(queue="rollout", queueing_lock="rollout.digests", lock="rollout.digests")
def send_digests(timestamp: int) -> None:
    """Tell superiors once a day; the later runs finish what the first could not."""
    services.send_digests(now=clock.now())


@app.periodic(cron="15 * * * *")
@app.task(queue="rollout", queueing_lock="rollout.sweep", lock="rollout.sweep")
def sweep(timestamp: int) -> None:
    """Look for accounts that may be no persons."""
    services.sweep(now=clock.now())


@app.periodic(cron=daily(1, 40))
@app.task(queue="rollout", queueing_lock="rollout.sweep_reports")
def sweep_reports(timestamp: int) -> None:
    """Look at what units reported and measured, and forget old traces."""
    now = clock.now()
    for campaign in selectors.campaigns():
        services.sweep_reports(campaign.id, now=now)
    services.sweep_units(now=now)
    services.forget_old_traces(now=now)
