"""Changes of administrative units: drafted from a document, looked at, carried out alone or with others of the day, taken back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice.forms.changes import FORMS
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import ADMINISTRATION
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import rules, services
from smarthd.places.selectors import changes
from smarthd.rollout import policies
from smarthd.ui import refusals

STATUS_LOOKS = {
    rules.EventStatus.DRAFT: (_("Dự thảo"), "warn"),
    rules.EventStatus.APPLIED: (_("Đã áp dụng"), "ok"),
    rules.EventStatus.REVERTED: (_("Đã hoàn lại"), "plain"),
}


def _keeper(request: HttpRequest) -> Actor:
    """Return the actor who keeps the map: an administrator of the coordinating Department or above; other administrators read."""
    actor = cast("DeskRequest", request).actor
    if not policies.can_keep_map(actor):
        raise PageNotFound
    return actor


def _keeps(request: HttpRequest) -> bool:
    return policies.can_keep_map(cast("DeskRequest", request).actor)


@require_GET
@official(*ADMINISTRATION)
def index(request: HttpRequest) -> HttpResponse:
    """List changes by their day, drafts marked."""
    rows = [(event, changes.KIND_WORDS[event.kind], *STATUS_LOOKS[event.status]) for event in changes.unit_events()]
    kinds = [(key, changes.KIND_WORDS[rules.EventKind(key)]) for key in FORMS]
    return render(request, "backoffice/changes/index.html", {"rows": rows, "kinds": kinds if _keeps(request) else []})


@require_http_methods(["GET", "POST"])
@official(*ADMINISTRATION)
def draft(request: HttpRequest, kind: str) -> HttpResponse:
    """Draft a change; nothing stands otherwise until it is applied."""
    actor = _keeper(request)
    if kind not in FORMS:
        raise PageNotFound
    form = FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            uid = services.draft_event(form.change(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.Conflict) as refusal:
            form.add_error(None, refusals.words_of(refusal).body)
        else:
            messages.success(request, _("Đã lưu dự thảo. Chưa có gì thay đổi trên bản đồ và số liệu."))
            return redirect("backoffice:change", uid=uid)
    context = {"form": form, "kind": kind, "words": changes.KIND_WORDS[rules.EventKind(kind)], "nav_here": "changes"}
    return render(request, "backoffice/changes/draft.html", context, status=422 if form.errors else 200)


@require_GET
@official(*ADMINISTRATION)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what a change does, and what else of its day waits."""
    return _page(request, uid)


def _page(request: HttpRequest, uid: UUID, refused: errors.Refusal | None = None) -> HttpResponse:
    event = changes.unit_event(uid)
    keeps = _keeps(request)
    is_draft = keeps and event.status is rules.EventStatus.DRAFT
    words, tone = STATUS_LOOKS[event.status]
    context = {
        "event": event,
        "kind": changes.KIND_WORDS[event.kind],
        "status": words,
        "tone": tone,
        "is_draft": is_draft,
        "is_applied": event.status is rules.EventStatus.APPLIED,
        "keeps": keeps,
        "is_reverted": event.status is rules.EventStatus.REVERTED,
        "others": [(one, changes.KIND_WORDS[one.kind]) for one in changes.drafts_of(event.effective_on) if one.uid != uid] if is_draft else [],
        "refused": refusals.words_of(refused) if refused else None,
        "nav_here": "changes",
    }  # fmt: skip
    return render(request, "backoffice/changes/detail.html", context, status=409 if refused else 200)


@require_POST
@official(*ADMINISTRATION)
def apply(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Carry out a draft, with those of its day that were ticked; all or none."""
    actor = _keeper(request)
    event = changes.unit_event(uid)
    waiting = {str(one.uid): one.uid for one in changes.drafts_of(event.effective_on)}
    together = [waiting[key] for key in request.POST.getlist("cung") if key in waiting and waiting[key] != uid]
    try:
        changed = services.apply_events([uid, *together], actor=actor, now=clock.now())
    except (errors.Invalid, errors.Conflict) as refusal:
        return _page(request, uid, refusal)
    messages.success(request, _("Đã áp dụng: %(count)s đơn vị thay đổi, mọi tổng số đã tính lại.") % {"count": len(changed)})  # fmt: skip
    return redirect("backoffice:change", uid=uid)


@require_POST
@official(*ADMINISTRATION)
def revert(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take an applied change back: the map is as if it had never been."""
    actor = _keeper(request)
    changes.unit_event(uid)
    try:
        services.revert_event(uid, actor=actor, now=clock.now())
    except (errors.Invalid, errors.Conflict) as refusal:
        return _page(request, uid, refusal)
    messages.success(request, _("Đã hoàn lại. Bản đồ và cách cộng số liệu như trước thay đổi này."))
    return redirect("backoffice:change", uid=uid)
