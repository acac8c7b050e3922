"""Which lane a source is read in, and how many readings may do what at once: waiting for a server costs nothing, checking costs a processor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.db import connection

from smarthd.connectors.adapters import stopping
from smarthd.connectors.models import Run
from smarthd.connectors.ports import Table
from smarthd.connectors.rules.states import RunState

QUICK, SLOW = "connectors", "connectors.slow"
"""Lanes of their own in the worker (config/worker.py): a slow department delays nobody else's work, and what was slow or failed the last
time delays only its like."""
ASKED = 10
"""What somebody waits for comes before what the schedule brings."""
LONG = timedelta(seconds=20)
_LARGE_BYTES = 2 << 20
_SMALL, _LARGE = threading.BoundedSemaphore(2), threading.BoundedSemaphore(1)


def lane_of(uid: UUID) -> str:
    """Return the lane for a source: by how long its last reading took, and whether it failed."""
    last = (
        Run.objects.filter(source__uid=uid)
        .exclude(state=RunState.RUNNING)
        .order_by("-id")
        .values_list("state", "began_at", "ended_at")
        .first()
    )
    if last is None:
        return QUICK
    state, began_at, ended_at = last
    return SLOW if state == RunState.FAILED or (ended_at and ended_at - began_at > LONG) else QUICK


def let_go_of_database() -> None:
    """Give the connection back to the pool while something else is waited for; the next statement takes one again."""
    if not connection.in_atomic_block:
        connection.close()


@contextmanager
def place_to_check(table: Table) -> Iterator[None]:
    """Wait for one of this process's places to check in: large tables have one of their own, so small ones never wait for them.

    Raises Stopped.
    """
    let_go_of_database()
    size = getattr(table.lines, "size", 0)
    gate, stop = _LARGE if size > _LARGE_BYTES else _SMALL, stopping.current()
    while not gate.acquire(timeout=1):
        stop.require_going()
    try:
        yield
    finally:
        gate.release()
