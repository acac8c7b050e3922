"""What comes of a period: consolidations in versions, urging letters, the spot check."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import kinds
from smarthd.backoffice import navigation, periodic
from smarthd.backoffice.forms.periodic import FindingForm, SeedForm, SignForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies, selectors, services
from smarthd.rollout.rules import forms
from smarthd.rollout.rules.reports import WORDS, State
from smarthd.ui import words as spoken


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _place(request: HttpRequest, uid: UUID) -> tuple[Any, str, int, list[tuple[str, str]]]:
    """Return the period, the form asked for, and the agency the actor consolidates for; not found for who does for none."""
    actor = _actor(request)
    period = selectors.period(uid)
    keys = selectors.form_keys_of(period)
    wanted = request.GET.get("bieu") or request.POST.get("bieu") or ""
    form_key = wanted if wanted in dict(keys) else (keys[0][0] if keys else "")
    coordinator = period.campaign.coordinator_id
    if coordinator is not None and policies.can_command(actor, coordinator):
        return period, form_key, coordinator, keys
    superiors = [grant.agency_id for grant in actor.grants if policies.can_review(actor, grant.agency_id)]
    own = next((one for one in superiors if any(row.superior_id == one for row in selectors.board(actor, period, now=clock.now()))), None)  # fmt: skip
    if own is None:
        raise PageNotFound
    return period, form_key, own, keys


@require_http_methods(["GET", "POST"])
@official(*navigation.REVIEWERS)
def consolidation(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the versions of a consolidation, the newest whole; make another as things stand now."""
    actor = _actor(request)
    period, form_key, agency_id, keys = _place(request, uid)
    if not form_key:
        raise PageNotFound
    if request.method == "POST":
        before = selectors.consolidations(period.pk, form_key, agency_id)
        made = services.consolidate(period.uid, form_key, agency_id=agency_id, actor=actor, now=clock.now())
        if before and before[0].pk == made.pk:
            messages.info(request, _("Chưa có gì mới so với bản số %(version)d.") % {"version": made.version})
        else:
            messages.success(request, _("Đã lập bản số %(version)d.") % {"version": made.version})
        return redirect(f"{reverse('backoffice:periodic_consolidation', kwargs={'uid': uid})}?bieu={form_key}")
    versions = selectors.consolidations(period.pk, form_key, agency_id)
    wanted = request.GET.get("ban", "")
    shown = next((one for one in versions if str(one.version) == wanted), versions[0] if versions else None)
    plan = selectors.plan_of(period, form_key)
    labels = {one.key: one.label for one in plan.fields}
    context = {
        "period": period,
        "form_key": form_key,
        "forms": keys,
        "agency": agencies.agency_view(agency_id, period.cut_off),
        "shown": shown,
        "kinds": [kinds.WORDS[kinds.Kind(kind)] for kind in shown.content["by_kind"]] if shown else [],
        "totals": _totals(shown.content, plan) if shown else [],
        "states": _states(shown.content) if shown else [],
        "missing": _missing(shown.content, plan) if shown else [],
        "fields": [one for one in plan.fields if one.kind in forms.NUMERIC],
        "versions": [(one, periodic.difference_in_words(one.diff, labels)) for one in versions],
        "nav_here": "periodic_board",
    }
    return render(request, "backoffice/periodic/consolidation.html", context)


def _totals(content: dict[str, Any], plan: forms.FormPlan) -> list[tuple[str, list[tuple[str, int]], bool]]:
    """Return each numeric field: its label, total and number of answers by kind of agency, whether the platform measured it."""
    return [
        (
            one.label,
            [(periodic.shown(one, told["totals"].get(one.key)), told["answered"].get(one.key, 0)) for told in content["by_kind"].values()],
            bool(one.measured),
        )
        for one in plan.fields
        if one.kind in forms.NUMERIC
    ]  # fmt: skip


def _states(content: dict[str, Any]) -> list[tuple[str, int]]:
    return [(WORDS[State(key)], count) for key, count in content["by_state"].items()]


def _missing(content: dict[str, Any], plan: forms.FormPlan) -> list[tuple[str, list[str]]]:
    numeric = [one for one in plan.fields if one.kind in forms.NUMERIC]
    return [
        (row["name"], [periodic.shown(one, row["last"].get(one.key)) for one in numeric]) for row in content["missing"]
    ]


