"""What an official document is made of: plain values, complete and serialisable.

A :class:`Material` is gathered once from the contexts below (``gather.py``), kept beside the document, and is all that the
documents are made from: the same material gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one unit. ``ratio`` is a share in 0..; None where nothing is measured or no base exists.

    Persons are floats, because the share of a split unit is an estimate; they are shown as whole persons.
    """

    key: str
    numerator: float | None
    denominator: float | None
    ratio: float | None
    source: str = ""
    source_on: date | None = None
    method: str = ""
    estimated_share: float = 0.0
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an annex; ``code`` is how the document's text refers to it, such as ``II.7``."""

    code: str
    name: str
    unit_code: str = ""
    kind: str = ""
    group: str = ""
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Annex:
    """One table of figures. ``total`` is counted from the persons themselves, not by adding the lines' ratios."""

    number: str
    title: str
    level: str
    boundaries: date
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    total: Line
    note: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What a column counts, in words, and the share the order asks for (None: no target)."""

    key: str
    title: str
    short: str
    definition: str
    base: str
    target: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One day of the trend of one indicator."""

    day: date
    ratio: float | None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A document the campaign stands on."""

    number: str
    issued_on: date | None
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who issues the document and who signs it."""

    superior: str
    name: str
    symbol: str
    place: str
    signer_title: str
    signer_name: str = ""
    signs_for: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the province a document speaks of; ``code`` is empty for the whole province."""

    level: str
    name: str
    code: str = ""
    catalogue: str = ""


@dataclass(frozen=True, slots=True)
class Reporting:
    """How the units reported, in numbers that have no annex row of their own; the rest stands in the annex ``reports``.

    ``factor`` is the median of measured ÷ reported in the latest period; ``minutes`` the median time a report takes.
    """

    periods: int
    exempt: int
    letters: int
    missing: tuple[str, ...]
    late: tuple[str, ...]
    minutes: float = 0.0
    reports_a_month: int = 0
    compared_period: str = ""
    factor: float | None = None
    verdicts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Troubles:
    """Difficulties at the cut-off, from their steps until then; ``categories``: words, raised, still open."""

    raised: int
    open: int
    solved: int
    confirmed: int
    merged: int
    answered: int
    answered_in_time: int
    categories: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Aired:
    """Airings by one channel planned until the cut-off: aired, and aired with proof."""

    channel: str
    planned: int
    aired: int
    proven: int


@dataclass(frozen=True, slots=True)
class Material:
    """All that a Báo cáo says, before words are put round it.

    ``apart`` are counts named but never added: test and quarantined accounts, persons whose home is unknown.
    """

    campaign_key: str
    campaign_title: str
    demo: bool
    starts_on: date
    ends_on: date
    cut_off: date
    boundaries: date
    boundary_key: str
    boundary_approximate: bool
    scope: Scope
    issuer: Issuer
    orders: tuple[Order, ...]
    indicators: tuple[Indicator, ...]
    annexes: tuple[Annex, ...]
    trend_key: str = ""
    trend: tuple[Point, ...] = ()
    staff_key: str = ""
    staff_net_key: str = ""
    citizen_keys: tuple[str, ...] = ()
    exempted: float | None = None
    apart: Mapping[str, float] = field(default_factory=dict)
    reporting: Reporting | None = None
    troubles: Troubles | None = None
    airings: tuple[Aired, ...] = ()

    def indicator(self, key: str) -> Indicator:
        """Return the definition of one indicator; KeyError if the document has none such."""
        return next(indicator for indicator in self.indicators if indicator.key == key)

    def annex(self, number: str) -> Annex:
        """Return one annex by its Roman number; KeyError if there is none."""
        for annex in self.annexes:
            if annex.number == number:
                return annex
        raise KeyError(number)

    def line(self, code: str) -> Line:
        """Return the annex row with a code such as ``II.7``; KeyError if there is none. ``II.0`` is the total."""
        annex = self.annex(code.split(".", 1)[0])
        if code == annex.total.code:
            return annex.total
        for line in annex.lines:
            if line.code == code:
                return line
        raise KeyError(code)


_ADAPTER: TypeAdapter[Material] = TypeAdapter(Material)


def to_json(material: Material) -> dict[str, Any]:
    """Return the material as JSON-able values, to be kept beside its document."""
    kept: dict[str, Any] = _ADAPTER.dump_python(material, mode="json")
    return kept


def from_json(kept: Mapping[str, Any]) -> Material:
    """Return the material that ``to_json`` kept."""
    return _ADAPTER.validate_python(dict(kept))
