"""``python -m config.worker``: do what was put off, until told to stop.

A database that goes away ends it with one sentence and code 1; whoever supervises it (``smarthd run``, systemd) starts it again, and no
work is lost: the queue is in the database.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.worker import Worker


def main() -> None:
    """Work until SIGINT or SIGTERM; what is under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from procrastinate import exceptions
    from procrastinate.contrib.django import app

    app.perform_import_paths()  # type: ignore[no-untyped-call]
    try:
        asyncio.run(_work(working(app), concurrency=settings.WORKER_TASKS))
    except exceptions.ConnectorException as lost:
        sys.exit(f"  ! Việc chạy nền mất liên lạc với cơ sở dữ liệu ({lost.__cause__ or lost}).")


def working(app: App) -> App:
    """Return what fetches the jobs of an app, through connections of the worker's own.

    The tasks stay the app's: what they put off goes through Django's connection, in their transaction, as everywhere else. With
    ``replace_connector`` it would go through the worker's: begun before the row it is about is there, and done though that was rolled back.
    """
    from procrastinate import App

    made = App(connector=app.connector.get_worker_connector())  # type: ignore[attr-defined]
    made.tasks, made.periodic_registry = app.tasks, app.periodic_registry
    return made


APART: dict[str, int] = {"connectors": 16, "connectors.slow": 24}
"""The lanes of departments' servers, and how many readings each has under way: however slow they are, everybody else's work goes on, and
what was slow the last time delays only its like (docs/adr/0123). Nearly all of that time is spent waiting, without a connection to the
database; the processor's part has fewer places (smarthd/connectors/services/lanes.py)."""


async def _work(app: App, *, concurrency: int) -> None:
    from smarthd.connectors.services import watching
    from smarthd.kernel import jobs

    places = ThreadPoolExecutor(max_workers=concurrency + sum(APART.values()), thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(places)
    async with app.open_async():
        lanes = {task.queue for task in app.tasks.values()} - APART.keys()
        apart = [asyncio.create_task(_lane(app, name, most)) for name, most in APART.items()]
        try:
            await app.run_worker_async(
                queues=sorted(lanes),
                concurrency=concurrency,
                task_middleware=[leaving_nothing_open],
                stalled_worker_timeout=jobs.KEEP_WORKERS_S,
            )
        finally:
            for one in apart:
                one.cancel()
            watching.stop_all()  # no server is waited for any longer
            await asyncio.gather(*apart, return_exceptions=True)


async def _lane(app: App, name: str, most: int) -> None:
    from smarthd.kernel import jobs

    await app.run_worker_async(
        queues=[name],
        concurrency=most,
        name=name,
        install_signal_handlers=False,
        task_middleware=[leaving_nothing_open],
        stalled_worker_timeout=jobs.KEEP_WORKERS_S,
    )


def leaving_nothing_open(call_next: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """Give a thread's connection to the database back after its task: there are more threads than connections. Why it failed is kept."""
    from django.db import connections

    from smarthd.kernel import clock, job_faults

    try:
        return call_next()
    except Exception as fault:
        job_faults.note_fault(context.job.id, fault, at=clock.now())
        raise
    finally:
        connections.close_all()


if __name__ == "__main__":
    main()
