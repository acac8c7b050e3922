"""Template tags of the officials' desk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django import template
from django.template import loader
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from smarthd.agencies.rules import kinds
from smarthd.backoffice import navigation
from smarthd.insights import wording
from smarthd.insights.charts.pages import Point
from smarthd.messaging import selectors as messaging
from smarthd.rollout.selectors import Figure, Indicator, Row
from smarthd.ui import words

register = template.Library()


@register.inclusion_tag("backoffice/parts/nav.html", takes_context=True)
def desk_nav(context: template.Context) -> dict[str, Any]:
    """The side navigation of the actor's roles, the present part marked."""
    request = context["request"]
    match = request.resolver_match
    here = context.get("nav_here") or (match.url_name if match else "")
    return {"parts": navigation.parts_for(request.actor), "here": here}


@register.simple_tag(takes_context=True)
def unread_mail(context: template.Context) -> int:
    """How many messages the official's inbox holds unread; one query, on every page of the desk."""
    return messaging.unread_count(context["request"].user.pk)


@register.filter
def drawn(svg: str) -> SafeString:
    """Place an SVG made by ``insights.charts`` (which escapes every text it is given)."""
    return mark_safe(svg)  # noqa: S308


@register.filter
def minutes_long(minutes: int) -> str:
    """Write ``30 giờ 55 phút``."""
    hours, rest = divmod(minutes, 60)
    parts = [*([_("%(count)s giờ") % {"count": words.number(hours)}] if hours else [])]
    if rest or not hours:
        parts.append(_("%(count)s phút") % {"count": rest})
    return " ".join(parts)


@register.simple_tag
def standing_strip(parts: list[tuple[str, int, str]], whole: int) -> SafeString:
    """A strip of a whole by where its parts stand, each given as (words, count, look); said in words for who cannot see it."""
    drawn, start = [], 0.0
    for said, count, look in parts:
        if count:
            width = 100 * count / whole
            drawn.append((f"{start:.3f}", f"{width:.3f}", look, f"{words.number(count)} {said}"))
            start += width
    label = ", ".join(item[3] for item in drawn)
    rects = format_html_join("", '<rect class="strip-{}" x="{}" width="{}" height="10"><title>{}</title></rect>', ((look, x, width, told) for x, width, look, told in drawn))  # fmt: skip
    return format_html(
        '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>', label, rects
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def sort_link(context: template.Context, key: str) -> str:
    """The present address, sorted by a column; a second press turns the order round."""
    seen, address = context["seen"], context["request"].GET.copy()
    address["xep"] = f"-{key}" if seen.order == key and not seen.falling else key
    return f"?{address.urlencode()}"


@register.simple_tag(takes_context=True)
def row_link(context: template.Context, row: Row, level: str) -> str:
    """Where a row of the league table leads: to the unit's page, keeping day and boundaries; an agency to its own page."""
    if level == "agency":
        return (
            reverse("backoffice:unit", kwargs={"uid": row.uid}) if row.unit_id in (context.get("reach") or ()) else ""
        )
    return f"{path_to('province_unit', row.uid)}?{context['request'].GET.urlencode()}"


@register.simple_tag
@lru_cache(maxsize=8_192)
def path_to(name: str, uid: UUID | None) -> str:
    """``{% path_to "periodic_report" row.uid %}``: the address of a page of one thing, for long tables: remembered, not worked out anew."""
    return reverse(f"backoffice:{name}", kwargs={"uid": uid})


@register.simple_tag
def league_cells(row: Row, columns: list[tuple[Indicator, float | None]]) -> SafeString:
    """The figures of one row of the league table. Rows that say the same are drawn once: what is shown depends on the figures alone."""
    return _cells_drawn(tuple((row.values.get(item.key), target) for item, target in columns), get_language())


@lru_cache(maxsize=4_096)
def _cells_drawn(cells: tuple[tuple[Figure | None, float | None], ...], _language: str | None) -> SafeString:
    cell = loader.get_template("backoffice/parts/cell.html")
    drawn = ((mark_safe(cell.render(_cell(figure, target))),) for figure, target in cells)  # noqa: S308 - the template escapes
    return format_html_join("", "<td>{}</td>", drawn)


@register.simple_tag
def trend_rows(points: tuple[Point, ...]) -> SafeString:
    """The table beside a line of days: day, persons, share."""
    return _days_drawn(points, get_language())


@lru_cache(maxsize=64)
def _days_drawn(points: tuple[Point, ...], _language: str | None) -> SafeString:
    return format_html_join(
        "",
        '<tr><th scope="row">{}</th><td class="num">{}</td><td class="num">{}</td></tr>',
        ((words.short_day(one.day), words.number(one.numerator), words.percent(one.ratio)) for one in points),
    )


@register.inclusion_tag("backoffice/parts/cell.html")
def league_cell(row: Row, key: str, target: float | None) -> dict[str, Any]:
    """One figure of the league table: bar, share, base, flags."""
    return _cell(row.values.get(key), target)


def _cell(figure: Figure | None, target: float | None) -> dict[str, Any]:
    known = {"over_100", "estimated", "partial_base", "many_exempt"}
    flags = figure.flags if figure is not None else ()
    return {
        "figure": figure,
        "hidden": "hidden" in flags,
        "target": target,
        "flagged": wording.flags_of(flag for flag in flags if flag in known),
    }


@register.filter
def kind_words(kind: str) -> str:
    """The name of a kind of unit or agency, as a heading of its group."""
    if kind in set(kinds.Kind):
        return kinds.WORDS[kinds.Kind(kind)]
    return kind[:1].upper() + kind[1:]


@register.filter
def of(names: Mapping[int, str], key: int | None) -> str:
    """``{{ names|of:row.entered_by }}``: what a mapping holds under a key, or nothing."""
    return names.get(key, "") if key is not None else ""


@register.filter
def iso_day(value: str) -> str:
    """``{{ "2024-03-15"|iso_day }}`` → 15/03/2024; nothing stays nothing."""
    return wording.day(date.fromisoformat(value)) if value else ""


@register.filter
def abs_number(value: float, digits: int = 0) -> str:
    """``{{ -1.25|abs_number:1 }}`` → 1,3: the size of a change whose direction stands in words."""
    return words.number(abs(value), digits)


@register.simple_tag
def share_of(part: float, whole: float) -> str:
    """A part's share of a whole in words; an en dash where there is no whole."""
    return words.percent(part / whole if whole else None)
