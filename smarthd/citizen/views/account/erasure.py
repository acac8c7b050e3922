"""Erasing one's account for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen import order
from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.people import services as people


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def erase(request: HttpRequest) -> HttpResponse:
    """Say what will be gone and what stays without a name; erase when the words are typed."""
    form = forms.EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = people.erase_account(account_id_of(request), now=clock.now())
        request.session.flush()
        return order.end(HttpResponseRedirect(f"{reverse('citizen:account_erased')}?ma={code}"))
    context = {"here": "toi", "form": form, "words": forms.ERASE_WORDS}
    return render(request, "citizen/account/erase.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Say that the account is gone, with the number of the recorded request."""
    code = request.GET.get("ma", "")
    return render(
        request,
        "citizen/account/erased.html",
        {"here": "toi", "code": code if code.isalnum() and len(code) <= 12 else ""},
    )
