"""Asking people: drafting, opening by a second person, results and what was written, files to take away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from smarthd.agencies import selectors as agencies
from smarthd.backoffice import exports
from smarthd.backoffice.forms.surveys import GroupForm, QuestionForm, SurveyForm
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SURVEYS
from smarthd.content import policies
from smarthd.content import rules as content_rules
from smarthd.content.rules import opinions as opinion_rules
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import opinions, sheets, staff_surveys, surveys
from smarthd.content.services import opinions as opinion_services
from smarthd.content.services import surveys as services
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor

HERE = "surveys"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 300
DONE = {
    "mo": gettext_noop("Đã mở. Người dân trả lời được từ bây giờ."),
    "dong": gettext_noop("Đã kết thúc. Kết quả được công bố."),
    "mo-can-bo": gettext_noop("Đã mở. Cán bộ được hỏi thấy ở Việc của tôi và ở mục Tôi của ứng dụng."),
    "dong-can-bo": gettext_noop("Đã kết thúc. Cán bộ được hỏi xem được kết quả khi có từ 10 người trả lời."),
    "cong-bo": gettext_noop("Đã công bố bảng tiếp thu, giải trình."),
    "bo-cau": gettext_noop("Đã bỏ câu hỏi."),
}


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*SURVEYS)
def index(request: HttpRequest) -> HttpResponse:
    """List the surveys of the agencies within reach."""
    actor = _actor(request)
    context = {
        "cards": surveys.desk_list(actor, now=clock.now()),
        "may_write": bool(policies.agencies_written(actor)),
        "fewest": rules.FEWEST,
        "nav_here": HERE,
    }
    return render(request, "backoffice/surveys/index.html", context)


@require_http_methods(["GET", "POST"])
@official(*SURVEYS)
def new(request: HttpRequest) -> HttpResponse:
    """Draft a survey."""
    actor, now = _actor(request), clock.now()
    views = written_for(actor, now)
    if not views:
        raise PageNotFound
    form = SurveyForm(request.POST or None, agencies=own_first(actor, views))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        home = views[typed["agency"]].place_id
        told = services.NewSurvey(
            agency_id=typed["agency"],
            title=typed["title"],
            intro=typed["intro"],
            draft_text=typed["draft_text"],
            opens_at=now,
            closes_at=clock.start_of(typed["closes_on"] + timedelta(days=1)) - timedelta(minutes=1),
            unit_ids=[]
            if typed["staff_of"]
            else typed["communes"] or ([] if typed["whole"] or home is None else [home]),
            staff_of=typed["staff_of"],
            anonymous=typed["anonymous"],
        )
        try:
            survey = services.draft_survey(told, actor=actor, now=now)
        except rules.SurveyFaulty:
            form.add_error("closes_on", _("Ngày kết thúc phải từ hôm nay trở đi."))
        except content_rules.AudienceTooWide:
            field = "communes" if typed["communes"] else "whole"
            form.add_error(field, _("Cơ quan này chỉ hỏi được người dân của địa bàn mình."))
        else:
            return redirect("backoffice:survey", uid=survey.uid)
    return render(
        request, "backoffice/surveys/new.html", {"form": form, "nav_here": HERE}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@official(*SURVEYS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show a survey: its questions while it is a draft, answers so far afterwards."""
    actor, now = _actor(request), clock.now()
    survey = surveys.for_desk(actor, uid)
    draft = survey.state == rules.State.DRAFT
    may_write = policies.can_write(actor, survey)
    questions = surveys.questions_of(survey)
    form = QuestionForm(request.POST or None, earlier=_earlier(questions))
    if request.method == "POST":
        if not (draft and may_write):
            raise PageNotFound
        if form.is_valid() and _added(form, survey.pk, actor):
            messages.success(request, _("Đã thêm câu hỏi."))
            return redirect(request.path)
    context = {
        "survey": survey,
        "state_word": rules.STATE_WORDS[rules.State(survey.state)],
        "agency": agencies.agency_views([survey.agency_id], clock.day_of(now)).get(survey.agency_id),
        "questions": [(one, rules.FORM_WORDS[rules.Form(one.form)]) for one in questions],
        "preview": [sheets.question_shown(one, QueryDict(), {}) for one in questions] if draft else [],
        "form": form if draft and may_write else None,
        "draft": draft,
        "own": survey.written_by_id == actor.account_id,
        "may_open": draft and policies.can_approve(actor, survey, author_ids=frozenset({survey.written_by_id or 0})),
        "may_close": survey.state == rules.State.OPEN and policies.can_withdraw(actor, survey),
        "results": None
        if draft or (survey.of_staff and not surveys.is_over(survey))
        else surveys.results(survey, on_desk=True),
        "groups": opinions.groups_of(survey) if survey.draft_text and not draft else [],
        "may_group": bool(survey.draft_text) and not draft and may_write and survey.explained_at is None,
        "may_explain": _may_explain(actor, survey, now),
        "group_form": GroupForm(paragraphs=len(survey.paragraphs)),
        "said": [] if draft else surveys.words_said(survey),
        "card": surveys.cards_of([survey], now)[0],
        "asked_names": staff_surveys.asked_names(survey, on=clock.day_of(now)) if survey.of_staff else [],
        "turnout": staff_surveys.turnout(survey, now=now) if survey.of_staff and not draft else None,
        "exportable": not draft and surveys.exportable(survey),
        "fewest": rules.FEWEST,
        "most": rules.MAX_QUESTIONS,
        "nav_here": HERE,
    }
    return render(request, "backoffice/surveys/detail.html", context, status=422 if form.errors else 200)


