"""The live board of a period: who has done what, completeness with its base, and the acts of whoever runs the campaign."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from smarthd.agencies import calendar
from smarthd.backoffice import exports, navigation, periodic
from smarthd.backoffice.forms.periodic import ExemptForm, ExtendForm, OutageForm
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.views.periodic_unit import shown
from smarthd.insights import wording
from smarthd.kernel import audit, clock, errors, text
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies, selectors, services
from smarthd.rollout.rules import reports
from smarthd.rollout.rules.reports import Standing
from smarthd.rollout.selectors import Owed
from smarthd.ui import words as spoken

EACH_PAGE = 100
MOST_CALLS = 200
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


@require_GET
@official(*navigation.WATCHERS)
def index(request: HttpRequest) -> HttpResponse:
    """Lead to the period being worked on now: the one due next, or the last one."""
    now = clock.now()
    running = selectors.running_campaign()
    periods = [one for one in selectors.periods_of(running.key) if one.frozen_at is not None] if running else []
    if not periods:
        return render(request, "backoffice/periodic/no_board.html", {"nav_here": "periodic_board"})
    coming = [one for one in reversed(periods) if one.opens_at <= now <= one.due_at]
    return redirect("backoffice:periodic_period", uid=(coming[0] if coming else _latest(periods, now)).uid)


def _latest(periods: list[Any], now: Any) -> Any:
    past = [one for one in periods if one.due_at < now]
    return past[0] if past else periods[-1]


@require_GET
@official(*navigation.WATCHERS)
def board(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every obligation of a period the actor may see."""
    return render(request, "backoffice/periodic/board.html", _shown(request, uid))


def _shown(request: HttpRequest, uid: UUID, **forms: Any) -> dict[str, Any]:
    actor, now = _actor(request), clock.now()
    period = selectors.period(uid)
    asked = selectors.Narrowed(
        request.GET.get("tinh-trang", ""), request.GET.get("bieu", ""), request.GET.get("q", "").strip()
    )
    found, page = _page(request, asked, period, now)
    commands = policies.can_command(actor, period.campaign.coordinator_id)
    kept = request.GET.copy()
    kept.pop("trang", None)
    kept.pop("tinh-trang", None)
    return {
        "period": period,
        "periods": [one for one in selectors.periods_of(period.campaign.key) if one.frozen_at is not None],
        "chips": [
            (one.value, reports.STANDING_WORDS[one], found.standings.get(one, 0), *periodic.STANDING_LOOKS[one])
            for one in Standing
        ],
        "glance": _glance(period, Counter(found.standings), now),
        "all": found.all,
        "count": found.count,
        "standing": asked.standing,
        "typed": asked.words,
        "form_key": asked.form_key,
        "forms": found.tally.forms,
        "lines": periodic.lines(found.rows, now),
        "page": page,
        "kept": kept.urlencode(),
        "address": request.GET.urlencode(),
        "figures": _figures(found.tally.completeness(asked.form_key)) if commands else [],
        "commands": commands,
        "now": now,
        "late_calls": selectors.calls_due(actor, period, now=now),
        "extend_form": ExtendForm(),
        "outage_form": OutageForm(),
        "nav_here": "periodic_board",
        **forms,
    }


def _page(
    request: HttpRequest, asked: selectors.Narrowed, period: Any, now: Any
) -> tuple[selectors.BoardPage, Page[int]]:
    """Return the rows of the page asked for, and where it lies among the pages; beyond the last one is the last one."""
    wanted = request.GET.get("trang", "")
    number = int(wanted) if wanted.isdigit() and len(wanted) < 6 else 1
    found = selectors.board_page(
        _actor(request), period, asked, now=now, start=max(0, number - 1) * EACH_PAGE, limit=EACH_PAGE
    )
    pages = Paginator(range(found.count), EACH_PAGE)
    page = pages.get_page(number)
    if page.number != number:
        found = selectors.board_page(
            _actor(request), period, asked, now=now, start=(page.number - 1) * EACH_PAGE, limit=EACH_PAGE
        )
    return found, page


