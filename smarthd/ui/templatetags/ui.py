"""Template tags every page may use without loading. Each is described, with a picture, on the gallery page /ve-giao-dien/."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from smarthd.kernel import clock, telephones
from smarthd.ui import words

register = template.Library()

BANNER_ICONS = {"info": "info", "ok": "check-circle", "warn": "warning", "bad": "stop"}
BAR_WIDTH = 100


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Draw an icon of the sprite. Without a label it is decoration; ``size`` is ``s``, ``l`` or empty."""
    return _icon_drawn(name, str(label), size)


@lru_cache(maxsize=1_024)
def _icon_drawn(name: str, label: str, size: str) -> SafeString:
    style = f"icon icon-{size}" if size else "icon"
    href = f"{static('ui/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', style, label, href)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', style, href)


# --- numbers and times ----------------------------------------------------------------------------------------------
@register.filter
def number(value: float | Decimal | None, digits: int = 0) -> str:
    """``{{ 1234.5|number:1 }}`` → 1.234,5."""
    return words.number(value, digits)


@register.filter
def percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """``{{ 0.832|percent }}`` → 83,2%."""
    return words.percent(ratio, digits)


@register.filter
def day(value: date | datetime | None) -> str:
    """``{{ on|day }}`` → 24/11/2026."""
    return words.short_day(clock.day_of(value) if isinstance(value, datetime) else value)


@register.filter
def day_words(value: date | datetime | None) -> str:
    """``{{ on|day_words }}`` → hôm nay · thứ Năm 26/11."""
    if value is None:
        return words.NOTHING
    return words.day_in_words(clock.day_of(value) if isinstance(value, datetime) else value, clock.today())


@register.filter
def moment(value: datetime | None) -> str:
    """``{{ at|moment }}`` → 17 giờ thứ Năm 26/11."""
    return words.moment_in_words(value, clock.now())


@register.filter
def ago(value: datetime | None) -> str:
    """``{{ at|ago }}`` → 5 phút trước."""
    return words.ago(value, clock.now())


@register.filter
def working_days_left(days: int) -> str:
    """``{{ 2|working_days_left }}`` → còn 2 ngày làm việc."""
    return words.working_days_left(days)


@register.filter
def phone(text: str) -> str:
    """``{{ "0912345678"|phone }}`` → 0912 345 678."""
    return telephones.grouped(text)


@register.filter
def filesize(count: int) -> str:
    """``{{ 2621440|filesize }}`` → 2,5 MB."""
    return words.size(count)


# --- components -----------------------------------------------------------------------------------------------------
@register.simple_block_tag
def banner(content: str, kind: str = "info", title: str = "", live: str = "") -> SafeString:
    """``{% banner "warn" title=_("…") %}…{% endbanner %}``; kinds: info, ok, warn, bad; ``live="polite"`` announces it."""
    return format_html(
        '<div class="banner banner-{}"{}>{}<div class="banner-body">{}<div>{}</div></div></div>',
        kind,
        format_html(' role="status" aria-live="{}"', live) if live else "",
        icon(BANNER_ICONS[kind]),
        format_html('<p class="banner-title">{}</p>', title) if title else "",
        SafeString(content.strip()),
    )


@register.simple_tag
def state(kind: str, word: str, icon_name: str = "") -> SafeString:
    """A state as icon and word; kinds: ok, warn, bad, info, plain."""
    default = {"ok": "check", "warn": "clock", "bad": "warning", "info": "info"}.get(kind, "minus")
    return format_html('<span class="state state-{}">{}{}</span>', kind, icon(icon_name or default, size="s"), word)


@register.simple_tag
def empty(title: str, hint: str = "", icon_name: str = "inbox") -> SafeString:
    """Say that there is nothing, and what one can do about it."""
    return format_html(
        '<div class="empty">{}<p class="empty-title">{}</p>{}</div>',
        icon(icon_name),
        title,
        format_html("<p>{}</p>", hint) if hint else "",
    )


@register.simple_tag
def bar(
    ratio: float | Decimal | None, target: float | Decimal | None = None, label: str = "", flagged: str = ""
) -> SafeString:
    """A bar for a table's cell, with its number beside it. Above one the bar is full and of another colour, never capped
    in words; ``flagged`` hatches it and names why."""
    if ratio is None:
        return format_html('<span class="soft">{}</span>', words.NOTHING)
    over = ratio > 1
    width = words_width(ratio)
    line = ""
    if target is not None:
        at = words_width(target)
        line = format_html('<line class="bar-target" x1="{}" x2="{}" y1="0" y2="10"></line>', at, at)
    note = flagged or (_("vượt 100%") if over else "")
    return format_html(
        '<span class="cell-bar"><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="10"></rect>'
        '<rect class="bar-value{}" width="{}" height="10"></rect>{}</svg><span class="num">{}{}</span></span>',
        " bar-over" if over else "",
        width,
        line,
        label or words.percent(ratio),
        format_html(' <span class="flag">{}{}</span>', icon("warning", size="s"), note) if note else "",
    )


def words_width(ratio: float | Decimal) -> str:
    """Return a share of the bar's width as an SVG length between 0 and 100."""
    return f"{min(max(float(ratio), 0.0), 1.0) * BAR_WIDTH:.2f}"


@register.inclusion_tag("ui/parts/figure.html")
def figure(
    label: str,
    value: str,
    *,
    base: str = "",
    source: str = "",
    on: date | None = None,
    definition: str = "",
    href: str = "",
    note: str = "",
) -> dict[str, Any]:
    """A figure: value, base, source, date, its definition one tap away and a way to its rows."""
    return {
        "label": label,
        "value": value,
        "base": base,
        "source": source,
        "on": on,
        "definition": definition,
        "href": href,
        "note": note,
    }


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any) -> dict[str, Any]:
    """Previous and next of a ``kernel.paging.Page`` or Django page, keeping the filters of the address."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("ui/parts/breadcrumbs.html")
def breadcrumbs(*pairs: str) -> dict[str, Any]:
    """``{% breadcrumbs "/can-bo/" _("Việc của tôi") "" _("Đơn vị") %}``: address and words by turns, the last without."""
    return {"crumbs": [{"href": pairs[i], "words": pairs[i + 1]} for i in range(0, len(pairs) - 1, 2)]}


# --- forms ----------------------------------------------------------------------------------------------------------
@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A field with its label, hint and error."""
    return SafeString(bound.as_field_group())


@register.inclusion_tag("ui/forms/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """All that is wrong with a form, each a link to its field; nothing when nothing is wrong.

    ``form.kept_words``: what of it is kept, where that is not everything.
    """
    lines = [
        {"href": f"#{bound.id_for_label}", "label": bound.label, "words": problem}
        for bound in form.visible_fields()
        for problem in bound.errors
    ]
    lines += [{"href": "", "label": "", "words": problem} for problem in form.non_field_errors()]
    lines += [{"href": "", "label": "", "words": problem} for bound in form.hidden_fields() for problem in bound.errors]
    return {"lines": lines, "kept": getattr(form, "kept_words", "")}
