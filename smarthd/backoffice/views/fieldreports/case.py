"""One report: photos, words, place, what is near and what may be the same, its clocks, its life, and what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice import smallmap
from smarthd.backoffice.forms.fieldreports import Offered
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import actor_of, caller_of, page_for
from smarthd.fieldreports.rules.attachments import Kind
from smarthd.fieldreports.rules.states import DECLINE_WORDS
from smarthd.fieldreports.selectors import categories, gate, lists, suggestions
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.selectors.parts import StepView
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places

NEAR_M = 300


def shown(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return what the page of one report shows its reader."""
    from smarthd.backoffice.views.fieldreports import acts  # the acts' view shows this page

    actor, caller, now = actor_of(request), caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    offered = Offered.of(page, now)
    near = _near(actor, page)
    like = suggestions.duplicates_of(actor, page.row.code, now=now) if page.row.open else []
    return {
        "page": page,
        "row": page.row,
        "acts": [(act, act.form_for(offered)) for act in acts.open_to(page)],
        "photos": [one for one in page.files if one.kind is Kind.PHOTO],
        "voices": [one for one in page.files if one.kind is Kind.VOICE],
        "near": near,
        "map": smallmap.drawn(page.row, near, NEAR_M),
        "near_m": NEAR_M,
        "like": like,
        "people": _people(page),
        "life": _life(page),
        "worker": _worker(page),
        "corrections": _corrections(page),
        "declined": DECLINE_WORDS[page.decline_reason] if page.decline_reason else "",
        "now": now,
        "nav_here": "fieldreports",
    }


def _near(actor: Actor, page: ReportPage) -> list[tuple[Any, float]]:
    row = page.row
    if row.lat is None or row.lon is None:
        return []
    found = lists.nearby(row.lat, row.lon, radius_m=NEAR_M, now=clock.now(), actor=actor)
    return [(one, distance) for one, distance in found if one.code != row.code]


def _people(page: ReportPage) -> dict[int, str]:
    """Return who acted, by account, where they are on a roster; a citizen's name is never among them."""
    ids = {step.by for step in page.timeline if step.by is not None and step.by_agency}
    ids |= {page.row.worker} if page.row.worker is not None else set()
    return agencies.officials_by_account(ids, clock.today()) if ids else {}


def _life(page: ReportPage) -> list[tuple[StepView, bool]]:
    """Return the steps, newest first, each with whether it changed who holds the report, or until when."""
    told = []
    before: tuple[str, datetime | None] = ("", None)
    for step in page.timeline:
        told.append((step, (step.holder, step.due_at) != before))
        before = (step.holder, step.due_at)
    return told[::-1]


def _worker(page: ReportPage) -> str:
    return _people(page).get(page.row.worker, "") if page.row.worker is not None else ""


_CORRECTED = {
    "category": gettext_lazy("Lĩnh vực"),
    "urgent": gettext_lazy("Khẩn"),
    "address": gettext_lazy("Địa chỉ"),
    "point": gettext_lazy("Vị trí"),
    "commune": gettext_lazy("Xã, phường"),
}


def _corrections(page: ReportPage) -> dict[int, list[tuple[str, str, str]]]:
    """Return, by the number of each correction, what was put right: what it is, what stood before, what stands since."""
    steps = [step for step in page.timeline if step.act == "corrected"]
    if not steps:
        return {}
    names = {one.key: one.name for root in categories.tree(with_ended=True) for one in (root, *root.children)}
    return {
        step.number: [
            (str(_CORRECTED[name]), _said(name, step.note["before"].get(name), names), _said(name, after, names))
            for name, after in step.note["after"].items()
            if name in _CORRECTED
        ]
        for step in steps
    }


def _said(name: str, value: Any, names: Mapping[str, str]) -> str:
    """Return one value of a correction in words."""
    if name == "urgent":
        return _("có") if value else _("không")
    if name == "commune" and value is not None:
        return places.views([int(value)], clock.today())[int(value)].full_name
    if name == "point":
        return ", ".join(f"{float(part):.5f}" for part in value if part is not None) or _("chưa có")
    return names.get(str(value), str(value)) if name == "category" else str(value) or _("chưa có")


@require_GET
@official(*FIELDREPORTS)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one report to an official who may see it."""
    return render(request, "backoffice/fieldreports/case.html", shown(request, code))


@require_POST
@official(*FIELDREPORTS)
def sender(request: HttpRequest, code: str) -> HttpResponse:
    """Show who sent it to somebody who handles it; that they looked stands in the trail."""
    caller, now = caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    found = gate.sender_for(caller, page.row.code, now=now)
    return render(request, "backoffice/fieldreports/case.html", {**shown(request, code), "sender": found})
