"""One-stop systems that citizens' questions about dossiers are put to."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.dossiers import DossierDeskForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.connectors import policies
from smarthd.connectors.selectors import dossiers as selectors
from smarthd.connectors.services import dossiers
from smarthd.kernel import clock, errors, text
from smarthd.kernel.actor import Actor


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _agencies(actor: Actor) -> list[tuple[int, str]]:
    """Return the agencies in whose name the actor may connect a system, at most three hundred."""
    if not actor.second_factor:
        return []
    reach = sorted(actor.agencies_as(*policies.RELEASERS))[:300]
    views = agencies.agency_views(reach, clock.today())
    return [(pk, views[pk].name) for pk in reach if pk in views]


@require_GET
@official(*SOURCES)
def index(request: HttpRequest) -> HttpResponse:
    """List the systems within reach, and whether they answer."""
    actor = _actor(request)
    desks = selectors.desks_for(actor)
    names = agencies.agency_views([desk.agency_id for desk in desks], clock.today())
    lines = [(desk, names[desk.agency_id].name if desk.agency_id in names else "–") for desk in desks]
    context = {"lines": lines, "may_connect": bool(_agencies(actor)), "nav_here": "sources"}
    return render(request, "backoffice/sources/dossiers.html", context)


@require_http_methods(["GET", "POST"])
@official(*SOURCES)
def edit(request: HttpRequest, uid: UUID | None = None) -> HttpResponse:
    """Connect a system, or change how it is asked."""
    actor = _actor(request)
    desk = selectors.desk_for(actor, uid) if uid else None
    choices = _agencies(actor)
    if not choices or (desk is not None and not policies.can_connect(actor, desk.agency_id)):
        raise PageNotFound
    form = DossierDeskForm(request.POST or None, agencies=choices, initial=_initial(desk) if desk else {})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            dossiers.keep_desk(
                key=desk.key if desk else text.slug(typed["title"])[:40],
                title=typed["title"],
                agency_id=typed["agency"],
                pattern=typed["pattern"],
                example=typed["example"],
                place=form.place(),
                secret={"token": typed["token"]},
                illustrative=desk.illustrative if desk else False,
                actor=actor,
                now=clock.now(),
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi. Người dân tra được ngay; hãy thử với một mã thật."))
            return redirect("backoffice:dossier_desks")
    context = {"form": form, "desk": desk, "nav_here": "sources"}
    return render(request, "backoffice/sources/dossier.html", context, status=422 if form.errors else 200)


def _initial(desk: Any) -> dict[str, Any]:
    return {
        "title": desk.title,
        "agency": desk.agency_id,
        "pattern": desk.pattern,
        "example": desk.example,
        **desk.place,
    }


@require_POST
@official(*SOURCES)
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask a system no more."""
    dossiers.end_desk(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã thôi kết nối. Người đang được báo tin đã được báo."))
    return redirect("backoffice:dossier_desks")
