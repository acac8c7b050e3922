"""A code people came with, scanned or typed: say in one sentence whose it is, and carry it to the first opening of the app."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock, limits
from smarthd.people import rules as people_rules
from smarthd.rollout.rules import airings, team_codes
from smarthd.rollout.rules.team_codes import Standing
from smarthd.rollout.selectors import channel_codes, scanning

SCANS = 600
"""Scans from one address in ten minutes: a market day behind one mobile gateway. Guessing needs 2^56."""
BRINGS_CREDIT = frozenset({Standing.GOOD, Standing.TYPED})
LONGEST_TYPED = 60


@require_safe
@never_cache
def typed(request: HttpRequest) -> HttpResponse:
    """Ask for a code heard on the loudspeaker or read out by a team, and lead to what it is."""
    words = request.GET.get("ma", "").strip()[:LONGEST_TYPED]
    code = people_rules.clean_team_code(words)
    if code:
        return redirect("citizen:scanned", code=airings.read_code(code) or code)
    problem = ""
    if words:
        problem = _("Mã chỉ gồm chữ không dấu và số. Xin nhìn lại và gõ từng nhóm.")
    elif "ma" in request.GET:
        problem = _("Xin gõ mã, hoặc bỏ qua bước này.")
    context = {"here": "", "typed": words, "problem": problem}
    return render(request, "citizen/teams/typed.html", context, status=422 if problem else 200)


@require_safe
@never_cache
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Greet who came with a code. A forged or expired one is said kindly, and the way into the app is the same."""
    now = clock.now()
    limits.count_attempt(
        f"scan:{request.META.get('REMOTE_ADDR', '')}", limit=SCANS, window=timedelta(minutes=10), now=now
    )
    road = channel_codes.road_of(code)
    context = _of_channel(road, now) if road is not None else _of_team(code, now)
    return render(request, "citizen/teams/scanned.html", {"here": "", **context})


def _of_channel(road: channel_codes.Road, now: datetime) -> dict[str, Any]:
    return {
        "channel": airings.CHANNEL_WORDS[road.channel],
        "agency": _agency(road.agency_id, now),
        "holds": True,
        "code": road.code,
    }


def _of_team(code: str, now: datetime) -> dict[str, Any]:
    found = scanning.scan(code, now)
    holds = found.standing in BRINGS_CREDIT
    return {
        "scanned": found,
        "agency": _agency(found.agency_id, now),
        "holds": holds,
        "code": team_codes.clean(code) if holds else "",
    }


def _agency(agency_id: int | None, now: datetime) -> str:
    views = agencies.agency_views([agency_id] if agency_id else [], clock.day_of(now))
    return views[agency_id].name if agency_id in views else ""
