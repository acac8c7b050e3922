"""Values of rows on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.wording import said

register = template.Library()


@register.simple_tag
def value_said(field: Field, row: Mapping[str, Any]) -> str:
    """Return a row's value in words."""
    return said(field.kind, row["values"].get(field.key))
