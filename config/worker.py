"""``python -m config.worker``: do what was put off, until told to stop.

A database that goes away ends it with one sentence and code 1; whoever supervises it (``smarthd run``, systemd) starts it again, and no
work is lost: the queue is in the database.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from procrastinate import App


def main() -> None:
    """Work until SIGINT or SIGTERM; what is under way is finished first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from procrastinate import exceptions
    from procrastinate.contrib.django import app

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        try:
            asyncio.run(_work(app, concurrency=settings.WORKER_TASKS))
        except exceptions.ConnectorException as lost:
            sys.exit(f"  ! Việc chạy nền mất liên lạc với cơ sở dữ liệu ({lost.__cause__ or lost}).")


APART = "connectors"
"""The lane of departments' servers: however slow they are, everybody else's work goes on (docs/adr/0080)."""
APART_TASKS = 4


async def _work(app: App, *, concurrency: int) -> None:
    async with app.open_async():
        app.perform_import_paths()  # type: ignore[no-untyped-call]
        lanes = {task.queue for task in app.tasks.values()} - {APART}
        apart = asyncio.create_task(
            app.run_worker_async(queues=[APART], concurrency=APART_TASKS, name="apart", install_signal_handlers=False)
        )
        try:
            await app.run_worker_async(queues=sorted(lanes), concurrency=concurrency)
        finally:
            apart.cancel()
            await asyncio.gather(apart, return_exceptions=True)


if __name__ == "__main__":
    main()
