"""What the desk hears: that a person is gone; and what it keeps of a person."""

from __future__ import annotations

from smarthd.backoffice import feeds, saved
from smarthd.connectors import events as connectors_events
from smarthd.kernel import clock
from smarthd.kernel.events import subscribe
from smarthd.people import events as people_events
from smarthd.people import exports

exports.register("backoffice", saved.sections)


@subscribe(people_events.AccountErased)
def on_account_erased(event: people_events.AccountErased) -> None:
    saved.forget(event.account_id)


@subscribe(connectors_events.DatasetPublished)
def on_dataset_published(event: connectors_events.DatasetPublished) -> None:
    feeds.take(event.key, now=clock.now())
