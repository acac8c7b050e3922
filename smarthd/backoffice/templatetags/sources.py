"""How a value of a dataset is written: numbers with their comma, days and hours as people say them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

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


@register.simple_tag
def only_told(column: dict[str, Any], rule: str) -> SafeString:
    """Return the tick that makes a rule of a column a notice: its lines are published all the same."""
    return only_tick(f"{rule}-notice", column["slot"], column["told"].get(f"{rule}_notice"))


@register.simple_tag
def only_tick(name: str, of: str, on: object) -> SafeString:
    """Return the tick that makes a rule a notice."""
    return format_html(
        '<label class="only-tick" for="{0}"><input type="checkbox" id="{0}" name="{0}"{1} />{2}</label>',
        f"{name}-{of}",
        mark_safe(" checked") if on else "",
        _("chỉ nhắc, vẫn công bố"),
    )


@register.simple_tag
def joined_with(told: dict[str, str]) -> list[tuple[str, str]]:
    """Return the names and values of the columns one is joined with."""
    return [(name, told.get(name, "")) for name in ("and0", "and1", "and2")]


@register.simple_tag
def rule_columns(rule: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Return place, name, choice of each column a rule between columns names, and the rules that name it."""
    suits = {"a": "order either needed", "b": "order either needed", "c": "either"}
    return [(place, _("Cột %s") % place.upper(), rule[place], suits[place]) for place in "abc"]
