"""The list of warnings, and the page of one: what it is, what to do, where, whom to call, and how to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from smarthd.alerts.rules.messages import Kind
from smarthd.alerts.selectors import public, shelters
from smarthd.alerts.values import AlertView
from smarthd.citizen import commune
from smarthd.citizen.forms.alerts import AnswerForm
from smarthd.citizen.views.alerts.shown import show
from smarthd.citizen.views.fieldreports.map_ import ground_url
from smarthd.content import rules as content_rules
from smarthd.content import selectors as content
from smarthd.kernel import clock
from smarthd.kernel.ids import uuid7
from smarthd.places.values import UnitView

RECENT = 20
MOST_SHELTERS = 60


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List what is in force, the reader's own commune first, then elsewhere, then what is over."""
    now, place = clock.now(), commune.of(request)
    everything = [show(one, now) for one in public.active(now)]
    mine = [one for one in everything if place is not None and place.id in one.alert.commune_ids]
    context = {
        "here": "canh-bao",
        "commune": place,
        "mine": mine,
        "elsewhere": [one for one in everything if one not in mine],
        "past": [show(one, now) for one in public.recent(now, limit=RECENT)],
        "now": now,
    }
    return render(request, "citizen/alerts/list.html", context)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one warning."""
    return page(request, code)


def page(
    request: HttpRequest,
    code: str,
    *,
    form: AnswerForm | None = None,
    title: str = "",
    lines: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show one warning, with what somebody typed and what is wrong with it."""
    now, place = clock.now(), commune.of(request)
    alert = public.alert_page(code, account_id=request.user.pk if request.user.is_authenticated else None)
    shown = show(alert, now)
    choices = list(zip(alert.commune_ids, alert.places, strict=False))
    context: dict[str, Any] = {
        "here": "canh-bao",
        "shown": shown,
        "alert": alert,
        "commune": place,
        "inside": place is not None and place.id in alert.commune_ids,
        "earlier": [show(one, now) for one in public.earlier_of(alert)],
        "form": form or AnswerForm(alert=alert, place=place, initial={"client_id": uuid7()}),
        "choices": choices,
        "problem_title": title,
        "problem_lines": lines,
        **_shelters(alert, place, now),
        "hotlines": _hotlines(place.id if place else None),
        "ground_url": ground_url(),
        "address": request.build_absolute_uri(reverse("citizen:alert", args=[alert.code])),
        "answered": request.GET.get("da-gui", ""),
        "now": now,
    }
    return render(request, "citizen/alerts/page.html", context, status=status)


def _shelters(alert: AlertView, place: UnitView | None, now: datetime) -> dict[str, Any]:
    """Return where people may go: the reader's own commune first, nearest first; the rest beyond ``MOST_SHELTERS`` is counted."""
    if alert.kind is Kind.CANCEL or alert.expires_at <= now:
        return {"shelters": [], "more_shelters": 0}
    near = place if place is not None and place.id in alert.commune_ids else None
    found = shelters.shelters_for(alert.commune_ids, alert.hazard, clock.day_of(now), near=near)
    return {"shelters": found[:MOST_SHELTERS], "more_shelters": max(0, len(found) - MOST_SHELTERS)}


def _hotlines(place_id: int | None) -> list[content.HotlineView]:
    """Return the numbers to call in an emergency, and the commune's own."""
    found = content.hotlines_for(place_id, clock.today())
    urgent = [one for one in found if one.category == content_rules.HotlineCategory.EMERGENCY]
    return urgent[:6]


def uid_or_none(raw: str) -> UUID | None:
    """Return a uid somebody sent, or None for nonsense."""
    try:
        return UUID(raw)
    except ValueError:
        return None
