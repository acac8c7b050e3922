"""Staff of agencies: counts for all who may see the agency, persons for its head and named delegate only."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db import connection

from smarthd.agencies import selectors as agencies
from smarthd.kernel.actor import ANONYMOUS, Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.rollout import policies, rules
from smarthd.rollout.rules import metrics
from smarthd.rollout.selectors import figuring, reading
from smarthd.rollout.selectors.values import Figure, Row

_SUMS = ", ".join(f"sum(s.{name})::float8" for name in metrics.STAFF)
_ZERO = dict.fromkeys(metrics.STAFF, 0.0)


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One agency with all below it in the chain (``own`` false) or its own roster only (``own`` true)."""

    agency_id: int
    uid: UUID
    code: str
    name: str
    kind: str
    place_id: int | None
    parent_id: int | None
    values: dict[str, Figure]
    levels: dict[int, float | None]


@dataclass(frozen=True, slots=True)
class StaffTable:
    """Agencies as of the end of a day, grouped with their like by ``kind``; ``total`` counts every roster once."""

    as_of: date
    groups: dict[str, list[StaffRow]]
    total: dict[str, Figure]
    levels: dict[int, float]


@dataclass(frozen=True, slots=True)
class LadderPerson:
    """One person of a roster: level and since when, for head and delegate only."""

    staff_id: int
    full_name: str
    position: str
    level: rules.Level
    reached_on: date | None
    exempt: bool
    lapsed: bool
    linked: bool


@dataclass(frozen=True, slots=True)
class StaffLadder:
    """An agency's own roster on the ladder: counts by level, figures, and persons for those who may see them."""

    agency_id: int
    as_of: date
    levels: dict[int, float]
    figures: dict[str, Figure]
    persons: list[LadderPerson] | None


def staff_table(
    as_of: date, *, kinds: tuple[str, ...] = (), under: int | None = None, actor: Actor = ANONYMOUS
) -> StaffTable:
    """Return every agency of the day with the rosters of all below it; small cells are hidden outside the agency's chain."""
    day, _ = reading.counted_day(as_of)
    views = agencies.agencies_on(day, under=under, kinds=kinds or None)
    counts = _by_agency(day)
    whole = _own(day)
    total = {name: sum(own[name] for own in whole.values()) for name in metrics.STAFF}
    rows = [
        StaffRow(
            view.id, view.uid, view.code, view.name, view.kind, view.place_id, view.parent_id,
            figuring.staff_figures(counts[view.id], day=day), _levels(counts[view.id]),
        )
        for view in views
        if view.id in counts
    ]  # fmt: skip
    reach = {row.agency_id for row in rows} if actor.system else policies.counts_seen_by(actor)
    seen = {row.agency_id for row in rows if row.agency_id in reach}
    groups: dict[str, list[StaffRow]] = {}
    for row in rows:
        groups.setdefault(row.kind, []).append(row)
    return StaffTable(
        day,
        {kind: _conceal(group, seen) for kind, group in groups.items()},
        figuring.staff_figures(total, day=day),
        {level: value for level, value in _levels(total).items() if value is not None},
    )


def staff_by_unit(level: str, as_of: date, boundaries: date) -> dict[int, dict[str, float]]:
    """Return staff counts by unit of a level (unit 0: all), an agency's staff counted where the agency is."""
    day, _ = reading.counted_day(as_of)
    own = _own(day)
    placed = {view.id: view.place_id for view in agencies.agencies_on(day)}
    weights = _places_under(level, {place for place in placed.values() if place is not None}, boundaries)
    sums: dict[int, dict[str, float]] = {0: dict(_ZERO)}
    for agency_id, counts in own.items():
        shares = weights.get(placed.get(agency_id) or 0, {})
        for unit_id, weight in {**shares, 0: 1.0}.items():
            into = sums.setdefault(unit_id, dict(_ZERO))
            for name in metrics.STAFF:
                into[name] += counts[name] * weight
    return sums


def staff_ladder(agency_id: int, day: date, actor: Actor) -> StaffLadder:
    """Return an agency's own roster on the ladder. Raises NotAllowed outside one's reach; persons to head and delegate only."""
    require(
        policies.can_see_counts(actor, agency_id) or agency_id in policies.counts_seen_by(actor), agency_id=agency_id
    )
    counted, _ = reading.counted_day(day)
    counts = _own(counted, [agency_id]).get(agency_id, _ZERO)
    persons = _persons(agency_id, counted) if policies.can_see_persons(actor, agency_id) else None
    levels = {level: value for level, value in _levels(counts).items() if value is not None}
    return StaffLadder(agency_id, counted, levels, figuring.staff_figures(counts, day=counted), persons)


def staff_figures(agency_ids: Collection[int], day: date, actor: Actor) -> dict[int, dict[str, Figure]]:
    """Return the figures of agencies' own rosters, without the persons behind them. Raises NotAllowed where one lies outside one's reach. Two statements."""
    for one in agency_ids:
        require(policies.can_see_counts(actor, one) or one in policies.counts_seen_by(actor), agency_id=one)
    counted, _ = reading.counted_day(day)
    counts = _own(counted, agency_ids)
    return {one: figuring.staff_figures(counts.get(one, _ZERO), day=counted) for one in agency_ids}


