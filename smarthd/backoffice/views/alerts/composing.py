"""Writing a warning under stress: hazard, level, place, words in two languages, time and roads; saved, then read once more before it is handed in."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.alerts import policies
from smarthd.alerts.rules import linting
from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.selectors import desk, presets, reach
from smarthd.alerts.services import composing as services
from smarthd.alerts.services import content
from smarthd.alerts.services import presets as preset_services
from smarthd.backoffice.forms.alerts import AlertForm, as_typed, beginning
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.views.alerts.asking import WRITERS, actor_of, ground_url
from smarthd.kernel import clock, errors
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.ui import refusals

MOST_ASKED = 500


@require_GET
@official(*WRITERS)
def choose(request: HttpRequest) -> HttpResponse:
    """Ask what it is about; everything else begins from that."""
    context = {"hazards": [(hazard.value, FACTS[hazard]) for hazard in Hazard], "nav_here": "alerts"}
    return render(request, "backoffice/alerts/choose.html", context)


@require_http_methods(["GET", "POST"])
@official(*WRITERS)
def compose(request: HttpRequest, hazard: str) -> HttpResponse:
    """Write a new warning; the template's words are there, what is in [brackets] is to be filled in."""
    actor, now, units = actor_of(request), clock.now(), _units()
    if hazard not in {one.value for one in Hazard}:
        raise PageNotFound
    form = AlertForm(request.POST or None, actor=actor, hazard=Hazard(hazard), units=units, initial=beginning(Hazard(hazard), now))  # fmt: skip
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                alert = services.compose(form.draft(), agency_id=form.agency_id(), actor=actor, now=now)
            except errors.Refusal as refusal:
                status = _refuse(form, refusal)
            else:
                return _kept(request, alert.code)
    return _page(request, form, units, status=status)


@require_http_methods(["GET", "POST"])
@official(*WRITERS)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write a draft anew; a colleague's faster save is not overwritten."""
    actor, now, units = actor_of(request), clock.now(), _units()
    case = desk.case_for(actor, code, now=now)
    if not policies.can_write(actor, case.row.agency_id):
        raise PageNotFound
    if "edit" not in case.may:
        return redirect("backoffice:alert", code=case.view.code)
    hazard = Hazard(case.row.hazard)
    initial = {**as_typed(content.draft_of(case.row), units), "version": case.row.version}
    own = str(case.row.agency_id)
    form = AlertForm(request.POST or None, actor=actor, hazard=hazard, units=units, own=own, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                version = form.cleaned_data["version"] or 0
                services.edit(case.row.uid, form.draft(), version=version, actor=actor, now=now)
            except errors.Refusal as refusal:
                status = _refuse(form, refusal)
            else:
                return _kept(request, case.view.code)
    return _page(request, form, units, status=status, case=case)


def _kept(request: HttpRequest, code: str) -> HttpResponse:
    messages.success(request, _("Đã lưu. Đọc lại như người dân sẽ thấy, rồi gửi duyệt."))
    return redirect("backoffice:alert", code=code)


def _refuse(form: AlertForm, refusal: errors.Refusal) -> int:
    if isinstance(refusal, errors.NotFound):
        raise refusal
    if isinstance(refusal, errors.Invalid):
        form.refuse(refusal)
    else:
        form.add_error(None, refusals.words_of(refusal).body)
    return refusals.status_of(refusal)


def _units() -> list[UnitView]:
    return places.units_on(clock.today(), "commune")


def _page(
    request: HttpRequest, form: AlertForm, units: list[UnitView], *, status: int, case: desk.Case | None = None
) -> HttpResponse:
    kept = presets.presets_for(actor_of(request), now=clock.now())
    context: dict[str, Any] = {
        "form": form,
        "case": case,
        "hazard": FACTS[form.hazard],
        "unit_count": len(units),
        "presets": [
            {
                "name": one.name,
                "along": one.along,
                "units": [{"uid": str(u.uid), "name": u.full_name} for u in one.units],
            }
            for one in kept
        ],
        "most_headline": linting.HEADLINE - 1,
        "ground_url": ground_url(),
        "nav_here": "alerts",
    }
    return render(request, "backoffice/alerts/compose.html", context, status=status)


@require_POST
@official(*WRITERS)
def audience(request: HttpRequest) -> JsonResponse:
    """Say how many people and phones would be told, for communes as they are ticked."""
    try:
        asked = {UUID(str(uid)) for uid in json.loads(request.body or b"[]")[:MOST_ASKED]}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise PageNotFound from None
    chosen = tuple(unit.id for unit in _units() if unit.uid in asked)
    found = reach.audience_of(chosen)
    return JsonResponse({"communes": len(chosen), "people": found.people, "phones": found.phones})


@require_POST
@official(*WRITERS)
def preset(request: HttpRequest) -> HttpResponse:
    """Keep the ticked communes under a name, in the order given."""
    actor, now = actor_of(request), clock.now()
    by_uid = {str(unit.uid): unit.id for unit in _units()}
    agencies = [grant.agency_id for grant in policies.writes_at(actor)]
    chosen = [by_uid[uid] for uid in request.POST.getlist("communes") if uid in by_uid]
    preset_services.keep_preset(
        name=request.POST.get("name", ""),
        communes=chosen,
        along=bool(request.POST.get("along")),
        agency_id=agencies[0],
        actor=actor,
        now=now,
    )
    if refusals.wants_json(request):
        return JsonResponse({"kept": True}, status=201)
    messages.success(request, _("Đã lưu vùng mẫu."))
    return redirect("backoffice:alert_choose")
