"""«Hộp thư»: what the house told me, newest first."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.messaging import selectors, services


@require_safe
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """List messages; opening one is a press of its own, so that looking at the list reads nothing."""
    pk = account_id_of(request)
    context = {
        "here": "toi",
        "page": selectors.inbox_for(pk, cursor=request.GET.get("cursor", "")),
        "unread": selectors.unread_count(pk),
    }
    return render(request, "citizen/account/inbox.html", context)


@require_POST
@account_page
def read(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Mark one message read and go where it leads."""
    href = services.mark_read(uid, account_id=account_id_of(request), now=clock.now())
    return HttpResponseRedirect(href or reverse("citizen:inbox"))


@require_POST
@account_page
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    services.mark_all_read(account_id_of(request), now=clock.now())
    messages.success(request, _("Đã đánh dấu đọc hết."))
    return HttpResponseRedirect(reverse("citizen:inbox"))
