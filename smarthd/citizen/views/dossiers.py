"""«Tra cứu hồ sơ»: where a dossier stands, asked of the one-stop system now; told when it moves, by consent.

The code travels in the body of a request, never in an address; answers are kept by nobody.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from smarthd.citizen.views.account.requests import account_id_of, account_page, address_of
from smarthd.connectors.errors import ConsentMissing, DossierCodeStrange, DossierDeskSilent, DossierUnknown
from smarthd.connectors.rules import dossiers as rules
from smarthd.connectors.rules import refusals
from smarthd.connectors.rules.wording import said_if_known
from smarthd.connectors.selectors import dossiers as selectors
from smarthd.connectors.selectors import own_data
from smarthd.connectors.services import dossiers
from smarthd.kernel import clock
from smarthd.kernel.errors import Refusal

_SAID = (DossierCodeStrange, DossierUnknown, DossierDeskSilent)


@require_http_methods(["GET", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Ask for a code; show where that dossier stands, or say what was wrong beside the field."""
    typed = request.POST.get("ma", "").strip()[: rules.LONGEST + 1]
    context: dict[str, Any] = {"typed": typed}
    status = 200
    if request.method == "POST":
        try:
            desk, found = dossiers.look_up(typed, address=address_of(request), now=clock.now())
        except _SAID as refusal:
            context["problem"], status = _words(refusal)
        else:
            context |= {"desk": desk, "found": found, "days": _days(found), "steps": _steps(found)}
    return _page(request, context, status)


def _page(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    pk = request.user.pk
    told = {
        "here": "du-lieu",
        "desks": selectors.desks(),
        "follows": selectors.tails(own_data.dossiers_of(pk)) if pk else [],
        "consent": rules.CONSENT,
    }
    return render(request, "citizen/datasets/dossiers.html", told | context, status=status)


def _words(refusal: Refusal) -> tuple[str, int]:
    title, body, status = refusals.WORDS[refusal.name]
    return f"{_(title)}. {_(body)}", status or 422


def _days(found: rules.Dossier) -> list[tuple[str, str]]:
    told = ((_("Ngày nhận"), found.received_on), (_("Hẹn trả"), found.due_on))
    return [(label, said_if_known(written)) for label, written in told if written]


def _steps(found: rules.Dossier) -> list[tuple[str, str, str]]:
    return [(said_if_known(one.at), one.words, one.where) for one in reversed(found.steps)]


@require_POST
@account_page
def follow(request: HttpRequest) -> HttpResponse:
    """Be told when a dossier moves."""
    typed = request.POST.get("ma", "").strip()[: rules.LONGEST + 1]
    try:
        dossiers.follow(
            typed,
            consented=request.POST.get("dong_y") == "on",
            account_id=account_id_of(request),
            address=address_of(request),
            now=clock.now(),
        )
    except (*_SAID, ConsentMissing) as refusal:
        problem, status = _words(refusal)
        return _page(request, {"typed": typed, "problem": problem}, status)
    messages.success(request, _("Đã ghi. Khi hồ sơ chuyển bước, tin vào Hộp thư và lên điện thoại đã bật thông báo."))
    return redirect("citizen:dossiers")


@require_POST
@account_page
def unfollow(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Be told no more."""
    dossiers.unfollow(uid, account_id=account_id_of(request))
    messages.success(request, _("Đã thôi báo tin về hồ sơ này. Không còn lưu gì về hồ sơ."))
    return redirect("citizen:dossiers")
