"""«Theo yêu cầu của cơ quan»: what is kept of a member of staff for an order, and on what ground."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from smarthd.citizen import order
from smarthd.citizen.views.account.requests import account_id_of, account_page, next_of
from smarthd.kernel import clock
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.rollout import selectors, services

ARRIVING = "vao"


def on_the_way_to(target: str) -> str:
    """Return where a sign-in goes so that a member of staff is told before they reach ``target``; all others pass through."""
    return f"{reverse('citizen:ordered')}?{urlencode({ARRIVING: '1', 'next': target})}"


@require_safe
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Say in plain words what is kept for the order; from here on the phone tells it."""
    pk = account_id_of(request)
    if ARRIVING in request.GET and not order.must_be_told(request, pk):
        return HttpResponseRedirect(next_of(request))
    notice = selectors.order_on(pk, clock.today())
    context = {
        "here": "toi",
        "notice": notice,
        "agreed": people.has_consent(pk, people_rules.Purpose.USAGE),
        "next": next_of(request, reverse("citizen:me")),
        "arriving": ARRIVING in request.GET,
    }
    response = render(request, "citizen/account/ordered.html", context)
    if notice is None:
        return order.end(response)
    if order.COOKIE not in request.COOKIES:
        services.note_told_of_order(pk, now=clock.now())
    order.keep(response)
    return response
