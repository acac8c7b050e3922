"""Rosters: upload, preview line by line, confirm or give up, take the faulty lines home."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import policies, selectors, services
from smarthd.agencies.rules import encodings, roster
from smarthd.backoffice import navigation, waiting
from smarthd.backoffice.forms.rosters import UploadForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.units import agency_for
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor

STATUS_WORDS = {
    "previewed": "Đang xem trước",
    "confirmed": "Đã ghi vào sổ",
    "withdrawn": "Đã bỏ",
    "expired": "Hết hạn xem trước",
}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*navigation.UNIT)
def index(request: HttpRequest) -> HttpResponse:
    """List the actor's own agencies with the size of their rosters, and the latest uploads."""
    actor = _actor(request)
    today = clock.today()
    views = selectors.agency_views(waiting.own_agencies(actor), today)
    sizes = selectors.roster_sizes(views, today)
    uploads = [
        {"upload": upload, "agency": view.name, "words": STATUS_WORDS[upload.status]}
        for view in views.values()
        for upload in selectors.imports_for(actor, view.id)
    ]
    context = {"agencies": [(view, sizes.get(view.id, 0)) for view in views.values()], "uploads": uploads}
    return render(request, "backoffice/rosters/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*navigation.UNIT)
def upload(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a file and show what it would change; nothing is saved yet."""
    actor = _actor(request)
    view = agency_for(actor, uid)
    if not policies.can_import_roster(actor, view.id):
        raise PageNotFound
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        try:
            made = services.preview_roster(
                wanted["file"],
                file_name=form.file_name,
                agency_id=view.id,
                complete=wanted["complete"],
                as_of=wanted["as_of"],
                encoding=encodings.Encoding(wanted["encoding"]) if wanted["encoding"] else None,
                actor=actor,
                now=clock.now(),
            )
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            return redirect("backoffice:roster", uid=made.uid)
    context = {"agency": view, "form": form, "nav_here": "rosters"}
    return render(request, "backoffice/rosters/upload.html", context, status=422 if form.errors else 200)


@require_GET
@official(*navigation.UNIT)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what each line would do, with what is wrong and how to mend it."""
    actor = _actor(request)
    view = selectors.import_for(actor, uid)
    wanted = request.GET.get("ket-qua", "")
    outcome = roster.Outcome(wanted) if wanted in set(roster.Outcome) else None
    page = selectors.import_rows_for(actor, uid, outcome=outcome, cursor=request.GET.get("cursor", ""))
    context = {
        "upload": view,
        "agency": selectors.agency_view(view.agency_id, clock.today()),
        "status": STATUS_WORDS[view.status],
        "notes": view.notes,
        "page": page,
        "rows": [(row, roster.OUTCOME_WORDS[roster.Outcome(row.outcome)]) for row in page.items],
        "counts": [(key, words, view.counts.get(key, 0)) for key, words in roster.OUTCOME_WORDS.items()],
        "outcome": outcome or "",
        "faulty": view.counts.get(roster.Outcome.FAULTY, 0),
        "nav_here": "rosters",
    }
    return render(request, "backoffice/rosters/detail.html", context)


@require_POST
@official(*navigation.UNIT)
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Save a preview; twice is once."""
    selectors.import_for(_actor(request), uid)
    services.confirm_roster(import_uid=uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã ghi danh sách vào sổ."))
    return redirect("backoffice:roster", uid=uid)


@require_POST
@official(*navigation.UNIT)
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give a preview up."""
    selectors.import_for(_actor(request), uid)
    services.withdraw_roster(import_uid=uid, actor=_actor(request), now=clock.now())
    messages.success(request, _("Đã bỏ bản xem trước, không có gì được lưu."))
    return redirect("backoffice:rosters")


@require_GET
@official(*navigation.UNIT)
def faulty(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Hand out the faulty lines with what is wrong beside each."""
    view = selectors.import_for(_actor(request), uid)
    content = services.faulty_rows_workbook(import_uid=uid, actor=_actor(request))
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": f'attachment; filename="dong-loi_{view.as_of.isoformat()}.xlsx"'},
    )
