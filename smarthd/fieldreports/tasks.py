"""Doors for the queue: photos at once; terms every ten minutes; what ends by silence every half hour; the map twice a minute; summaries
on Monday mornings; what is kept no longer, at night."""

from __future__ import annotations

from uuid import UUID

from procrastinate import JobContext, RetryStrategy

from smarthd.fieldreports.services import bringing, closing, mapping, photos, retention, terms, weekly
from smarthd.kernel import actor, clock
from smarthd.kernel.tasks import app

BRING_TRIES = 3


@app.task(queue="photos", retry=RetryStrategy(max_attempts=5, exponential_wait=5))
def process_attachment(attachment_uid: str) -> None:
    """Make what is shown of one attachment."""
    photos.process(UUID(attachment_uid), now=clock.now())


@app.task(queue="photos", retry=RetryStrategy(max_attempts=BRING_TRIES, exponential_wait=15), pass_context=True)
def bring_picture(context: JobContext, report_uid: str, url: str, hosts: list[str]) -> None:
    """Fetch the picture another program named."""
    last = context.job is None or context.job.attempts >= BRING_TRIES
    bringing.bring(UUID(report_uid), url=url, hosts=hosts, now=clock.now(), last=last)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="fieldreports", queueing_lock="fieldreports.terms", lock="fieldreports.terms")
def watch_terms(timestamp: int) -> None:
    """Remind before terms, tell upward after them."""
    terms.watch(actor=actor.system("fieldreports"), now=clock.now())


@app.periodic(cron="*/30 * * * *")
@app.task(queue="fieldreports", queueing_lock="fieldreports.close", lock="fieldreports.close")
def close_silent(timestamp: int) -> None:
    """End what nobody spoke against."""
    closing.close_due(actor=actor.system("fieldreports"), now=clock.now())


@app.periodic(cron="* * * * * */30")
@app.task(queue="fieldreports", queueing_lock="fieldreports.map", lock="fieldreports.map")
def fold_map(timestamp: int) -> None:
    """Fold what changed into the map's cells."""
    mapping.fold()


@app.periodic(cron="30,50 7 * * 1")
@app.task(queue="fieldreports", queueing_lock="fieldreports.weekly", lock="fieldreports.weekly")
def send_summaries(timestamp: int) -> None:
    """Tell who follows a commune or a street what its week was."""
    weekly.send_summaries(now=clock.now())


@app.periodic(cron="20 2 * * *")
@app.task(queue="housekeeping", queueing_lock="fieldreports.retention")
def keep_no_longer(timestamp: int) -> None:
    """Destroy originals, contacts and unfinished uploads whose time is over."""
    retention.apply_retention(now=clock.now())
