"""Báo cáo: list, make, read, edit its words, download, check, sign off."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice.forms.reports import MakeForm, SignForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import REPORTS
from smarthd.insights import policies, rules, selectors, services
from smarthd.insights.errors import ReportSignedOff
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.ui import refusals

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_http_methods(["GET", "POST"])
@official(*REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """List reports within reach; a form makes another."""
    actor = _actor(request)
    form = MakeForm(request.POST or None, actor=actor, initial=MakeForm.usual())
    if request.method == "POST" and form.is_valid():
        try:
            report = services.make_report(**form.wanted(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.NotFound, errors.NotAllowed) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã có bản số %(version)d.") % {"version": report.version})
            return redirect("backoffice:report", uid=report.uid)
    reports = list(selectors.reports_for(actor)[:100])
    context = {
        "form": form,
        "reports": reports,
        "may_make": actor.has_role(*policies.MAKERS),
        "words": rules.STATUS_WORDS,
    }
    return render(request, "backoffice/reports/index.html", context, status=422 if form.errors else 200)


@require_GET
@official(*REPORTS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one report as it will be read, with its files and what may be done with it."""
    return render(request, "backoffice/reports/detail.html", _shown(_actor(request), uid))


def _shown(actor: Actor, uid: UUID) -> dict[str, object]:
    text = selectors.report_text_for(actor, uid)
    report = text.report
    draft = report.status == rules.Status.DRAFT
    own = actor.account_id in {report.made_by_id, report.edited_by_id}
    return {
        "report": report,
        "material": text.material,
        "sections": text.sections,
        "nav_here": "reports",
        "status": rules.STATUS_WORDS[rules.Status(report.status)],
        "may_edit": draft and policies.can_make(actor, report.issuer_id),
        "may_sign": draft and policies.can_sign(actor, report.issuer_id) and not own,
        "own": draft and policies.can_sign(actor, report.issuer_id) and own,
        "sign_form": SignForm(),
    }


@require_http_methods(["GET", "POST"])
@official(*REPORTS)
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Edit the paragraphs of a draft; figures stay tokens, so that they cannot be mistyped."""
    actor = _actor(request)
    text = selectors.report_text_for(actor, uid)
    require(policies.can_make(actor, text.report.issuer_id))
    if text.report.status != rules.Status.DRAFT:
        raise ReportSignedOff
    typed = {section.key: request.POST[section.key] for section in text.sections if section.key in request.POST}
    problem = ""
    if request.method == "POST":
        try:
            services.edit_narrative(uid=uid, words=typed, actor=actor, now=clock.now())
        except errors.Invalid as refusal:
            problem = refusals.words_of(refusal).body
        else:
            messages.success(request, _("Đã lưu lời văn."))
            return redirect("backoffice:report", uid=uid)
    sections = [
        {"key": part.key, "heading": part.heading, "text": typed.get(part.key, "\n\n".join(part.kept))}
        for part in text.sections
    ]
    context = {
        "report": text.report,
        "sections": sections,
        "figures": text.figures,
        "problem": problem,
        "nav_here": "reports",
    }
    return render(request, "backoffice/reports/edit.html", context, status=422 if problem else 200)


@require_GET
@official(*REPORTS)
def download(request: HttpRequest, uid: UUID, suffix: str) -> HttpResponseBase:
    """Hand out the kept file."""
    report = selectors.report_for(_actor(request), uid)
    path = selectors.docx_path(report) if suffix == "docx" else selectors.annex_path(report)
    name = selectors.file_name(report, suffix)
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=TYPES[suffix])


@require_POST
@official(*REPORTS)
def check(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Make the files again and say whether they come out the same."""
    report = selectors.report_for(_actor(request), uid)
    found = services.verify(report)
    if found.same_docx and found.same_annex and found.same_figures:
        messages.success(request, _("Lập lại từ số liệu của kỳ chốt: hai tệp trùng khớp từng byte."))
    elif found.same_docx and found.same_annex:
        messages.warning(
            request, _("Hai tệp lập lại trùng khớp, nhưng số liệu trên nền tảng đã đổi từ khi lập. Xin lập bản mới.")
        )
    else:
        messages.error(request, _("Tệp lập lại không trùng với tệp đã lưu. Xin báo người quản trị."))
    return redirect("backoffice:report", uid=uid)


@require_POST
@official(*REPORTS)
def sign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Sign a draft off."""
    actor = _actor(request)
    shown = _shown(actor, uid)
    form = SignForm(request.POST)
    if not form.is_valid():
        return render(request, "backoffice/reports/detail.html", {**shown, "sign_form": form}, status=422)
    services.sign_off(uid=uid, number=form.cleaned_data["number"], actor=actor, now=clock.now())
    messages.success(request, _("Đã ký duyệt báo cáo."))
    return redirect("backoffice:report", uid=uid)
