"""What warnings ask of the outside: somebody who brings them to phones; an exchange with other provinces and the centre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many. ``payloads``: by language (vi, en) title, body, href, tag. ``replaces``: the key of the one it takes the place of.

    ``test_accounts``: only these are told; empty means everybody in the communes.
    """

    key: str
    lane: str
    communes: Sequence[int]
    payloads: Mapping[str, Mapping[str, str]]
    expires_at: datetime
    replaces: str = ""
    test_accounts: Sequence[int] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class CommuneReach:
    """How far a message came in one commune, in phones."""

    targeted: int = 0
    accepted: int = 0
    gone: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a message came, in phones; ``by_commune`` by unit id. ``connected`` is false where no push is wired: the counts say nothing."""

    targeted: int = 0
    accepted: int = 0
    gone: int = 0
    failed: int = 0
    waiting: int = 0
    by_commune: Mapping[int, CommuneReach] = field(default_factory=dict)
    connected: bool = True


@dataclass(frozen=True, slots=True)
class Audience:
    """Who would be told now: people with an account there, phones subscribed; None where nobody can say."""

    people: int
    phones: int | None


class Broadcaster(Protocol):
    """Brings one message to all phones of some communes. Starting the same key twice sends once."""

    def start(self, broadcast: Broadcast, *, now: datetime) -> None:
        """Begin to bring it, or do nothing when it was begun."""
        ...

    def cancel(self, key: str, *, now: datetime) -> None:
        """Stop what was not sent yet."""
        ...

    def reach(self, key: str) -> Reach:
        """Return how far it came."""
        ...

    def audience(self, communes: Sequence[int]) -> Audience:
        """Return who would be told."""
        ...


class SourceSilent(Exception):
    """A source's address gave nothing that can be read; the message says why, in words for officials."""


class CapFetcher(Protocol):
    """Fetches what another house publishes."""

    def fetch(self, url: str) -> bytes:
        """Return the bytes behind an https address outside this house, bounded in size and time, or raise SourceSilent."""
        ...


class ExchangeLost(Exception):
    """The exchange does not answer, or not as it should; the message says how."""


@dataclass(frozen=True, slots=True)
class Received:
    """One message of the exchange's log. ``cell`` is under whose name it was posted; ``receipt`` is what ``done`` gives back."""

    sequence: int
    cell: str
    body: bytes
    receipt: object = None


class Exchange(Protocol):
    """A log that cells post messages to and read in order. All acts raise ExchangeLost."""

    def open(self, cell: str) -> str:
        """Connect as a cell and return the log's name; a log made anew has another name."""
        ...

    def follow(self, after: int) -> None:
        """Read on behind a place of the log (0: from its beginning), wherever reading stood before."""
        ...

    def post(self, message_id: str, body: bytes) -> int:
        """Add a message under the cell's name and return its place. The same id again within an hour is the same message."""
        ...

    def next(self, patience_s: float) -> Received | None:
        """Return the next message, or None when none comes in time. Not handed out again before it is done, or reading begins anew."""
        ...

    def done(self, received: Received) -> None:
        """Say that a message is kept here."""
        ...

    def close(self) -> None:
        """Let go."""
        ...
