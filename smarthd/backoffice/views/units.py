"""The unit's own page: the ladder of its staff, who is missing, reminding them, exemptions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import policies as agency_policies
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules.exemptions import REASON_WORDS, Reason, Status
from smarthd.agencies.selectors import AgencyView
from smarthd.backoffice import ladders, navigation, reminders
from smarthd.backoffice.forms.exemptions import ExemptionForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured

SHOWN = 100


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def agency_for(actor: Actor, uid: UUID) -> AgencyView:
    """Return an agency within the reach of a role that works with units; otherwise it is not found."""
    view = agencies.agency_by_uid(uid, clock.today())
    if view.id not in actor.agencies_as(*navigation.UNIT):
        raise PageNotFound
    return view


@require_GET
@official(*navigation.UNIT)
def index(request: HttpRequest) -> HttpResponse:
    """List the agencies within reach, those with most staff missing first; a single one is shown at once."""
    actor = _actor(request)
    today = clock.today()
    reach = actor.agencies_as(*navigation.UNIT)
    if len(reach) == 1:
        return redirect("backoffice:unit", uid=agencies.agency_view(next(iter(reach)), today).uid)
    words = text.fold(request.GET.get("q", "")).split()
    try:
        table = rollout.staff_table(today, actor=actor)
    except NothingMeasured:
        table = None
    rows = [row for group in (table.groups.values() if table else ()) for row in group if row.agency_id in reach]
    found = [row for row in rows if all(word in text.fold(f"{row.name} {row.code}") for word in words)]
    found.sort(key=_most_missing)
    context = {
        "rows": [(row, row.values["staff_used"]) for row in found[:SHOWN]],
        "count": len(found),
        "shown": min(len(found), SHOWN),
        "wanted": request.GET.get("q", ""),
        "day": table.as_of if table else today,
    }
    return render(request, "backoffice/units/index.html", context)


def _most_missing(row: rollout.StaffRow) -> tuple[float, str]:
    figure = row.values["staff_used"]
    return (-((figure.denominator or 0) - (figure.numerator or 0)), row.name)


@require_GET
@official(*navigation.UNIT)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one agency's own roster on the ladder; names to head and delegate only."""
    actor = _actor(request)
    view = agency_for(actor, uid)
    now = clock.now()
    return render(request, "backoffice/units/detail.html", shown(view, actor, now))


def shown(view: AgencyView, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return what the unit's page shows this actor."""
    today = clock.day_of(now)
    context: dict[str, Any] = {
        "agency": view,
        "chain": agencies.chain_of(view.id, today)[1:],
        "may_import": agency_policies.can_import_roster(actor, view.id),
        "nav_here": "units",
        "day": today,
    }
    if agency_policies.can_edit_roster_persons(actor, view.id):
        context["exemptions"] = [
            (item, REASON_WORDS[Reason(item.reason)], _may_decide(actor, item))
            for item in agencies.exemptions_for(actor, [view.id])
        ]
        roster = agencies.roster_for(actor, view.id, today)
        if roster and agency_policies.can_request_exemption(actor, view.id):
            context["exempt_form"] = ExemptionForm(roster=roster)
    try:
        ladder = rollout.staff_ladder(view.id, today, actor)
    except NothingMeasured:
        return context
    board = ladders.board(ladder)
    context |= {"board": board, "day": ladder.as_of}
    if ladder.persons is not None:
        campaign = rollout.running_campaign()
        words = reminders.words(view, campaign)
        context |= {"may_see_persons": True, "missing": reminders.missing(view, ladder, actor, now), "reminder": words}
    return context


def _may_decide(actor: Actor, item: agencies.ExemptionView) -> bool:
    return item.status == Status.REQUESTED and agency_policies.can_decide_exemption(
        actor, item.agency_id, requested_by_id=item.requested_by_id
    )


@require_POST
@official(*navigation.UNIT)
def remind(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down that persons were reminded; calling and texting were done on the official's own telephone."""
    actor = _actor(request)
    view = agency_for(actor, uid)
    count = reminders.record(view, request.POST.getlist("staff"), actor=actor, now=clock.now())
    if count:
        messages.success(request, _("Đã ghi: nhắc %(count)d người.") % {"count": count})
    else:
        messages.error(request, _("Chưa đánh dấu người nào trong danh sách, nên chưa ghi gì."))
    return redirect(f"{reverse('backoffice:unit', kwargs={'uid': uid})}#nhac")
