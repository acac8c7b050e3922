"""The province: headline, league table under any boundaries, trend, map; down to one unit; out as CSV and xlsx."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from smarthd.backoffice import boards, exports, league
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import FIGURES, UNIT
from smarthd.insights import rules, wording
from smarthd.insights.charts import pages
from smarthd.kernel import audit, clock, text
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.errors import NoBoundariesThen
from smarthd.rollout import selectors as rollout
from smarthd.rollout.errors import NothingMeasured
from smarthd.ui.refusals import words_of

HEADLINE = ("staff_used", "staff_used_net", "activated", "used_owners")
TREND_DAYS = 60
Titles = dict[str, rollout.Indicator]


def _actor(request: HttpRequest) -> Actor:
    return cast("DeskRequest", request).actor


def _asked(request: HttpRequest) -> tuple[league.Query, rollout.CampaignView | None, list[rollout.CampaignView]]:
    campaigns = rollout.campaigns()
    wanted = request.GET.get("chien-dich", "")
    campaign = next((view for view in campaigns if view.key == wanted), None) or boards.usual_campaign(campaigns)
    today = clock.today()
    query = league.query_of(
        request.GET, today=boards.usual_day(campaign, today), latest=today, campaign=campaign.key if campaign else ""
    )
    return query, campaign, campaigns


@require_GET
@official(*FIGURES)
def index(request: HttpRequest) -> HttpResponse:
    """Show the province as of a day, under the boundaries of a day."""
    query, campaign, campaigns = _asked(request)
    try:
        table = boards.table_of(query, campaign, _actor(request))
    except (NothingMeasured, NoBoundariesThen) as refusal:
        asked = {
            "query": query,
            "campaign": campaign,
            "campaigns": campaigns,
            "levels": league.LEVELS,
            "why": words_of(refusal),
        }
        return render(request, "backoffice/province/nothing.html", asked)
    targets = boards.targets_of(campaign)
    seen = league.see(table, query, targets=targets, usual=boards.USUAL[query.level])
    titles = {item.key: item for item in rollout.indicators()}
    lead = seen.columns[0] if seen.columns else ""
    headline = rollout.headline(query.as_of, query.boundaries)
    context: dict[str, Any] = {
        "query": query,
        "seen": seen,
        "table": table,
        "campaign": campaign,
        "campaigns": campaigns,
        "columns": boards.columns(seen, titles, targets),
        "all_columns": [(titles[key], key in seen.columns) for key in seen.available if key in titles],
        "levels": league.LEVELS,
        "filters": league.FILTERS,
        "kinds": boards.kinds_present(table) if query.level == "agency" else [],
        "days": [view for view in places.boundary_sets() if view.kind == "official"],
        "headline": [boards.shown(headline.figures[key], titles, headline.week_before) for key in HEADLINE],
        "trends": [
            _staff_trend(query, titles, targets),
            _citizen_trend(query, titles, targets, headline.figures["activated"].denominator),
        ],
        "map": _map(query, seen, lead, titles, targets) if query.level != "agency" and table.rows else None,
        "level_gone": query.level == "district" and not table.rows,
        "finding": boards.finding(seen, lead, titles, targets),
        "reach": _actor(request).agencies_as(*UNIT),
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/province/index.html", context)


def _citizen_trend(
    query: league.Query, titles: Titles, targets: dict[str, float], base: float | None
) -> dict[str, Any]:
    """Return the line of persons activated over days, as a share of the base of the day asked about."""
    days = rollout.trend(
        query.as_of - timedelta(days=TREND_DAYS), query.as_of, query.boundaries, columns=("activated",)
    )
    counts = [(point.day, point.counts["activated"], base) for point in days]
    return _line(titles["activated"].name, counts, targets.get("activated"))


def _staff_trend(query: league.Query, titles: Titles, targets: dict[str, float]) -> dict[str, Any]:
    """Return the line of staff who installed and use, each day as a share of that day's rosters."""
    days = rollout.staff_trend(query.as_of - timedelta(days=TREND_DAYS), query.as_of, columns=("used", "roster"))
    counts = [(point.day, point.counts["used"], point.counts["roster"]) for point in days]
    return _line(titles["staff_used"].name, counts, targets.get("staff_used"))


