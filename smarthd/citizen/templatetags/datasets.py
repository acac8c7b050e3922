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
