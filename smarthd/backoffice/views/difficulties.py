"""Khó khăn, vướng mắc: list, raise, read with its life, act by role, merge duplicates, patterns, export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.backoffice import sheets
from smarthd.backoffice.forms.difficulties import RAISERS, RaiseForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import DIFFICULTIES
from smarthd.kernel import audit, clock, errors
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.rollout import selectors as rollout
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.selectors import decisions as decided
from smarthd.rollout.selectors import difficulties as selectors
from smarthd.rollout.services import difficulties as services
from smarthd.ui import refusals

STANDS = (
    ("dang-mo", gettext_lazy("Đang mở")),
    ("cho-tra-loi", gettext_lazy("Chờ trả lời")),
    ("dang-xu-ly", gettext_lazy("Đang xử lý")),
    ("cho-xac-nhan", gettext_lazy("Chờ xác nhận")),
    ("da-ket-thuc", gettext_lazy("Đã kết thúc")),
    ("da-gop", gettext_lazy("Đã gộp")),
    ("tat-ca", gettext_lazy("Tất cả")),
)


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def query_of(address: QueryDict) -> selectors.Query:
    """Read the address; what is not understood falls back to what is usual."""

    def known(name: str, values: Any) -> str:
        given = address.get(name, "")
        return given if given in set(values) else ""

    place = address.get("dia-ban", "")
    return selectors.Query(
        stand=known("xem", selectors.STANDS) or "dang-mo",
        words=address.get("q", "").strip()[:100],
        category=known("nhom", rules.Category),
        severity=known("muc", rules.Severity),
        tier=known("cap", rules.Tier),
        overdue="qua-han" in address.getlist("loc"),
        held_by_us="dang-giu" in address.getlist("loc"),
        raised_by_us="da-neu" in address.getlist("loc"),
        place_id=_place_id(place),
        month=address.get("thang", "")[:7],
        campaign=address.get("chien-dich", "")[:60],
    )


def _place_id(written: str) -> int | None:
    try:
        return places.unit_by_uid(UUID(written), clock.today()).id
    except (ValueError, errors.NotFound):
        return None


@require_GET
@official(*DIFFICULTIES)
def index(request: HttpRequest) -> HttpResponse:
    """List what the actor may see, what is due first on top."""
    actor, query, now = _actor(request), query_of(request.GET), clock.now()
    found = selectors.listing(actor, query, now=now)
    filters = (
        ("qua-han", _("Quá hạn"), found.overdue, query.overdue),
        ("dang-giu", _("Đơn vị tôi đang giữ"), found.held_by_us, query.held_by_us),
        ("da-neu", _("Đơn vị tôi nêu"), found.raised_by_us, query.raised_by_us),
    )
    context = {
        "query": query,
        "found": found,
        "shown": len(found.rows),
        "stands": [(key, words, found.stands[key]) for key, words in STANDS],
        "filters": [item for item in filters if item[2] or item[3]],
        "categories": rules.CATEGORY_WORDS.items(),
        "severities": rules.SEVERITY_WORDS.items(),
        "tiers": rules.TIER_WORDS.items(),
        "place": _place_words(query),
        "place_uid": request.GET.get("dia-ban", "") if query.place_id else "",
        "may_raise": actor.has_role(*RAISERS),
        "may_draft": bool(decided.deciding_agencies(actor, now=now)),
        "narrowed": query != selectors.Query(stand=query.stand),
        "now": now,
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/difficulties/index.html", context)


def _place_words(query: selectors.Query) -> str:
    if query.place_id is None:
        return ""
    return places.views([query.place_id], clock.today())[query.place_id].full_name


@require_http_methods(["GET", "POST"])
@official(*RAISERS)
def raise_new(request: HttpRequest) -> HttpResponse:
    """Raise a difficulty before the superior of one's unit."""
    actor = _actor(request)
    campaign = rollout.running_campaign()
    if campaign is None:
        return render(request, "backoffice/difficulties/no_campaign.html", {"nav_here": "difficulties"})
    form = RaiseForm(request.POST or None, actor=actor, initial={"severity": rules.Severity.MAJOR})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.raise_difficulty(campaign.key, **form.wanted(), actor=actor, now=clock.now())
        except (errors.Invalid, errors.NotFound, errors.NotAllowed) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(
                request, _("Đã nêu, mã %(code)s. Đơn vị sẽ thấy từng bước xử lý ở trang này.") % {"code": row.code}
            )
            return redirect("backoffice:difficulty", uid=row.uid)
    context = {"form": form, "campaign": campaign, "nav_here": "difficulties"}
    return render(request, "backoffice/difficulties/raise.html", context, status=422 if form.errors else 200)


