"""Agencies and roles, for administrators within their reach."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors, services
from smarthd.agencies.rules import Role, kinds, roles
from smarthd.backoffice.forms.agencies import GrantForm, MailboxForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import ADMINISTRATION
from smarthd.kernel import clock, errors, text
from smarthd.kernel.actor import Actor

SHOWN = 200


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _agency_for(actor: Actor, uid: UUID) -> selectors.AgencyView:
    """Return an agency within the reach of the actor as administrator; otherwise it is not found."""
    view = selectors.agency_by_uid(uid, clock.today())
    if view.id not in actor.agencies_as(Role.ADMINISTRATOR):
        raise PageNotFound
    return view


@require_GET
@official(*ADMINISTRATION)
def index(request: HttpRequest) -> HttpResponse:
    """List the agencies within the administrator's reach, grouped by kind, found by name."""
    reach = _actor(request).agencies_as(Role.ADMINISTRATOR)
    wanted, kind = request.GET.get("q", "").strip()[:100], request.GET.get("loai", "")
    every = [view for view in selectors.agencies_on(clock.today()) if view.id in reach]
    words = text.fold(wanted).split()
    found = [
        view
        for view in every
        if (not kind or view.kind == kind) and all(word in text.fold(f"{view.name} {view.code}") for word in words)
    ]
    present = {view.kind for view in every}
    context = {
        "agencies": [(view, kinds.WORDS[kinds.Kind(view.kind)]) for view in found[:SHOWN]],
        "count": len(found),
        "shown": min(SHOWN, len(found)),
        "kinds": [(value, word) for value, word in kinds.WORDS.items() if value in present],
        "kind": kind,
        "wanted": wanted,
    }
    return render(request, "backoffice/agencies/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*ADMINISTRATION)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one agency: its chain, who holds which role; grant another role."""
    actor = _actor(request)
    view = _agency_for(actor, uid)
    form = GrantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_role(
                account_id=form.account_id(), agency_id=view.id, role=form.role(), actor=actor, now=clock.now()
            )
        except (errors.Invalid, errors.Conflict, errors.NotAllowed) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã cấp vai trò."))
            return redirect("backoffice:agency", uid=uid)
    return render(
        request, "backoffice/agencies/detail.html", _shown(actor, view, form), status=422 if form.errors else 200
    )


def _shown(
    actor: Actor, view: selectors.AgencyView, form: GrantForm, mailbox: MailboxForm | None = None
) -> dict[str, object]:
    now = clock.now()
    granted = selectors.grants_at(view.id, now)
    names = {person.account_id: person.full_name for person in selectors.roster_on([view.id], clock.day_of(now))}
    return {
        "agency": view,
        "kind": kinds.WORDS[kinds.Kind(view.kind)],
        "chain": selectors.chain_of(view.id, clock.today())[1:],
        "grants": [(grant, names.get(grant.account_id, ""), roles.WORDS[Role(grant.role)]) for grant in granted],
        "form": form,
        "mailbox": mailbox or MailboxForm(initial={"address": selectors.mailboxes_of([view.id]).get(view.id, "")}),
        "nav_here": "agencies",
        "me": actor.account_id,
    }


@require_POST
@official(*ADMINISTRATION)
def mailbox(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Name, change or take away the agency's official e-mail address."""
    actor = _actor(request)
    view = selectors.agency_by_uid(uid, clock.today())
    if view.id not in actor.agencies_as(Role.ADMINISTRATOR):
        raise PageNotFound
    form = MailboxForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"].strip()
        try:
            if address:
                services.set_mailbox(view.id, address=address, actor=actor, now=clock.now())
            else:
                services.end_mailbox(view.id, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu hộp thư công vụ."))
            return redirect("backoffice:agency", uid=uid)
    shown = _shown(actor, view, GrantForm(), mailbox=form)
    return render(request, "backoffice/agencies/detail.html", shown, status=422)


@require_POST
@official(*ADMINISTRATION)
def revoke(request: HttpRequest, uid: UUID, grant: UUID) -> HttpResponse:
    """Take a role of this agency back; the row stays as history."""
    actor, now = _actor(request), clock.now()
    view = _agency_for(actor, uid)
    if grant not in {held.uid for held in selectors.grants_at(view.id, now)}:
        raise PageNotFound
    services.revoke_role(grant_uid=grant, actor=actor, now=now)
    messages.success(request, _("Đã thu hồi vai trò."))
    return redirect("backoffice:agency", uid=uid)