def _line(title: str, counts: list[tuple[date, float | None, float | None]], target: float | None) -> dict[str, Any]:
    points = [
        pages.Point(day, count / base if base and count is not None else None, count, base)
        for day, count, base in counts
    ]
    return {
        "key": text.slug(title),
        "svg": _trend_drawn(tuple(points), title, target, get_language()),
        "finding": wording.trend_finding(title, points),
        "points": tuple(points[::-1]),
        "title": title,
    }


@lru_cache(maxsize=64)
def _trend_drawn(points: tuple[pages.Point, ...], title: str, target: float | None, _language: str | None) -> str:
    return pages.trend(points, title=title, target=target)


@lru_cache(maxsize=16)
def _map_drawn(
    boundaries: str, shades: tuple[tuple[str, pages.Shade], ...], finding: str, _language: str | None
) -> tuple[str, bool]:
    """Return the map and whether any boundary is approximate. The same shares are painted once, whoever looks at them."""
    geojson = json.loads(boundaries)
    approximate = any(feature["properties"].get("approximate") for feature in geojson["features"])
    return pages.choropleth(geojson, dict(shades), breaks=rules.SHARE_BREAKS, finding=finding), approximate


def _map(query: league.Query, seen: league.Seen, key: str, titles: Titles, targets: dict[str, float]) -> dict[str, Any]:
    rows = [row for group in seen.groups for row in group.rows if key in row.values]
    shades = sorted(
        (str(row.uid), pages.Shade(row.name, row.values[key].ratio, tuple(sorted(row.values[key].flags))))
        for row in rows
    )
    boundaries = places.boundaries_geojson(query.level, query.boundaries)
    finding = boards.finding(seen, key, titles, targets)
    svg, approximate = _map_drawn(boundaries, tuple(shades), finding, get_language())
    return {
        "svg": svg,
        "title": titles[key].name if key in titles else "",
        "legend": rules.legend(rules.SHARE_BREAKS),
        "approximate": approximate,
    }


@require_GET
@official(*FIGURES)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out exactly what is seen, with what it is in its first lines; each export is recorded."""
    query, campaign, _campaigns = _asked(request)
    table = boards.table_of(query, campaign, _actor(request))
    seen = league.see(table, query, targets=boards.targets_of(campaign), usual=boards.USUAL[query.level])
    titles = {item.key: item.name for item in rollout.indicators()}
    about = [
        _("Bảng số liệu: %(level)s") % {"level": dict(league.LEVELS)[query.level]},
        *([_("Bản dùng thử: dữ liệu mẫu, không phải kết quả thật")] if settings.DEMO else []),
        _("Số liệu đến hết ngày %(day)s, theo địa giới ngày %(on)s")
        % {"day": wording.day(query.as_of), "on": wording.day(query.boundaries)},
        _("%(count)s dòng; nền tảng đo, mẫu số ghi nguồn và ngày ở từng dòng") % {"count": seen.count},
    ]
    audit.looked(
        _actor(request), "backoffice.figures_exported", at=clock.now(), level=query.level, rows=seen.count, form=suffix
    )
    if suffix == "csv":
        content, kind = exports.as_csv(seen, titles, about), "text/csv; charset=utf-8"
    else:
        content = exports.as_xlsx(seen, titles, about)
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = f"so-lieu_{query.level}_{query.as_of.isoformat()}_{query.boundaries.isoformat()}.{suffix}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@official(*FIGURES)
def unit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show one administrative unit: its figures, what stands below it, where it came from and what it became."""
    query, campaign, _campaigns = _asked(request)
    actor = _actor(request)
    view = places.unit_by_uid(uid, query.boundaries)
    targets = boards.targets_of(campaign)
    titles = {item.key: item for item in rollout.indicators()}
    own = boards.row_of(view, query, actor)
    below = boards.below(view, query, actor, targets)
    context = {
        "unit": view,
        "path": places.path(view.id, query.boundaries)[:-1],
        "query": query,
        "campaign": campaign,
        "figures": [boards.shown(own.values[key], titles) for key in boards.UNIT_FIGURES] if own is not None else [],
        "seen": below,
        "columns": boards.columns(below, titles, targets) if below is not None else [],
        "before": places.predecessors(view.id, query.boundaries),
        "after": places.successors(view.id, query.boundaries),
        "parts": rollout.rows_behind("activated", view.id, query.as_of, query.boundaries, actor=actor)[:50],
        "nav_here": "province",
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/province/unit.html", context)
