"""QR codes on pages: one path, black on white, with its quiet zone."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from smarthd.insights.charts import posters

BORDER = 4


def drawn(text: str) -> SafeString:
    """Return a QR code as SVG that scales with its place."""
    squares, size = posters.squares(text, border=BORDER)
    return format_html(
        '<svg class="qr" viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="{}" height="{}" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        *(size, size, _("Mã QR"), size, size, squares),
    )
