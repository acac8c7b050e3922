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


async def _work(app: App, *, concurrency: int) -> None:
    async with app.open_async():
        await app.run_worker_async(concurrency=concurrency)


if __name__ == "__main__":
    main()
