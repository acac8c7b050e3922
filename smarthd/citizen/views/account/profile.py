"""One's own account: name and number."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account import signin
from smarthd.citizen.views.account.requests import account_id_of, account_page, address_of
from smarthd.kernel import clock
from smarthd.kernel.limits import TooManyAttempts
from smarthd.people import rules, selectors
from smarthd.people import services as people
from smarthd.rollout.selectors import teams

PENDING = "citizen_new_phone"


@require_safe
@account_page
def account(request: HttpRequest) -> HttpResponse:
    """Show who is signed in and what they can do with their account."""
    now = clock.now()
    pk = account_id_of(request)
    context = {
        "here": "toi",
        "account": selectors.own_account(pk),
        "consents": selectors.consents_of(pk, clock.day_of(now)),
        "waiting": selectors.assistance_waiting_for(pk, now),
        "identity": signin.identity_name(),
        "team": membership.team if (membership := teams.membership_of(pk, clock.day_of(now))) else None,
    }
    return render(request, "citizen/account/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def name(request: HttpRequest) -> HttpResponse:
    """Change one's name."""
    pk = account_id_of(request)
    form = forms.NameForm(request.POST or None, initial={"full_name": selectors.own_account(pk).full_name})
    if request.method == "POST" and form.is_valid():
        try:
            people.rename_account(pk, full_name=form.cleaned_data["full_name"], now=clock.now())
        except people.BadName as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã lưu tên."))
            return HttpResponseRedirect(reverse("citizen:account"))
    return render(
        request, "citizen/account/name.html", {"here": "toi", "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for the new number and send a code to it."""
    form = forms.NewPhoneForm(request.POST or None)
    if signin.sends_code(request, form, PENDING):
        return HttpResponseRedirect(reverse("citizen:account_phone_code"))
    own = selectors.own_account(account_id_of(request))
    context = {"here": "toi", "form": form, "account": own}
    return render(request, "citizen/account/phone.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def phone_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code sent to the new number and change to it."""
    pending = signin.read_pending(request, PENDING)
    if pending is None:
        return HttpResponseRedirect(reverse("citizen:account_phone"))
    form = forms.CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            people.change_phone(
                account_id_of(request),
                phone=pending["phone"],
                code=form.cleaned_data["code"],
                address=address_of(request),
                now=clock.now(),
            )
        except (rules.WrongCode, rules.CodeUnusable, TooManyAttempts) as refusal:
            form.add_error("code", signin.code_words(refusal))
        except people.NumberTaken:
            form.add_error(None, _("Số này đang là của một tài khoản khác. Xin đăng xuất rồi đăng nhập bằng số đó."))
        else:
            del request.session[PENDING]
            messages.success(request, _("Đã đổi số điện thoại."))
            return HttpResponseRedirect(reverse("citizen:account"))
    context = {"here": "toi", "form": form, "pending": pending}
    return render(request, "citizen/account/phone_code.html", context, status=422 if form.errors else 200)
