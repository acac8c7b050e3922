"""Decisions that answer many difficulties: draft, look at what the units will see, approve, send back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice.forms.difficulties import ApproveForm, DecisionForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import DIFFICULTIES
from smarthd.backoffice.views.difficulties import uids_of
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors as rollout
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.selectors import decisions as selectors
from smarthd.rollout.selectors import difficulties
from smarthd.rollout.services import decisions as services
from smarthd.ui import refusals

PICKED_FROM = 100


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*DIFFICULTIES)
def index(request: HttpRequest) -> HttpResponse:
    """List decisions: those that wait first, then those in force."""
    actor, now = _actor(request), clock.now()
    context = {
        "rows": selectors.decisions(actor, now=now),
        "may_draft": bool(selectors.deciding_agencies(actor, now=now)),
        "nav_here": "difficulties",
    }
    return render(request, "backoffice/decisions/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*DIFFICULTIES)
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a decision for the difficulties ticked, and go to what the units will see."""
    actor, now = _actor(request), clock.now()
    agencies = selectors.deciding_agencies(actor, now=now)
    chosen = uids_of(request.POST.getlist("kk") or request.GET.getlist("kk"))
    campaign = rollout.running_campaign()
    if not agencies:
        raise PageNotFound
    if campaign is None:
        return render(request, "backoffice/difficulties/no_campaign.html", {"nav_here": "difficulties"})
    form = DecisionForm(request.POST or None, request.FILES or None, agencies=agencies)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.draft_decision(
                campaign.key,
                agency_id=int(form.cleaned_data["agency"]),
                **form.wanted(chosen),
                actor=actor,
                now=now,
            )
        except (errors.Invalid, errors.NotFound, errors.NotAllowed) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã trình. Dưới đây là đúng những gì các đơn vị sẽ thấy sau khi được duyệt."))
            return redirect("backoffice:decision", uid=made.uid)
    context = _picking(actor, form, chosen)
    return render(request, "backoffice/decisions/draft.html", context, status=422 if form.errors else 200)


def _picking(actor: Actor, form: DecisionForm, chosen: list[UUID]) -> dict[str, Any]:
    """Return what a decision may be ticked for: what was chosen first, then what is due first."""
    now = clock.now()
    found = difficulties.listing(actor, difficulties.Query(), now=now, limit=PICKED_FROM).rows
    picked = difficulties.rows_of(chosen, actor, now=now)
    known = {row.uid for row in picked}
    return {
        "form": form,
        "rows": [*picked, *(row for row in found if row.uid not in known)],
        "chosen": known,
        "nav_here": "difficulties",
    }


@require_http_methods(["GET", "POST"])
@official(*DIFFICULTIES)
def rewrite(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Change a draft."""
    actor, now = _actor(request), clock.now()
    seen = selectors.decision_for(actor, uid, now=now)
    if not seen.may_change:
        raise PageNotFound
    kept = [one.uid for one in seen.items if not one.into]
    chosen = uids_of(request.POST.getlist("kk")) if request.method == "POST" else kept
    agencies = [(seen.row.agency_id, seen.row.agency)]
    form = DecisionForm(
        request.POST or None,
        request.FILES or None,
        agencies=agencies,
        initial={"title": seen.row.title, "words": seen.text, "agency": str(seen.row.agency_id)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.rewrite_decision(uid, **form.wanted(chosen), actor=actor, now=now)
        except (errors.Invalid, errors.Conflict, errors.NotFound) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã sửa và trình lại."))
            return redirect("backoffice:decision", uid=uid)
    context = {**_picking(actor, form, chosen), "seen": seen}
    return render(request, "backoffice/decisions/draft.html", context, status=422 if form.errors else 200)


@require_GET
@official(*DIFFICULTIES)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a decision as the units see it, and whom it answers."""
    return render(request, "backoffice/decisions/detail.html", _shown(_actor(request), uid))


def _shown(actor: Actor, uid: UUID) -> dict[str, Any]:
    seen = selectors.decision_for(actor, uid, now=clock.now())
    return {
        "seen": seen,
        "row": seen.row,
        "units": len({one.agency_id for one in seen.items}),
        "state_words": rules.DECISION_WORDS[seen.row.state],
        "form": ApproveForm(initial={"decided_on": clock.today(), "seen": seen.content_hash}),
        "nav_here": "difficulties",
    }


@require_POST
@official(*DIFFICULTIES)
def approve(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Approve what was looked at; all its difficulties are answered in one stroke."""
    actor = _actor(request)
    form = ApproveForm(request.POST)
    if form.is_valid():
        try:
            outcome = services.approve_decision(uid, **form.wanted(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            said = _("Đã ban hành %(number)s, trả lời %(count)d vướng mắc; các đơn vị được mời xác nhận.")
            messages.success(request, said % {"number": outcome.decision.number, "count": outcome.answered})
            return redirect("backoffice:decision", uid=uid)
    return render(request, "backoffice/decisions/detail.html", {**_shown(actor, uid), "form": form}, status=422)


@require_POST
@official(*DIFFICULTIES)
def send_back(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Send a draft back with what is to be changed, or give one's own draft up."""
    actor = _actor(request)
    if request.POST.get("viec") == "thoi":
        services.drop_decision(uid, actor=actor, now=clock.now())
        messages.success(request, _("Đã thôi trình; các vướng mắc vẫn để nguyên."))
        return redirect("backoffice:decisions")
    words = request.POST.get("words", "")
    try:
        services.return_decision(uid, words=words, actor=actor, now=clock.now())
    except errors.Invalid as refusal:
        fields = refusal.facts.get("fields")
        problem = str(fields["words"]) if isinstance(fields, dict) else refusals.words_of(refusal).body
        context = {**_shown(actor, uid), "problem": problem, "typed": words}
        return render(request, "backoffice/decisions/detail.html", context, status=422)
    messages.success(request, _("Đã trả lại để sửa."))
    return redirect("backoffice:decision", uid=uid)


@require_GET
@official(*DIFFICULTIES)
def document(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Hand out the attached document."""
    path = selectors.document_for(_actor(request), uid, now=clock.now())
    return FileResponse(path.open("rb"), as_attachment=True, filename="van-ban.pdf", content_type="application/pdf")
