"""Cells and headings of datasets."""

from __future__ import annotations

from django import template

from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.wording import said
from smarthd.connectors.selectors.public import Dataset, RowView

register = template.Library()


@register.simple_tag
def cell(field: Field, row: RowView) -> str:
    """Return what a row says of a field."""
    return said(field.kind, row.values.get(field.key))


@register.simple_tag
def field_label(dataset: Dataset, key: str) -> str:
    """Return what citizens call a field."""
    return next((one.label for one in dataset.mapping.fields if one.key == key), "")


@register.simple_tag
def departure_lines(dataset: Dataset, row: RowView, most: int = 3) -> list[str]:
    """Return what a line of a timetable or calendar says beside its title and hour: the first fields that are filled."""
    told = dataset.publication
    besides = {told.begins, told.days, told.picture}
    shown = [one for one in dataset.shown if one.key not in besides and row.values.get(one.key) not in {None, ""}]
    return [said(one.kind, row.values.get(one.key)) for one in shown][:most]
