"""Background work of messaging."""

from __future__ import annotations

from datetime import timedelta

from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily
from smarthd.messaging import rules, services
from smarthd.messaging.services import texting

KEEP_DELIVERIES = timedelta(days=30)
KEEP_MAILS = timedelta(days=180)
KEEP_INBOX = timedelta(days=365)
KEEP_SILENT_PHONES = timedelta(days=365)


@app.task(queue="messages", priority=10)
def deliver_code(delivery_id: int) -> None:
    """Try to deliver one code; come back in a moment while tries are left."""
    if services.try_delivery(delivery_id, now=clock.now()) is rules.DeliveryState.WAITING:
        wait_s = int(rules.WAIT_BETWEEN_TRIES.total_seconds())
        deliver_code.configure(schedule_in={"seconds": wait_s}).defer(delivery_id=delivery_id)


@app.task(queue="messages")
def deliver_mail(mail_id: int) -> None:
    """Try to send one e-mail for the first time; later tries are the sweep's."""
    services.try_mail(mail_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="messaging.send_due_mails", lock="messaging.send_due_mails")
def send_due_mails(timestamp: int) -> None:
    """Try again what could not be sent, and take up what a dead worker left."""
    services.send_due_mails(now=clock.now())


@app.task(queue="messages")
def push_notices(account_id: int) -> None:
    """Push what waits for one account; what must wait longer is the sweep's."""
    services.push_notices_of(account_id, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(queue="messages", queueing_lock="messaging.push_due_notices", lock="messaging.push_due_notices")
def push_due_notices(timestamp: int) -> None:
    """Push what quiet hours held, what is to be tried again, and what a dead worker left."""
    services.push_due_notices(now=clock.now())


@app.periodic(cron="* * * * * */15")
@app.task(queue="messages", queueing_lock="messaging.send_due_texts", lock="messaging.send_due_texts", priority=5)
def send_due_texts(timestamp: int) -> None:
    """Send the texts that stand in for push."""
    while texting.send_due_texts(now=clock.now()) == texting.BATCH:
        pass


@app.periodic(cron=daily(2, 20))
@app.task(queue="housekeeping", queueing_lock="messaging.forget_deliveries")
def forget_deliveries(timestamp: int) -> None:
    """Forget how old codes and e-mails travelled, and messages nobody needs any more."""
    now = clock.now()
    services.forget_deliveries(before=now - KEEP_DELIVERIES)
    services.forget_mails(before=now - KEEP_MAILS)
    services.forget_old_items(before=now - KEEP_INBOX)
    services.forget_notices(before=now - KEEP_DELIVERIES)
    services.forget_fanouts(before=now - KEEP_DELIVERIES)
    texting.forget_texts(before=now - KEEP_DELIVERIES)
    services.forget_silent_phones(before=now - KEEP_SILENT_PHONES)
