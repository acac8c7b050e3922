"""What the boards of figures share: the table of a level, its usual columns, targets, findings, one unit's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from smarthd.agencies.rules import Kind, kinds
from smarthd.backoffice import league
from smarthd.insights import wording
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import selectors as rollout

USUAL = {
    "agency": ("staff_used", "staff_used_net", "staff_activated"),
    "district": ("activated", "used_owners", "use_rate"),
    "commune": ("activated", "used_owners", "use_rate"),
    "province": ("activated", "used_owners", "use_rate"),
    "village": ("activated", "used_owners", "use_rate"),
}
UNIT_FIGURES = ("activated", "used_owners", "use_rate", "active_28", "assisted", "d30")
LEFT_OUT = frozenset({Kind.SUB_UNIT, Kind.SCHOOL, Kind.CLINIC})  # counted within their superior; shown when asked for
Titles = Mapping[str, rollout.Indicator]


def usual_campaign(campaigns: list[rollout.CampaignView]) -> rollout.CampaignView | None:
    """Return the campaign to show when none is asked for: the one running, else the latest."""
    running = [view for view in campaigns if view.status == "running"]
    return next(iter(running or campaigns), None)


def usual_day(campaign: rollout.CampaignView | None, today: date) -> date:
    """Return the day to show when none is asked for: today, or the last day of a campaign that is over."""
    return min(clock.day_of(campaign.deadline_at), today) if campaign is not None else today


def targets_of(campaign: rollout.CampaignView | None) -> dict[str, float]:
    """Return a campaign's general targets by indicator."""
    found = campaign.targets if campaign is not None else ()
    return {target.indicator: target.value for target in found if target.unit_id is None and target.agency_id is None}


def table_of(query: league.Query, campaign: rollout.CampaignView | None, actor: Actor) -> rollout.Table:
    """Return the whole table of the level asked for; agencies stand as rows grouped by their kind."""
    if query.level != "agency":
        return rollout.table(
            query.level, query.as_of, query.boundaries, campaign.key if campaign is not None else None, actor=actor
        )
    wanted = (query.kind,) if query.kind in set(Kind) else tuple(kind for kind in Kind if kind not in LEFT_OUT)
    staff = rollout.staff_table(query.as_of, kinds=tuple(str(kind) for kind in wanted), actor=actor)
    names = {row.agency_id: row.name for rows in staff.groups.values() for row in rows}
    rows = [
        rollout.Row(row.agency_id, row.uid, row.code, row.name, row.kind, names.get(row.parent_id or 0, ""), row.values)
        for group in staff.groups.values()
        for row in group
    ]
    total = rollout.Row(0, None, "", "Tổng số", "", "", staff.total)
    return rollout.Table("agency", staff.as_of, query.boundaries, rows, total, targets=targets_of(campaign))


def kinds_present(table: rollout.Table) -> list[tuple[str, str]]:
    """Return the kinds of agencies one may look at, those of the table first."""
    present = {row.kind for row in table.rows}
    return [(kind, kinds.WORDS[kind]) for kind in Kind if kind in present or kind in LEFT_OUT]


def columns(
    seen: league.Seen, titles: Titles, targets: Mapping[str, float]
) -> list[tuple[rollout.Indicator, float | None]]:
    """Return the columns shown, each with its target."""
    return [(titles[key], targets.get(key)) for key in seen.columns if key in titles]


def shown(figure: rollout.Figure, titles: Titles, before: Mapping[str, rollout.Figure] | None = None) -> dict[str, Any]:
    """Return one headline figure with its words and what a week changed, in points."""
    earlier = before.get(figure.key) if before is not None else None
    change = (
        (figure.ratio - earlier.ratio) * 100
        if earlier and earlier.ratio is not None and figure.ratio is not None
        else None
    )
    return {"figure": figure, "title": titles[figure.key], "note": wording.flags_of(figure.flags), "change": change}


def finding(seen: league.Seen, key: str, titles: Titles, targets: Mapping[str, float]) -> str:
    """Return what the rows seen say of one indicator."""
    rows = [row for group in seen.groups for row in group.rows if key in row.values]
    known = [(row.name, ratio) for row in rows if (ratio := row.values[key].ratio) is not None]
    return wording.spread_finding(titles[key].name if key in titles else "", known, targets.get(key))


def row_of(view: UnitView, query: league.Query, actor: Actor) -> rollout.Row | None:
    """Return one unit's own row; None where it did not stand under these boundaries."""
    table = rollout.table(view.level, query.as_of, query.boundaries, actor=actor)
    return next((row for row in table.rows if row.unit_id == view.id), None)


def below(view: UnitView, query: league.Query, actor: Actor, targets: dict[str, float]) -> league.Seen | None:
    """Return the league of what stands directly below a unit, or None where nothing does."""
    level = next((name for name in _LEVELS_BELOW[view.level] if places.units_on(query.boundaries, name, view.id)), None)
    if level is None:
        return None
    members = {member.id for member in places.units_on(query.boundaries, level, view.id)}
    table = rollout.table(level, query.as_of, query.boundaries, actor=actor)
    rows = [row for row in table.rows if row.unit_id in members]
    own = row_of(view, query, actor) or table.total
    narrowed = replace(table, rows=rows, total=own)
    return league.see(
        narrowed, replace(query, level=level, words="", filters=frozenset()), targets=targets, usual=USUAL[level]
    )


_LEVELS_BELOW: dict[str, tuple[str, ...]] = {
    "province": ("district", "commune"),
    "district": ("commune",),
    "commune": ("village",),
    "village": (),
}
