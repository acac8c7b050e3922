"""Tên thường gọi: what people say for what offices write, so that the search finds it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.backoffice.forms.popular_names import NameForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import NAMES
from smarthd.finding import errors, policies
from smarthd.finding.selectors import names as kept
from smarthd.finding.services import names
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.ui import refusals


def _actor(request: HttpRequest) -> Actor:
    actor = cast("DeskRequest", request).actor
    if not policies.can_keep_names(actor):
        raise PageNotFound
    return actor


@require_http_methods(["GET", "POST"])
@official(*NAMES)
def index(request: HttpRequest) -> HttpResponse:
    """List the names in force with what each finds; add one."""
    actor = _actor(request)
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            names.add_name(typed["said"], typed["meant"], actor=actor, now=clock.now())
        except errors.NameSaysNothing as refusal:
            form.refuse(refusal)
        except errors.NameKnown as refusal:
            form.add_error("said", refusals.words_of(refusal).body)
        else:
            messages.success(
                request, _("Đã thêm “%(said)s”. Người dân tìm được trong ít phút.") % {"said": typed["said"]}
            )
            return redirect("backoffice:popular_names")
    context = {"names": kept.names_for(actor), "form": form, "nav_here": "popular_names"}
    return render(request, "backoffice/popular_names.html", context, status=422 if form.errors else 200)


@require_POST
@official(*NAMES)
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Let a name find nothing any more."""
    names.end_name(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã thôi dùng tên này."))
    return redirect("backoffice:popular_names")
