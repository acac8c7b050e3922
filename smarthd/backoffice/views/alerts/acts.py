"""Acts of one press on a warning: hand in, take back, give up, begin an update or a cancellation, review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from smarthd.alerts.rules.hazards import FACTS, Hazard
from smarthd.alerts.rules.messages import Kind
from smarthd.alerts.selectors import desk
from smarthd.alerts.services import approving, composing
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.views.alerts import board
from smarthd.backoffice.views.alerts.asking import ALERTS, actor_of, problem
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor
from smarthd.ui import refusals

Row = Any  # a warning as its own context hands it out
Do = Callable[[HttpRequest, Row, Actor, datetime], Row]


def _version(request: HttpRequest) -> int:
    raw = request.POST.get("version", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


def _submit(request: HttpRequest, row: Row, actor: Actor, now: datetime) -> Row:
    return composing.submit(row.uid, version=_version(request), actor=actor, now=now)


def _change(kind: Kind) -> Do:
    def begin(request: HttpRequest, row: Row, actor: Actor, now: datetime) -> Row:
        until = now + timedelta(hours=FACTS[Hazard(row.hazard)].hours)
        end = max(row.expires_at, until) if kind is Kind.UPDATE else None
        return composing.draft_change(row.uid, kind=kind, expires_at=end, actor=actor, now=now)

    return begin


def _review(request: HttpRequest, row: Row, actor: Actor, now: datetime) -> Row:
    return approving.review(row.uid, words=request.POST.get("words", ""), actor=actor, now=now)


_l = gettext_lazy
ACTS: dict[str, tuple[Do, Any]] = {
    "submit": (_submit, _l("Đã gửi duyệt. Người duyệt nhận được tin ngay; gọi điện thêm nếu gấp.")),
    "recall": (lambda _r, row, actor, now: composing.recall(row.uid, actor=actor, now=now), _l("Đã rút lại để sửa.")),
    "drop": (lambda _r, row, actor, now: composing.drop(row.uid, actor=actor, now=now), _l("Đã bỏ bản nháp.")),
    "update": (_change(Kind.UPDATE), _l("Đây là bản cập nhật. Sửa lời rồi gửi duyệt; bản cũ còn hiệu lực đến khi bản này được phát.")),
    "cancel": (_change(Kind.CANCEL), _l("Đây là tin hủy. Điền chỗ trong ngoặc rồi gửi duyệt; cảnh báo còn hiệu lực đến khi tin này được phát.")),
    "review": (_review, _l("Đã ghi kết quả soát lại.")),
}  # fmt: skip
_ONWARD = {"update": "backoffice:alert_edit", "cancel": "backoffice:alert_edit"}


@require_POST
@official(*ALERTS)
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Do one act and come back to the warning."""
    actor, now, name = actor_of(request), clock.now(), request.POST.get("viec", "")
    row = desk.get_row(actor, code)
    if name not in ACTS:
        raise PageNotFound
    do, done = ACTS[name]
    try:
        alert = do(request, row, actor, now)
    except (errors.Invalid, errors.Conflict) as refusal:
        return board.page(request, code, problem=problem(refusal, name), status=refusals.status_of(refusal))
    messages.success(request, str(done))
    return redirect(_ONWARD.get(name, "backoffice:alert"), code=alert.code)