def written_for(actor: Actor, now: datetime) -> dict[int, agencies.AgencyView]:
    """Return the agencies the actor writes for, those where the role is held never cut off."""
    own = {grant.agency_id for grant in actor.grants if grant.role in policies.WRITERS}
    ordered = sorted(policies.agencies_written(actor), key=lambda key: (key not in own, key))
    return agencies.agency_views(ordered[:MOST], clock.day_of(now))


def own_first(actor: Actor, views: dict[int, agencies.AgencyView]) -> list[tuple[int, str]]:
    """Return agencies as choices: those where the actor writes first, then those below them."""
    own = {grant.agency_id for grant in actor.grants if grant.role in policies.WRITERS}
    return [(view.id, view.name) for view in sorted(views.values(), key=lambda view: (view.id not in own, view.id))]


def _earlier(questions: list[Any]) -> list[tuple[int, str]]:
    """Return the answers offered so far that another question may hang on."""
    return [(option.pk, f"{one.position}. {option.words}") for one in questions for option in one.options.all()]


def _may_explain(actor: Actor, survey: Any, now: datetime) -> bool:
    state = rules.state_at(survey.state, closes_at=survey.closes_at, now=now)
    return bool(state is rules.State.CLOSED and survey.draft_text and survey.explained_at is None) and (
        survey.agency_id in policies.agencies_answered_for(actor)
    )


@require_POST
@official(*SURVEYS)
def group(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write down a group of opinions with its answer, or take one away."""
    actor, now = _actor(request), clock.now()
    survey = surveys.for_desk(actor, uid)
    if request.POST.get("bo"):
        opinion_services.drop_group(survey.pk, _group_uid(request.POST["bo"]), actor=actor, now=now)
        messages.success(request, _("Đã bỏ nhóm ý kiến."))
        return redirect("backoffice:survey", uid=uid)
    form = GroupForm(request.POST, paragraphs=len(survey.paragraphs))
    if form.is_valid():
        typed = form.cleaned_data
        new = opinion_services.NewGroup(
            paragraph=typed["paragraph"],
            summary=typed["summary"],
            people=typed["people"],
            stand=opinion_rules.Stand(typed["stand"]),
            answer=typed["answer"],
        )
        try:
            opinion_services.add_group(survey.pk, new, actor=actor, now=now)
        except opinion_rules.OpinionFaulty as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Đã ghi nhóm ý kiến."))
            return redirect(f"{reverse('backoffice:survey', args=[uid])}#tiep-thu")
    context = {"survey": survey, "form": form, "nav_here": HERE}
    return render(request, "backoffice/surveys/group.html", context, status=422)


def _group_uid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise PageNotFound from None


def _added(form: QuestionForm, survey_id: int, actor: Actor) -> bool:
    typed = form.cleaned_data
    told = services.NewQuestion(
        form=rules.Form(typed["form"]),
        words=typed["words"],
        options=tuple(typed["options"].splitlines()),
        required=typed["required"],
        after_id=typed.get("after"),
    )
    try:
        services.add_question(survey_id, told, actor=actor, now=clock.now())
    except rules.SurveyFaulty as refusal:
        fields: Any = refusal.facts["fields"]
        if "options" in fields:
            form.add_error("options", _("Cần từ 2 đến 12 lựa chọn, mỗi dòng một lựa chọn."))
        else:
            form.add_error("words", _("Nhiều nhất 12 câu hỏi, mỗi câu cần có lời hỏi."))
        return False
    return True


@require_POST
@official(*SURVEYS)
def act(request: HttpRequest, uid: UUID, what: str) -> HttpResponse:
    """Open, close, or take a question out."""
    actor, now = _actor(request), clock.now()
    survey = surveys.for_desk(actor, uid)
    if what == "mo":
        services.open_survey(survey.pk, actor=actor, now=now)
    elif what == "dong":
        services.close_survey(survey.pk, actor=actor, now=now)
    elif what == "cong-bo":
        opinion_services.publish_explanation(survey.pk, actor=actor, now=now)
    elif what == "bo-cau":
        position = request.POST.get("cau", "")
        number = int(position) if position.isascii() and position.isdigit() and len(position) < 4 else 0
        services.drop_question(survey.pk, number, actor=actor, now=now)
    else:
        raise Http404
    told = f"{what}-can-bo" if survey.of_staff else what
    messages.success(request, _(DONE.get(told, DONE[what])))
    return redirect("backoffice:survey", uid=uid)


@require_GET
@official(*SURVEYS)
def export(request: HttpRequest, uid: str, suffix: str) -> HttpResponse:
    """Give every answer as a file; of an anonymous survey without day, commune or order of coming, of officials' once it is over."""
    survey = surveys.for_desk(_actor(request), UUID(uid))
    if not surveys.exportable(survey):
        raise PageNotFound
    if "tiep-thu" in request.GET:
        heads, rows = opinions.table(survey)
        about = [survey.title, f"Tiếp thu, giải trình {len(rows)} nhóm ý kiến"]
    else:
        heads, lines = surveys.table(survey)
        rows = list(lines)
        about = [survey.title, f"{len(rows)} người trả lời"]
    body = exports.plain_csv(heads, rows, about) if suffix == "csv" else exports.plain_xlsx(heads, rows, about)
    kind = "text/csv; charset=utf-8" if suffix == "csv" else EXCEL
    headers = {"Content-Disposition": f'attachment; filename="{survey.slug}.{suffix}"'}
    return HttpResponse(body, content_type=kind, headers=headers)