def _narrowed(request: HttpRequest, rows: list[Owed]) -> tuple[list[Owed], str, str, str]:
    standing = request.GET.get("tinh-trang", "")
    typed = request.GET.get("q", "").strip()
    form_key = request.GET.get("bieu", "")
    wanted = text.fold(typed).split()
    seen = [
        one
        for one in rows
        if (not standing or one.standing.value == standing)
        and (not form_key or one.form_key == form_key)
        and (not wanted or all(word in text.fold(f"{one.name} {one.code}") for word in wanted))
    ]
    return seen, standing, typed, form_key


STRIP = (
    Standing.ACCEPTED, Standing.ENDORSED, Standing.SUBMITTED, Standing.RETURNED, Standing.OVERDUE, Standing.DRAFT, Standing.OPEN,
    Standing.NOT_DUE, Standing.EXEMPT,
)  # fmt: skip
MISSING = (Standing.RETURNED, Standing.OVERDUE, Standing.DRAFT, Standing.OPEN, Standing.NOT_DUE)


def _glance(period: Any, counted: Counter[Standing], now: datetime) -> dict[str, Any]:
    """Return what is to be understood in ten seconds: how many are missing, how long there is, and a strip of all of them."""
    days = calendar.working_calendar().working_days_between(clock.day_of(now), clock.day_of(period.due_at))
    return {
        "missing": sum(counted[one] for one in MISSING),
        "late": counted[Standing.OVERDUE],
        "returned": counted[Standing.RETURNED],
        "days": days,
        "over": now > period.due_at,
        "whole": sum(counted.values()),
        "strip": [(reports.STANDING_WORDS[one].lower(), counted[one], one.value) for one in STRIP],
    }


def _figures(found: selectors.Completeness) -> list[dict[str, Any]]:
    """Return the figures of completeness, each with its numerator, its base and how it is counted."""
    base = found.base
    due = _("báo cáo phải nộp")
    if found.exempt:
        due += _(", đã trừ %(count)s được miễn") % {"count": spoken.number(found.exempt)}
    fixed = _(" Số phải nộp chốt khi mở kỳ, không đổi về sau; đơn vị được miễn có nêu tên.")
    told = (
        (_("Đã gửi"), found.handed_in, base, _("Báo cáo đang ở cấp trên hoặc đã tiếp nhận, trên số phải nộp. Báo cáo bị trả lại chưa gửi lại thì không tính.")),
        (_("Đúng hạn lần đầu"), found.in_time_first, base, _("Báo cáo gửi lần đầu trước hạn, dù sau đó có bị trả lại. Chỉ số này đo kỷ luật của đơn vị.")),
        (_("Đúng hạn, đã tiếp nhận"), found.in_time_accepted, base, _("Báo cáo mà bản được tiếp nhận đã gửi trong hạn. Chỉ số này đo kết quả cuối cùng.")),
        (_("Đã tiếp nhận"), found.accepted, base, _("Báo cáo đã qua xác nhận và tiếp nhận.")),
    )  # fmt: skip
    return [
        {
            "label": label,
            "value": spoken.percent(part / whole if whole else None),
            "base": f"{spoken.number(part)} / {spoken.number(whole)} {due}",
            "definition": how + fixed,
        }
        for label, part, whole, how in told
    ]


