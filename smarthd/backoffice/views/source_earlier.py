"""Whether earlier versions of a dataset may be taken away: what that means, who may say so, and taking one back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice.forms.earlier import OpenForm, RecallForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.connectors import policies
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.services import earlier as services
from smarthd.kernel import clock


@require_GET
@official(*SOURCES)
def page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show which versions were public, which of them may be taken away, and what saying yes means."""
    source, versions = _found(request, uid)
    return _shown(request, source, versions)


def _found(request: HttpRequest, uid: UUID) -> tuple[Any, list[Any]]:
    actor = cast("DeskRequest", request).actor
    source = selectors.source_for(actor, uid)
    if not policies.can_open_earlier(actor, source.agency_id):
        raise PageNotFound
    return source, selectors.public_versions_for(actor, uid)


def _recallable(source: Any, versions: list[Any]) -> list[int]:
    return [one.number for one in versions if one.recalled_at is None and one.number != source.version]


def _shown(request: HttpRequest, source: Any, versions: list[Any], **forms: Any) -> HttpResponse:
    agency = agencies.agency_view(source.agency_id, clock.today())
    context = {
        "source": source,
        "agency": agency,
        "versions": versions,
        "count": selectors.earlier_count(source),
        "only_seen": source.licence == "view-only",
        "open_form": OpenForm(),
        "recall_form": RecallForm(numbers=_recallable(source, versions)),
        "nav_here": "sources",
        **forms,
    }
    return render(request, "backoffice/sources/earlier.html", context, status=422 if forms else 200)


@require_POST
@official(*SOURCES)
def act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Let earlier versions go, stop, or take one back."""
    source, versions = _found(request, uid)
    told: dict[str, Any] = {"uid": uid, "actor": cast("DeskRequest", request).actor, "now": clock.now()}
    if act == "cho-tai":
        opening = OpenForm(request.POST)
        if not opening.is_valid():
            return _shown(request, source, versions, open_form=opening)
        services.allow_earlier(allowed=True, **told)
        messages.success(request, _("Đã cho tải các bản trước."))
    elif act == "thoi-cho-tai":
        services.allow_earlier(allowed=False, **told)
        messages.success(request, _("Đã thôi cho tải các bản trước. Bản đang công bố vẫn tải được."))
    elif act == "thu-hoi":
        form = RecallForm(request.POST, numbers=_recallable(source, versions))
        if not form.is_valid():
            return _shown(request, source, versions, recall_form=form)
        typed = form.cleaned_data
        count = services.recall(number=typed["number"], all_before=typed["all_before"], **told)
        messages.success(request, _("Đã thu hồi %(count)s bản. Không ai tải được nữa.") % {"count": count})
    else:
        raise PageNotFound
    return redirect("backoffice:source_earlier", uid=uid)