@require_GET
@official(*DIFFICULTIES)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one difficulty: who holds it, since when, until when; its life; what may be done."""
    return render(request, "backoffice/difficulties/detail.html", _shown(_actor(request), uid))


def _shown(actor: Actor, uid: UUID) -> dict[str, Any]:
    now = clock.now()
    seen = selectors.difficulty_for(actor, uid, now=now)
    acts = [act for act in ACTS if act.name in seen.may]
    return {
        "seen": seen,
        "row": seen.row,
        "acts": acts,
        "may_draft": seen.row.open and bool(decided.deciding_agencies(actor, now=now)),
        "ours": any(grant.agency_id == seen.row.agency_id for grant in actor.grants),
        "nav_here": "difficulties",
        "now": now,
    }


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be done with a difficulty, as its form says it; a plain one needs no words."""

    name: str
    words: Any
    button: Any
    icon: str
    done: Any
    do: Callable[..., Any]
    plain: bool = False


_l = gettext_lazy
ACTS = (
    Act("confirm", _l("Vướng mắc đã được giải quyết"), _l("Xác nhận đã giải quyết"), "check", _l("Đã xác nhận, vướng mắc kết thúc."), services.confirm, plain=True),
    Act("reopen", _l("Vẫn chưa được: còn vướng ở đâu?"), _l("Chưa được, mở lại"), "undo", _l("Đã mở lại, nơi đang giữ sẽ trả lời."), services.reopen),
    Act("answer", _l("Trả lời nơi nêu: đang làm gì, khi nào xong"), _l("Trả lời"), "send", _l("Đã trả lời nơi nêu."), services.answer),
    Act("solve", _l("Đã giải quyết thế nào?"), _l("Ghi đã giải quyết"), "check-circle", _l("Đã ghi; nơi nêu được mời xác nhận."), services.solve),
    Act("escalate", _l("Vì sao phải chuyển lên cấp trên?"), _l("Chuyển lên cấp trên"), "arrow-up", _l("Đã chuyển lên cấp trên."), services.escalate),
    Act("take_over", _l("Nhận về xử lý: lý do, hướng làm"), _l("Nhận về xử lý"), "inbox", _l("Đã nhận về, nơi nêu được báo."), services.take_over),
    Act("part", _l("Vì sao tách ra xử lý riêng?"), _l("Tách ra"), "split", _l("Đã tách ra, xử lý riêng."), services.part),
    Act("withdraw", _l("Vì sao rút lại?"), _l("Rút lại"), "trash", _l("Đã rút lại."), services.withdraw),
)  # fmt: skip


