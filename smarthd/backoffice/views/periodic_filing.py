"""Filing a report: one page on a phone, kept as it is typed, handed in once however often it is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from smarthd.backoffice import navigation, periodic
from smarthd.backoffice.forms.periodic import ReportForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.periodic_unit import BEING_WRITTEN
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies, selectors, services
from smarthd.rollout.errors import StaleDraft
from smarthd.rollout.rules import forms
from smarthd.rollout.selectors import ReportSeen
from smarthd.ui import refusals
from smarthd.ui import words as spoken


class BodyUnreadable(errors.Invalid):
    """What a page's script sent is not what it should send."""


class Sent(BaseModel):
    """What the page's script sends: a draft, or a whole report (``sealed_at``: sealed on the phone while there was
    no network; ``sent_at``: what the phone's clock says as it sends)."""

    typed: dict[str, str] = Field(max_length=forms.MOST_FIELDS)
    disputes: dict[str, str] = Field(default={}, max_length=forms.MOST_FIELDS)
    seen_edits: int = 0
    minutes: int = Field(default=0, ge=0, le=24 * 60)
    sealed_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _sent(request: HttpRequest) -> Sent:
    try:
        return Sent.model_validate_json(request.body)
    except ValidationError as problem:
        raise BodyUnreadable(problems=problem.error_count()) from None


