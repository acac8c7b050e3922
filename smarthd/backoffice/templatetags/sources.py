"""How a value of a dataset is written: numbers with their comma, days and hours as people say them."""

from __future__ import annotations

from typing import Any

from django import template

from smarthd.connectors.rules.fields import Field
from smarthd.connectors.rules.wording import said

register = template.Library()


@register.simple_tag
def shown_value(field: Field, value: object) -> str:
    """Return a value in words."""
    return said(field.kind, value)


@register.filter
def lasted(run: Any) -> str:
    """Return how long a reading took."""
    if run.ended_at is None:
        return "…"
    seconds = round((run.ended_at - run.began_at).total_seconds())
    return f"{seconds // 60} phút {seconds % 60} giây" if seconds >= 60 else f"{seconds} giây"
