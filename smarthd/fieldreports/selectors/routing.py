"""Where would this go? The same function routes a report that comes in and answers the administrators' test bench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from smarthd.agencies import calendar
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.agencies.rules.calendar import ZONE
from smarthd.agencies.selectors import AgencyView
from smarthd.fieldreports import policies
from smarthd.fieldreports.errors import NobodyAbove, NoPlace, RuleUnknown
from smarthd.fieldreports.models import Category, RoutingRule
from smarthd.fieldreports.rules import routing
from smarthd.fieldreports.rules.routing import Considered, Hours, Rule, Target, Verdict
from smarthd.fieldreports.selectors import categories, ground
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.places.values import UnitView


@dataclass(frozen=True, slots=True)
class Route:
    """Where a report goes, by which rule (None: by the named fallback), and what became of every other rule."""

    agency: AgencyView
    rule: Rule | None
    considered: tuple[Considered, ...]
    fallback: str
    commune: UnitView
    path: tuple[UnitView, ...]


FALLBACK_COMMUNE = "Không có quy tắc nào: Ủy ban nhân dân xã, phường nơi xảy ra"
FALLBACK_PROVINCE = "Không có quy tắc nào và nơi này chưa có Ủy ban nhân dân xã, phường: Ủy ban nhân dân cấp tỉnh"


def route(*, commune_id: int, category: Category, at: datetime) -> Route:
    """Return where a report of this commune and category, coming in at this instant, goes. Never nowhere."""
    day = clock.day_of(at)
    path = tuple(places.path(commune_id, day))
    rules = _rules_in_question(day)
    committees = _committees(path, day)
    named = agencies.agency_views({rule.agency_id for rule in rules if rule.agency_id}, day)
    leads = {rule.uid: _agency_id(rule, named, committees) for rule in rules}
    asked = routing.Question(
        places=[unit.id for unit in path],
        categories=[one for one in (category.parent_id, category.pk) if one is not None],
        on=day,
        office_open=office_is_open(at),
    )
    considered = routing.consider(rules, asked, leads)
    if considered and considered[0].verdict is Verdict.TAKEN:
        agency_id = considered[0].agency_id or 0
        view = named.get(agency_id) or next(one for one in committees.values() if one.id == agency_id)
        return Route(view, considered[0].rule, tuple(considered), "", path[-1], path)
    last = committees.get(Target.COMMUNE) or committees.get(Target.PROVINCE)
    if last is None:
        raise NobodyAbove(commune_id=commune_id)
    words = FALLBACK_COMMUNE if Target.COMMUNE in committees else FALLBACK_PROVINCE
    return Route(last, None, tuple(considered), words, path[-1], path)


def where_would_this_go(
    *,
    actor: Actor,
    category_key: str,
    at: datetime,
    lat: float | None = None,
    lon: float | None = None,
    commune_id: int | None = None,
) -> Route:
    """Answer the test bench: the agency, the rule, and why each other rule was passed over."""
    require(policies.can_read_rules(actor))
    category = categories.leaf(category_key)
    if lat is not None and lon is not None:
        commune_id = ground.stand(lat, lon, at).commune.id
    if commune_id is None:
        raise NoPlace
    return route(commune_id=commune_id, category=category, at=at)


def office_is_open(at: datetime) -> bool:
    """Say whether the province's offices are open at an instant."""
    local = at.astimezone(ZONE)
    openings = calendar.working_calendar().openings(local.date())
    return any(opening.opens <= local.time() < opening.closes for opening in openings)


def _rules_in_question(day: date) -> list[Rule]:
    """Return rules that are or will be in force; those over for a year are left out of what is told."""
    rows = RoutingRule.objects.exclude(valid_to__lt=day.replace(day=1, month=1)).order_by("id")
    return [rule_of(row) for row in rows]


def rule_of(row: RoutingRule) -> Rule:
    """Return a stored rule as a value."""
    return Rule(
        uid=row.uid,
        name=row.name,
        place_id=row.place_id,
        category_id=row.category_id,
        hours=Hours(row.hours),
        target=Target(row.target),
        agency_id=row.agency_id,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _committees(path: Sequence[UnitView], day: date) -> dict[Target, AgencyView]:
    """Return the committee of the commune and of the province of a path, as far as they stand on the day. One query."""
    kinds = {Kind.COMMUNE_COMMITTEE: Target.COMMUNE, Kind.PROVINCE_COMMITTEE: Target.PROVINCE}
    found = agencies.agencies_of_places([unit.id for unit in path], day, kinds=[str(kind) for kind in kinds])
    return {kinds[Kind(view.kind)]: view for view in found}


def _agency_id(rule: Rule, named: dict[int, AgencyView], committees: dict[Target, AgencyView]) -> int | None:
    if rule.target is Target.AGENCY:
        return rule.agency_id if rule.agency_id in named else None
    found = committees.get(rule.target)
    return found.id if found else None


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as the administrators' list shows it."""

    rule: Rule
    place: str
    category: str
    agency: str
    note: str
    in_force: bool


def rules_for(actor: Actor, *, on: date) -> list[RuleView]:
    """Return all rules, those in force first, by name. Few queries."""
    require(policies.can_read_rules(actor))
    rows = list(RoutingRule.objects.select_related("category").order_by("name", "valid_from"))
    named = agencies.agency_views({row.agency_id for row in rows if row.agency_id}, on)
    units = places.views({row.place_id for row in rows if row.place_id}, on)
    views = [
        RuleView(
            rule=rule_of(row),
            place=units[row.place_id].full_name if row.place_id in units else "Mọi nơi",
            category=row.category.name if row.category else "Mọi lĩnh vực",
            agency=named[row.agency_id].name
            if row.agency_id in named
            else routing.TARGET_WORDS[Target(row.target)]
            if row.agency_id is None
            else "Cơ quan không còn hoạt động",
            note=row.note,
            in_force=row.valid_from <= on and (row.valid_to is None or on < row.valid_to),
        )
        for row in rows
    ]
    return sorted(views, key=lambda view: not view.in_force)


def rule_for(actor: Actor, uid: UUID, *, on: date) -> RuleView:
    """Return one rule, or raise RuleUnknown."""
    found = [view for view in rules_for(actor, on=on) if view.rule.uid == uid]
    if not found:
        raise RuleUnknown
    return found[0]
