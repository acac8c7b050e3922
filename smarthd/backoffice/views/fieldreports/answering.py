"""Answering with proof: a frame that must be filled in, photos from before and after or a document, and how people will read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smarthd.backoffice.forms.fieldreport_answers import AnswerForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import HANDLING
from smarthd.backoffice.views.fieldreports import uploading
from smarthd.backoffice.views.fieldreports.asking import actor_of, caller_of, page_for, said_of, stepped_aside
from smarthd.fieldreports.rules.attachments import Part
from smarthd.fieldreports.selectors import templates
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.services import answering
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, errors
from smarthd.ui import refusals

FILES = (("after", Part.AFTER), ("before", Part.BEFORE), ("document", Part.PROOF))


@require_http_methods(["GET", "POST"])
@official(*HANDLING)
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Write an answer, look at it as people will, send it. Files already sent stay with the form when something is wrong."""
    caller, now = caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    if (aside := stepped_aside(request, page, "answer")) is not None:
        return aside
    frames = templates.templates_for(actor_of(request), page.row.category_key)
    chosen = next((one for one in frames if str(one.uid) == request.GET.get("mau", "")), None)
    initial = {"words": chosen.body, "template": str(chosen.uid)} if chosen else {}
    form = AnswerForm(request.POST or None, frames=frames, initial=initial)
    status, kept = 200, _kept(request)
    if request.method == "POST":
        status = 422
        kept += _sent(request, form, page, caller, now)
        if form.is_valid():
            if "xem" in request.POST:
                status = 200
            else:
                try:
                    answering.answer(
                        page.row.code,
                        **form.asked(),
                        attachment_uids=[uid for uid, _part, _name in kept],
                        caller=caller,
                        now=now,
                    )
                except (errors.Invalid, errors.Conflict) as refusal:
                    form.refuse_any(refusal, said_of(refusal))
                    status = refusals.status_of(refusal)
                else:
                    messages.success(
                        request, _("Đã trả lời. Người gửi và người dân quanh đó được mời xác nhận; cơ quan không tự kết thúc.")
                    )  # fmt: skip
                    return redirect("backoffice:fieldreport", code=page.row.code)
    context: dict[str, Any] = {
        "page": page,
        "row": page.row,
        "form": form,
        "frames": frames,
        "chosen": chosen,
        "kept": kept,
        "preview": form.cleaned_data if request.method == "POST" and status == 200 else None,
        "now": now,
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/answer.html", context, status=status)


def _kept(request: HttpRequest) -> list[tuple[UUID, str, str]]:
    """Return the files sent with an earlier try: uid, part, name as shown; each is one hidden ``uid|part|name``."""
    found = []
    for written in request.POST.getlist("tep")[: uploading.MOST * 3]:
        uid, _bar, rest = written.partition("|")
        part, _bar, name = rest.partition("|")
        if part in set(Part):
            found += [(one, part, name[:80]) for one in uploading.uids_of([uid])]
    return found


def _sent(
    request: HttpRequest, form: AnswerForm, page: ReportPage, caller: Caller, now: datetime
) -> list[tuple[UUID, str, str]]:
    """Take in the files of this try; one that is refused is named, the others stay."""
    taken_at = form.taken_at() if form.is_valid() else None
    here = bool(request.POST.get("here")) and page.row.lat is not None and page.row.lon is not None
    point = (page.row.lat or 0.0, page.row.lon or 0.0) if here else None
    made = []
    for field, part in FILES:
        for one in request.FILES.getlist(field)[: uploading.MOST]:
            try:
                with transaction.atomic():
                    uid = uploading.taken_in(
                        one, part, caller=caller, agency_id=page.row.holder_id, now=now, point=point, taken_at=taken_at
                    )
            except (errors.Invalid, errors.Conflict) as refusal:
                form.add_error(None, f"{one.name}: {said_of(refusal)}")
            else:
                made.append((uid, str(part), str(one.name)[:80]))
    return made
