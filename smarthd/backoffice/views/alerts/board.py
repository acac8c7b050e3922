"""The board of warnings, and one warning: read as people will read it, with what may be done about it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from smarthd.alerts.selectors import cells, desk, reach
from smarthd.alerts.services import approving, content
from smarthd.backoffice.gate import official
from smarthd.backoffice.views.alerts.asking import ALERTS, WRITERS, actor_of, face_of, ground_url
from smarthd.kernel import clock

FIELD_WORDS = {
    "all": "Toàn bộ", "level": "Cấp độ", "communes": "Nơi áp dụng", "ring": "Vùng vẽ", "headline_vi": "Tiêu đề", "description_vi": "Nội dung",
    "instruction_vi": "Việc cần làm", "headline_en": "Tiêu đề (Anh)", "description_en": "Nội dung (Anh)", "instruction_en": "Việc cần làm (Anh)",
    "expires_at": "Thời hạn", "contact": "Điện thoại trực", "channels": "Kênh phát", "severity": "Mức nguy hiểm", "testers": "Người nhận thử", "sender_name": "Cơ quan phát",
}  # fmt: skip


@require_GET
@official(*ALERTS)
def index(request: HttpRequest) -> HttpResponse:
    """Show what waits for me, what is in force, and what is over."""
    actor, now = actor_of(request), clock.now()
    board = desk.board_for(actor, now=now)
    context = {
        "to_approve": [face_of(one) for one in board.to_approve],
        "mine": [face_of(one) for one in board.mine],
        "in_force": [face_of(one) for one in board.in_force],
        "to_review": [face_of(one) for one in board.to_review],
        "over": [face_of(one) for one in board.over],
        "writes": actor.has_role(*WRITERS),
        "standing": cells.standing(),
        "quarantine": cells.quarantine(5),
        "foreign": cells.latest_foreign(5),
        "now": now,
    }
    return render(request, "backoffice/alerts/list.html", context)


@require_GET
@official(*ALERTS)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one warning."""
    return page(request, code)


def page(request: HttpRequest, code: str, *, problem: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Show one warning, with what was refused and what had been typed."""
    actor, now = actor_of(request), clock.now()
    case = desk.case_for(actor, code, now=now)
    wrong = content.problems(case.row, now=now) if {"submit", "break_glass", "approve"} & case.may else {}
    context = {
        "case": case,
        "face": face_of(case.view, list(case.row.channels)),
        "alert": case.view,
        "wrong": [(FIELD_WORDS.get(name, name), words) for name, words in wrong.items()],
        "returned": [(FIELD_WORDS.get(name, name), words) for name, words in case.row.returned_fields.items()],
        "steps": [(desk.ACT_WORDS.get(step.act, step.act), step) for step in case.steps],
        "return_fields": list(FIELD_WORDS.items()),
        "fresh": approving.needs_fresh_factor(case.row),
        "passkey": request.session.get("alert_passkey", {}).get("proved") == case.row.content_hash,
        "audience": reach.audience_of(tuple(case.row.communes)) if case.row.issued_at is None else None,
        "problem": problem,
        "typed": request.POST if problem else {},
        "ground_url": ground_url(),
        "nav_here": "alerts",
        "now": now,
    }
    return render(request, "backoffice/alerts/detail.html", context, status=status)
