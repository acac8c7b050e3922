"""Handling several as one, and one as several."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smarthd.backoffice.forms.fieldreports import agency_choices
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import HANDLING
from smarthd.backoffice.views.fieldreports.asking import actor_of, caller_of, page_for, said_of, stepped_aside
from smarthd.fieldreports.selectors import categories, lists, suggestions
from smarthd.fieldreports.services import joining
from smarthd.fieldreports.services.joining import NewPart
from smarthd.kernel import clock, errors
from smarthd.ui import refusals

PARTS = 4
NEAR_M = 300
SHOWN = 60


@require_http_methods(["GET", "POST"])
@official(*HANDLING)
def merge(request: HttpRequest, code: str) -> HttpResponse:
    """Tick what is the same thing, or name it by its codes, and handle it as one; every sender is told."""
    actor, caller, now = actor_of(request), caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    if (aside := stepped_aside(request, page, "merge")) is not None:
        return aside
    typed = request.POST.get("ma", "").replace(",", " ").upper().split()
    chosen = list(dict.fromkeys([*request.POST.getlist("pa"), *request.POST.getlist("gan"), *typed]))
    problem, status = "", 200
    if request.method == "POST":
        try:
            joining.merge(chosen, into=page.row.code, words=request.POST.get("words", ""), caller=caller, now=now)
        except errors.NotFound:
            problem, status = _("Có mã không tìm thấy trong số phản ánh của mình. Xin xem lại từng mã."), 422
        except errors.NotAllowed:
            problem, status = _("Có phản ánh đang ở cơ quan khác, không gộp được từ đây."), 403
        except (errors.Invalid, errors.Conflict) as refusal:
            problem, status = said_of(refusal), refusals.status_of(refusal)
        else:
            messages.success(
                request, _("Đã gộp %(count)d phản ánh. Mọi người gửi đều được báo.") % {"count": len(chosen)}
            )
            return redirect("backoffice:fieldreport", code=page.row.code)
    like = suggestions.duplicates_of(actor, page.row.code, now=now, most=SHOWN)
    shown = {one.row.code for one in like}
    near = []
    if page.row.lat is not None and page.row.lon is not None:
        found = lists.nearby(page.row.lat, page.row.lon, radius_m=NEAR_M, now=now, actor=actor, limit=SHOWN)
        near = [(row, metres) for row, metres in found if row.code not in shown | {page.row.code}]
    context = {
        "page": page,
        "row": page.row,
        "like": like,
        "near": near,
        "chosen": set(chosen),
        "typed": " ".join(typed),
        "words": request.POST.get("words", ""),
        "problem": problem,
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/merge.html", context, status=status)


@require_http_methods(["GET", "POST"])
@official(*HANDLING)
def split(request: HttpRequest, code: str) -> HttpResponse:
    """Write each thing a report tells of by itself; sender, place and day of receipt go with every part."""
    caller, now = caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    if (aside := stepped_aside(request, page, "split")) is not None:
        return aside
    typed = _parts(request)
    problem, status = "", 200
    if request.method == "POST":
        parts = [
            NewPart(one["words"], one["category"], int(one["agency"]) if one["agency"].isdecimal() else None)
            for one in typed
            if one["words"].strip()
        ]
        try:
            made = joining.split(page.row.code, parts=parts, caller=caller, now=now)
        except (errors.Invalid, errors.Conflict, errors.NotFound) as refusal:
            fields = refusal.facts.get("fields")
            problem = " ".join(map(str, fields.values())) if isinstance(fields, dict) and fields else said_of(refusal)
            status = max(refusals.status_of(refusal), 409)
        else:
            messages.success(request, _("Đã tách thành %(count)d việc, mỗi việc có nơi giữ và hạn riêng.") % {"count": len(made)})  # fmt: skip
            return redirect("backoffice:fieldreport", code=page.row.code)
    context = {
        "page": page,
        "row": page.row,
        "parts": typed,
        "tree": categories.tree(),
        "agencies": agency_choices(now),
        "problem": problem,
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/split.html", context, status=status)


def _parts(request: HttpRequest) -> list[dict[str, Any]]:
    given = [request.POST.getlist(name) for name in ("words", "category", "agency")]
    return [
        {
            name: (values[number] if number < len(values) else "")
            for name, values in zip(("words", "category", "agency"), given, strict=True)
        }
        for number in range(PARTS)
    ]
