"""A column whose heading is gone and one that is new: whether they are the same, by what stands in their cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from smarthd.connectors.rules import fields
from smarthd.connectors.rules.fields import CellFault, Field, Kind
from smarthd.kernel import text

_FEWEST = 3
"""Cells that must be known again; fewer are chance."""


def known_again(
    gone: Sequence[Field],
    columns: Sequence[str],
    new: Collection[str],
    lines: Sequence[Sequence[str]],
    values: Mapping[str, Collection[object]],
    *,
    decimal: str = ",",
) -> dict[str, str]:
    """Return old heading → new heading where most cells of a new column say what the old one's field says in public rows (``values``, by
    the field's key). Fields of a few classes are left out: their words stand in many columns."""
    found: dict[str, str] = {}
    for one in gone:
        before = {text.fold(str(value)) for value in values.get(one.key, ()) if value not in {None, ""}}
        if one.kind is Kind.CHOICE or len(before) < _FEWEST:
            continue
        for at, label in enumerate(columns):
            if label not in new or label in found.values():
                continue
            cells = {row[at] for row in lines if at < len(row) and row[at]}
            same = sum(_said(one, cell, decimal) in before for cell in cells)
            if same >= _FEWEST and same * 2 > len(cells):
                found[one.header] = label
                break
    return found


def _said(field: Field, cell: str, decimal: str) -> str:
    if field.kind is Kind.UNIT:
        return text.fold(cell)
    try:
        return text.fold(str(fields.reader_of(field, decimal=decimal)(cell)))
    except CellFault:
        return ""
