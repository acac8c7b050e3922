"""Cells and headings of datasets."""

from __future__ import annotations

from django import template

from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.sources import Shape
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
    when = [_span(dataset, row)] if told.shape is Shape.CALENDAR else []
    besides |= {told.until} if when else set()
    shown = [one for one in dataset.shown if one.key not in besides and row.values.get(one.key) not in {None, ""}]
    return [*when, *(said(one.kind, row.values.get(one.key)) for one in shown)][:most]


def _span(dataset: Dataset, row: RowView) -> str:
    """Return from when until when: 08:00–11:00 within a day, else both with their days."""
    kinds = {one.key: one.kind for one in dataset.mapping.fields}
    told = dataset.publication
    begin, end = str(row.values.get(told.begins) or ""), str(row.values.get(told.until) or "")
    if "T" in begin and end[:10] == begin[:10]:
        return f"{begin[11:16]}–{end[11:16]}"
    words = [said(kinds[key], value) for key, value in ((told.begins, begin), (told.until, end)) if value]
    return " – ".join(dict.fromkeys(words))
