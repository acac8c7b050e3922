"""Agreeing to purposes one by one, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from smarthd.citizen.forms import account as forms
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock
from smarthd.people import rules, selectors
from smarthd.people import services as people
from smarthd.rollout import selectors as rollout

DECIDED = "vua-chon"


@require_safe
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Show every purpose with its words and where one stands; nothing is ticked beforehand."""
    return _page(request)


@require_POST
@account_page
def decide(request: HttpRequest, purpose: str) -> HttpResponse:
    """Agree to one purpose, or take it back."""
    if purpose not in set(rules.Purpose):
        raise Http404
    meant = rules.Purpose(purpose)
    if "withdraw" in request.POST:
        people.withdraw_consent(account_id_of(request), purpose=meant, now=clock.now())
        messages.success(request, _("Đã rút lại. Việc này dừng từ bây giờ."))
        return HttpResponseRedirect(_after(meant))
    form = forms.AgreeForm(request.POST, prefix=purpose)
    if not form.is_valid():
        return _page(request, refused=form, status=422)
    people.give_consent(
        account_id_of(request),
        purpose=meant,
        wording_version=form.cleaned_data["wording_version"],
        now=clock.now(),
    )
    messages.success(request, _("Đã ghi nhận sự đồng ý."))
    return HttpResponseRedirect(_after(meant))


def _after(decided: rules.Purpose) -> str:
    """The page tells the phone what was decided about counting, since it is the phone that counts."""
    page = reverse("citizen:account_consents")
    return f"{page}?{DECIDED}" if decided is rules.Purpose.USAGE else page


def _page(request: HttpRequest, *, refused: forms.AgreeForm | None = None, status: int = 200) -> HttpResponse:
    rows = []
    follow: int | str | None = None
    pk = account_id_of(request)
    for view in selectors.consents_of(pk, clock.today()):
        if view.wording.purpose is rules.Purpose.ASSISTED and view.given_at is None:
            continue  # asked for only when somebody helps
        if view.wording.purpose is rules.Purpose.USAGE and DECIDED in request.GET:
            follow = view.wording.version if view.given_at else ""
        form = forms.AgreeForm(prefix=view.wording.purpose.value, initial={"wording_version": view.wording.version})
        if refused is not None and refused.prefix == view.wording.purpose.value:
            form = refused
        rows.append({"view": view, "form": form})
    context = {"here": "toi", "rows": rows, "follow": follow, "order": rollout.order_on(pk, clock.today())}
    return render(request, "citizen/account/consents.html", context, status=status)