@require_POST
@official(*DIFFICULTIES)
def act(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one step; what cannot be taken is said above the page, with the words still typed."""
    actor = _actor(request)
    chosen = next((one for one in ACTS if one.name == request.POST.get("viec")), None)
    if chosen is None:
        raise PageNotFound
    words = request.POST.get("words", "")
    try:
        chosen.do(uid, words=words, actor=actor, now=clock.now())
    except (errors.Invalid, errors.Conflict) as refusal:
        fields = refusal.facts.get("fields")
        problem = (
            str(fields["words"]) if isinstance(fields, dict) and "words" in fields else refusals.words_of(refusal).body
        )
        context = {**_shown(actor, uid), "problem": problem, "problem_act": chosen.name, "typed": words}
        return render(request, "backoffice/difficulties/detail.html", context, status=refusals.status_of(refusal))
    messages.success(request, str(chosen.done))
    return redirect("backoffice:difficulty", uid=uid)


@require_http_methods(["GET", "POST"])
@official(*DIFFICULTIES)
def merge(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Pick what is the same trouble and handle it as one."""
    actor, now = _actor(request), clock.now()
    seen = selectors.difficulty_for(actor, uid, now=now)
    if "merge" not in seen.may:
        raise PageNotFound
    problem = ""
    if request.method == "POST":
        chosen = uids_of(request.POST.getlist("kk"))
        try:
            services.merge(chosen, into=uid, words=request.POST.get("words", ""), actor=actor, now=now)
        except errors.Conflict:
            problem = _("Chọn ít nhất một vướng mắc còn đang mở để gộp vào đây.")
        else:
            messages.success(
                request, _("Đã gộp %(count)d vướng mắc; các đơn vị nêu đều được báo.") % {"count": len(chosen)}
            )
            return redirect("backoffice:difficulty", uid=uid)
    context = {
        "seen": seen,
        "row": seen.row,
        "likely": selectors.likely_duplicates(actor, uid, now=now),
        "likely_from": rules.LIKELY_FROM,
        "problem": problem,
        "nav_here": "difficulties",
    }
    return render(request, "backoffice/difficulties/merge.html", context, status=422 if problem else 200)


def uids_of(written: list[str]) -> list[UUID]:
    """Return the identifiers that are any, each once."""
    found = []
    for one in written[:200]:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


@require_GET
@official(*DIFFICULTIES)
def patterns(request: HttpRequest) -> HttpResponse:
    """Show where difficulties come from: category × month, place × month, and whether terms are kept."""
    actor, now = _actor(request), clock.now()
    campaigns = rollout.campaigns()
    wanted = request.GET.get("chien-dich", "")
    shown = selectors.patterns(actor, now=now, campaign=wanted)
    context = {
        "shown": shown,
        "campaigns": campaigns,
        "campaign": wanted,
        "months": [(month, f"{int(month[5:])}/{month[:4]}") for month in shown.months],
        "shares": (
            (_("Trả lời lần đầu"), shown.indicators.answered, _("Có câu trả lời đầu tiên trong 1, 2 hoặc 3 ngày làm việc tùy mức vướng.")),
            (_("Giải quyết xong"), shown.indicators.solved, _("Giải quyết trong 5, 10 hoặc 15 ngày làm việc tùy mức vướng, tính từ lúc nêu; chuyển cấp không được thêm ngày.")),
            (_("Nơi nêu xác nhận"), shown.indicators.confirmed, _("Nơi nêu xác nhận trong 3 ngày làm việc sau khi được báo đã giải quyết.")),
        ),
        "nav_here": "difficulties",
        "now": now,
    }  # fmt: skip
    return render(request, "backoffice/difficulties/patterns.html", context)


@require_GET
@official(*DIFFICULTIES)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out what is seen, all of it; each export is recorded."""
    actor, query, now = _actor(request), query_of(request.GET), clock.now()
    found = selectors.listing(actor, query, now=now, limit=selectors.EXPORTED)
    audit.looked(actor, "backoffice.difficulties_exported", at=now, rows=len(found.rows), form=suffix)
    heads = (
        _("Mã"), _("Nhóm"), _("Mức độ"), _("Nội dung"), _("Đơn vị nêu"), _("Địa bàn"), _("Số người bị ảnh hưởng"), _("Nêu lúc"),
        _("Trạng thái"), _("Đang giữ"), _("Cấp"), _("Giữ từ"), _("Hạn của nơi giữ"), _("Hạn giải quyết"), _("Trả lời lần đầu"),
        _("Giải quyết lúc"), _("Kết quả"), _("Quyết định"), _("Nơi nêu xác nhận lúc"), _("Số lần chuyển cấp"), _("Số lần mở lại"), _("Gộp vào"),
    )  # fmt: skip
    lines = (
        (
            row.code, rules.CATEGORY_WORDS[row.category], rules.SEVERITY_WORDS[row.severity], row.text, row.agency, row.place, row.affected,
            row.raised_at, rules.STATE_WORDS[row.state], row.holder, rules.TIER_WORDS[row.tier], row.held_since, row.due_at, row.solve_due_at,
            row.answered_at, row.solved_at, row.solution, row.decision, row.confirmed_at, row.escalations, row.reopenings, row.into,
        )
        for row in found.rows
    )  # fmt: skip
    about = (
        _("Khó khăn, vướng mắc: %(stand)s") % {"stand": dict(STANDS)[query.stand]},
        _("%(count)d dòng, lúc %(at)s")
        % {"count": len(found.rows), "at": f"{now.astimezone(clock.ZONE):%H:%M %d/%m/%Y}"},
    )
    return sheets.hand_out("kho-khan", suffix, about=about, heads=heads, lines=lines)
