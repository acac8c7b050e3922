"""What a program may ask of the rows of a dataset: conditions as values, without a database. Fields are named by their key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smarthd.connectors.rules.fields import Field, Kind

NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY})
TEMPORAL = frozenset({Kind.DAY, Kind.MOMENT})
Scalar = str | float | bool


class Comparison(StrEnum):
    """The comparisons of CQL2."""

    EQUAL = "="
    OTHER = "<>"
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against a value. A row without a value in the field matches no comparison."""

    field: Field
    by: Comparison
    value: Scalar


@dataclass(frozen=True, slots=True)
class Like:
    """A field against a pattern: ``%`` any run of letters, ``_`` one letter, ``\\`` takes the next one as it is."""

    field: Field
    pattern: str


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field against several values."""

    field: Field
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """A field without a value."""

    field: Field


@dataclass(frozen=True, slots=True)
class Box:
    """Points within degrees of longitude and latitude, borders included; ``west > east`` crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Rows that lie on the map."""


@dataclass(frozen=True, slots=True)
class Period:
    """Rows whose time meets a period; an end that is None is open. Instants are aware."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Always:
    """A condition known beforehand."""

    holds: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; what is unknown stays unknown, as in SQL."""

    one: Condition


@dataclass(frozen=True, slots=True)
class Every:
    """All of several."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """One or more of several."""

    parts: tuple[Condition, ...]


Condition = Compare | Like | OneOf | Nothing | Box | Placed | Period | Always | Not | Every | Some


@dataclass(frozen=True, slots=True)
class Near:
    """Rows around a point, the nearest first. ``radius`` in metres."""

    lat: float
    lon: float
    radius: float


@dataclass(frozen=True, slots=True)
class Order:
    """The field rows are put in order by; those without a value come first, or last when descending."""

    field: Field
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of rows: conditions that all hold, nearness or order, how many, and after which row (its sort value and id)."""

    conditions: tuple[Condition, ...] = ()
    near: Near | None = None
    order: Order | None = None
    limit: int = 100
    after: tuple[str | int, int] | None = None


def temporal(fields: tuple[Field, ...], publication_x: str, publication_until: str) -> tuple[Field, Field] | None:
    """Return the fields that say from when and until when a row holds, the same one twice for an instant; None without any."""
    times = [one for one in fields if one.kind in TEMPORAL and one.shown]
    if not times:
        return None
    named = {one.key: one for one in times}
    end = named.get(publication_until)
    begin = next((one for one in times if end is not None and one.key != end.key and one.kind is end.kind), None)
    if end is not None:
        return (begin or end, end)
    one = named.get(publication_x, times[0])
    return (one, one)


def by_key(fields: tuple[Field, ...]) -> Mapping[str, Field]:
    """Return fields by their key."""
    return {one.key: one for one in fields}
