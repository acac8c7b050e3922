"""The duty desk of one warning: how far it came, who is safe, who calls for help; giving help away and ending it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies.rules import Role
from smarthd.alerts.errors import AlertUnknown
from smarthd.alerts.rules.messages import Status
from smarthd.alerts.rules.states import HELP_WORDS, OUT, Help, State
from smarthd.alerts.selectors import desk, helps, reach, views
from smarthd.alerts.services import helping
from smarthd.backoffice.gate import official
from smarthd.backoffice.views.alerts.asking import ALERTS, DESK, actor_of, face_of, ground_url, problem
from smarthd.backoffice.views.channels.bulletins import FACES
from smarthd.channels.rules.bulletins import Source
from smarthd.channels.rules.dispatches import STATE_WORDS
from smarthd.channels.rules.outlets import KIND_WORDS
from smarthd.channels.selectors import desk as channels
from smarthd.kernel import audit, clock, errors
from smarthd.ui import refusals

HELPING = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER, Role.HEAD, Role.DELEGATE, Role.DISPATCHER)


@require_GET
@official(*DESK)
def index(request: HttpRequest, code: str) -> HttpResponse:
    """Show the desk; it brings itself up to date."""
    return page(request, code)


def page(
    request: HttpRequest, code: str, *, refused: dict[str, object] | None = None, about: str = "", status: int = 200
) -> HttpResponse:
    """Show the desk, with what was refused at one call."""
    actor, now = actor_of(request), clock.now()
    row = desk.row_for_desk(actor, code, now=now)
    if State(row.state) not in OUT:
        raise AlertUnknown
    calls = helps.helps_for(actor, row.incident, now=now)
    if any(one.phone or one.place for one in calls):
        _note_look(request, row.code, len(calls))
    context = {
        "face": face_of(views.view(row)),
        "alert": views.view(row),
        "table": reach.table_of(row, now=now),
        **_roads(request, row.uid),
        "calls": [(one, HELP_WORDS[one.state]) for one in calls],
        "open_calls": sum(one.state is Help.OPEN for one in calls),
        "points": [
            {
                "lat": one.lat,
                "lon": one.lon,
                "state": one.state.value,
                "uid": str(one.uid),
                "words": one.place or one.commune,
            }
            for one in calls
            if one.lat is not None and one.state is not Help.CLOSED
        ],
        "drill": row.status != Status.ACTUAL,
        "refused": refused,
        "about": about,
        "typed": request.POST if refused else {},
        "may_open": actor.has_role(*ALERTS),
        "ground_url": ground_url(),
        "nav_here": "alerts",
        "now": now,
    }
    return render(request, "backoffice/alerts/desk.html", context, status=status)


def _roads(request: HttpRequest, uid: UUID) -> dict[str, object]:
    """Return where the warning stands at the press, stations, loudspeakers, networks; nothing of outlets beyond the reader's reach."""
    seen = channels.bulletin_of(actor_of(request), Source.ALERT, str(uid), now=clock.now())
    if seen is None:
        return {"bulletin": None, "roads": []}
    roads = [(one, KIND_WORDS[one.kind], STATE_WORDS[one.state], *FACES[one.state]) for one in seen.dispatches]
    return {"bulletin": seen.row, "roads": roads}


def _note_look(request: HttpRequest, code: str, count: int) -> None:
    """Write down that somebody looked at where people are: once an hour, for the page brings itself up to date four times a minute."""
    now = clock.now()
    mark = f"{code} {now:%Y%m%d%H} {count}"
    if request.session.get("alert_helps_seen") != mark:
        request.session["alert_helps_seen"] = mark
        audit.looked(actor_of(request), "alerts.helps_seen", at=now, code=code, count=count)


@require_POST
@official(*HELPING)
def help_act(request: HttpRequest, code: str, uid: UUID) -> HttpResponse:
    """Give one call for help to somebody, or end it."""
    actor, now = actor_of(request), clock.now()
    words = request.POST.get("words", "")
    try:
        if request.POST.get("viec") == "close":
            helping.close_help(uid, words=words, actor=actor, now=now)
            messages.success(request, _("Đã kết thúc lời kêu cứu này."))
        else:
            helping.assign_help(uid, to=words, actor=actor, now=now)
            messages.success(request, _("Đã giao."))
    except (errors.Invalid, errors.Conflict) as refusal:
        return page(request, code, refused=problem(refusal), about=str(uid), status=refusals.status_of(refusal))
    return redirect("backoffice:alert_desk", code=code)
