"""What a template is, and the short way to write its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smarthd.connectors.rules.fields import Field, Kind, key_of_label
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import Publication

T, N, M, D, W, H, P, U, L, C = (
    Kind.TEXT, Kind.NUMBER, Kind.MONEY, Kind.DAY, Kind.MOMENT, Kind.TIME, Kind.PHONE, Kind.UNIT, Kind.URL, Kind.CHOICE,
)  # fmt: skip
Column = tuple[str, Kind, str]
POINT: tuple[Column, ...] = (("Vĩ độ", Kind.LATITUDE, "-"), ("Kinh độ", Kind.LONGITUDE, "-"))


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of dataset; ``promise_hours`` is what is usual."""

    key: str
    title: str
    summary: str
    mapping: Mapping
    publication: Publication
    promise_hours: int
    icon: str = "table"


def columns(lines: Iterable[Column], *, key: tuple[str, ...]) -> Mapping:
    """Return a mapping from (heading, kind, marks): ``!`` required, ``-`` not shown, ``?`` filtered by."""
    made: list[Field] = []
    for label, kind, marks in lines:
        name = key_of_label(label, frozenset(one.key for one in made))
        made.append(
            Field(
                key=name,
                label=label,
                header=label,
                kind=kind,
                required="!" in marks,
                shown="-" not in marks,
                filtered="?" in marks,
            )
        )
    return Mapping(tuple(made), key)
