"""A small map of one report and what lies near it, drawn as SVG: north above, a scale, no tiles fetched from anybody."""

from __future__ import annotations

import math
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from smarthd.fieldreports.selectors.rows import Row

SIDE = 320.0
_EDGE = 24.0


def drawn(row: Row, near: Sequence[tuple[Row, float]], reach_m: int) -> SafeString | str:
    """Return the drawing, or nothing for a report without a point. Neighbours bear the numbers of the list beside it."""
    if row.lat is None or row.lon is None:
        return ""
    scale = (SIDE / 2 - _EDGE) / reach_m
    middle = SIDE / 2
    spots = []
    for number, (other, _distance) in enumerate(near, start=1):
        if other.lat is None or other.lon is None:
            continue
        east = (other.lon - row.lon) * 111_320 * math.cos(math.radians(row.lat))
        north = (other.lat - row.lat) * 110_574
        spots.append((f"{middle + east * scale:.1f}", f"{middle - north * scale:.1f}", number))
    rings = format_html_join(
        "",
        '<circle cx="{0}" cy="{0}" r="{1}" class="spot-ring"/><text x="{0}" y="{2}" class="spot-scale">{3} m</text>',
        [
            (f"{middle:.0f}", f"{metres * scale:.1f}", f"{middle + metres * scale - 5:.1f}", f"{metres:.0f}")
            for metres in (reach_m / 3, reach_m)
        ],
    )
    others = format_html_join(
        "", '<g><circle cx="{0}" cy="{1}" r="10" class="spot"/><text x="{0}" y="{1}" dy="4" class="spot-number">{2}</text></g>', spots
    )  # fmt: skip
    label = _("Vị trí phản ánh và %(count)d phản ánh khác đang mở trong vòng %(reach)d m, phía bắc ở trên") % {
        "count": len(spots),
        "reach": reach_m,
    }
    return format_html(
        '<svg class="spots" viewBox="0 0 {0} {0}" role="img" aria-label="{1}">{2}<text x="{3}" y="16" class="spot-scale">B</text>'
        '{4}<circle cx="{3}" cy="{3}" r="7" class="spot-here"/></svg>',
        f"{SIDE:.0f}", label, rings, f"{middle:.0f}", others,
    )  # fmt: skip
