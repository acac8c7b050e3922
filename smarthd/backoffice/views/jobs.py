"""Việc nền: what waits in which lane, what is being done, what failed and why, what comes by the clock; a failed job begun again or given up."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from smarthd.backoffice import job_words as words
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import ADMINISTRATION
from smarthd.kernel import clock, job_board, jobs
from smarthd.kernel.actor import Actor
from smarthd.kernel.paging import BadCursor, Page, decode_cursor, encode_cursor
from smarthd.programs import policies
from smarthd.ui.forms import Form


class DropForm(Form):
    """What one confirms before a job is given up."""

    sure = forms.BooleanField(
        label=gettext_lazy("Việc này sẽ không được làm nữa"),
        error_messages={"required": gettext_lazy("Xin đánh dấu ô này nếu vẫn bỏ. Chưa có gì thay đổi.")},
    )


def _actor(request: HttpRequest) -> Actor:
    """Return who asks: an administrator of an agency with others below it, as for keys of programs; for others there is no such page."""
    actor = cast("DeskRequest", request).actor
    if not policies.can_manage_keys(actor):
        raise PageNotFound
    return actor


@require_GET
@official(*ADMINISTRATION)
def index(request: HttpRequest) -> HttpResponse:
    """Show how the queue stands now."""
    _actor(request)
    now = clock.now()
    board = job_board.board(now=now, failed_before=_before(request))
    more = encode_cursor(board.more_after) if board.more_after is not None else ""
    context = {
        "board": board,
        "now": now,
        "stalled": sum(one.stalled for one in board.doing),
        "failed": Page([(one, words.task(one.task), words.fault(one.error)) for one in board.failed], more),
        "many_failed": board.failed_count >= job_board.MOST_COUNTED,
        "lanes": [(one, words.lane(one.name)) for one in board.lanes if one.waiting or one.later or one.doing],
        "idle": [words.lane(one.name) for one in board.lanes if not (one.waiting or one.later or one.doing)],
        "doing": [(one, words.task(one.task)) for one in board.doing],
        "turns": [(one, words.task(one.task), *words.STATES.get(one.status, ("plain", ""))) for one in board.turns],
        "turns_failed": [words.task(one.task) for one in board.turns if one.status == "failed"],
        "nav_here": "jobs",
    }
    return render(request, "backoffice/jobs/index.html", context)


def _before(request: HttpRequest) -> int | None:
    if not request.GET.get("cursor"):
        return None
    (last,) = decode_cursor(request.GET["cursor"], length=1)
    if not isinstance(last, int):
        raise BadCursor
    return last


@require_GET
@official(*ADMINISTRATION)
def job(request: HttpRequest, number: int) -> HttpResponse:
    """Show one job that failed, and what doing it again or giving it up means."""
    _actor(request)
    return _shown(request, number, DropForm())


def _shown(request: HttpRequest, number: int, form: DropForm) -> HttpResponse:
    one = job_board.failed_job(number)
    context = {
        "job": one,
        "task": words.task(one.task),
        "lane": words.lane(one.queue),
        "fault": words.fault(one.error),
        "form": form,
        "nav_here": "jobs",
    }
    return render(request, "backoffice/jobs/job.html", context, status=422 if form.errors else 200)


@require_POST
@official(*ADMINISTRATION)
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Begin a failed job again, or give it up."""
    actor, now = _actor(request), clock.now()
    if act == "lam-lai":
        name = jobs.begin_again(number, actor=actor, now=now)
        messages.success(request, _("Đã xếp lại vào hàng: %(task)s.") % {"task": words.task(name)})
    elif act == "bo":
        form = DropForm(request.POST)
        if not form.is_valid():
            return _shown(request, number, form)
        name = jobs.drop(number, actor=actor, now=now)
        messages.success(request, _("Đã bỏ: %(task)s.") % {"task": words.task(name)})
    else:
        raise PageNotFound
    return redirect("backoffice:jobs")
