"""On paper: one case as a sheet for who goes out, and what is handed over at the end of a shift."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS, HANDLING
from smarthd.backoffice.views.fieldreports import case
from smarthd.backoffice.views.fieldreports.asking import actor_of
from smarthd.fieldreports import policies
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.selectors import lists
from smarthd.fieldreports.selectors.filters import Query
from smarthd.kernel import clock


@require_GET
@official(*FIELDREPORTS)
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """Show one case for printing: words, place, clocks, life; blurred photos, no sender."""
    return render(request, "backoffice/fieldreports/sheet.html", case.shown(request, code))


@require_GET
@official(*HANDLING)
def handover(request: HttpRequest) -> HttpResponse:
    """List what one's agencies hold and is not over, by who works on it, the nearest term first."""
    actor, now = actor_of(request), clock.now()
    groups = []
    own = agencies.agency_views(policies.works_at(actor), clock.today())
    for view in own.values():
        page = lists.queue(
            actor, Query(holder_id=view.id, states=tuple(sorted(states.OPEN))), now=now, limit=lists.MOST
        )
        workers = {row.worker for row in page.items if row.worker is not None}
        names = agencies.officials_by_account(workers, clock.today()) if workers else {}
        parts: dict[str, list[object]] = {}
        for row in page.items:
            parts.setdefault(names.get(row.worker or 0, ""), []).append(row)
        groups.append((view, sorted(parts.items()), len(page.items), bool(page.next_cursor)))
    context = {"groups": groups, "most": lists.MOST, "now": now, "nav_here": "fieldreports"}
    return render(request, "backoffice/fieldreports/handover.html", context)
