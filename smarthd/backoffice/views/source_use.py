"""How much a dataset is taken away by machine: by day and format, drawn and as a file. Who took it is known to nobody."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from smarthd.backoffice import exports
from smarthd.backoffice.gate import PageNotFound, official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import SOURCES
from smarthd.backoffice.views.sources import HERE
from smarthd.connectors.selectors import sources as selectors
from smarthd.insights import wording
from smarthd.kernel import clock
from smarthd.programs import selectors as programs

PERIODS = (30, 90, 365)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _seen(request: HttpRequest, uid: UUID) -> tuple[Any, int, programs.Days]:
    source = selectors.source_for(cast("DeskRequest", request).actor, uid)
    asked = request.GET.get("ngay", "")
    period = next((days for days in PERIODS if str(days) == asked), PERIODS[0])
    return source, period, programs.days_of(source.key, days=period, now=clock.now())


@require_GET
@official(*SOURCES)
def page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the use of a dataset, the newest day first."""
    source, period, seen = _seen(request, uid)
    most = max((sum(calls.values()) for _day, calls in seen.days), default=0)
    words = [(kind, programs.kind_word(kind)) for kind in seen.kinds]
    lines = [
        (day, sum(calls.values()), sum(calls.values()) / most, [(word, calls.get(kind, 0)) for kind, word in words])
        for day, calls in reversed(seen.days)
        if calls
    ]
    context = {
        "source": source,
        "nav_here": HERE,
        "period": period,
        "periods": PERIODS,
        "kinds": [word for _kind, word in words],
        "lines": lines,
        "calls": sum(line[1] for line in lines),
    }
    return render(request, "backoffice/sources/use_days.html", context)


@require_GET
@official(*SOURCES)
def export(request: HttpRequest, uid: UUID, suffix: str) -> HttpResponse:
    """Hand out the same, every day in its line, the oldest first."""
    if suffix not in TYPES:
        raise PageNotFound
    source, period, seen = _seen(request, uid)
    heads = [_("Ngày"), _("Lượt"), *map(programs.kind_word, seen.kinds)]
    about = [
        _("Lượt lấy dữ liệu qua máy: %(title)s") % {"title": source.title},
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        _("%(days)s ngày gần nhất, đến %(at)s. Không lưu ai đã lấy.")
        % {"days": period, "at": wording.day(clock.today())},
    ]
    lines = [[day, sum(calls.values()), *(calls.get(kind, 0) for kind in seen.kinds)] for day, calls in seen.days]
    made = exports.plain_csv if suffix == "csv" else exports.plain_xlsx
    name = f'attachment; filename="luot-lay_{source.key}.{suffix}"'
    return HttpResponse(made(heads, lines, about), content_type=TYPES[suffix], headers={"Content-Disposition": name})
