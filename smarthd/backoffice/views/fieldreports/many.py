"""The same act on many reports: chosen in the queue, looked at once more, done one by one; what cannot be done is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from smarthd.backoffice.forms.fieldreports import agency_choices
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.navigation import HANDLING
from smarthd.backoffice.views.fieldreports.asking import actor_of, caller_of, said_of
from smarthd.fieldreports import policies
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import Part
from smarthd.fieldreports.selectors import categories, lists
from smarthd.fieldreports.selectors.rows import Row
from smarthd.fieldreports.services import handling, moderating
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, errors
from smarthd.kernel.actor import Actor

_l = gettext_lazy


@dataclass(frozen=True, slots=True)
class Bulk:
    """One act on many: its words, which rows are clean for it, what it does with each."""

    key: str
    words: str | Promise
    icon: str
    clean: Callable[[Row, frozenset[Part]], bool]
    do: Callable[[str, dict[str, Any], Caller, datetime], Any]


def _correct(code: str, typed: dict[str, Any], caller: Caller, now: datetime) -> Any:
    changes = {"category": typed["category"]}
    return moderating.correct(code, changes=changes, words=typed["words"], caller=caller, now=now)


_MODERATORS = frozenset({Part.DISPATCHER, Part.CHIEF, Part.SUPERIOR})
ACTS = (
    Bulk(
        "tiep-nhan", _l("Tiếp nhận"), "check",
        lambda row, parts: states.ACCEPT.may_start(row.state) and states.may(states.ACCEPT, parts, row.state),
        lambda code, _typed, caller, now: handling.accept(code, caller=caller, now=now),
    ),
    Bulk(
        "chuyen", _l("Chuyển xử lý"), "send",
        lambda row, parts: states.ASSIGN.may_start(row.state) and states.may(states.ASSIGN, parts, row.state),
        lambda code, typed, caller, now: handling.assign(
            code, to_id=typed["to"], words=typed["words"], caller=caller, now=now
        ),
    ),
    Bulk("linh-vuc", _l("Sửa lĩnh vực"), "edit", lambda row, parts: row.open and bool(parts & _MODERATORS), _correct),
    Bulk(
        "nhan-viec", _l("Tôi phụ trách"), "person",
        lambda row, parts: row.open and bool(parts & states.HANDLERS),
        lambda code, _typed, caller, now: handling.give_to(
            code, account_id=caller.actor.account_id, caller=caller, now=now
        ),
    ),
)  # fmt: skip
BY_KEY = {act.key: act for act in ACTS}


@require_POST
@official(*HANDLING)
def many(request: HttpRequest) -> HttpResponse:
    """Show what would be done with which reports; with ``xac-nhan`` do it, each by itself."""
    actor, now = actor_of(request), clock.now()
    chosen = BY_KEY.get(request.POST.get("viec", ""))
    if chosen is None:
        raise PageNotFound
    rows = lists.chosen(actor, list(dict.fromkeys(request.POST.getlist("pa"))), now=now)
    clean = [row for row in rows if chosen.clean(row, policies.parts_at(actor, row.holder_id))]
    typed, problem = _typed(request, chosen), ""
    if "xac-nhan" in request.POST:
        problem = _missing(typed, chosen, clean)
        if not problem:
            return _done(request, chosen, clean, typed, now)
    context = {
        "act": chosen,
        "clean": clean,
        "others": [row for row in rows if row not in clean],
        "typed": typed,
        "problem": problem,
        "agencies": agency_choices(now) if chosen.key == "chuyen" else [],
        "tree": categories.tree() if chosen.key == "linh-vuc" else (),
        "back": _back(request),
        "nav_here": "fieldreports",
    }
    return render(request, "backoffice/fieldreports/many.html", context, status=422 if problem else 200)


def _typed(request: HttpRequest, chosen: Bulk) -> dict[str, Any]:
    to = request.POST.get("to", "")
    return {
        "to": int(to) if chosen.key == "chuyen" and to.isdecimal() and len(to) < 18 else None,
        "category": request.POST.get("category", "") if chosen.key == "linh-vuc" else "",
        "words": request.POST.get("words", ""),
    }


def _missing(typed: dict[str, Any], chosen: Bulk, clean: list[Row]) -> str:
    if not clean:
        return _("Không có phản ánh nào làm được việc này. Xin chọn lại từ danh sách.")
    if chosen.key == "chuyen" and typed["to"] is None:
        return _("Xin chọn cơ quan nhận.")
    if chosen.key == "linh-vuc" and not (typed["category"] and len(typed["words"].strip()) >= 10):
        return _("Xin chọn lĩnh vực và ghi lý do, ít nhất một câu.")
    return ""


def _done(request: HttpRequest, chosen: Bulk, clean: list[Row], typed: dict[str, Any], now: datetime) -> HttpResponse:
    """Do it with each; a refusal of one leaves the others done and is named."""
    caller: Caller = caller_of(request)
    refused, done = [], 0
    for row in clean:
        try:
            chosen.do(row.code, typed, caller, now)
        except (errors.Invalid, errors.Conflict, errors.NotAllowed, errors.NotFound) as refusal:
            refused.append(f"{row.code}: {said_of(refusal)}")
        else:
            done += 1
    if done:
        messages.success(request, _("%(act)s: xong %(count)d phản ánh.") % {"act": chosen.words, "count": done})
    for words in refused[:10]:
        messages.warning(request, words)
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """Return the queue as it was seen; only its own parameters are taken."""
    address = request.POST.get("ve", "")[:1500].replace("\n", "").replace("\r", "")
    return f"{reverse('backoffice:fieldreports')}?{address}" if address else reverse("backoffice:fieldreports")


def clean_acts(actor: Actor) -> tuple[Bulk, ...]:
    """Return the acts on many that an official may find a use for."""
    return ACTS if policies.works_at(actor) else ()
