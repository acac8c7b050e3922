"""Background work of messaging."""

from __future__ import annotations

from datetime import timedelta

from smarthd.kernel import clock
from smarthd.kernel.tasks import app
from smarthd.messaging import rules, services

KEEP_DELIVERIES = timedelta(days=30)


@app.task(queue="messages", priority=10)
def deliver_code(delivery_id: int) -> None:
    """Try to deliver one code; come back in a moment while tries are left."""
    if services.try_delivery(delivery_id, now=clock.now()) is rules.DeliveryState.WAITING:
        wait_s = int(rules.WAIT_BETWEEN_TRIES.total_seconds())
        deliver_code.configure(schedule_in={"seconds": wait_s}).defer(delivery_id=delivery_id)


@app.periodic(cron="20 2 * * *")
@app.task(queue="housekeeping", queueing_lock="messaging.forget_deliveries")
def forget_deliveries(timestamp: int) -> None:
    """Forget how old codes travelled."""
    services.forget_deliveries(before=clock.now() - KEEP_DELIVERIES)
