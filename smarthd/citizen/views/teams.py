"""A scanned code of a community team: say in one sentence what it is, and carry it to the first opening of the app."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, limits
from smarthd.rollout.rules import team_codes
from smarthd.rollout.rules.team_codes import Standing
from smarthd.rollout.selectors import scanning

SCANS = 600
"""Scans from one address in ten minutes: a market day behind one mobile gateway. Guessing needs 2^56."""
BRINGS_CREDIT = frozenset({Standing.GOOD, Standing.TYPED})


@require_safe
@never_cache
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Greet who scanned a code. A forged or expired one is said kindly, and the way into the app is the same."""
    now = clock.now()
    limits.count_attempt(
        f"scan:{request.META.get('REMOTE_ADDR', '')}", limit=SCANS, window=timedelta(minutes=10), now=now
    )
    found = scanning.scan(code, now)
    holds = found.standing in BRINGS_CREDIT
    views = agencies.agency_views([found.agency_id] if found.agency_id else [], clock.day_of(now))
    context = {
        "here": "",
        "scanned": found,
        "holds": holds,
        "agency": views[found.agency_id].name if found.agency_id in views else "",
        "code": team_codes.clean(code) if holds else "",
    }
    return render(request, "citizen/teams/scanned.html", context)