@require_http_methods(["GET", "POST"])
@official(*navigation.UNIT)
def fill(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the form; save what is typed, show it whole before it goes, hand it in."""
    actor = _actor(request)
    seen = selectors.report_for(actor, uid, now=clock.now())
    if not policies.can_fill(actor, seen.owed.held_by_id) or seen.owed.state not in BEING_WRITTEN:
        return redirect("backoffice:periodic_report", uid=uid)
    if request.method != "POST":
        return _page(request, ReportForm(seen=seen), seen)
    form = ReportForm(request.POST, seen=seen)
    act = {"gui": _submit, "xem": _preview}.get(request.POST.get("viec", ""), _save)
    return act(request, form, seen)


def _save(request: HttpRequest, form: ReportForm, seen: ReportSeen) -> HttpResponse:
    try:
        _keep(request, form, seen)
    except errors.Invalid as refusal:
        form.refuse(refusal)
        return _page(request, form, seen, status=422)
    except StaleDraft:
        return _stale(request, form)
    messages.success(request, _("Đã lưu bản nháp. Chưa gửi."))
    return redirect("backoffice:periodic_fill", uid=seen.owed.uid)


def _preview(request: HttpRequest, form: ReportForm, seen: ReportSeen) -> HttpResponse:
    """Keep the draft, then show what would be handed in, or what stands against it."""
    checked = selectors.checked(seen, form.typed())
    try:
        _keep(request, form, seen)
    except errors.Invalid as refusal:
        form.refuse(refusal)
    except StaleDraft:
        return _stale(request, form)
    if checked.problems or form.errors:
        form.blame({key: words for key, words in checked.problems.items() if not form.errors.get(f"v-{key}")})
        return _page(request, form, selectors.report_for(_actor(request), seen.owed.uid, now=clock.now()), status=422)
    disputes = form.disputes()
    context = {
        "seen": seen,
        "line": periodic.line(seen.owed, clock.now()),
        "rows": [
            {
                "field": answer.field,
                "value": periodic.shown(answer.field, checked.values.get(answer.field.key)),
                "difference": periodic.difference(checked.values.get(answer.field.key), answer.previous),
                "dispute": disputes.get(answer.field.key, "").strip(),
            }
            for answer in seen.answers
        ],
        "hidden": [(name, form.data.get(name, "")) for name in form.fields],
        "nav_here": "periodic",
    }
    return render(request, "backoffice/periodic/preview.html", context)


def _submit(request: HttpRequest, form: ReportForm, seen: ReportSeen) -> HttpResponse:
    try:
        report = services.submit_report(
            seen.owed.uid,
            typed=form.typed(),
            disputes=form.disputes(),
            actor=_actor(request),
            now=clock.now(),
        )
    except errors.Invalid as refusal:
        form.refuse(refusal)
        return _page(request, form, seen, status=422)
    messages.success(request, _received(report.submitted_at, in_time=bool(report.in_time)))
    return redirect("backoffice:periodic_report", uid=seen.owed.uid)


def _keep(request: HttpRequest, form: ReportForm, seen: ReportSeen) -> None:
    raw = request.POST.get("seen_edits", "")
    services.save_draft(
        seen.owed.uid,
        typed=form.typed(),
        disputes=form.disputes(),
        seen_edits=int(raw) if raw.isdigit() else -1,
        minutes=0,
        actor=_actor(request),
        now=clock.now(),
    )


def _stale(request: HttpRequest, form: ReportForm) -> HttpResponse:
    """Show what a colleague wrote beside what is being typed; nothing of either is lost."""
    now_there = selectors.report_for(_actor(request), form.seen.owed.uid, now=clock.now())
    typed, disputes = form.typed(), form.disputes()
    both = [
        {"label": answer.field.label, "mine": mine, "theirs": theirs}
        for answer in now_there.answers
        for mine, theirs in [
            (disputes[answer.field.key].strip(), answer.dispute)
            if answer.field.measured
            else (typed[answer.field.key].strip(), periodic.typed(answer.field, answer.value))
        ]
        if mine != theirs
    ]
    return _page(request, form, now_there, status=409, both=both)


def _page(
    request: HttpRequest,
    form: ReportForm,
    seen: ReportSeen,
    *,
    status: int = 200,
    both: list[dict[str, str]] | None = None,
) -> HttpResponse:
    actor = _actor(request)
    context = {
        "form": form,
        "rows": form.rows(),
        "seen": seen,
        "line": periodic.line(seen.owed, clock.now()),
        "both": both or [],
        "wiring": _wiring(seen, actor),
        "nav_here": "periodic",
    }
    return render(request, "backoffice/periodic/fill.html", context, status=status)


def _wiring(seen: ReportSeen, actor: Actor) -> dict[str, Any]:
    """Return what the page's script must know: where to send, what to compare, what a field is."""
    return {
        "key": f"{actor.account_id}:{seen.owed.uid}",
        "draft": reverse("backoffice:periodic_draft", kwargs={"uid": seen.owed.uid}),
        "submit": reverse("backoffice:periodic_submit", kwargs={"uid": seen.owed.uid}),
        "report": reverse("backoffice:periodic_report", kwargs={"uid": seen.owed.uid}),
        "edits": seen.edits,
        "editedAt": seen.edited_at.isoformat() if seen.edited_at else "",
        "round": seen.round,
        "fields": [
            {
                "key": answer.field.key,
                "label": answer.field.label,
                "kind": answer.field.kind.value,
                "required": answer.field.required,
                "least": answer.field.least,
                "most": answer.field.most,
                "measured": bool(answer.field.measured),
                "value": answer.value if answer.field.measured else None,
            }
            for answer in seen.answers
        ],
        "checks": [
            {"left": one.left, "relation": one.relation.value, "right": list(one.right), "words": one.words}
            for one in seen.plan.checks
        ],
    }


@require_POST
@official(*navigation.UNIT)
def draft(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Keep a draft for the page's script; a colleague's edit in between comes back with what stands there now."""
    actor, sent, now = _actor(request), _sent(request), clock.now()
    try:
        report = services.save_draft(
            uid,
            typed=sent.typed,
            disputes=sent.disputes,
            seen_edits=sent.seen_edits,
            minutes=sent.minutes,
            actor=actor,
            now=now,
        )
    except StaleDraft as refusal:
        seen = selectors.report_for(actor, uid, now=now)
        status, body = refusals.as_json(refusal)
        body["there"] = {
            "edits": seen.edits,
            "at": spoken.moment_in_words(seen.edited_at, now),
            "typed": {
                answer.field.key: periodic.typed(answer.field, answer.value)
                for answer in seen.answers
                if not answer.field.measured
            },
            "disputes": {answer.field.key: answer.dispute for answer in seen.answers if answer.field.measured},
        }
        return JsonResponse(body, status=status)
    return JsonResponse({"edits": report.edits, "at": spoken.hour_in_words(now)})


@require_POST
@official(*navigation.UNIT)
def submit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a report in for the page's script, sealed on the phone or not; twice the same is once."""
    actor, sent, now = _actor(request), _sent(request), clock.now()
    report = services.submit_report(
        uid,
        typed=sent.typed,
        disputes=sent.disputes,
        actor=actor,
        now=now,
        sealed_at=sent.sealed_at,
        sent_at=sent.sent_at,
        minutes=sent.minutes,
    )
    return JsonResponse(
        {
            "at": spoken.hour_in_words(report.submitted_at or now),
            "in_time": report.in_time,
            "words": _received(report.submitted_at, in_time=bool(report.in_time)),
            "address": reverse("backoffice:periodic_report", kwargs={"uid": uid}),
        }
    )


def _received(at: datetime | None, *, in_time: bool) -> str:
    said = _("Đã gửi lúc %(at)s, đúng hạn.") if in_time else _("Đã gửi lúc %(at)s, sau hạn.")
    return said % {"at": spoken.moment_in_words(at, clock.now())}
