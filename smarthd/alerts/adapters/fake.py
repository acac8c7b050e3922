"""A broadcaster that remembers, for tests: every start and cancel, and a reach that can be set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smarthd.alerts.ports import Audience, Broadcast, Reach


class FakeBroadcaster:
    """Remembers what it was asked."""

    def __init__(self, people: int = 120, phones: int = 80) -> None:
        self.started: dict[str, Broadcast] = {}
        self.cancelled: list[str] = []
        self.reached: dict[str, Reach] = {}
        self.counted = Audience(people, phones)

    def start(self, broadcast: Broadcast, *, now: datetime) -> None:
        """Remember it, once a key."""
        self.started.setdefault(broadcast.key, broadcast)

    def cancel(self, key: str, *, now: datetime) -> None:
        """Remember it."""
        self.cancelled.append(key)

    def reach(self, key: str) -> Reach:
        """Return what was set."""
        return self.reached.get(key, Reach())

    def audience(self, communes: Sequence[int]) -> Audience:
        """Return what was set; nobody where there are no communes."""
        return self.counted if communes else Audience(0, 0)
