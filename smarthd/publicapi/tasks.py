"""Doors for the queue: files of large open datasets made when their version becomes public; those nobody may have destroyed."""

from __future__ import annotations

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from smarthd.connectors.errors import DatasetUnknown, EditionUnknown
from smarthd.kernel.tasks import app, daily
from smarthd.publicapi.opendata import earlier, files


@app.task(queue="housekeeping")
def prepare_files(key: str) -> None:
    """Make the files of a dataset; one that is no longer open has none."""
    try:
        files.prepare(key)
    except DatasetUnknown:
        files.tidy()


def prepare_later(key: str) -> None:
    """Ask for the files of a dataset; once, however often it is asked."""
    try:
        with transaction.atomic():
            prepare_files.configure(queueing_lock=f"publicapi.files.{key}", lock=f"publicapi.files.{key}").defer(
                key=key
            )
    except AlreadyEnqueued:
        return


@app.task(queue="housekeeping")
def prepare_earlier(key: str, number: int, kind: str, since: int | None = None) -> None:
    """Make a file of an earlier version; one that may no longer be taken away has none."""
    try:
        earlier.prepare(key, number=number, kind=kind, since=since)
    except (DatasetUnknown, EditionUnknown):
        earlier.tidy()


def prepare_earlier_later(key: str, *, number: int, kind: str, since: int | None = None) -> None:
    """Ask for a file of an earlier version. One a dataset waits at a time: who asks for another asks again, and nobody fills the queue."""
    try:
        with transaction.atomic():
            prepare_earlier.configure(queueing_lock=f"publicapi.earlier.{key}", lock=f"publicapi.files.{key}").defer(
                key=key, number=number, kind=kind, since=since
            )
    except AlreadyEnqueued:
        return


@app.periodic(cron=daily(3))
@app.task(queue="housekeeping", queueing_lock="publicapi.tidy_files")
def tidy_files(timestamp: int) -> None:
    """Destroy files of what is no longer open."""
    files.tidy()
    earlier.tidy()
