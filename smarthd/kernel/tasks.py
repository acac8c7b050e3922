"""The kernel's own background work, and the queue every context's tasks.py uses."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from smarthd.kernel import events

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
