"""A unit's desk: what is due, what was handed in; one report as it stands, for everyone who may read it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice import navigation, periodic, waiting
from smarthd.backoffice.forms.periodic import AmendForm, ExemptForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies, selectors, services
from smarthd.rollout.rules import reports
from smarthd.rollout.rules.reports import HANDED_IN, State
from smarthd.rollout.selectors import ReportSeen

BEING_WRITTEN = frozenset({State.OPEN, State.DRAFT, State.RETURNED})
EACH_PAGE = 30


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*navigation.UNIT)
def index(request: HttpRequest) -> HttpResponse:
    """Show what the actor's own agencies owe, the nearest term first, and what they handed in."""
    actor, now = _actor(request), clock.now()
    own = waiting.own_agencies(actor)
    everything = selectors.owed_by(own, now=now, finished=True)
    due = [one for one in everything if not one.exempt_reason and one.opens_at <= now and one.state not in HANDED_IN]
    rest = sorted(
        (one for one in everything if one.exempt_reason or one.state in HANDED_IN),
        key=lambda one: one.submitted_at or one.due_at,
        reverse=True,
    )
    coming = next((one for one in everything if one.opens_at > now and one.state not in HANDED_IN), None)
    page = Paginator(rest, EACH_PAGE).get_page(request.GET.get("trang"))
    context = {
        "due": periodic.lines(due, now),
        "done": periodic.lines(page.object_list, now),
        "page": page,
        "coming": coming,
        "several": len(own) > 1,
        "account": actor.account_id,
    }
    return render(request, "backoffice/periodic/index.html", context)


@require_GET
@official(*navigation.WATCHERS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one report as it stands, with what this actor may do with it."""
    actor = _actor(request)
    seen = selectors.report_for(actor, uid, now=clock.now())
    return render(request, "backoffice/periodic/report.html", shown(seen, actor))


def shown(seen: ReportSeen, actor: Actor) -> dict[str, Any]:
    """Return what the pages of one report show."""
    now, owed = clock.now(), seen.owed
    own = actor.account_id is not None and actor.account_id in {seen.submitted_by, seen.endorsed_by}
    fills = policies.can_fill(actor, owed.held_by_id) and not owed.exempt_reason
    reviews, commands = (
        policies.can_review(actor, owed.superior_id),
        policies.can_command(actor, seen.coordinator_id),
    )
    return {
        "seen": seen,
        "line": periodic.line(owed, now),
        "answers": [_answer(answer) for answer in seen.answers],
        "history": [(periodic.STEP_WORDS.get(step.act, step.act), step, step.by == actor.account_id) for step in seen.steps],
        "broken": seen.owed.returns,
        "may_fill": fills and owed.state in BEING_WRITTEN,
        "may_withdraw": fills and reports.WITHDRAW.may_start(owed.state),
        "may_amend": fills and reports.AMEND.may_start(owed.state),
        "may_endorse": reviews and not own and reports.ENDORSE.may_start(owed.state),
        "own": own and (reviews or commands),
        "may_return": (reviews or commands) and not own and reports.RETURN.may_start(owed.state),
        "may_accept": commands and not own and reports.ACCEPT.may_start(owed.state),
        "may_exempt": commands and owed.state not in HANDED_IN and not owed.exempt_reason,
        "exempt_form": ExemptForm(),
        "nav_here": "periodic" if fills else "periodic_review",
    }  # fmt: skip


def _answer(answer: selectors.Answer) -> dict[str, Any]:
    return {
        "answer": answer,
        "field": answer.field,
        "value": periodic.shown(answer.field, answer.value),
        "previous": periodic.shown(answer.field, answer.previous) if answer.previous is not None else "",
        "difference": periodic.difference(answer.value, answer.previous),
        "compared": periodic.compared(answer.verification) if answer.verification is not None else None,
    }


@require_POST
@official(*navigation.UNIT)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a report back while nobody has endorsed it."""
    services.withdraw_report(uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã rút về. Sửa xong nhớ gửi lại trước hạn."))
    return redirect("backoffice:periodic_fill", uid=uid)


@require_http_methods(["GET", "POST"])
@official(*navigation.UNIT)
def amend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Correct a report that was endorsed or accepted."""
    actor = _actor(request)
    seen = selectors.report_for(actor, uid, now=clock.now())
    if not (policies.can_fill(actor, seen.owed.held_by_id) and reports.AMEND.may_start(seen.owed.state)):
        return redirect("backoffice:periodic_report", uid=uid)
    form = AmendForm(request.POST if request.method == "POST" else None, seen=seen)
    if request.method == "POST":
        try:
            services.amend_report(
                uid,
                typed=form.typed(),
                disputes=form.disputes(),
                reason=request.POST.get("reason", ""),
                actor=actor,
                now=clock.now(),
            )
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi bản đính chính. Cấp trên xác nhận lại từ đầu."))
            return redirect("backoffice:periodic_report", uid=uid)
    context = {"form": form, "rows": form.rows(), "seen": seen, "line": periodic.line(seen.owed, clock.now()), "nav_here": "periodic"}  # fmt: skip
    return render(request, "backoffice/periodic/amend.html", context, status=422 if form.errors else 200)
