"""«Báo khi có thay đổi»: follow a dataset, a row, a commune's rows; see and end what is followed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from smarthd.citizen.views.account.requests import account_id_of, account_page
from smarthd.connectors.errors import DatasetUnknown
from smarthd.connectors.rules.sources import Shape
from smarthd.connectors.selectors import own_data
from smarthd.connectors.selectors.public import Dataset
from smarthd.connectors.services import following
from smarthd.kernel import clock
from smarthd.places import selectors as places


def context_of(
    request: HttpRequest, shown: Dataset, *, row_code: str = "", unit_id: int | None = None
) -> dict[str, Any]:
    """Return what the button reads: whether this may be followed, is followed, and of which row or commune."""
    if shown.publication.shape is Shape.LOOKUP:
        return {"may_follow": False}
    account_id = request.user.pk
    found = own_data.follow_of(account_id, shown.id, row_code=row_code, unit_id=unit_id) if account_id else None
    return {"may_follow": True, "followed": found, "follow_row": row_code, "follow_unit": unit_id}


@require_safe
@account_page
def index(request: HttpRequest) -> HttpResponse:
    """List what the person follows."""
    follows = own_data.follows_of(account_id_of(request))
    return render(request, "citizen/datasets/follows.html", {"here": "toi", "follows": follows})


@require_POST
@account_page
def follow(request: HttpRequest, key: str) -> HttpResponse:
    """Follow, and come back to where the button was."""
    row_code = request.POST.get("muc", "")[:16]
    unit_id = _unit(request.POST.get("xa", ""))
    following.follow(key, account_id=account_id_of(request), row_code=row_code, unit_id=unit_id, now=clock.now())
    messages.success(request, _("Đã ghi. Khi có thay đổi, tin vào Hộp thư và lên điện thoại đã bật thông báo."))
    if row_code:
        return redirect("citizen:dataset_row", key=key, code=row_code)
    return redirect(reverse("citizen:dataset", args=[key]))


def _unit(written: str) -> int | None:
    if not written:
        return None
    try:
        uid = UUID(written)
    except ValueError:
        raise DatasetUnknown(unit=written[:40]) from None
    return places.unit_by_uid(uid, on=clock.today()).id


@require_POST
@account_page
def unfollow(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End one follow."""
    title = following.unfollow(uid, account_id=account_id_of(request))
    messages.success(request, _("Đã thôi theo dõi “%(title)s”.") % {"title": title})
    return redirect("citizen:dataset_follows")
