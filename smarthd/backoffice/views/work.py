"""Việc của tôi: what waits for me, by deadline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role, roles
from smarthd.backoffice import waiting
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock


@require_GET
@official()
def index(request: HttpRequest) -> HttpResponse:
    """Show what waits for the official."""
    actor = cast("DeskRequest", request).actor
    now = clock.now()
    today = clock.day_of(now)
    views = agencies.agency_views({grant.agency_id for grant in actor.grants}, today)
    items = waiting.waiting_for(actor, now, views)
    context = {
        "items": list(zip(items, _days_left([item.due for item in items], today), strict=True)),
        "grants": [(roles.WORDS[Role(grant.role)], views.get(grant.agency_id)) for grant in actor.grants],
        "today": today,
    }
    return render(request, "backoffice/work.html", context)


def _days_left(days: Sequence[date | None], today: date) -> list[int | None]:
    """Return the working days until each day; the calendar is asked only where something is due."""
    if not any(days):
        return [None] * len(days)
    working = calendar.working_calendar()
    return [working.working_days_between(today, day) if day else None for day in days]
