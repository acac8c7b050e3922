"""What may be done with one report, each act with its form; one address takes them all and asks the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from smarthd.backoffice.forms import fieldreports as forms
from smarthd.backoffice.forms.fieldreports import ActForm, Offered
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports import case
from smarthd.backoffice.views.fieldreports.asking import caller_of, page_for, said_of
from smarthd.fieldreports.selectors.gate import ReportPage
from smarthd.fieldreports.services import answering, handling, joining, speaking
from smarthd.kernel import clock, errors
from smarthd.ui import refusals


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what its button and its box say, its form, the service it calls. ``first``: it moves the case on."""

    name: str
    button: str | Promise
    prompt: str | Promise
    icon: str
    done: str | Promise
    do: Callable[..., Any]
    form: type[ActForm] = forms.WordsForm
    first: bool = False

    @property
    def plain(self) -> bool:
        """Say whether nothing is asked: a button is enough."""
        return self.form is forms.PlainForm

    def form_for(self, offered: Offered, data: Any = None) -> ActForm:
        """Return the act's form; several stand on one page (a refused one twice), so that each has ids of its own."""
        beginning = self.name if data is None else f"sua-{self.name}"
        return self.form(data, offered=offered, prompt=self.prompt, auto_id=f"{beginning}-%s")


_NOTHING = ""
ACTS = (
    Act("accept", _("Tiếp nhận"), _NOTHING, "check", _("Đã tiếp nhận. Người gửi được báo kèm hạn trả lời; nội dung và ảnh đã che được công bố."), handling.accept, forms.PlainForm, first=True),
    Act("assign", _("Chuyển xử lý"), _("Dặn thêm nơi xử lý"), "send", _("Đã chuyển. Hạn trả lời người gửi không đổi."), handling.assign, forms.ToForm, first=True),
    Act("start", _("Bắt đầu xử lý"), _NOTHING, "bolt", _("Đã ghi bắt đầu xử lý."), handling.start, forms.PlainForm, first=True),
    Act("overturn", _("Yêu cầu tiếp nhận"), _("Vì sao việc này phải được tiếp nhận?"), "undo", _("Đã yêu cầu tiếp nhận. Nơi từ chối và người gửi đều được báo."), speaking.overturn, first=True),
    Act("uphold", _("Giữ nguyên việc từ chối"), _("Vì sao việc từ chối là đúng?"), "shield", _("Đã giữ nguyên việc từ chối, người gửi được báo lý do."), speaking.uphold, first=True),
    Act("go_on", _("Xử lý tiếp, không chờ nữa"), _("Vì sao xử lý tiếp được?"), "arrow-right", _("Đồng hồ tính hạn chạy tiếp."), handling.go_on, first=True),
    Act("support_done", _("Báo xong phần phối hợp"), _("Cơ quan mình đã làm gì?"), "check-circle", _("Đã báo nơi chủ trì."), handling.support_done, first=True),
    Act("reopen", _("Yêu cầu làm lại"), _("Chỗ nào chưa đúng, cần làm lại gì?"), "undo", _("Đã mở lại. Nơi trả lời phải xử lý tiếp."), answering.reopen),
    Act("decline", _("Không tiếp nhận"), _("Lý do cụ thể, người gửi đọc nguyên văn"), "stop", _("Đã ghi không tiếp nhận. Người gửi được báo lý do, nơi có thẩm quyền và cách đề nghị xem lại."), handling.decline, forms.DeclineForm),
    Act("reroute", _("Chuyển cơ quan có thẩm quyền"), _("Vì sao chuyển?"), "arrow-right", _("Đã chuyển. Hạn xem tính lại từ bây giờ, người gửi được báo."), handling.reroute, forms.RerouteForm),
    Act("ask", _("Hỏi thêm người gửi"), _("Cần người gửi cho biết gì?"), "help", _("Đã hỏi. Đồng hồ tính hạn dừng tới khi người gửi trả lời, mọi người đều thấy."), handling.ask),
    Act("hand_back", _("Chuyển trả nơi tiếp nhận"), _("Vì sao chuyển trả?"), "undo", _("Đã chuyển trả nơi tiếp nhận. Số lần chuyển trả được đếm."), handling.hand_back),
    Act("extend", _("Gia hạn"), _("Vì sao cần thêm thời gian? Mọi người đều đọc"), "calendar", _("Đã gia hạn. Hạn gốc vẫn giữ nguyên và vẫn hiện."), handling.extend, forms.ExtendForm),
    Act("ask_support", _("Mời phối hợp"), _("Cần cơ quan ấy làm gì?"), "people", _("Đã mời phối hợp. Nơi đang giữ vẫn chủ trì và trả lời."), handling.ask_support, forms.SupportForm),
    Act("part", _("Tách ra xử lý riêng"), _("Vì sao là việc khác?"), "split", _("Đã tách ra, xử lý riêng với hạn của chính nó."), joining.part),
    Act("give_to", _("Giao người phụ trách"), _NOTHING, "person", _("Đã ghi người phụ trách."), handling.give_to, forms.GiveForm),
    Act("note", _("Ghi chú nội bộ"), _("Chỉ các cơ quan xử lý đọc được"), "edit", _("Đã ghi chú."), handling.note),
)  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}


def open_to(page: ReportPage) -> list[Act]:
    """Return the acts this reader may do now, in the order in which they are usually done."""
    return [act for act in ACTS if act.name in page.may]


@require_POST
@official(*FIELDREPORTS)
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Take one step; what cannot be taken is said at its form, with everything still typed."""
    caller, now = caller_of(request), clock.now()
    chosen = BY_NAME.get(request.POST.get("viec", ""))
    if chosen is None:
        raise PageNotFound
    page = page_for(caller, code, now=now)
    form = chosen.form_for(Offered.of(page, now), request.POST)
    status = 422
    if form.is_valid():
        try:
            chosen.do(page.row.code, **form.asked(), caller=caller, now=now)
        except (errors.Invalid, errors.Conflict) as refusal:
            form.refuse_any(refusal, said_of(refusal))
            status = refusals.status_of(refusal)
        else:
            messages.success(request, str(chosen.done))
            return redirect("backoffice:fieldreport", code=page.row.code)
    context = {**case.shown(request, code), "refused": (chosen, form)}
    return render(request, "backoffice/fieldreports/case.html", context, status=status)
