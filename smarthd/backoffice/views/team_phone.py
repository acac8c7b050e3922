"""The leader's and members' phone: today, my villages, my code, my events, what disagrees, results, lessons, expenses, the log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice import qr
from smarthd.backoffice.forms.difficulties import RAISERS
from smarthd.backoffice.forms.teams import EventForm, ExpenseForm
from smarthd.backoffice.gate import PageNotFound
from smarthd.backoffice.gate_teams import TeamRequest, in_team, member_or_official
from smarthd.kernel import clock, errors
from smarthd.rollout.rules import teams as rules
from smarthd.rollout.rules.team_codes import Standing
from smarthd.rollout.selectors import team_results
from smarthd.rollout.selectors import teams as selectors
from smarthd.rollout.services import teams_codes, teams_visits, teams_work

CODE_DAYS = 90


def _membership(request: HttpRequest) -> selectors.Membership:
    membership = cast("TeamRequest", request).membership
    if membership is None:
        raise PageNotFound
    return membership


def scan_address(code: str) -> str:
    """Return what a QR code of a team says."""
    return f"{settings.ORIGIN}{reverse('citizen:scanned', kwargs={'code': code})}"


@require_GET
@in_team
def home(request: HttpRequest) -> HttpResponse:
    """Show today: what was done, what waits, the villages with how far each is, the next events."""
    membership = cast("TeamRequest", request).membership
    if membership is None:
        return render(request, "backoffice/teams/nobody.html", {"here": "team"})
    team, member = membership.team, membership.member
    now = clock.now()
    today = clock.day_of(now)
    first = team.valid_from
    reached = team_results.by_village(team.id, first, today)
    context = {
        "here": "team",
        "team": team,
        "member": member,
        "today": team_results.results_of([team.id], today, today),
        "mine_today": team_results.results_of([team.id], today, today, member_id=member.id),
        "whole": team_results.results_of([team.id], first, today),
        "villages": [(view, reached.get(view.id, 0)) for view in selectors.villages_of(team.id, today)],
        "events": selectors.events_of(team.id, since=now),
        "disagreements": len(team_results.disagreements(team.id)),
        "week": team_results.results_of([team.id], max(first, today - timedelta(days=6)), today),
        "may_raise": cast("TeamRequest", request).actor.has_role(*RAISERS),
        "on": today,
        "now": now,
    }
    return render(request, "backoffice/teams/home.html", context)


@require_GET
@in_team
def log(request: HttpRequest) -> HttpResponse:
    """Give the shell of the visit log: the one page of officials a phone keeps. Nothing of the asker's stands in it."""
    outcomes = [(key.value, words, key in rules.GIVES_REASON) for key, words in rules.OUTCOME_WORDS.items()]
    reasons = [(key.value, words) for key, words in rules.WHY_NOT_WORDS.items()]
    return render(request, "backoffice/teams/log.html", {"here": "team_log", "outcomes": outcomes, "reasons": reasons})


@require_http_methods(["GET", "POST"])
@in_team
def my_code(request: HttpRequest) -> HttpResponse:
    """Show the member's own code large enough to be scanned from a hand; a leader without one issues it for themselves."""
    membership = _membership(request)
    now = clock.now()
    codes = selectors.codes_of(membership.team.id, now, member_id=membership.member.id)
    code = next((one for one in codes if one.standing is Standing.GOOD), None)
    if request.method == "POST":
        if code is None:
            teams_codes.issue_code(
                membership.team.uid, member_uid=membership.member.uid,
                valid_until=clock.day_of(now) + timedelta(days=CODE_DAYS),
                actor=cast("TeamRequest", request).actor, now=now,
            )  # fmt: skip
        return redirect("backoffice:team_code")
    context: dict[str, Any] = {"here": "team_code", "team": membership.team, "member": membership.member, "code": code}
    if code is not None:
        context |= {"drawing": qr.drawn(scan_address(code.text)), "address": scan_address(code.text)}
    return render(request, "backoffice/teams/code.html", context)


