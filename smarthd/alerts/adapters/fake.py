"""For tests: a broadcaster that remembers every start and cancel, and a reach that can be set; an exchange in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from smarthd.alerts.ports import Audience, Broadcast, ExchangeLost, Reach, Received


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


class FakeLog:
    """The log several fake exchanges share."""

    def __init__(self, name: str = "log 1") -> None:
        self.name, self.entries, self.ids = name, list[tuple[str, bytes]](), dict[str, int]()
        self.lost = ""


class FakeExchange:
    """An exchange in memory, as the real one behaves: ids count once, a message is handed out anew until it is done."""

    def __init__(self, log: FakeLog) -> None:
        self.log, self._cell, self._floor, self._out = log, "", 0, False

    def _reach(self) -> None:
        if self.log.lost:
            raise ExchangeLost(self.log.lost)

    def open(self, cell: str) -> str:
        """Return the log's name."""
        self._reach()
        self._cell = cell
        return self.log.name

    def follow(self, after: int) -> None:
        """Read on behind a place."""
        self._floor, self._out = after, False

    def post(self, message_id: str, body: bytes) -> int:
        """Add a message, once an id."""
        self._reach()
        if message_id not in self.log.ids:
            self.log.entries.append((self._cell, body))
            self.log.ids[message_id] = len(self.log.entries)
        return self.log.ids[message_id]

    def next(self, patience_s: float) -> Received | None:
        """Return the next one."""
        self._reach()
        if self._out or self._floor >= len(self.log.entries):
            return None
        self._out = True
        cell, body = self.log.entries[self._floor]
        return Received(self._floor + 1, cell, body)

    def done(self, received: Received) -> None:
        """Go on behind it."""
        self._reach()
        self._floor, self._out = received.sequence, False

    def close(self) -> None:
        """Let go."""
