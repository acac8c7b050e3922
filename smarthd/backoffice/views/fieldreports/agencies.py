"""Cơ quan làm việc thế nào: what each agency received, how fast it answered, in time against both deadlines, how it was rated."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from smarthd.agencies import selectors as agencies
from smarthd.backoffice import sheets, weekchart
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.navigation import FIELDREPORTS
from smarthd.backoffice.views.fieldreports.asking import actor_of
from smarthd.fieldreports import policies
from smarthd.fieldreports.selectors import lists, statistics
from smarthd.fieldreports.selectors.statistics import UnitFigures
from smarthd.kernel import audit, clock, errors

DAYS, MOST_DAYS = 90, 731


def period_of(request: HttpRequest) -> tuple[date, date]:
    """Return the period an address asks for; the last ninety days where it does not say, two years at most."""
    today = clock.today()
    last = min(_day(request.GET.get("den", "")) or today, today)
    first = _day(request.GET.get("tu", "")) or last - timedelta(days=DAYS - 1)
    first = min(first, last)
    return max(first, last - timedelta(days=MOST_DAYS)), last


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2100, 1, 1) else None


def _figures(request: HttpRequest) -> tuple[date, date, list[UnitFigures]]:
    first, last = period_of(request)
    seen = policies.sees_agencies(actor_of(request))
    found = statistics.by_agency(first, last, now=clock.now())
    return first, last, [one for one in found if one.agency_id in seen]


@require_GET
@official(*FIELDREPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """List the agencies within reach, grouped with like ones, each with its bases."""
    first, last, found = _figures(request)
    views = agencies.agency_views([one.agency_id for one in found], clock.today())
    kinds = list(dict.fromkeys(views[one.agency_id].kind for one in found if one.agency_id in views))
    groups = [
        (
            kind,
            [(one, views[one.agency_id]) for one in found if one.agency_id in views and views[one.agency_id].kind == kind],
        )
        for kind in kinds
    ]  # fmt: skip
    context = {"groups": groups, "first": first, "last": last, "few": statistics.FEW, "address": request.GET.urlencode(), "nav_here": "fieldreport_agencies"}  # fmt: skip
    return render(request, "backoffice/fieldreports/agencies.html", context)


@require_GET
@official(*FIELDREPORTS)
def detail(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one agency: figures with bases, the trend and its table, what has been open the longest, by category."""
    actor, now = actor_of(request), clock.now()
    try:
        view = agencies.agency_by_uid(uid, clock.today())
    except errors.NotFound:
        raise PageNotFound from None
    if view.id not in policies.sees_agencies(actor):
        raise PageNotFound
    first, last = period_of(request)
    weeks = weekchart.weeks_of(statistics.by_day(first, last, agency_id=view.id))
    context: dict[str, Any] = {
        "view": view,
        "figures": statistics.of_agency(view.id, first, last, now=now),
        "weeks": weeks,
        "chart": weekchart.drawn(weeks),
        "oldest": lists.oldest_open(actor, view.id, now=now),
        "categories": statistics.by_category(first, last, now=now, agency_id=view.id),
        "first": first,
        "last": last,
        "few": statistics.FEW,
        "now": now,
        "nav_here": "fieldreport_agencies",
    }
    return render(request, "backoffice/fieldreports/agency.html", context)


@require_GET
@official(*FIELDREPORTS)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out the figures of the agencies within reach, every share with its base."""
    first, last, found = _figures(request)
    now = clock.now()
    audit.looked(actor_of(request), "backoffice.fieldreport_figures_exported", at=now, rows=len(found), form=suffix)
    heads = (
        _("Cơ quan"), _("Nhận"), _("Đang mở"), _("Đã trả lời"), _("Không tiếp nhận"), _("Quá hạn"), _("Cơ sở tính đúng hạn"),
        _("Đúng hạn gốc"), _("Tỷ lệ đúng hạn gốc"), _("Đúng hạn đang áp dụng"), _("Tỷ lệ đúng hạn đang áp dụng"), _("Số ngày trung vị"),
        _("Người dân xác nhận"), _("Hết hạn xác nhận"), _("Mở lại"), _("Gia hạn"), _("Chuyển trả"), _("Lượt đánh giá"), _("Hài lòng (4, 5 sao)"),
        _("Tỷ lệ hài lòng"),
    )  # fmt: skip
    lines = (
        (
            one.agency, one.received, one.open, one.answered, one.declined, one.overdue, one.due, one.in_time_first, one.rate_first,
            one.in_time_extended, one.rate_extended, one.median_days, one.confirmed, one.by_silence, one.reopened, one.extended,
            one.handed_back, one.rated, one.satisfied, one.satisfaction,
        )
        for one in found
    )  # fmt: skip
    local = now.astimezone(clock.ZONE)
    about = [
        _("Cơ quan xử lý phản ánh thế nào"),
        _("Phản ánh nhận từ %(first)s đến %(last)s, tính lúc %(at)s")
        % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}", "at": f"{local:%H:%M %d/%m/%Y}"},
        _("Dưới %(few)d lượt đánh giá thì không tính tỷ lệ hài lòng") % {"few": statistics.FEW},
    ]
    return sheets.hand_out("co-quan-xu-ly-phan-anh", suffix, about=about, heads=heads, lines=lines)