@require_http_methods(["GET", "POST"])
@in_team
def events(request: HttpRequest) -> HttpResponse:
    """List the team's events and declare one."""
    membership = _membership(request)
    now = clock.now()
    form = EventForm(request.POST or None, initial=EventForm.usual(clock.day_of(now)))
    if request.method == "POST" and form.is_valid():
        starts_at, ends_at = form.span()
        try:
            teams_work.declare_event(
                membership.team.uid, kind=rules.EventKind(form.cleaned_data["kind"]), place=form.cleaned_data["place"],
                starts_at=starts_at, ends_at=ends_at, actor=cast("TeamRequest", request).actor, now=now,
            )  # fmt: skip
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã khai báo sự kiện."))
            return redirect("backoffice:team_events")
    context = {
        "here": "team_events",
        "team": membership.team,
        "member": membership.member,
        "events": selectors.events_of(membership.team.id, since=now),
        "form": form,
        "now": now,
    }
    return render(request, "backoffice/teams/events.html", context, status=422 if form.errors else 200)


@require_POST
@in_team
def event_cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Call an event off."""
    teams_work.cancel_event(uid, actor=cast("TeamRequest", request).actor, now=clock.now())
    messages.success(request, _("Đã hủy sự kiện."))
    return redirect("backoffice:team_events")


@require_http_methods(["GET", "POST"])
@in_team
def disagreements(request: HttpRequest) -> HttpResponse:
    """Show what phones told differently, and let the leader decide."""
    membership = _membership(request)
    if request.method == "POST":
        _decide(request)
        messages.success(request, _("Đã ghi."))
        return redirect("backoffice:team_disagreements")
    context = {
        "here": "team",
        "team": membership.team,
        "member": membership.member,
        "rows": team_results.disagreements(membership.team.id),
    }
    return render(request, "backoffice/teams/disagreements.html", context)


def _decide(request: HttpRequest) -> None:
    actor, now = cast("TeamRequest", request).actor, clock.now()
    try:
        visit_uid = UUID(request.POST.get("visit", ""))
    except ValueError:
        raise PageNotFound from None
    if request.POST.get("content"):
        teams_visits.choose_content(visit_uid, content_hash=request.POST["content"], actor=actor, now=now)
    else:
        teams_visits.settle_household(visit_uid, keep_all="all" in request.POST, actor=actor, now=now)


@require_GET
@in_team
def results(request: HttpRequest) -> HttpResponse:
    """Show the member's own results and the team's; members are never ranked."""
    membership = _membership(request)
    team, member = membership.team, membership.member
    today = clock.today()
    days = {"7": 7, "28": 28}.get(request.GET.get("ngay", ""), 0)
    first = max(team.valid_from, today - timedelta(days=days - 1)) if days else team.valid_from
    context = {
        "here": "team_results",
        "team": team,
        "member": member,
        "first": first,
        "last": today,
        "chosen": str(days or ""),
        "mine": team_results.results_of([team.id], first, today, member_id=member.id),
        "whole": team_results.results_of([team.id], first, today),
        "outcome_words": rules.OUTCOME_WORDS,
    }
    return render(request, "backoffice/teams/results.html", context)


@require_GET
@in_team
def lessons(request: HttpRequest) -> HttpResponse:
    """List lessons and their materials."""
    membership = _membership(request)
    found = selectors.lessons_of(membership.team.agency_id, member_id=membership.member.id)
    context = {"here": "team_lessons", "team": membership.team, "member": membership.member, "lessons": found}
    return render(request, "backoffice/teams/lessons.html", context)


@require_http_methods(["GET", "POST"])
@in_team
def expenses(request: HttpRequest) -> HttpResponse:
    """List what the team spent and note something."""
    membership = _membership(request)
    now = clock.now()
    form = ExpenseForm(request.POST or None, initial={"spent_on": clock.day_of(now)})
    if request.method == "POST" and form.is_valid():
        try:
            teams_work.note_expense(
                kind=rules.ExpenseKind(form.cleaned_data["kind"]), spent_on=form.cleaned_data["spent_on"],
                amount=form.cleaned_data["amount"], note=form.cleaned_data["note"],
                actor=cast("TeamRequest", request).actor, now=now,
            )  # fmt: skip
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi khoản chi."))
            return redirect("backoffice:team_expenses")
    context = {
        "here": "team_expenses",
        "team": membership.team,
        "member": membership.member,
        "expenses": selectors.expenses_of(membership.team.id),
        "form": form,
    }
    return render(request, "backoffice/teams/expenses.html", context, status=422 if form.errors else 200)


@require_GET
@member_or_official
def material(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Hand out a file of a lesson, under a name of ours and as what we found it to be."""
    path, found = selectors.material_for(cast("TeamRequest", request).actor, uid, clock.today())
    suffix = {"application/pdf": "pdf", "image/png": "png"}.get(found.content_type, "jpg")
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"tai-lieu-{found.uid.hex[-6:]}.{suffix}", content_type=found.content_type
    )  # fmt: skip