@require_GET
@official(*navigation.WATCHERS)
def export(request: HttpRequest, uid: UUID, suffix: str) -> HttpResponse:
    """Hand out the board as it is seen; each export is recorded."""
    actor, now = _actor(request), clock.now()
    period = selectors.period(uid)
    seen, standing, _typed, _form = _narrowed(request, selectors.board(actor, period, now=now))
    about = [
        _("Theo dõi báo cáo: %(period)s · %(campaign)s") % {"period": period.title, "campaign": period.campaign.title},
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        _("Tình trạng lúc %(at)s; %(count)s dòng") % {"at": spoken.moment_in_words(now, now), "count": len(seen)},
    ]
    heads = [_("Đơn vị"), _("Mã"), _("Biểu"), _("Tình trạng"), _("Hạn"), _("Hạn đầu"), _("Gửi lúc"), _("Đúng hạn"), _("Số lần bị trả lại"), _("Cấp trên chưa xem"), _("Lý do miễn")]  # fmt: skip
    lines = [_line(one) for one in seen]
    audit.looked(actor, "backoffice.board_exported", at=now, period=str(period.uid), rows=len(seen), form=suffix)
    content = exports.plain_csv(heads, lines, about) if suffix == "csv" else exports.plain_xlsx(heads, lines, about)
    name = f"bao-cao_{text.slug(period.title)}{'_' + standing if standing else ''}.{suffix}"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8" if suffix == "csv" else EXCEL,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _line(one: Owed) -> list[object]:
    def at(instant: Any) -> str:
        return f"{instant.astimezone(clock.ZONE):%H:%M %d/%m/%Y}" if instant is not None else ""

    in_time = "" if one.in_time is None else _("đúng hạn") if one.in_time else _("sau hạn")
    return [
        one.name,
        one.code,
        one.form,
        reports.STANDING_WORDS[one.standing],
        at(one.due_at),
        at(one.first_due_at),
        at(one.submitted_at),
        in_time,
        one.returns,
        _("có") if one.not_reviewed else "",
        one.exempt_reason,
    ]


@require_POST
@official(*navigation.REVIEWERS)
def extend(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the ticked units more time, all or none."""
    form = ExtendForm(request.POST)
    chosen = [UUID(value) for value in request.POST.getlist("don-vi") if _is_uuid(value)]
    if not chosen:
        form.add_error(None, _("Chưa chọn đơn vị nào trong bảng."))
    if form.is_valid():
        due_at = calendar.due_on(form.cleaned_data["due_on"])
        try:
            services.extend(
                chosen, due_at=due_at, reason=form.cleaned_data["reason"], actor=_actor(request), now=clock.now()
            )
        except (errors.Conflict, errors.Invalid) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(
                request,
                _("Đã gia hạn cho %(count)s đơn vị đến %(at)s.")
                % {"count": len(chosen), "at": spoken.moment_in_words(due_at, clock.now())},
            )
            return redirect("backoffice:periodic_period", uid=uid)
    context = _shown(request, uid, extend_form=form, ticked=request.POST.getlist("don-vi"))
    return render(request, "backoffice/periodic/board.html", context, status=422)


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


@require_POST
@official(*navigation.REVIEWERS)
def exempt(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one obligation off one unit, with a reason."""
    actor = _actor(request)
    seen = selectors.report_for(actor, uid, now=clock.now())
    form = ExemptForm(request.POST)
    if form.is_valid():
        try:
            services.exempt(uid, reason=form.cleaned_data["reason"], actor=actor, now=clock.now())
        except errors.Conflict as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã miễn cho %(unit)s; đơn vị được nêu tên trong số được miễn.") % {"unit": seen.owed.name})  # fmt: skip
            return redirect("backoffice:periodic_period", uid=seen.owed.period_uid)
    context = {**shown(seen, actor), "exempt_form": form}
    return render(request, "backoffice/periodic/report.html", context, status=422)


@require_POST
@official(*navigation.REVIEWERS)
def outage(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Write an outage down and move every term it touched."""
    form = OutageForm(request.POST)
    period = selectors.period(uid)
    if form.is_valid():
        try:
            moved = services.declare_outage(
                period.campaign.key, **form.wanted(), actor=_actor(request), now=clock.now()
            )
        except (errors.Conflict, errors.Invalid) as refusal:
            form.refuse_any(refusal)
        else:
            messages.success(request, _("Đã ghi sự cố; dời hạn của %(count)s báo cáo.") % {"count": moved})
            return redirect("backoffice:periodic_period", uid=uid)
    context = _shown(request, uid, outage_form=form)
    return render(request, "backoffice/periodic/board.html", context, status=422)


@require_GET
@official(*navigation.REVIEWERS)
def calls(request: HttpRequest) -> HttpResponse:
    """List the units two working days late or more, for whoever telephones them."""
    actor, now = _actor(request), clock.now()
    found = selectors.call_list(actor, now=now)
    context = {
        "calls": [(one, wording.day(clock.day_of(one.owed.due_at))) for one in found[:MOST_CALLS]],
        "count": len(found),
        "nav_here": "periodic_board",
    }
    return render(request, "backoffice/periodic/calls.html", context)
