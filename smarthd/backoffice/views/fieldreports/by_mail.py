"""Answering by the link in a letter: a page without an account, for one report, once. Looking at it uses nothing up."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.backoffice.forms.fieldreport_answers import MailAnswerForm
from smarthd.backoffice.gate import PageNotFound
from smarthd.backoffice.views.fieldreports import uploading
from smarthd.backoffice.views.fieldreports.asking import said_of
from smarthd.fieldreports.rules.attachments import LIMIT_MB, MB, Kind, Part
from smarthd.fieldreports.rules.states import Outcome
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.services import mail_links
from smarthd.fieldreports.services.mail_links import Proof
from smarthd.kernel import clock, errors
from smarthd.ui import refusals

_FILES = (("after", Part.AFTER, Kind.PHOTO), ("document", Part.PROOF, Kind.DOCUMENT))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the report the letter told of, and take the answer; a link that opens nothing says which of four reasons it is."""
    now = clock.now()
    link = mail_links.opened(token, now=now)
    report = gate.report_for(link.caller, link.code, now=now)
    form = MailAnswerForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = _answered(request, form, token, now)
        if status == 200:
            return _unseen(render(request, "backoffice/fieldreports/by_mail_done.html", {"row": report.row}))
    context: dict[str, Any] = {
        "link": link,
        "page": report,
        "row": report.row,
        "photos": [one for one in report.files if one.kind is Kind.PHOTO and one.state == "ready" and not one.hidden],
        "form": form,
        "token": token,
        "failed": status != 200,
    }
    return _unseen(render(request, "backoffice/fieldreports/by_mail.html", context, status=status))


def _answered(request: HttpRequest, form: MailAnswerForm, token: str, now: datetime) -> int:
    """Hand the answer over; return 200, or the status of what is wrong, which the form then says."""
    proofs = _proofs(request, form)
    if not form.is_valid():
        return 422
    typed = form.cleaned_data
    try:
        mail_links.answer(
            token,
            words=typed["words"],
            outcome=Outcome(typed["outcome"]),
            promised_on=typed["promised_on"],
            proofs=proofs,
            now=now,
        )
    except errors.Invalid as refusal:
        if isinstance(refusal.facts.get("fields"), dict):
            form.refuse(refusal)
        else:
            form.add_error(None, said_of(refusal))
        return refusals.status_of(refusal)
    return 200


def _proofs(request: HttpRequest, form: MailAnswerForm) -> list[Proof]:
    found = []
    for name, part, kind in _FILES:
        for one in request.FILES.getlist(name)[: uploading.MOST]:
            if (one.size or 0) > LIMIT_MB[kind] * MB:
                form.add_error(None, f"{one.name}: lớn quá {LIMIT_MB[kind]} MB.")
            else:
                found.append(Proof(one.read(), part))
    return found


@require_safe
def photo(request: HttpRequest, token: str, uid: UUID) -> FileResponse:
    """Send a photo of the report the link is for, faces and plates blurred; no other."""
    now = clock.now()
    link = mail_links.opened(token, now=now)
    report = gate.report_for(link.caller, link.code, now=now)
    if uid not in {one.uid for one in report.files if one.kind is Kind.PHOTO and not one.hidden}:
        raise PageNotFound
    path, content_type = gate.attachment_for(link.caller, uid)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(path.open("rb"), content_type=content_type, headers=headers)


def _unseen(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a key, from other sites and from search engines.

    ``same-origin``, not ``no-referrer``: with the latter a browser sends the form without an origin, and it would be refused.
    """
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
