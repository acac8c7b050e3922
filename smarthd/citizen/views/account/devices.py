"""Where one is signed in, and signing out elsewhere or everywhere."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smarthd.citizen import order
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.people import services as people

_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))
_BROWSERS = (
    ("Edg/", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """List sessions; end the others, or all."""
    pk = account_id_of(request)
    if request.method == "POST":
        if "all" in request.POST:
            people.end_all_sessions(pk, now=clock.now())
            get_adapter(request).logout(request)
            return order.end(HttpResponseRedirect(reverse("citizen:signin")))
        people.end_other_sessions(pk, keep=request.session.session_key or "", now=clock.now())
        messages.success(request, _("Đã đăng xuất khỏi các nơi khác."))
        return HttpResponseRedirect(reverse("citizen:account_devices"))
    sessions = [
        {
            "device": device_words(session.user_agent),
            "address": session.ip,
            "since": session.created_at,
            "current": session.session_key == request.session.session_key,
        }
        for session in sorted(UserSession.objects.purge_and_list(request.user), key=lambda row: row.created_at)
    ]
    return render(request, "citizen/account/devices.html", {"here": "toi", "sessions": sessions})


def device_words(agent: str) -> str:
    """Say what kind of device and browser a session runs on."""
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    return ", ".join(part for part in (system, browser) if part) or _("Thiết bị không rõ")
