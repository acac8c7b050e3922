"""Background work of the content context."""

from __future__ import annotations

from smarthd.content import services
from smarthd.content.services import idea_desk, sections
from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily


@app.periodic(cron="* * * * *")
@app.task(queue="content", queueing_lock="content.publish_due")
def publish_due(timestamp: int) -> None:
    """Publish what was approved for this minute and take down what is past its hour."""
    services.publish_due(now=clock.now())


@app.periodic(cron=daily(7))
@app.task(queue="content", queueing_lock="content.remind_owners")
def remind_owners(timestamp: int) -> None:
    """Tell who answers for sections past their promise."""
    sections.remind_owners(now=clock.now())


@app.periodic(cron=daily(7, 10))
@app.task(queue="content", queueing_lock="content.remind_of_ideas")
def remind_of_ideas(timestamp: int) -> None:
    """Tell who owes citizens an answer to their ideas."""
    idea_desk.remind_of_ideas(now=clock.now())
