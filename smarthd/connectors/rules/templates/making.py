"""What a template is, and the short way to write its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from smarthd.connectors.rules.demands import Check, CheckName, RowRule, RuleName
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


def ruled(mapping: Mapping, *rules: RowRule, **checks: Check) -> Mapping:
    """Return a mapping with rules between its columns, and one more rule for each column named."""
    unknown = set(checks) - {one.key for one in mapping.fields}
    if unknown:
        msg = f"no such columns: {sorted(unknown)}"
        raise ValueError(msg)
    listed = tuple(replace(one, checks=(checks[one.key],)) if one.key in checks else one for one in mapping.fields)
    return replace(mapping, fields=listed, rules=(*mapping.rules, *rules))


def between(least: str, most: str = "", *, notice: bool = False) -> Check:
    """Return a rule from–to."""
    return Check(CheckName.RANGE, (least, most), notice=notice)


def one_of(*values: str) -> Check:
    """Return a list of the usual values and the names they go by; another one is only told."""
    return Check(CheckName.VALUES, values, notice=True)


def in_order(first: str, last: str) -> RowRule:
    """Return a rule that one column is not after, not greater than another."""
    return RowRule(RuleName.ORDER, (first, last))


NOT_AFTER_TODAY = between("", "today")
OPENING_HOURS = Check(CheckName.FORM, ("gio-mo-cua",), notice=True)
IN_ITS_COMMUNE = RowRule(RuleName.INSIDE, (), ("3000",), notice=True)
"""A point three kilometres outside its commune is told: boundaries are drawn, and people build at them."""
