"""What the API hears: a version became public, so its files are made ready where that takes long."""

from __future__ import annotations

from smarthd.connectors import events
from smarthd.kernel.events import subscribe
from smarthd.publicapi import tasks
from smarthd.publicapi.opendata import files


@subscribe(events.DatasetPublished)
def on_dataset_published(event: events.DatasetPublished) -> None:
    if files.is_large(event.key):
        tasks.prepare_later(event.key)
