"""The kernel's own background work, and the queue every context's tasks.py uses."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from smarthd.kernel import events

__all__ = ["app", "deliver_event"]


@app.task(queue="events", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def deliver_event(delivery_id: int) -> None:
    """Deliver one announced event."""
    events.deliver(delivery_id)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="events", queueing_lock="kernel.sweep_outbox")
def sweep_outbox(timestamp: int) -> None:
    """Deliver what a lost job left behind."""
    events.deliver_owed()
