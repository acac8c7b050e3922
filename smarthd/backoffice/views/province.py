"""The province: headline, league table under any boundaries, trend, map; down to one unit; out as CSV and xlsx."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from smarthd.backoffice import exports, league
from smarthd.backoffice.gate import official
from smarthd.backoffice.middleware import DeskRequest
from smarthd.backoffice.navigation import FIGURES
from smarthd.insights import rules, wording
from smarthd.insights.charts import pages
from smarthd.insights.material import Point
from smarthd.kernel import audit, clock
from smarthd.places import selectors as places
from smarthd.rollout import selectors as rollout

USUAL = {
    "agency": ("staff_used", "staff_activated", "staff_active_28"),
    "district": ("citizen_activated", "citizen_used", "citizen_installed"),
    "commune": ("citizen_activated", "citizen_used", "citizen_installed"),
}
HEADLINE = ("staff_used", "staff_used_net", "citizen_activated", "citizen_used")
TREND_DAYS = 60


def _asked(request: HttpRequest) -> tuple[league.Query, rollout.CampaignView | None]:
    campaigns = {view.key: view for view in rollout.campaigns()}
    wanted = request.GET.get("chien-dich", "")
    campaign = campaigns.get(wanted) or rollout.running_campaign(clock.today())
    query = league.query_of(
        request.GET,
        today=clock.today(),
        known_levels=[level for level, _words in league.LEVELS],
        campaign=campaign.key if campaign else "",
    )
    return query, campaign


def _seen(query: league.Query, campaign: rollout.CampaignView | None) -> tuple[league.Seen, rollout.Table, dict[str, float]]:
    table = rollout.table(query.level, query.as_of, query.boundaries, campaign=query.campaign or None)
    targets = dict(rollout.targets_of(campaign.key)) if campaign is not None else {}
    return league.see(table, query, targets=targets, usual=USUAL[query.level]), table, targets


@require_GET
@official(*FIGURES)
def index(request: HttpRequest) -> HttpResponse:
    """Show the province as of a day, under the boundaries of a day."""
    query, campaign = _asked(request)
    seen, table, targets = _seen(query, campaign)
    titles = {item.key: item for item in rollout.indicators()}
    lead = seen.columns[0] if seen.columns else ""
    context = {
        "query": query,
        "seen": seen,
        "campaign": campaign,
        "campaigns": rollout.campaigns(),
        "targets": targets,
        "titles": titles,
        "columns": [(titles[key], targets.get(key)) for key in seen.columns if key in titles],
        "all_columns": [(titles[key], key in seen.columns) for key in seen.available if key in titles],
        "levels": league.LEVELS,
        "filters": league.FILTERS,
        "days": [view for view in places.boundary_sets() if view.kind == "official"],
        "headline": _headline(query, titles),
        "trend": _trend(lead, query, titles, targets),
        "map": _map(query, seen, lead, titles, targets) if query.level != "agency" else None,
        "approximate": places.boundary_set(query.boundaries).approximate,
        "finding": _finding(table, lead, titles, targets),
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/province/index.html", context)


def _headline(query: league.Query, titles: dict[str, rollout.Indicator]) -> list[dict[str, Any]]:
    total = rollout.headline(query.as_of, query.boundaries, campaign=query.campaign or None)
    return [
        {"figure": total[key], "title": titles[key], "note": wording.flags_of(total[key].flags)}
        for key in HEADLINE
        if key in total and key in titles
    ]


def _trend(key: str, query: league.Query, titles: dict[str, rollout.Indicator], targets: dict[str, float]) -> dict[str, Any]:
    since = query.as_of - timedelta(days=TREND_DAYS)
    figures = rollout.trend(key, since, query.as_of, query.boundaries)
    points = [Point(day, figure.ratio, figure.numerator, figure.denominator) for day, figure in figures]
    title = titles[key].title if key in titles else ""
    return {
        "svg": pages.trend(points, title=title, target=targets.get(key)),
        "finding": wording.trend_finding(title, points),
        "points": points[::-1],
        "title": title,
    }


def _finding(table: rollout.Table, key: str, titles: dict[str, rollout.Indicator], targets: dict[str, float]) -> str:
    ratios = [(row.name, row.values[key].ratio) for row in table.rows if key in row.values]
    known = [(name, ratio) for name, ratio in ratios if ratio is not None]
    title = titles[key].title if key in titles else ""
    return wording.spread_finding(title, known, targets.get(key))


def _map(
    query: league.Query, seen: league.Seen, key: str, titles: dict[str, rollout.Indicator], targets: dict[str, float]
) -> dict[str, Any]:
    geojson = json.loads(places.boundaries_geojson(query.level, query.boundaries))
    shades = {
        str(row.uid): pages.Shade(
            row.name, row.values[key].ratio if key in row.values else None, tuple(row.values[key].flags) if key in row.values else ()
        )
        for group in seen.groups
        for row in group.rows
    }
    known = [(shade.name, shade.ratio) for shade in shades.values() if shade.ratio is not None]
    finding = wording.spread_finding(titles[key].title if key in titles else "", known, targets.get(key))
    return {
        "svg": pages.choropleth(geojson, shades, breaks=rules.SHARE_BREAKS, finding=finding),
        "legend": rules.legend(rules.SHARE_BREAKS),
        "approximate": any(feature["properties"].get("approximate") for feature in geojson["features"]),
        "without": geojson.get("without_boundary", []),
    }


@require_GET
@official(*FIGURES)
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """Hand out exactly what is seen, with what it is in its first lines; each export is recorded."""
    query, campaign = _asked(request)
    seen, _table, _targets = _seen(query, campaign)
    titles = {item.key: item.title for item in rollout.indicators()}
    about = [
        _("Bảng số liệu: %(level)s") % {"level": dict(league.LEVELS)[query.level]},
        _("Số liệu đến hết ngày %(day)s, theo địa giới ngày %(on)s")
        % {"day": wording.day(query.as_of), "on": wording.day(query.boundaries)},
        _("%(count)s dòng; nền tảng đo, mẫu số ghi nguồn và ngày ở từng dòng") % {"count": seen.count},
    ]
    actor = cast(DeskRequest, request).actor
    audit.looked(actor, "backoffice.figures_exported", at=clock.now(), level=query.level, rows=seen.count, form=suffix)
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
    query, campaign = _asked(request)
    view = places.unit_by_uid(uid, query.boundaries)
    targets = dict(rollout.targets_of(campaign.key)) if campaign is not None else {}
    titles = {item.key: item for item in rollout.indicators()}
    own = _own_row(view, query)
    below = _below(view, query, targets) if view.level != "commune" else None
    context = {
        "unit": view,
        "path": places.path(view.id, query.boundaries)[:-1],
        "query": query,
        "campaign": campaign,
        "figures": [
            {"figure": figure, "title": titles[key], "note": wording.flags_of(figure.flags)}
            for key, figure in (own.values.items() if own else ())
            if key in titles
        ],
        "seen": below,
        "columns": [(titles[key], targets.get(key)) for key in below.columns if key in titles] if below else [],
        "before": places.predecessors(view.id, query.boundaries),
        "after": places.successors(view.id, query.boundaries),
        "nav_here": "province",
        "address": request.GET.urlencode(),
    }
    return render(request, "backoffice/province/unit.html", context)


def _own_row(view: Any, query: league.Query) -> rollout.Row | None:
    table = rollout.table(view.level, query.as_of, query.boundaries, campaign=query.campaign or None)
    return next((row for row in table.rows if row.unit_id == view.id), None)


def _below(view: Any, query: league.Query, targets: dict[str, float]) -> league.Seen:
    level = "district" if view.level == "province" and places.units_on(query.boundaries, "district", view.id) else "commune"
    members = {member.id for member in places.units_on(query.boundaries, level, view.id)}
    table = rollout.table(level, query.as_of, query.boundaries, campaign=query.campaign or None)
    rows = tuple(row for row in table.rows if row.unit_id in members)
    return league.see(replace(table, rows=rows, total=None), replace(query, level=level), targets=targets, usual=USUAL[level])


def cut_off_of(campaign: rollout.CampaignView | None, today: date) -> date:
    """Return the day a campaign's figures are read on when nobody asks: its last day, or today while it runs."""
    return min(campaign.ends_on, today) if campaign is not None else today
