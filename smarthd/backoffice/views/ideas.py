"""The desk of the board of ideas: what waits, reading before others read, joining, forwarding, the official answer; rounds."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.backoffice import exports
from smarthd.backoffice.forms.ideas import AnswerForm, ForwardForm, MergeForm, ReasonForm, RoundForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SURVEYS
from smarthd.backoffice.views.surveys import EXCEL, own_first, written_for
from smarthd.content import policies
from smarthd.content.rules import ideas as rules
from smarthd.content.selectors import idea_desk as desk
from smarthd.content.selectors import ideas as board
from smarthd.content.services import idea_desk, idea_rounds
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

HERE = "ideas"
MOST = 400
RECEIVERS = (Kind.PROVINCE_COMMITTEE, Kind.DEPARTMENT, Kind.COMMUNE_COMMITTEE, Kind.ENTERPRISE, Kind.FORCE)


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*SURVEYS)
def index(request: HttpRequest) -> HttpResponse:
    """List the ideas within reach by what they wait for; figures by agency below."""
    actor, now = _actor(request), clock.now()
    tab = request.GET.get("xem", "")
    counts = desk.tab_counts(actor)
    if tab not in desk.TABS:
        tab = next((key for key in desk.TABS if counts[key]), "cho-duyet")
    context = {
        "tab": tab,
        "tab_word": desk.TABS[tab],
        "tabs": [(key, word, counts[key]) for key, word in desk.TABS.items()],
        "cards": desk.listed(actor, tab, now=now),
        "figures": desk.by_agency(actor, now=now),
        "rounds": desk.rounds(actor, now=now),
        "may_write": bool(policies.agencies_written(actor)),
        "answer_days": rules.ANSWER_DAYS,
        "today": clock.day_of(now),
        "nav_here": HERE,
    }
    return render(request, "backoffice/ideas/index.html", context)


@require_GET
@official(*SURVEYS)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show an idea with what was found in it, what is alike, and what may be done."""
    return _page(request, code)


def _page(request: HttpRequest, code: str, *, tried: str = "", form: Any = None) -> HttpResponse:
    actor, now = _actor(request), clock.now()
    shown = desk.for_desk(actor, code, now=now)
    row, state = shown.row, shown.card.state
    moderates = policies.can_moderate(actor, row, author_id=row.author_id)
    answers = policies.can_answer(actor, row, author_id=row.author_id)
    forms: dict[str, Any] = {
        "tra-lai": ReasonForm(),
        "go": ReasonForm(),
        "chuyen": ForwardForm(agencies=_receivers(row.agency_id)) if moderates else None,
        "gop": MergeForm(),
        "tra-loi": AnswerForm(),
    }
    if tried in forms:
        forms[tried] = form
    may = {
        "dang": moderates and rules.PUBLISH.may_start(state),
        "tra-lai": moderates and rules.RETURN.may_start(state),
        "gop": moderates and rules.MERGE.may_start(state),
        "chuyen": moderates and state in rules.FORWARDABLE,
        "go": moderates and rules.HIDE.may_start(state),
        "tra-loi": answers and any(move.may_start(state) for move in rules.ANSWERS.values()),
    }
    context = {
        "shown": shown,
        "card": shown.card,
        "row": row,
        "warned": rules.warnings_in(f"{row.title}\n{row.words}\n{row.spot}") if may["dang"] else [],
        "alike": board.alike(row.title, row.words, row.unit_id, now=now, but=code) if may["gop"] else [],
        "acts": [(key, forms[key], *ACTS[key]) for key in ACTS if may[key]],
        "may_publish": may["dang"],
        "tried": tried,
        "steps": [(STEPS.get(step.act, step.act), step) for step in shown.steps],
        "nav_here": HERE,
    }
    return render(request, "backoffice/ideas/detail.html", context, status=422 if form is not None else 200)


ACTS = {
    "tra-loi": (gettext_lazy("Trả lời"), "send"),
    "tra-lai": (gettext_lazy("Trả lại người đề xuất"), "undo"),
    "gop": (gettext_lazy("Gộp vào ý tưởng cùng việc"), "merge"),
    "chuyen": (gettext_lazy("Chuyển cơ quan có thẩm quyền"), "split"),
    "go": (gettext_lazy("Gỡ khỏi trang công khai"), "stop"),
}
STEPS = {
    "submitted": "Gửi",
    "resubmitted": "Sửa, gửi lại",
    "published": "Đăng",
    "returned": "Trả lại",
    "withdrawn": "Người đề xuất rút",
    "hidden": "Gỡ",
    "merged": "Gộp vào",
    "joined": "Nhận gộp",
    "forwarded": "Chuyển cơ quan",
    **{state.value: f"Trả lời: {rules.STATE_WORDS[state]}" for state in rules.ANSWERS},
}


