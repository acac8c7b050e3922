"""A figure never stands alone: its base, source, day and doubts go with it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from smarthd.rollout import rules


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. Persons are floats, because a split unit's share is an estimate; ``ratio`` is 0..1 and may pass 1.

    ``source`` and ``source_on`` are the denominator's; ``method`` says how it was got. ``estimated_share`` is the part of the
    numerator that rests on shares of split units. A hidden figure has neither numerator nor ratio.
    """

    key: str
    numerator: float | None
    denominator: float | None
    ratio: float | None
    source: str
    source_on: date | None
    method: str
    estimated_share: float = 0.0
    flags: frozenset[str] = frozenset()

    @property
    def hidden(self) -> bool:
        """Say whether the figure may not be shown to this reader."""
        return rules.Flag.HIDDEN in self.flags

    def concealed(self) -> Figure:
        """Return the figure as a reader outside the unit may see it: base and source, and nothing of the persons."""
        return replace(
            self,
            numerator=None,
            ratio=None,
            estimated_share=0.0,
            flags=self.flags & KEPT_WHEN_HIDDEN | {rules.Flag.HIDDEN},
        )


KEPT_WHEN_HIDDEN = frozenset({rules.Flag.NO_BASE, rules.Flag.PARTIAL_BASE})


@dataclass(frozen=True, slots=True)
class Row:
    """One unit's figures, by indicator key; ``unit_id`` 0 is the row of persons whose home is unknown or outside."""

    unit_id: int
    uid: UUID | None
    code: str
    name: str
    kind: str
    parent_name: str
    values: dict[str, Figure]
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of all units of a level as of the end of a day, under the boundaries of another.

    ``total`` counts everyone once, the persons of ``unplaced`` included, so that it is the same under any boundaries.
    ``as_of`` is the day really counted: the last one there is, if a later one was asked for.
    """

    level: str
    as_of: date
    boundaries: date
    rows: list[Row]
    total: Row
    unplaced: Row | None = None
    measured_at: datetime | None = None
    approximate: bool = False
    targets: dict[str, float] = field(default_factory=dict)
