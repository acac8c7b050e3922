"""What a sender, a neighbour, a follower does about a report: one press, one service; a refusal brings the page back with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from smarthd.citizen import phone
from smarthd.citizen.forms.fieldreports import RatingForm, WordsForm
from smarthd.citizen.views.account.requests import address_of
from smarthd.citizen.views.fieldreports import case
from smarthd.citizen.views.fieldreports.receiving import Received, take_files
from smarthd.fieldreports.errors import FieldReportFaulty, ReportUnknown
from smarthd.fieldreports.rules.attachments import Kind
from smarthd.fieldreports.services import answering, following, handling, speaking
from smarthd.fieldreports.values import Caller
from smarthd.kernel import clock, errors
from smarthd.rollout import services as rollout
from smarthd.rollout.rules import ValueAction
from smarthd.ui import refusals


@dataclass(frozen=True, slots=True)
class _Said:
    """What came with an act."""

    code: str
    caller: Caller
    now: datetime
    words: str
    files: list[UUID]
    rating: RatingForm


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what it does, and what is said when it is done."""

    do: Callable[[_Said], object]
    done: Any


def _plain(service: Callable[..., object]) -> Callable[[_Said], object]:
    return lambda said: service(said.code, words=said.words, caller=said.caller, now=said.now)


def _with_files(service: Callable[..., object]) -> Callable[[_Said], object]:
    return lambda said: service(
        said.code, words=said.words, caller=said.caller, now=said.now, attachment_uids=said.files
    )


def _rate(said: _Said) -> object:
    form = said.rating
    return answering.rate(
        said.code,
        stars=form.stars_given(),
        reason=form.cleaned_data["reason"],
        words=said.words,
        caller=said.caller,
        now=said.now,
    )


ACTS: dict[str, Act] = {
    "tra-loi": Act(_with_files(speaking.reply), gettext_lazy("Đã gửi lời bổ sung. Hạn xử lý được tính tiếp.")),
    "noi-them": Act(_with_files(speaking.add_words), gettext_lazy("Đã gửi thêm cho nơi xử lý.")),
    "xac-nhan": Act(_plain(answering.confirm), gettext_lazy("Đã ghi ý kiến. Cảm ơn bà con.")),
    "mo-lai": Act(_plain(answering.reopen), gettext_lazy("Đã ghi ý kiến: việc chưa xong.")),
    "xem-lai": Act(_plain(speaking.contest), gettext_lazy("Đã đề nghị cấp trên xem lại việc từ chối.")),
    "chuyen": Act(_plain(handling.reroute), gettext_lazy("Đã chuyển tới nơi có thẩm quyền.")),
    "rut": Act(_plain(speaking.withdraw), gettext_lazy("Đã rút phản ánh.")),
    "danh-gia": Act(_rate, gettext_lazy("Đã ghi đánh giá. Cảm ơn bà con.")),
    "theo-doi": Act(
        lambda said: following.follow_report(said.code, caller=said.caller, now=said.now),
        gettext_lazy("Đã theo dõi. Có kết quả sẽ hiện ở mục Phản ánh của tôi."),
    ),
    "bo-theo-doi": Act(
        lambda said: following.unfollow_report(said.code, caller=said.caller), gettext_lazy("Đã thôi theo dõi.")
    ),
}


@require_POST
@never_cache
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Do one act and come back to the report."""
    chosen = ACTS.get(act)
    if chosen is None:
        raise ReportUnknown
    caller = phone.known_caller(request) if act == "theo-doi" else phone.caller_of(request)
    try:
        said = _said(request, code, caller)
        chosen.do(said)
    except errors.NotFound:
        raise
    except errors.Refusal as refusal:
        return _refused(request, code, act, caller, refusal)
    if act == "theo-doi" and caller.actor.account_id is not None:
        rollout.report_value_action(caller.actor.account_id, ValueAction.REPORT_FOLLOWED, None, said.now)
    messages.success(request, str(chosen.done))
    response = HttpResponseRedirect(_after(act, code))
    phone.keep(response, caller.token if act == "theo-doi" else "")
    return response


def _after(act: str, code: str) -> str:
    return reverse("citizen:my_reports") if act == "rut" else reverse("citizen:report", args=[code.upper()])


def _said(request: HttpRequest, code: str, caller: Caller) -> _Said:
    now, received = clock.now(), Received()
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise FieldReportFaulty(fields={"words": " ".join(map(str, form.errors.get("words", [])))})
    rating = RatingForm(request.POST)
    rating.is_valid()
    chosen = [file for file in request.FILES.getlist("photos") if file.size]
    if chosen and caller.mark:
        take_files(chosen, Kind.PHOTO, caller=caller, address=address_of(request), now=now, into=received)
    if received.problems:
        raise FieldReportFaulty(fields={"photos": " ".join(received.problems)})
    return _Said(code, caller, now, form.cleaned_data["words"], received.uids, rating)


def _refused(request: HttpRequest, code: str, act: str, caller: Caller, refusal: errors.Refusal) -> HttpResponse:
    """Show the report again with what is wrong, beside the box it concerns, and the words as they were typed."""
    if refusals.wants_json(request):
        return refusals.answer(request, refusal)
    said = refusals.words_of(refusal)
    fields = refusal.facts.get("fields")
    lines = [str(one) for one in fields.values()] if isinstance(fields, dict) else [said.body]
    problem = {
        "act": act,
        "title": said.title,
        "lines": lines,
        "words": request.POST.get("words", ""),
        "stars": request.POST.get("stars", ""),
        "reason": request.POST.get("reason", ""),
    }
    return case.show(request, caller, code, status=refusals.status_of(refusal), problem=problem)