def _receivers(but: int) -> list[tuple[int, str]]:
    found = agencies.agencies_on(clock.today(), kinds=[kind.value for kind in RECEIVERS])
    return [(one.id, one.name) for one in found if one.id != but][:MOST]


@require_POST
@official(*SURVEYS)
def act(request: HttpRequest, code: str, what: str) -> HttpResponse:
    """Move an idea on; what is missing is said beside its field."""
    actor, now = _actor(request), clock.now()
    shown = desk.for_desk(actor, code, now=now)
    if what == "dang":
        idea_desk.publish_idea(code, looked=request.POST.get("da-xem") == "1", actor=actor, now=now)
        messages.success(request, _("Đã đăng. Người dân đọc và ủng hộ được từ bây giờ."))
        return redirect("backoffice:idea", code=code)
    made = _form(what, request, shown.row.agency_id)
    if not made.is_valid():
        return _page(request, code, tried=what, form=made)
    try:
        _do(what, code, made.cleaned_data, actor)
    except rules.IdeaFaulty as refusal:
        made.refuse(refusal)
        return _page(request, code, tried=what, form=made)
    messages.success(request, _("Đã ghi. Người đề xuất được báo."))
    return redirect("backoffice:idea", code=code) if what != "chuyen" else redirect("backoffice:ideas")


def _form(what: str, request: HttpRequest, agency_id: int) -> Any:
    if what == "chuyen":
        return ForwardForm(request.POST, agencies=_receivers(agency_id))
    found = {"tra-lai": ReasonForm, "go": ReasonForm, "gop": MergeForm, "tra-loi": AnswerForm}.get(what)
    if found is None:
        raise Http404
    return found(request.POST)


def _do(what: str, code: str, typed: dict[str, Any], actor: Actor) -> None:
    now = clock.now()
    if what == "tra-lai":
        idea_desk.return_idea(code, words=typed["words"], actor=actor, now=now)
    elif what == "go":
        idea_desk.hide_idea(code, words=typed["words"], actor=actor, now=now)
    elif what == "gop":
        idea_desk.merge_idea(code, into=typed["into"].strip().upper(), actor=actor, now=now)
    elif what == "chuyen":
        idea_desk.forward_idea(code, to=typed["agency"], words=typed["words"], actor=actor, now=now)
    else:
        idea_desk.answer_idea(
            code, state=rules.State(typed["state"]), words=typed["words"], until=typed["until"], actor=actor, now=now
        )


@require_GET
@official(*SURVEYS)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Give the ideas within reach as a file, of one round where one is named; who proposed only where they let it be shown."""
    actor, now = _actor(request), clock.now()
    held = desk.round_for(actor, _uid(request.GET["dot"])) if request.GET.get("dot") else None
    heads, lines = desk.table(actor, now=now, round_uid=held.uid if held else None)
    rows = list(lines)
    about = [held.title if held else "Hiến kế", f"{len(rows)} ý tưởng, {now.astimezone(clock.ZONE):%d/%m/%Y %H:%M}"]
    body = exports.plain_csv(heads, rows, about) if suffix == "csv" else exports.plain_xlsx(heads, rows, about)
    kind = "text/csv; charset=utf-8" if suffix == "csv" else EXCEL
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="hien-ke.{suffix}"'}
    )


def _uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise PageNotFound from None


@require_http_methods(["GET", "POST"])
@official(*SURVEYS)
def new_round(request: HttpRequest) -> HttpResponse:
    """Write a call for ideas; somebody else opens it."""
    actor, now = _actor(request), clock.now()
    views = written_for(actor, now)
    if not views:
        raise PageNotFound
    form = RoundForm(
        request.POST or None,
        agencies=own_first(actor, views),
        initial={"opens_on": clock.day_of(now)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            idea_rounds.draft_round(idea_rounds.NewRound(**_round_of(form)), actor=actor, now=now)
        except rules.IdeaFaulty as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi. Một người khác trong cơ quan xem lại rồi mở đợt."))
            return redirect("backoffice:ideas")
    context = {"form": form, "nav_here": HERE}
    return render(request, "backoffice/ideas/round_new.html", context, status=422 if form.errors else 200)


def _round_of(form: RoundForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "agency_id": typed["agency"],
        "title": typed["title"],
        "intro": typed["intro"],
        "opens_on": typed["opens_on"],
        "closes_on": typed["closes_on"],
    }


@require_POST
@official(*SURVEYS)
def act_round(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """Open or close a round."""
    actor, now = _actor(request), clock.now()
    if what == "mo":
        idea_rounds.open_round(uid, actor=actor, now=now)
        messages.success(request, _("Đã mở đợt hiến kế."))
    elif what == "dong":
        idea_rounds.close_round(uid, actor=actor, now=now)
        messages.success(request, _("Đã kết thúc đợt hiến kế."))
    else:
        raise Http404
    return redirect("backoffice:ideas")