@require_POST
@official(*navigation.REVIEWERS)
def reproduce(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make a version again from the trail and say whether it is the same to the byte."""
    row = selectors.consolidation_for(_actor(request), uid)
    if services.reproduces(row):
        messages.success(request, _("Bản số %(version)d lập lại từ lịch sử giống hệt từng chữ.") % {"version": row.version})  # fmt: skip
    else:
        messages.error(request, _("Bản số %(version)d lập lại KHÔNG giống. Xin báo quản trị hệ thống.") % {"version": row.version})  # fmt: skip
    place = reverse("backoffice:periodic_consolidation", kwargs={"uid": row.period.uid})
    return redirect(f"{place}?bieu={row.form_key}&ban={row.version}")


@require_GET
@official(*navigation.REVIEWERS)
def letters(request: HttpRequest) -> HttpResponse:
    """List the urging letters, those to be signed first."""
    return render(request, "backoffice/periodic/letters.html", _letters(_actor(request)))


def _letters(actor: Actor, **more: Any) -> dict[str, Any]:
    return {"letters": selectors.letters_for(actor), "sign_form": SignForm(), "nav_here": "periodic_board", **more}


@require_POST
@official(*navigation.REVIEWERS)
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Number and sign a letter; who has reported meanwhile is taken out."""
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            letter = services.sign_letter(
                uid, number=form.cleaned_data["number"], actor=_actor(request), now=clock.now()
            )
        except errors.Conflict as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(
                request,
                _("Đã ký công văn số %(number)s, đôn đốc %(count)s đơn vị.")
                % {"number": letter.number, "count": spoken.number(len({one["agency_id"] for one in letter.late}))},
            )
            return redirect("backoffice:periodic_letters")
    context = _letters(_actor(request), sign_form=form, signing=uid)
    return render(request, "backoffice/periodic/letters.html", context, status=422)


@require_http_methods(["GET", "POST"])
@official(*navigation.REVIEWERS)
def sample(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Draw the sample of a period once, or show what was drawn and found."""
    actor = _actor(request)
    period, form_key, _agency, keys = _place(request, uid)
    if not policies.can_command(actor, period.campaign.coordinator_id):
        raise PageNotFound
    form = SeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.draw_sample(period.uid, form_key, seed=form.cleaned_data["seed"], actor=actor, now=clock.now())
        except errors.Conflict as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã bốc thăm. Danh sách dưới đây không đổi nữa."))
            return redirect(f"{reverse('backoffice:periodic_sample', kwargs={'uid': uid})}?bieu={form_key}")
    return _sample_page(request, period, form_key, keys, form)


def _sample_page(
    request: HttpRequest, period: Any, form_key: str, keys: list[tuple[str, str]], form: SeedForm, **more: Any
) -> HttpResponse:
    context = {
        "period": period,
        "form_key": form_key,
        "forms": keys,
        "form": form,
        "sample": selectors.sample_of(period, form_key),
        "nav_here": "periodic_board",
        **more,
    }
    failed = bool(form.errors) or "finding_form" in more
    return render(request, "backoffice/periodic/sample.html", context, status=422 if failed else 200)


@require_POST
@official(*navigation.REVIEWERS)
def finding(request: HttpRequest, uid: UUID, unit: UUID) -> HttpResponse:
    """Write down what was found at one unit of the sample."""
    period, form_key = selectors.sample_for(_actor(request), uid)
    form = FindingForm(request.POST)
    if form.is_valid():
        try:
            services.enter_finding(
                uid,
                unit,
                wrong=form.cleaned_data["found"] == "sai",
                note=form.cleaned_data["note"],
                actor=_actor(request),
                now=clock.now(),
            )
        except errors.Invalid as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã ghi kết quả kiểm tra."))
            place = reverse("backoffice:periodic_sample", kwargs={"uid": period.uid})
            return redirect(f"{place}?bieu={form_key}#don-vi-{unit}")
    keys = selectors.form_keys_of(period)
    return _sample_page(request, period, form_key, keys, SeedForm(), finding_form=form, finding_unit=unit)
