"""Thông báo đẩy: what waits, which push service refuses us, how far the latest public messages have come."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies.rules import Role
from smarthd.alerts.rules import rehearsals as rehearsal_rules
from smarthd.alerts.selectors import operations, rehearsals
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import WATCH
from smarthd.kernel import clock
from smarthd.messaging import selectors, services

WEEK = timedelta(days=7)
LANES = {"life": _("cứu người"), "urgent": _("khẩn"), "notice": _("thông báo"), "news": _("tin tức")}
STATES = {"running": _("đang gửi"), "finished": _("đã gửi xong"), "cancelled": _("đã hủy phần còn lại")}


@require_GET
@official(*WATCH)
def index(request: HttpRequest) -> HttpResponse:
    """Show how pushing stands now."""
    now = clock.now()
    actor = cast("DeskRequest", request).actor
    rows = [(view, LANES[view.lane], STATES[view.state]) for view in selectors.latest_fanouts()]
    context = {
        "backlog": selectors.backlog(now=now),
        "alarms": selectors.push_alarms(),
        "phones": selectors.phone_count(),
        "keys": services.pool_level()[0],
        "accepted": operations.accepted_since(now - WEEK),
        "rehearsal": rehearsals.latest(),
        "rehearsal_due": rehearsal_rules.due(rehearsals.last_passed_at(), now=now),
        "rows": rows,
        "may_reopen": actor.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "backoffice/pushes.html", context)


@require_POST
@official(Role.ADMINISTRATOR)
def reopen(request: HttpRequest) -> HttpResponse:
    """Send to a push service again whose refusal was seen to."""
    origin = request.POST.get("origin", "")[:255]
    if services.reopen_origin(origin, actor=cast("DeskRequest", request).actor, now=clock.now()):
        messages.success(request, _("Đã mở lại; phần đang chờ được gửi tiếp."))
    else:
        messages.info(request, _("Máy chủ này không còn bị dừng."))
    return HttpResponseRedirect(reverse("backoffice:pushes"))
