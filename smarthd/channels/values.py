"""The values channels takes and gives."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.channels.rules.bulletins import Change, Language, Priority, Source
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBulletin:
    """What is to be carried on. ``key`` is the source's own name of it; ``communes`` unit ids, none for the whole province.

    ``replaces`` is the key (same source) of what this updates or cancels; ``kinds`` the kinds of roads it takes; ``owners`` the agencies
    whose outlets it may go to, None for everybody's (a warning).
    """

    source: Source
    key: str
    title: str
    body: str
    sender: str
    valid_from: datetime
    valid_until: datetime
    instruction: str = ""
    contact: str = ""
    priority: Priority = Priority.NORMAL
    change: Change = Change.NEW
    language: Language = Language.VI
    drill: bool = False
    communes: Collection[int] = ()
    agency_id: int | None = None
    replaces: str = ""
    kinds: Collection[Kind] = tuple(Kind)
    path: str = ""
    owners: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class OutletView:
    """An outlet as pages show it; its secret never leaves the database sealed."""

    uid: UUID
    name: str
    kind: Kind
    address: str
    agency_id: int
    agency: str
    commune_id: int | None
    commune: str
    enabled: bool
    drills: bool
    has_secret: bool
    failing: int
    last_sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class DispatchView:
    """One bulletin at one outlet."""

    uid: UUID
    outlet: str
    outlet_uid: UUID
    kind: Kind
    state: State
    tries: int
    fault: str
    receipt: str
    next_try_at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    proofs: int
    may_resend: bool
    may_prove: bool


@dataclass(frozen=True, slots=True)
class ProofView:
    """One piece of proof."""

    uid: UUID
    dispatch_uid: UUID
    outlet: str
    kind: str
    url: str
    note: str
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """A bulletin in a list, and how many of its dispatches stand where."""

    uid: UUID
    source: Source
    title: str
    priority: Priority
    change: Change
    drill: bool
    taken_at: datetime
    valid_until: datetime
    over: bool
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Return how many outlets it goes to."""
        return sum(self.counts.values())

    @property
    def carried(self) -> int:
        """Return how many outlets have taken it."""
        return sum(self.counts.get(state, 0) for state in ("sent", "received", "proven"))

    @property
    def failed(self) -> int:
        """Return at how many outlets it failed, or came too late."""
        return self.counts.get("failed", 0) + self.counts.get("expired", 0)
