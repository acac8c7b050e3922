"""What messaging hands to other contexts and takes from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from smarthd.messaging.rules import Topic, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class PushPayload:
    """One push in one language. ``href`` is an address of our own; messages of one ``tag`` replace each other on the phone."""

    title: str
    body: str
    href: str
    tag: str
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who would be reached now: ``phones`` by push; ``people`` counts an account once, however many phones it has."""

    people: int
    phones: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Phones of one place, by what became of their message: the five others add up to ``targeted``.

    accepted: taken by the push service · gone: the phone takes no more · failed: refused, or out of time · waiting: not yet sent ·
    dropped: cancelled or replaced before it was sent.
    """

    targeted: int = 0
    accepted: int = 0
    gone: int = 0
    failed: int = 0
    waiting: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FanoutView:
    """One public message on its way to many phones. ``by_commune`` counts a phone under its home, else the first targeted it follows."""

    key: str
    state: str
    lane: str
    targeted: int
    accepted: int
    gone: int
    failed: int
    waiting: int
    dropped: int
    audience_hash: str
    created_at: datetime
    finished_at: datetime | None
    by_commune: Mapping[int, Reach] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PushState:
    """What is known of a phone's wishes. ``communes``: unit ids, the home first; ``quiet``: minutes of the local day, None for never."""

    communes: tuple[int, ...]
    muted: frozenset[Topic]
    quiet: tuple[int, int] | None
    language: str
