"""Outlets: the list, adding one of a kind, changing one."""

from __future__ import annotations

from itertools import groupby
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from smarthd.backoffice.forms.channels import OutletForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import CHANNELS
from smarthd.channels import policies
from smarthd.channels.rules import links
from smarthd.channels.rules.outlets import KIND_WORDS, Kind
from smarthd.channels.selectors import desk
from smarthd.channels.services import outlets
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*CHANNELS)
def index(request: HttpRequest) -> HttpResponse:
    """List the outlets by kind."""
    actor = _actor(request)
    views = desk.outlets_for(actor, now=clock.now())
    context = {
        "groups": [(KIND_WORDS[kind], list(rows)) for kind, rows in groupby(views, key=lambda view: view.kind)],
        "count": len(views),
        "kinds": KIND_WORDS.items(),
        "may_keep": bool(policies.keeps_at(actor)),
        "may_send": bool(policies.sends_at(actor)),
        "nav_here": "channels",
    }
    return render(request, "backoffice/channels/outlets.html", context)


@require_http_methods(["GET", "POST"])
@official(*CHANNELS)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """Add an outlet of a kind."""
    actor = _actor(request)
    if kind not in set(Kind) or not policies.keeps_at(actor):
        raise PageNotFound
    form = OutletForm(request.POST or None, actor=actor, kind=Kind(kind))
    if request.method == "POST" and form.is_valid():
        try:
            row = outlets.add_outlet(form.wishes(), actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã thêm nơi nhận. Bản tin sau sẽ được gửi tới đây."))
            return redirect("backoffice:channel_outlet", uid=row.uid)
    context = {"form": form, "kind": KIND_WORDS[Kind(kind)], "nav_here": "channels"}
    return render(request, "backoffice/channels/outlet.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@official(*CHANNELS)
def change(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show an outlet, and change it where the reader may."""
    actor, now = _actor(request), clock.now()
    view = desk.outlet_for(actor, uid, now=now)
    initial = {
        "name": view.name,
        "address": view.address,
        "commune": view.commune_id or "",
        "drills": view.drills,
        "enabled": view.enabled,
    }
    form = OutletForm(request.POST or None, actor=actor, kind=view.kind, view=view, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            outlets.change_outlet(uid, form.wishes(), actor=actor, now=now)
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu nơi nhận."))
            return redirect("backoffice:channel_outlet", uid=uid)
    context = {
        "form": form,
        "view": view,
        "kind": KIND_WORDS[view.kind],
        "may_keep": policies.can_keep_outlet(actor, view.agency_id),
        "frame": f"{settings.ORIGIN}{links.embed(desk.embed_key_of(actor, uid))}" if view.kind is Kind.PORTAL else "",
        "origin": settings.ORIGIN,
        "nav_here": "channels",
    }
    return render(request, "backoffice/channels/outlet.html", context, status=422 if form.errors else 200)
