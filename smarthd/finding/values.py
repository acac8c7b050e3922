"""The values this context hands out and keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.finding.rules.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing as its owner tells it now. ``said`` are other names it is found by, ``more`` words beyond title and note.

    ``numbers`` are (dialled, printed, label); no ``unit_ids``: for everyone.
    """

    kind: Kind
    key: str
    title: str
    path: str
    note: str = ""
    said: tuple[str, ...] = ()
    more: str = ""
    numbers: tuple[tuple[str, str, str], ...] = ()
    unit_ids: tuple[int, ...] = ()
    lat: float | None = None
    lon: float | None = None
    fresh_at: datetime | None = None
    shown_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How the index stands to what is there: entries that were missing, that told something older, that nobody stands for any more."""

    missing: int = 0
    stale: int = 0
    spare: int = 0
    kept: int = 0

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.spare)


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of who asks, for this question only: the commune, with earlier names of its ground; a position, where it was given."""

    unit_ids: tuple[int, ...] = ()
    at: tuple[float, float] | None = None
    centre: tuple[float, float] | None = None

    @property
    def near(self) -> tuple[float, float] | None:
        """Return from where nearness is reckoned: the position, else the middle of the commune."""
        return self.at or self.centre


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. ``group`` is its kind, or ``rows``; ``why`` says what put it first; ``km`` from a position that was given."""

    group: str
    key: str
    title: str
    note: str
    path: str
    icon: str
    score: float
    why: str = ""
    km: float | None = None
    numbers: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one kind, the best first; ``count`` is how many there are, 0 where that is not known, exact up to a thousand."""

    key: str
    word: str
    hits: tuple[Hit, ...]
    count: int = 0

    @property
    def more(self) -> bool:
        """Say whether there are answers that are not shown here."""
        return self.count > len(self.hits) or not self.count


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search gives. ``instead`` are the words that were asked in place of those typed, which nothing holds; ``also`` are the
    official words of a popular name, asked beside it."""

    said: str
    groups: tuple[Group, ...] = ()
    instead: str = ""
    also: str = ""
    only: str = ""

    @property
    def count(self) -> int:
        """Return how many answers are shown."""
        return sum(len(group.hits) for group in self.groups)


@dataclass(frozen=True, slots=True)
class PopularNameView:
    """A popular name in force; ``hits`` is how many entries are found by it."""

    uid: UUID
    said: str
    meant: str
    added_at: datetime
    hits: int
