"""«Phản ánh của tôi»: what this phone or account sent and follows, what still waits on the phone, the places it watches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from smarthd.citizen import commune, phone
from smarthd.citizen.forms.start import communes_like
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import lists
from smarthd.fieldreports.services import following
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock
from smarthd.places import selectors as places

TEMPLATE = "citizen/fieldreports/mine.html"
LONGEST_STREET = 120
ASKED = {State.WAITING, State.ANSWERED, State.DECLINED}
"""Where the next word is the sender's: a question, an answer to confirm, a refusal to accept or contest."""


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """List what is mine."""
    caller, now = phone.caller_of(request), clock.now()
    own = lists.own_reports(caller, now=now)
    context = {
        **_context(request, caller),
        "asked": [row for row in own if row.state in ASKED],
        "sent": [row for row in own if row.state not in ASKED],
        "followed": lists.followed_reports(caller, now=now),
        "unclaimed": lists.unclaimed(caller),
    }
    return render(request, TEMPLATE, context)


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The same page with nothing of anybody in it: without a network it shows what waits on the phone."""
    response = render(request, TEMPLATE, {"here": "phan-anh", "is_shell": True})
    response["Cache-Control"] = "no-cache"
    return response


def _context(request: HttpRequest, caller: Caller) -> dict[str, Any]:
    watched = lists.followed_places(caller)
    units = places.views({unit for unit, _street in watched}, clock.today()) if watched else {}
    return {
        "here": "phan-anh",
        "commune": commune.of(request),
        "watched": [(units[unit], street) for unit, street in watched],
        "signed_in": caller.actor.account_id is not None,
    }


@require_POST
@never_cache
def adopt(request: HttpRequest) -> HttpResponse:
    """Take what this phone sent and follows without an account into the account that is signed in."""
    caller = phone.caller_of(request)
    if caller.actor.account_id is None:
        return HttpResponseRedirect(f"{reverse('citizen:signin')}?next={reverse('citizen:my_reports')}")
    if caller.token and following.adopt(caller=caller, now=clock.now()) != following.Adopted(0, 0):
        messages.success(request, _("Đã đưa vào tài khoản. Từ nay có tin gì, hộp thư của bà con báo ngay."))
    else:
        messages.info(request, _("Trên máy này không còn phản ánh nào chưa có tài khoản."))
    return HttpResponseRedirect(reverse("citizen:my_reports"))


@require_POST
@never_cache
def follow_place(request: HttpRequest) -> HttpResponse:
    """Follow a commune or one street of it, or stop."""
    caller = phone.known_caller(request)
    typed, street = request.POST.get("commune_name", "").strip()[:80], request.POST.get("street", "").strip()
    found = communes_like(typed) if typed else []
    response = HttpResponseRedirect(f"{reverse('citizen:my_reports')}#noi-theo-doi")
    if len(found) != 1:
        exact = [unit for unit in found if unit.full_name == typed]
        if not exact:
            messages.error(request, _place_problem(len(found)))
            return response
        found = exact
    if len(street) > LONGEST_STREET:
        messages.error(request, _("Tên đường dài quá. Xin ghi gọn tên đường, ngõ."))
        return response
    if "stop" in request.POST:
        following.unfollow_place(found[0].id, caller=caller, street=street)
        messages.success(request, _("Đã thôi theo dõi nơi này."))
        return response
    new = following.follow_place(found[0].id, caller=caller, now=clock.now(), street=street)
    messages.success(
        request, _("Đã theo dõi nơi này.") if new else _("Nơi này đã có trong danh sách, hoặc đã đủ 20 nơi.")
    )
    phone.keep(response, caller.token)
    return response


def _place_problem(count: int) -> str:
    if count:
        return _("Có nhiều nơi tên như vậy. Xin ghi rõ xã hay phường, chọn trong danh sách hiện ra.")
    return _("Chưa tìm thấy xã, phường nào tên như vậy. Thử gõ ngắn hơn, không cần dấu.")