def _own(day: date, agency_ids: Collection[int] | None = None) -> dict[int, dict[str, float]]:
    columns = ", ".join(metrics.STAFF)
    only = "AND agency_id = ANY(%(agencies)s)" if agency_ids is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT agency_id, {columns} FROM rollout_staff_day WHERE day = %(day)s {only}",
            {"day": day, "agencies": list(agency_ids or ())},
        )
        return {leaf: dict(zip(metrics.STAFF, values, strict=True)) for leaf, *values in cursor.fetchall()}


def _by_agency(day: date) -> dict[int, dict[str, float]]:
    """Return counts by agency with all below it; the chain of the day comes from agencies as pairs."""
    pairs = agencies.agency_closure(day)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT p.ancestor, {_SUMS}
            FROM unnest(%(ancestors)s::bigint[], %(leaves)s::bigint[]) AS p(ancestor, leaf)
            JOIN rollout_staff_day s ON s.agency_id = p.leaf AND s.day = %(day)s GROUP BY 1""",
            {"ancestors": [pair[0] for pair in pairs], "leaves": [pair[1] for pair in pairs], "day": day},
        )
        return {agency: dict(zip(metrics.STAFF, values, strict=True)) for agency, *values in cursor.fetchall()}


def _levels(counts: Mapping[str, float]) -> dict[int, float | None]:
    """Return persons by their highest level, 0 to 5; they add up to the roster."""
    steps = [counts["roster"], counts["installed"], counts["activated"], counts["reached_3"], counts["reached_4"], counts["retained"], 0.0]  # fmt: skip
    return {level: steps[level] - steps[level + 1] for level in range(6)}


def _conceal(group: list[StaffRow], seen: set[int]) -> list[StaffRow]:
    rows = [Row(row.agency_id, row.uid, row.code, row.name, row.kind, "", row.values) for row in group]
    order = sorted(row.agency_id for row in group)
    shown = figuring.conceal(rows, inside=lambda agency_id: agency_id in seen, order=order)
    return [
        replace(row, values=safe.values, levels=row.levels if row.agency_id in seen else _safe_levels(row, safe))
        for row, safe in zip(group, shown, strict=True)
    ]


def _safe_levels(row: StaffRow, safe: Row) -> dict[int, float | None]:
    """Return the levels as outsiders see them: all or none, since they add up to the roster and to the figures."""
    betraying = any(figure.hidden for figure in safe.values.values()) or any(map(rules.is_small, row.levels.values()))
    return dict.fromkeys(row.levels) if betraying else row.levels


def _places_under(level: str, place_ids: set[int], boundaries: date) -> dict[int, dict[int, float]]:
    """Return, for each place of an agency, the units of a level it counts for, with weights."""
    weights: dict[int, dict[int, float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT atom_id, ancestor_id, weight FROM {places.closure_sql()} c
            WHERE boundary_set_id = %(set)s AND basis = 'staff' AND level = %(level)s AND atom_id = ANY(%(places)s)""",
            {"set": places.boundary_set(on=boundaries).id, "level": level, "places": list(place_ids)},
        )
        for atom, ancestor, weight in cursor.fetchall():
            weights.setdefault(atom, {})[ancestor] = weight
    for place in place_ids - weights.keys():
        for over in places.path(place, boundaries):
            if over.level == level:
                weights[place] = {over.id: 1.0}
    return weights


def _persons(agency_id: int, day: date) -> list[LadderPerson]:
    roster = agencies.roster_on([agency_id], day)
    known = _days_of([staff.account_id for staff in roster if staff.account_id is not None], day)
    persons = []
    for staff in roster:
        facts = known.get(staff.account_id or 0, rules.PersonDays())
        level = rules.ladder(facts, day)
        persons.append(
            LadderPerson(
                staff.id, staff.full_name, staff.position, level, rules.reached_on(facts, level, day),
                staff.exempt, rules.lapsed(facts, day), staff.account_id is not None,
            )
        )  # fmt: skip
    return persons


def _days_of(account_ids: list[int], day: date) -> dict[int, rules.PersonDays]:
    """Return what the ladder needs of each account; test, quarantined and erased accounts are nobody."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.account_id, p.installed_on, p.activated_on,
              array_remove(array_agg(a.day) FILTER (WHERE a.actions <> 0), NULL), array_remove(array_agg(a.day), NULL),
              ARRAY[p.first_used_on, p.used_on, p.retained_on, p.last_used_on], ARRAY[p.last_launch_on],
              p.active_during, p.kept_during
            FROM rollout_participant p LEFT JOIN rollout_activity_day a ON a.account_id = p.account_id AND a.day <= %(day)s
            WHERE p.account_id = ANY(%(ids)s) AND p.erased_on IS NULL AND NOT p.is_test AND NOT p.quarantined
            GROUP BY p.account_id""",
            {"ids": account_ids, "day": day},
        )
        return {
            account_id: rules.PersonDays(
                installed_on=installed,
                activated_on=activated,
                used=frozenset(one for one in [*(used or ()), *own_used] if one is not None),
                launched=frozenset(one for one in [*(launched or ()), *own_launched] if one is not None),
                active=tuple((spell.lower, spell.upper) for spell in active or ()),
                kept=tuple((spell.lower, spell.upper) for spell in kept or ()),
            )
            for account_id, installed, activated, used, launched, own_used, own_launched, active, kept in cursor
        }
