"""A campaign's forms, drawn up on screen: fields added, taken away and moved by buttons, shown as the units will see them."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.backoffice import navigation, periodic
from smarthd.backoffice.forms import campaigns as drawing
from smarthd.backoffice.forms.periodic import page_field
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.campaigns import run_by
from smarthd.kernel import clock, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import selectors, services
from smarthd.rollout.rules import forms as rules
from smarthd.rollout.rules.forms import FormPlan
from smarthd.ui.forms import Form


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_POST
@official(*navigation.CAMPAIGNS)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a form with its title and one empty field."""
    campaign = run_by(request, key)
    title = request.POST.get("title", "").strip()[:200] or _("Biểu mới")
    used = {one.key for one in selectors.forms_of(key)}
    base = text.slug(title)[:34].strip("-") or "bieu"
    form_key = next(one for one in (base, *(f"{base}-{number}" for number in range(2, 99))) if one not in used)
    plan = drawing.moved(FormPlan(()), "them")
    services.draft_form(campaign.key, form_key, title=title, plan=plan, actor=_actor(request), now=clock.now())
    return redirect("backoffice:campaign_form", key=key, form_key=form_key)


@require_http_methods(["GET", "POST"])
@official(*navigation.CAMPAIGNS)
def edit(request: HttpRequest, key: str, form_key: str) -> HttpResponse:
    """Draw a form up: every button keeps the draft, then does its own act."""
    run_by(request, key)
    view = selectors.form_of(key, form_key)
    if request.method != "POST":
        return _page(request, key, form_key, drawing.Drawn(view.title, view.plan, {}))
    made = drawing.drawn(request.POST)
    if made.problems:
        return _page(request, key, form_key, made, status=422)
    act = request.POST.get("viec", "luu")
    plan = drawing.moved(made.plan, act)
    services.draft_form(key, form_key, title=made.title, plan=plan, actor=_actor(request), now=clock.now())
    place = reverse("backoffice:campaign_form", kwargs={"key": key, "form_key": form_key})
    if act == "luu":
        messages.success(request, _("Đã lưu bản nháp của biểu."))
        return redirect(place)
    return redirect(f"{place}#muc-{_where(act, len(plan.fields))}")


def _where(act: str, count: int) -> int:
    """Return which field to show after a button."""
    name, _dash, raw = act.partition("-")
    at = int(raw) if raw.isdigit() else count - 1
    return max(0, {"len": at - 1, "xuong": at + 1, "bo": at - 1}.get(name, at))


@require_POST
@official(*navigation.CAMPAIGNS)
def preview(request: HttpRequest, key: str, form_key: str) -> HttpResponse:
    """Show what the units will see of what is being drawn up, without keeping it."""
    run_by(request, key)
    made = drawing.drawn(request.POST)
    return render(request, "backoffice/campaigns/drawn.html", {"rows": _rows(made.plan), "drawn_title": made.title})


@require_POST
@official(*navigation.CAMPAIGNS)
def publish(request: HttpRequest, key: str, form_key: str) -> HttpResponse:
    """Publish the draft, once its name was typed."""
    run_by(request, key)
    view = selectors.form_of(key, form_key)
    shown = drawing.Drawn(view.title, view.plan, {})
    if text.fold(request.POST.get("ten", "").strip()) != text.fold(view.title):
        return _page(
            request, key, form_key, shown, status=422, problem=_("Tên biểu gõ vào chưa khớp, nên chưa công bố.")
        )
    if view.faults:
        return _page(request, key, form_key, shown, status=422, problem=_("Biểu còn chỗ phải sửa, xem tại từng mục."))
    form = services.publish_form(key, form_key, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã công bố bản số %(version)d. Các kỳ chốt từ nay dùng bản này.") % {"version": form.version})  # fmt: skip
    return redirect("backoffice:campaign", key=key)


def _page(
    request: HttpRequest, key: str, form_key: str, made: drawing.Drawn, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    view = selectors.form_of(key, form_key)
    faults = {**rules.faults(made.plan), **made.problems}
    numeric = [one for one in made.plan.fields if one.kind in rules.NUMERIC]
    checks = [
        (one, [*one.right, *[""] * (drawing.PARTS_OF_A_SUM - len(one.right))][: drawing.PARTS_OF_A_SUM])
        for one in made.plan.checks
    ]
    empty: tuple[None, list[str]] = (None, [""] * drawing.PARTS_OF_A_SUM)
    context: dict[str, Any] = {
        "campaign": selectors.campaign(key),
        "view": view,
        "form_key": form_key,
        "made": made,
        "fields": [
            {
                "field": one,
                "fault": faults.get(one.key, ""),
                "least": periodic.typed(one, one.least),
                "most": periodic.typed(one, one.most),
            }
            for one in made.plan.fields
        ],
        "whole_fault": faults.get("", ""),
        "full": len(made.plan.fields) >= rules.MOST_FIELDS,
        "kinds": [(kind.value, words) for kind, words in drawing.KIND_WORDS.items()],
        "relations": [(one.value, words) for one, words in drawing.RELATION_WORDS.items()],
        "measures": list(drawing.MEASURE_WORDS.items()),
        "numeric": numeric,
        "checks": [*checks, empty] if len(checks) < drawing.MOST_CHECKS and len(numeric) > 1 else checks,
        "rows": _rows(made.plan),
        "drawn_title": made.title,
        "problem": problem,
        "nav_here": "campaigns",
    }
    return render(request, "backoffice/campaigns/form.html", context, status=status)


def _rows(plan: FormPlan) -> list[dict[str, Any]]:
    """Return the fields as a unit's page would draw them."""
    form = Form()
    for one in plan.fields:
        form.fields[f"xem-{one.key}"] = page_field(one)
    return [{"field": one, "bound": form[f"xem-{one.key}"]} for one in plan.fields]
