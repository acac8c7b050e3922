"""One version of a source: what it would change, its faulty lines, what citizens would see; publish, drop, go back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.connectors import policies
from smarthd.connectors.rules import states
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.selectors import sources as selectors
from smarthd.connectors.services import faulty as faulty_lines
from smarthd.connectors.services import publishing
from smarthd.kernel import clock, errors

ACT_WORDS = {"a": "Thêm", "c": "Đổi", "r": "Bỏ"}


@require_GET
@official(*SOURCES)
def version(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Show a version before anybody sees it, or as it was."""
    return _shown(request, uid, number)


def _shown(request: HttpRequest, uid: UUID, number: int, problem: str = "") -> HttpResponse:
    actor = cast("DeskRequest", request).actor
    source = selectors.source_for(actor, uid)
    shown = selectors.version_for(actor, uid, number)
    mapped = mapping_of(shown.mapping)
    seen = [one for one in mapped.fields if one.shown][:6]
    may = policies.can_feed if shown.state == "checked" else policies.can_release
    own = source.two_persons and shown.run is not None and shown.run.account_id == actor.account_id
    noticed = bool(shown.noticed) and (not shown.faulty or request.GET.get("loai") == "nhac")
    context = {
        "source": source,
        "version": shown,
        "state_words": states.VERSION_WORDS[states.VersionState(shown.state)],
        "waiting": shown.state in {"checked", "held"},
        "outdated": shown.state in {"checked", "held"} and shown.base != source.version,
        "page": selectors.faulty_page(shown, cursor=request.GET.get("cursor", ""), noticed=noticed),
        "noticed": noticed,
        "changes": [(ACT_WORDS[one.act], one) for one in selectors.changes(shown)],
        "heads": seen,
        "preview": [[(one, row.get(one.key)) for one in seen] for row in selectors.preview_rows(shown)],
        "needs_another": own and shown.state in {"checked", "held"},
        "may_publish": not own and may(actor, source.agency_id),
        "may_feed": policies.can_feed(actor, source.agency_id),
        "problem": problem,
        "nav_here": "sources",
    }
    return render(request, "backoffice/sources/version.html", context, status=422 if problem else 200)


@require_POST
@official(*SOURCES)
def act(request: HttpRequest, uid: UUID, number: int, act: str) -> HttpResponse:
    """Publish a version, drop it, or go back to it."""
    actor, now = cast("DeskRequest", request).actor, clock.now()
    selectors.version_for(actor, uid, number)
    if act == "cong-bo":
        try:
            publishing.publish(uid=uid, number=number, reason=request.POST.get("reason", ""), actor=actor, now=now)
        except errors.Invalid as refusal:
            told = refusal.facts.get("fields")
            return _shown(request, uid, number, " ".join(told.values()) if isinstance(told, dict) else "")
        messages.success(request, _("Đã công bố. Người dân thấy ngay."))
    elif act == "bo":
        publishing.drop(uid=uid, number=number, actor=actor, now=now)
        messages.success(request, _("Đã bỏ bản này. Bản đang công bố giữ nguyên."))
    elif act == "quay-lai":
        again = publishing.go_back(uid=uid, number=number, actor=actor, now=now)
        messages.success(
            request,
            _("Đã quay lại bản %(old)s, nay là bản %(new)s. Lịch đọc tạm dừng.") % {"old": number, "new": again.number},
        )
    else:
        raise PageNotFound
    return redirect("backoffice:source", uid=uid)


@require_GET
@official(*SOURCES)
def faulty(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """Hand out the faulty lines with what is wrong beside each."""
    content = faulty_lines.workbook(uid=uid, number=number, actor=cast("DeskRequest", request).actor)
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="dong-loi_ban-{number}.xlsx"'},
    )
