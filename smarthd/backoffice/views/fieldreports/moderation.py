"""Keeping what is public decent and right: hide, redact, blur more, put right what was entered wrongly; every step is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import caller_of, page_for, said_of
from smarthd.fieldreports.errors import FieldReportFaulty
from smarthd.fieldreports.rules.attachments import Kind, State
from smarthd.fieldreports.selectors import categories
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.services import moderating
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, errors
from smarthd.places import selectors as places
from smarthd.ui import refusals

Do = Callable[[HttpRequest, ReportPage, Caller, datetime], Any]


def _said(request: HttpRequest) -> str:
    return request.POST.get("words", "")


def _photo(request: HttpRequest, page: ReportPage) -> UUID:
    """Return the photo the form names, if it is one of this report's."""
    named = request.POST.get("tep", "")
    files = [*page.files, *(proof for answer in page.answers for proof in answer.proofs)]
    found = next((one.uid for one in files if str(one.uid) == named), None)
    if found is None:
        raise PageNotFound
    return found


def _hide(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    return moderating.hide_report(page.row.code, words=_said(request), caller=caller, now=now)


def _show(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    return moderating.show_report(page.row.code, words=_said(request), caller=caller, now=now)


def _redact(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    public_text = request.POST.get("public_text", "")
    return moderating.redact_text(page.row.code, public_text=public_text, words=_said(request), caller=caller, now=now)


def _hide_photo(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    return moderating.hide_photo(_photo(request, page), words=_said(request), caller=caller, now=now)


def _show_photo(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    return moderating.show_photo(_photo(request, page), words=_said(request), caller=caller, now=now)


def _blur(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    """Read a region given in hundredths of the picture's width and height."""
    try:
        region = [int(request.POST.get(edge, "")[:4]) / 100 for edge in ("trai", "tren", "phai", "duoi")]
    except ValueError:
        raise FieldReportFaulty(fields={"regions": _("Ghi bốn số từ 0 đến 100.")}) from None
    return moderating.blur_more(_photo(request, page), regions=[region], caller=caller, now=now)


def _correct(request: HttpRequest, page: ReportPage, caller: Caller, now: datetime) -> Any:
    changes = _changes(request, page)
    if not changes:
        raise FieldReportFaulty(fields={"changes": _("Chưa có mục nào khác với hiện tại.")})
    return moderating.correct(page.row.code, changes=changes, words=_said(request), caller=caller, now=now)


def _changes(request: HttpRequest, page: ReportPage) -> dict[str, Any]:
    """Return what differs from what stands."""
    typed, row = request.POST, page.row
    changes: dict[str, Any] = {}
    if typed.get("category") and typed["category"] != row.category_key:
        changes["category"] = typed["category"]
    if bool(typed.get("urgent")) != row.urgent:
        changes["urgent"] = bool(typed.get("urgent"))
    if "address" in typed and typed["address"].strip() != row.address:
        changes["address"] = typed["address"]
    written = [typed.get(name, "").strip().replace(",", ".")[:20] for name in ("lat", "lon")]
    if all(written):
        try:
            point = (float(written[0]), float(written[1]))
        except ValueError:
            raise FieldReportFaulty(
                fields={"point": _("Vĩ độ, kinh độ là hai số, ví dụ 20.93850 và 106.31420.")}
            ) from None
        if row.lat is None or row.lon is None or max(abs(point[0] - row.lat), abs(point[1] - row.lon)) > 0.000_006:
            changes["point"] = point
    if typed.get("commune") and "point" not in changes:
        try:
            commune = places.unit_by_uid(UUID(typed["commune"]), clock.today())
        except (ValueError, errors.NotFound):
            raise FieldReportFaulty(fields={"commune": _("Xin chọn lại xã, phường.")}) from None
        if commune.id != row.commune_id:
            changes["commune"] = commune.id
    return changes


_l = gettext_lazy
ACTS: dict[str, tuple[Do, Any]] = {
    "hide": (_hide, _l("Đã ẩn khỏi bản đồ, danh sách, tìm kiếm và dữ liệu mở. Người gửi đọc được lý do.")),
    "show": (_show, _l("Đã hiện lại.")),
    "redact": (_redact, _l("Đã che. Người ngoài đọc bản này, nơi xử lý vẫn đọc bản đầy đủ.")),
    "hide_photo": (_hide_photo, _l("Đã ẩn ảnh.")),
    "show_photo": (_show_photo, _l("Đã hiện lại ảnh.")),
    "blur": (_blur, _l("Đã che thêm trên ảnh.")),
    "correct": (_correct, _l("Đã đính chính. Bản trước vẫn nằm trong diễn biến.")),
}


@require_http_methods(["GET", "POST"])
@official(*FIELDREPORTS)
def moderate(request: HttpRequest, code: str) -> HttpResponse:
    """Show what the public sees beside what was sent, and change it with a reason."""
    caller, now = caller_of(request), clock.now()
    page = page_for(caller, code, now=now)
    if not page.may & {"moderate", "correct"}:
        raise PageNotFound
    problem, status, name = "", 200, request.POST.get("viec", "")
    if request.method == "POST":
        if name not in ACTS:
            raise PageNotFound
        do, done = ACTS[name]
        try:
            do(request, page, caller, now)
        except (errors.Invalid, errors.Conflict) as refusal:
            fields = refusal.facts.get("fields")
            problem = " ".join(map(str, fields.values())) if isinstance(fields, dict) and fields else said_of(refusal)
            status = refusals.status_of(refusal)
        else:
            messages.success(request, str(done))
            return redirect("backoffice:fieldreport_moderate", code=page.row.code)
    files = [*page.files, *(proof for answer in page.answers for proof in answer.proofs)]
    context = {
        "page": page,
        "row": page.row,
        "photos": [one for one in files if one.kind is Kind.PHOTO and one.state is State.READY],
        "tree": categories.tree(),
        "communes": places.units_on(clock.today(), "commune"),
        "problem": problem,
        "problem_act": name,
        "typed": request.POST if problem else {},
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/moderate.html", context, status=status)
