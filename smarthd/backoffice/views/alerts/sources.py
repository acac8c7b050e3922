"""Sources of others' CAP messages: how fetching goes, what came of them, pinning one, fetching now."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.alerts import policies
from smarthd.alerts.rules.states import WORDS, State
from smarthd.alerts.selectors import sources as selectors
from smarthd.alerts.services import following
from smarthd.backoffice.forms.alert_sources import SourceForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.views.alerts.asking import ALERTS, actor_of
from smarthd.kernel import clock, errors


@require_GET
@official(*ALERTS)
def index(request: HttpRequest) -> HttpResponse:
    """Show the sources with their state and last fault, and what came of the latest messages."""
    actor, now = actor_of(request), clock.now()
    found = selectors.sources_for(actor, now=now)
    context = {
        "sources": found,
        "arrived": [(one, WORDS[State(one.state)] if one.state else "") for one in selectors.latest_messages(actor)],
        "may_keep": policies.can_keep_sources(actor),
        "may_ask": policies.can_ask_sources(actor),
        "live": any(one.waiting for one in found),
        "nav_here": "alert_sources",
    }
    return render(request, "backoffice/alerts/sources.html", context)


@require_http_methods(["GET", "POST"])
@official(*ALERTS)
def add(request: HttpRequest) -> HttpResponse:
    """Pin a source."""
    return _kept(request, "")


@require_http_methods(["GET", "POST"])
@official(*ALERTS)
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Change a source, or trust it no longer."""
    actor, now = actor_of(request), clock.now()
    view = selectors.source_for(actor, key, now=now)
    if request.method == "POST" and request.POST.get("viec") == "bo":
        following.let_source_go(key, actor=actor, now=now)
        messages.success(request, _("Đã thôi nhận tin của nơi này; bản nháp đã có vẫn còn."))
        return redirect("backoffice:alert_sources")
    return _kept(request, key, view)


def _kept(request: HttpRequest, key: str, view: selectors.SourceView | None = None) -> HttpResponse:
    actor = actor_of(request)
    if not policies.can_keep_sources(actor):
        raise PageNotFound
    initial = (
        {
            "name": view.name,
            "sender": view.sender,
            "url": view.url,
            "agency": view.agency_id,
            "every": view.every_minutes,
        }
        if view
        else {"every": 15}
    )
    form = SourceForm(request.POST or None, request.FILES or None, actor=actor, known=bool(key), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            following.keep_source(form.wishes(key), actor=actor, now=clock.now())
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã ghim nguồn tin. Đối chiếu vân tay với nơi gửi qua điện thoại."))
            return redirect("backoffice:alert_sources")
    context = {"form": form, "view": view, "nav_here": "alert_sources"}
    return render(request, "backoffice/alerts/source.html", context, status=422 if form.errors else 200)


@require_POST
@official(*ALERTS)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Have a source fetched now."""
    following.ask_source(key, actor=actor_of(request), now=clock.now())
    messages.success(request, _("Đang lấy tin; kết quả hiện ở đây trong giây lát."))
    return redirect("backoffice:alert_sources")
