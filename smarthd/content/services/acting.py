"""Who acts and when, while Wagtail does the publishing.

Wagtail tells us that something was published or taken down (its signals, heard in handlers.py), in the same transaction but
without saying for whom or by which clock. The use case that set it off says so here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One act in progress."""

    actor: Actor
    now: datetime


_present: ContextVar[Act | None] = ContextVar("content_act", default=None)


@contextmanager
def acting(actor: Actor, now: datetime) -> Iterator[None]:
    """Say for the duration of a use case who acts and when."""
    token = _present.set(Act(actor=actor, now=now))
    try:
        yield
    finally:
        _present.reset(token)


def present_act() -> Act:
    """Return the act in progress; outside one it is the system's own, now."""
    return _present.get() or Act(actor=actors.system("content"), now=clock.now())
