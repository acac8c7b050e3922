"""How a value of a dataset is written: numbers with their comma, days and hours as people say them."""

from __future__ import annotations

from django import template

from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.wording import said

register = template.Library()


@register.simple_tag
def shown_value(field: Field, value: object) -> str:
    """Return a value in words."""
    return said(field.kind, value)
