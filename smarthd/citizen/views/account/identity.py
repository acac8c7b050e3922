"""Linking a national identity to the account one is signed in to, by one's explicit word; taking it off."""

from __future__ import annotations

from allauth.socialaccount.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account import signin
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.people import selectors
from smarthd.people import services as people
from smarthd.people.rules.sessions import LINK_AGREED


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Explain the link; agree and go to the provider; or take the link off."""
    name = signin.identity_name()
    own = selectors.own_account(account_id_of(request))
    if not name and not own.linked:
        raise Http404
    form = forms.AgreeForm(request.POST or None, initial={"wording_version": 1})
    if request.method == "POST" and "unlink" in request.POST:
        return _unlink(request)
    if request.method == "POST" and name and form.is_valid():
        request.session[LINK_AGREED] = clock.now().timestamp()
        provider = get_adapter(request).get_provider(request, signin.IDENTITY_PROVIDER)
        response: HttpResponse = provider.redirect(
            request, process="connect", next_url=reverse("citizen:account_identity")
        )
        return response
    context = {"here": "toi", "form": form, "account": own, "identity": name}
    return render(request, "citizen/account/identity.html", context, status=422 if form.errors else 200)


def _unlink(request: HttpRequest) -> HttpResponse:
    try:
        people.unlink_identity(account_id_of(request), now=clock.now())
    except people.LastWayIn:
        messages.error(request, _("Xin thêm số điện thoại trước: bỏ liên kết bây giờ thì không còn cách đăng nhập."))
    else:
        messages.success(request, _("Đã bỏ liên kết."))
    return HttpResponseRedirect(reverse("citizen:account_identity"))
