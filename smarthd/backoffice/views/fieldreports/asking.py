"""What every page of citizens' reports asks first: who it is, and how a refusal is said beside its form."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from smarthd.backoffice.gate import PageNotFound
from smarthd.backoffice.middleware import DeskRequest
from smarthd.fieldreports.errors import ReportUnknown
from smarthd.fieldreports.selectors import gate
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.values import Caller
from smarthd.kernel import errors
from smarthd.kernel.actor import Actor
from smarthd.ui import refusals


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks."""
    return cast("DeskRequest", request).actor


def caller_of(request: HttpRequest) -> Caller:
    """Return who asks, as reports know them."""
    return Caller(actor_of(request))


def page_for(caller: Caller, code: str, *, now: datetime) -> ReportPage:
    """Return a report to who handles it or watches over it; what everybody may read of another's is not the desk's."""
    page = gate.report_for(caller, code, now=now)
    if not page.inside:
        raise ReportUnknown
    return page


def stepped_aside(request: HttpRequest, page: ReportPage, act: str) -> HttpResponse | None:
    """Return the way back to the report where an act is not open now, or None where it is.

    What was typed meanwhile is not turned away here: the act itself refuses it, beside the form that still holds it. Raises PageNotFound
    for who has no part in handling the report.
    """
    if act in page.may:
        return None
    if "note" not in page.may:
        raise PageNotFound
    if request.method == "POST":
        return None
    messages.info(request, _("Bước này lúc này không làm được. Đây là hiện trạng của phản ánh."))
    return redirect("backoffice:fieldreport", code=page.row.code)


def said_of(refusal: errors.Refusal) -> str:
    """Return what a person reads of a refusal beside its form."""
    return refusals.words_of(refusal).body
