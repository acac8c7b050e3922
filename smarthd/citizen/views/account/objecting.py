"""«Giải trình»: why my account is not counted for now, and what I say to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from smarthd.citizen.forms.account import ObjectionForm
from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.kernel import clock, errors
from smarthd.rollout import selectors, services
from smarthd.rollout.rules import integrity as rules


@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """Show the reasons and take in an objection; somebody else decides about it."""
    pk = account_id_of(request)
    doubt = selectors.own_doubt(pk)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.appeal(pk, words=form.cleaned_data["words"], now=clock.now())
        except errors.Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã gửi giải trình. Người khác sẽ xem và trả lời vào hộp thư."))
            return HttpResponseRedirect(reverse("citizen:objecting"))
    context = {
        "here": "toi",
        "doubt": doubt,
        "form": form,
        "may_object": doubt is not None and rules.APPEAL.may_start(doubt.state),
    }
    return render(request, "citizen/account/objecting.html", context, status=422 if form.errors else 200)
