"""Tags of warnings: the strip on every page, a level as number, words and colour."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from smarthd.alerts.selectors import public
from smarthd.citizen import commune
from smarthd.citizen.views.alerts.shown import show
from smarthd.kernel import clock
from smarthd.places.values import UnitView

register = template.Library()
IN_STRIP = 2


@register.inclusion_tag("citizen/alerts/parts/strip.html", takes_context=True)
def alert_strip(context: template.Context) -> dict[str, Any]:
    """Say on every page what is in force where the reader lives; the page of warnings itself needs no strip.

    A reader whose commune nobody knows sees what hangs lives, wherever it is. Open screens ask anew by the commune's file.
    """
    place = _place(context)
    now = clock.now()
    quiet = context.get("here") == "canh-bao"
    found = [] if quiet else list(public.active_for(place.id if place else None, now))
    if place is None:
        found = [one for one in found if one.life]
    return {
        "shown": [show(one, now) for one in found[:IN_STRIP]],
        "more": max(0, len(found) - IN_STRIP),
        "codes": ",".join(one.code for one in found),
        "file": reverse("citizen:alerts_commune", args=[place.code]) if place and place.code and not quiet else "",
        "english": context.get("LANGUAGE_CODE") == "en",
    }


def _place(context: template.Context) -> UnitView | None:
    request = context.get("request")
    if request is not None:
        return commune.of(request)
    place = context.get("commune")
    return place if isinstance(place, UnitView) else None
