"""A superior's desk and the Department's door: what waits, endorsed or taken in one by one or the clean ones together, sent back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.backoffice import navigation, periodic
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.periodic_unit import shown
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors, services
from smarthd.rollout.selectors import ToReview
from smarthd.ui import refusals

REASON = "r-"
MOST_AT_ONCE = 500
MOST_LISTED = 300


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*navigation.REVIEWERS)
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for the actor's endorsement, the detail beside it."""
    rows = selectors.review_queue(_actor(request), now=clock.now())
    return render(request, "backoffice/periodic/queue.html", _queue(request, rows, accepting=False))


@require_GET
@official(*navigation.REVIEWERS)
def arrivals(request: HttpRequest) -> HttpResponse:
    """Show what was endorsed and waits to be taken in."""
    rows = selectors.acceptance_queue(_actor(request), now=clock.now())
    return render(request, "backoffice/periodic/queue.html", _queue(request, rows, accepting=True))


def _queue(request: HttpRequest, rows: list[ToReview], *, accepting: bool) -> dict[str, Any]:
    actor, now = _actor(request), clock.now()
    only_clean = request.GET.get("loc") == "sach"
    only_doubtful = request.GET.get("loc") == "xem"
    chosen = [one for one in rows if not (only_clean and not one.clean) and not (only_doubtful and one.clean)]
    opened = request.GET.get("xem", "")
    found = next((one for one in rows if str(one.owed.uid) == opened), None)
    detail = shown(selectors.report_for(actor, found.owed.uid, now=now), actor) if found else None
    to_review, to_accept = selectors.waiting_counts(actor)
    return {
        "rows": [_row(one) for one in chosen[:MOST_LISTED]],
        "count": len(chosen),
        "all": len(rows),
        "clean": sum(one.clean for one in rows),
        "doubtful": sum(not one.clean for one in rows),
        "chosen": request.GET.get("loc", ""),
        "opened": opened,
        "detail": detail,
        "accepting": accepting,
        "to_review": to_review,
        "to_accept": to_accept,
        "nav_here": "periodic_review",
        **(detail or {}),
    }


def _row(one: ToReview) -> dict[str, Any]:
    tone, icon = periodic.VERDICT_LOOKS[one.worst]
    return {
        "one": one,
        "owed": one.owed,
        "findings": [(finding.label, periodic.compared(finding.verification)) for finding in one.findings],
        "tone": tone,
        "icon": icon,
        "looked_at": f"{one.owed.report_uid}:{one.owed.content_hash}",
    }


@require_POST
@official(*navigation.REVIEWERS)
def endorse(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Endorse exactly what was looked at."""
    report_uid = selectors.report_for(_actor(request), uid, now=clock.now()).owed.report_uid
    services.endorse_report(
        report_uid, seen_hash=request.POST.get("seen_hash", ""), actor=_actor(request), now=clock.now()
    )
    messages.success(request, _("Đã xác nhận."))
    return _back(request, "backoffice:periodic_review")


@require_POST
@official(*navigation.REVIEWERS)
def accept(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one endorsed report in."""
    report_uid = selectors.report_for(_actor(request), uid, now=clock.now()).owed.report_uid
    services.accept_report(
        report_uid, seen_hash=request.POST.get("seen_hash", ""), actor=_actor(request), now=clock.now()
    )
    messages.success(request, _("Đã tiếp nhận."))
    return _back(request, "backoffice:periodic_arrivals")


@require_POST
@official(*navigation.REVIEWERS)
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a report back with a reason at each field that is wrong."""
    actor = _actor(request)
    seen = selectors.report_for(actor, uid, now=clock.now())
    reasons = {
        answer.field.key: request.POST.get(f"{REASON}{answer.field.key}", "")
        for answer in seen.answers
        if request.POST.get(f"{REASON}{answer.field.key}", "").strip()
    }
    try:
        services.return_report(seen.owed.report_uid, reasons=reasons, actor=actor, now=clock.now())
    except errors.Invalid as refusal:
        context = {**shown(seen, actor), "return_problem": refusals.words_of(refusal).body}
        return render(request, "backoffice/periodic/report.html", context, status=422)
    messages.success(
        request, _("Đã trả lại %(unit)s, kèm lý do. Đơn vị có một ngày làm việc để sửa.") % {"unit": seen.owed.name}
    )
    return _back(request, "backoffice:periodic_review")


@require_POST
@official(*navigation.REVIEWERS)
def endorse_many(request: HttpRequest) -> HttpResponse:
    """Endorse the ticked ones, each by itself, and say what became of each."""
    return _together(request, selectors.review_queue(_actor(request), now=clock.now()), services.endorse_many, accepting=False)  # fmt: skip


@require_POST
@official(*navigation.REVIEWERS)
def accept_many(request: HttpRequest) -> HttpResponse:
    """Take the ticked ones in, each by itself, and say what became of each."""
    return _together(request, selectors.acceptance_queue(_actor(request), now=clock.now()), services.accept_many, accepting=True)  # fmt: skip


def _together(
    request: HttpRequest, rows: list[ToReview], act: Callable[..., list[services.Outcome]], *, accepting: bool
) -> HttpResponse:
    names = {one.owed.report_uid: (one.owed.name, one.owed.uid) for one in rows}
    looked_at = []
    for value in request.POST.getlist("looked_at")[:MOST_AT_ONCE]:
        report_uid, _colon, seen_hash = value.partition(":")
        looked_at.append((_uuid(report_uid), seen_hash))
    outcomes = act([one for one in looked_at if one[0] in names], actor=_actor(request), now=clock.now())
    gone = [one for one in looked_at if one[0] not in names]
    context = {
        "done": [names[one.report_uid] for one in outcomes if not one.refusal],
        "refused": [(*names[one.report_uid], refusals.words_of_name(one.refusal)) for one in outcomes if one.refusal],
        "gone": len(gone),
        "accepting": accepting,
        "nav_here": "periodic_review",
    }
    return render(request, "backoffice/periodic/together.html", context)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _back(request: HttpRequest, view: str) -> HttpResponse:
    wanted = request.POST.get("ve", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return redirect(wanted)
    return redirect(reverse(view))
