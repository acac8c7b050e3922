"""Việc của tôi: what waits for me, by deadline."""

from __future__ import annotations

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
    working = calendar.working_calendar()
    context = {
        "items": [(item, working.working_days_between(today, item.due) if item.due else None) for item in items],
        "grants": [(roles.WORDS[Role(grant.role)], views.get(grant.agency_id)) for grant in actor.grants],
        "today": today,
    }
    return render(request, "backoffice/work.html", context)
