"""A small builder of SVG that lives inside our pages: presentation attributes and classes, never an inline style.

Colours and letters come from the page's own style sheet through classes (``chart-…``), so that dark mode, print and "Chữ to"
hold. Every picture carries ``role="img"`` and its finding as ``<title>``; its numbers stand in a table beside it.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr


def element(name: str, *children: str, text: str = "", **attributes: object) -> str:
    """Return one element; ``class_`` gives class, underscores become hyphens, numbers keep two decimals at most."""
    written = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(number(value))}"
        for key, value in attributes.items()
        if value != ""
    )
    inside = f"{escape(text)}{''.join(children)}"
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def number(value: object) -> str:
    """Return a coordinate without noise: 12.50 → 12.5, 3.0 → 3."""
    if isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def picture(*children: str, width: float, height: float, finding: str, kind: str) -> str:
    """Return the whole picture, scaling with its container, named by what it finds."""
    # viewBox keeps its capital B: attributes of SVG are case-sensitive
    return (
        f'<svg class="drawing drawing-{kind}" viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'xmlns="http://www.w3.org/2000/svg" preserveAspectRatio="xMidYMid meet">'
        f"{element('title', text=finding)}{''.join(children)}</svg>"
    )
