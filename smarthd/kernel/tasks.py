"""The kernel's own background work, and the queue every context's tasks.py uses."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from smarthd.kernel import events, jobs

__all__ = ["app", "daily", "deliver_event"]

_EAST_OF_UTC = 7  # Asia/Ho_Chi_Minh, without summer time since 1975


def daily(hour: int, *minutes: int) -> str:
    """Return the cron line of every day at an hour of Vietnam: the queue reckons its lines in UTC, whatever the server's zone."""
    return f"{','.join(str(minute) for minute in minutes or (0,))} {(hour - _EAST_OF_UTC) % 24} * * *"


@app.task(queue="events", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver_event(delivery_id: int) -> None:
    """Deliver one announced event."""
    events.deliver(delivery_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="events", queueing_lock="kernel.sweep_outbox")
def sweep_outbox(timestamp: int) -> None:
    """Deliver what a lost job left behind."""
    events.deliver_owed()


@app.periodic(cron="* * * * * */30")
@app.task(queue="events", queueing_lock="kernel.give_back_stalled", priority=30)
def give_back_stalled(timestamp: int) -> None:
    """Give back what dead workers had taken; first of all, for others wait for its locks. It has no lock itself: it may be lost too."""
    jobs.give_back()


@app.periodic(cron=daily(3, 20))
@app.task(queue="housekeeping", queueing_lock="kernel.forget_ended")
def forget_ended(timestamp: int) -> None:
    """Forget jobs that ended long ago."""
    jobs.forget_ended()
