"""What warnings ask of the outside: somebody who brings them to phones."""

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
