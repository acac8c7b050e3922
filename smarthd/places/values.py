"""The values this context hands to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit as it stands on a day; ``standing`` is false where it did not, and the nearest words are given.

    ``code`` and ``catalogue`` are those of the catalogue in force on the day (empty for villages); ``name`` is bare ("Nam Sách"),
    ``full_name`` begins with the kind ("Xã Nam Sách").
    """

    id: int
    uid: UUID
    level: str
    kind: str
    name: str
    full_name: str
    code: str
    catalogue: str
    parent_id: int | None
    lat: float | None
    lon: float | None
    valid_from: date
    valid_to: date | None
    standing: bool
    centre_confidence: str = "none"


@dataclass(frozen=True, slots=True)
class Located:
    """The smallest known unit a point lies in; ``path`` from the province down to the unit itself."""

    unit: UnitView
    path: tuple[UnitView, ...]
    approximate: bool


@dataclass(frozen=True, slots=True)
class Match:
    """One answer of a search. ``label`` is what matched; an ``old`` name leads to what stands now (``now``)."""

    unit: UnitView
    label: str
    parents: tuple[str, ...]
    old: bool
    now: tuple[UnitView, ...] = ()


@dataclass(frozen=True, slots=True)
class Relative:
    """A unit that followed another, or went before it, with the share of people and ground that passed.

    ``share`` is of the unit asked about (successors), or of the relative (predecessors); ``exact`` says that the whole went.
    """

    unit: UnitView
    share: float
    area_share: float
    exact: bool
    confidence: str
    source: str
    document: str
    on: date


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to the question "which part did you live in?", with what tells it apart, as far as we honestly know."""

    unit: UnitView
    share: float
    main: bool
    area_only: bool
    confidence: str
    villages: tuple[str, ...]
    distance_km: float | None


@dataclass(frozen=True, slots=True)
class AddressChange:
    """Old to new address: ``answer`` is certain when there is one choice; otherwise one question must be asked."""

    unit: UnitView
    choices: tuple[Choice, ...]
    outside_catalogue: bool = False

    @property
    def answer(self) -> UnitView | None:
        """Return the one unit it can be, or None when a question is needed."""
        return self.choices[0].unit if len(self.choices) == 1 else None


@dataclass(frozen=True, slots=True)
class BoundarySetView:
    """A set of units under which facts can be added up. ``approximate``: its map is drawn by us, not official."""

    id: int
    key: str
    as_of: date
    kind: str
    approximate: bool


@dataclass(frozen=True, slots=True)
class ClosureRow:
    """The part of an atom's facts that counts for an ancestor; a weight strictly between 0 and 1 is an estimate."""

    ancestor_id: int
    level: str
    atom_id: int
    weight: float
