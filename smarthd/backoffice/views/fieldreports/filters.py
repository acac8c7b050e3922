"""Keeping and dropping a filter of the queue."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from smarthd.backoffice import saved
from smarthd.backoffice.gate import official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import actor_of
from smarthd.kernel import clock


@require_POST
@official(*FIELDREPORTS)
def save(request: HttpRequest) -> HttpResponse:
    """Keep what is being looked at under a name."""
    kept = saved.save_filter(
        account_id=actor_of(request).account_id or 0,
        name=request.POST.get("ten", ""),
        address=request.POST.get("dia-chi", "")[:2000],
        now=clock.now(),
    )
    messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": kept.name})
    return redirect(f"{reverse('backoffice:fieldreports')}?{kept.address}")


@require_POST
@official(*FIELDREPORTS)
def drop(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Drop a filter of one's own."""
    saved.drop_filter(uid, account_id=actor_of(request).account_id or 0)
    messages.success(request, _("Đã bỏ bộ lọc."))
    return redirect("backoffice:fieldreports")
