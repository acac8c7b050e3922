"""Exemptions: asked for by one, decided by another."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from smarthd.agencies import selectors, services
from smarthd.backoffice import navigation
from smarthd.backoffice.forms.exemptions import DecisionForm, ExemptionForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.units import agency_for, shown
from smarthd.kernel import clock, errors


@require_POST
@official(*navigation.UNIT)
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask that a person be counted apart."""
    actor = cast("DeskRequest", request).actor
    view = agency_for(actor, uid)
    form = ExemptionForm(request.POST, roster=selectors.roster_for(actor, view.id, clock.today()))
    if form.is_valid():
        try:
            services.request_exemption(**form.wanted(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị; người khác có thẩm quyền sẽ duyệt."))
            return redirect(f"{reverse('backoffice:unit', kwargs={'uid': uid})}#mien")
    context = {**shown(view, actor, clock.now()), "exempt_form": form}
    return render(request, "backoffice/units/detail.html", context, status=422)


@require_POST
@official(*navigation.UNIT)
def decide(request: HttpRequest, uid: UUID, exemption: UUID) -> HttpResponse:
    """Approve or refuse a request of this agency."""
    actor = cast("DeskRequest", request).actor
    view = agency_for(actor, uid)
    if exemption not in {item.uid for item in selectors.exemptions_for(actor, [view.id])}:
        raise PageNotFound
    form = DecisionForm(request.POST, auto_id=f"%s-{exemption}")
    if not form.is_valid():
        context = {**shown(view, actor, clock.now()), "decided": exemption, "decision_form": form}
        return render(request, "backoffice/units/detail.html", context, status=422)
    note = form.cleaned_data["note"]
    if form.cleaned_data["approve"] == "1":
        services.approve_exemption(exemption_uid=exemption, actor=actor, now=clock.now(), note=note)
        messages.success(request, _("Đã duyệt."))
    else:
        services.refuse_exemption(exemption_uid=exemption, actor=actor, now=clock.now(), note=note)
        messages.success(request, _("Đã từ chối, kèm ý kiến."))
    return redirect(f"{reverse('backoffice:unit', kwargs={'uid': uid})}#mien")
