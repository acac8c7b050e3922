"""Phần mềm khác: the keys by which other programs call, issued, limited, ended. A key is shown once."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.backoffice.forms.programs import KeyForm, LimitForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import ADMINISTRATION
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.programs import errors, policies, selectors, services


def _actor(request: HttpRequest) -> Actor:
    actor = cast("DeskRequest", request).actor
    if not policies.can_manage_keys(actor):
        raise PageNotFound
    return actor


@require_http_methods(["GET", "POST"])
@official(*ADMINISTRATION)
def index(request: HttpRequest) -> HttpResponse:
    """List the keys; issue one and show it this once."""
    actor = _actor(request)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            row, secret = services.issue(typed["name"], per_hour=typed["per_hour"], actor=actor, now=clock.now())
        except errors.KeyFaulty as refusal:
            form.refuse(refusal)
        else:
            told = {"key": row, "secret": secret, "address": request.build_absolute_uri("/api/v1/datasets")}
            return render(request, "backoffice/programs/issued.html", {**told, "nav_here": "programs"})
    context = {"keys": selectors.keys_for(actor), "form": form, "nav_here": "programs"}
    return render(request, "backoffice/programs/index.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@official(*ADMINISTRATION)
def key(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one key; let it call more or less often."""
    actor = _actor(request)
    row = selectors.key_for(actor, uid)
    form = LimitForm(request.POST or None, initial={"per_hour": row.per_hour})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_limit(uid, per_hour=form.cleaned_data["per_hour"], actor=actor, now=clock.now())
        except errors.KeyFaulty as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã đổi số lần gọi."))
            return redirect("backoffice:programs")
    context = {"key": row, "form": form, "nav_here": "programs"}
    return render(request, "backoffice/programs/key.html", context, status=422 if form.errors else 200)


@require_POST
@official(*ADMINISTRATION)
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a key out of force."""
    actor = _actor(request)
    row = services.end_key(uid, actor=actor, now=clock.now())
    messages.success(request, _("Đã thu khóa của %(name)s.") % {"name": row.name})
    return redirect("backoffice:programs")
