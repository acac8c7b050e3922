"""The Committee's page: one screen for a leader on a phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.backoffice import boards, navigation
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places.errors import NoBoundariesThen
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.selectors import decisions, difficulties, owed

FIGURES = ("staff_used", "used_owners", "activated")
STUCK, WAITING = 3, 5


@require_GET
@official(*navigation.LEADERS)
def index(request: HttpRequest) -> HttpResponse:
    """Show progress against the deadline, what waits for a decision, what is stuck."""
    actor, now = cast("DeskRequest", request).actor, clock.now()
    committees = navigation.committees_of(actor)
    if not committees:
        raise PageNotFound
    campaign = boards.usual_campaign(rollout.campaigns())
    top = difficulties.at_the_top(committees, now=now, limit=200)
    late = difficulties.listing(actor, difficulties.Query(overdue=True), now=now, limit=20)
    context = {
        "campaign": campaign,
        "time": _time(campaign, now),
        "figures": _figures(campaign, now),
        "to_approve": decisions.to_approve(actor, now=now),
        "top": top[:WAITING],
        "top_count": len(top),
        "late": late,
        "late_holders": list(dict.fromkeys(row.holder for row in late.rows)),
        "period": _period(campaign, now),
        "behind": _behind(campaign, actor, now),
        "committee": _name(committees, now),
    }
    return render(request, "backoffice/committee.html", context)


def _name(committees: list[int], now: datetime) -> str:
    views = agencies.agency_views(committees, clock.day_of(now))
    return next((view.name for view in views.values()), "")


def _time(campaign: rollout.CampaignView | None, now: datetime) -> dict[str, Any] | None:
    """Return how much of a campaign's time is gone, and how many working days are left."""
    if campaign is None:
        return None
    opened, deadline = clock.start_of(campaign.opens_on), campaign.deadline_at
    whole = (deadline - opened).total_seconds()
    left = calendar.working_calendar().working_days_between(clock.day_of(now), clock.day_of(deadline))
    return {
        "deadline": deadline,
        "left": left,
        "share": min(max((now - opened).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0,
        "over": now > deadline,
    }


def _figures(campaign: rollout.CampaignView | None, now: datetime) -> list[dict[str, Any]]:
    day = boards.usual_day(campaign, clock.day_of(now))
    try:
        headline = rollout.headline(day, day)
    except NothingMeasured:
        return []
    titles = {item.key: item for item in rollout.indicators()}
    targets = boards.targets_of(campaign)
    shown = [
        {**boards.shown(headline.figures[key], titles, headline.week_before), "target": targets.get(key)}
        for key in FIGURES
        if key in headline.figures
    ]
    return [one for one in shown if one["target"]] or shown[:2]


def _period(campaign: rollout.CampaignView | None, now: datetime) -> dict[str, Any] | None:
    """Return how complete the newest period is whose deadline has passed, or, before the first one, the one that is open.

    A period that opens next week owes nothing yet, and one that is open is not stuck.
    """
    if campaign is None:
        return None
    opened = [one for one in owed.periods_of(campaign.key) if one.frozen_at is not None and one.opens_at <= now]
    frozen = next((one for one in opened if one.due_at < now), next(iter(opened), None))
    if frozen is None:
        return None
    counted = rollout.completeness(frozen, now=now)
    base = counted.base or None
    return {
        "period": frozen,
        "over": frozen.due_at < now,
        "counted": counted,
        "missing": counted.base - counted.handed_in,
        "share": counted.handed_in / base if base else None,
        "in_time": counted.in_time_first / base if base else None,
    }


def _behind(campaign: rollout.CampaignView | None, actor: Actor, now: datetime) -> list[rollout.Laggard]:
    day = boards.usual_day(campaign, clock.day_of(now))
    target = boards.targets_of(campaign).get("activated", 1.0)
    try:
        return rollout.laggards("commune", day, day, indicator="activated", target=target, limit=STUCK, actor=actor)
    except (NothingMeasured, NoBoundariesThen):
        return []
