"""What the platform measured of one agency and its ground, for a form's fields that nobody types and for comparing what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from smarthd.agencies import selectors as agencies
from smarthd.places import selectors as places
from smarthd.rollout.errors import NothingMeasured
from smarthd.rollout.rules import forms, metrics, verification
from smarthd.rollout.selectors import reading


def of(plan: forms.FormPlan, agency_id: int, cut_off: date) -> dict[str, int]:
    """Return the measured fields of a form for an agency as of a day; empty while nothing is measured."""
    wanted = {one.key: one.measured for one in plan.fields if one.measured}
    found = _measured(set(wanted.values()), agency_id, cut_off)
    return {key: found[name] for key, name in wanted.items() if name in found}


def verifications(
    plan: forms.FormPlan, values: dict[str, object], agency_id: int, cut_off: date
) -> dict[str, verification.Verification]:
    """Return, for each reported number that can be compared, the measured one beside it and what follows."""
    wanted = {one.key: one.verified_by for one in plan.fields if one.verified_by}
    found = _measured(set(wanted.values()), agency_id, cut_off)
    return {
        key: verification.verify(measured=found.get(name), reported=as_number(values.get(key)))
        for key, name in wanted.items()
    }


def for_agencies(names: set[str], agency_ids: Iterable[int], cut_off: date) -> dict[int, dict[str, int]]:
    """Return measured counts by agency: what ``of`` and ``verifications`` read, for a whole queue at once. At most five queries."""
    ids = sorted(set(agency_ids))
    if not names or not ids:
        return {}
    try:
        day, _ = reading.counted_day(cut_off)
    except NothingMeasured:
        return {}
    found: dict[int, dict[str, int]] = {agency_id: {} for agency_id in ids}
    staff = {name for name in names if name.startswith("staff.")}
    for known in (_staff_of_many(staff, ids, day), _citizens_of_many(names - staff, ids, day)):
        for agency_id, counts in known.items():
            found[agency_id] |= counts
    return found


def _staff_of_many(names: set[str], ids: list[int], day: date) -> dict[int, dict[str, int]]:
    if not names:
        return {}
    columns = _columns(names, metrics.STAFF)
    wanted = set(ids)
    leaves = [(above, leaf) for above, leaf in agencies.agency_closure(day) if above in wanted]
    sums = ", ".join(f"COALESCE(sum(s.{name}), 0)" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.above, {sums} FROM unnest(%s::bigint[], %s::bigint[]) AS t(above, leaf) "
            "LEFT JOIN rollout_staff_day s ON s.agency_id = t.leaf AND s.day = %s GROUP BY t.above",
            [[above for above, _ in leaves], [leaf for _, leaf in leaves], day],
        )
        return {row[0]: _named("staff", columns, row[1:]) for row in cursor}


def _citizens_of_many(names: set[str], ids: list[int], day: date) -> dict[int, dict[str, int]]:
    if not names:
        return {}
    columns = _columns(names, metrics.CITIZEN)
    place_of = {one.id: one.place_id for one in agencies.agency_views(ids, day).values() if one.place_id is not None}
    sums = ", ".join(f"sum(r.{name} * c.weight)" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.ancestor_id, {sums} FROM rollout_citizen_day r JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id "
            "WHERE r.day = %s AND c.boundary_set_id = %s AND c.basis = 'population' AND c.ancestor_id = ANY(%s) "
            "GROUP BY c.ancestor_id",
            [day, places.boundary_set(on=day).id, list(set(place_of.values()))],
        )
        counted = {row[0]: _named("citizen", columns, row[1:]) for row in cursor}
    nothing = _named("citizen", columns, [0] * len(columns))
    return {agency_id: counted.get(place_id, nothing) for agency_id, place_id in place_of.items()}


def _named(of: str, columns: list[str], values: Iterable[Any]) -> dict[str, int]:
    return {f"{of}.{name}": round(value or 0) for name, value in zip(columns, values, strict=True)}


def as_number(value: object) -> float | None:
    """Return a reported value as a number; yes and no are none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _measured(names: set[str], agency_id: int, cut_off: date) -> dict[str, int]:
    if not names:
        return {}
    try:
        day, _ = reading.counted_day(cut_off)
    except NothingMeasured:
        return {}
    staff = {name for name in names if name.startswith("staff.")}
    citizens = names - staff
    found = _staff(staff, agency_id, day) if staff else {}
    return found | (_citizens(citizens, agency_id, day) if citizens else {})


def _columns(names: Iterable[str], known: tuple[str, ...]) -> list[str]:
    wanted = {name.partition(".")[2] for name in names}
    return [name for name in known if name in wanted]


def _staff(names: set[str], agency_id: int, day: date) -> dict[str, int]:
    """Return staff counts of the agency and all below it."""
    columns = _columns(names, metrics.STAFF)
    ids = [agency_id, *agencies.below([agency_id], day)]
    with connection.cursor() as cursor:
        sums = ", ".join(f"sum({name})" for name in columns)
        cursor.execute(
            f"SELECT {sums} FROM rollout_staff_day WHERE day = %s AND agency_id = ANY(%s)", [day, list(set(ids))]
        )
        row = cursor.fetchone() or ()
    return {f"staff.{name}": round(value or 0) for name, value in zip(columns, row, strict=True)}


def _citizens(names: set[str], agency_id: int, day: date) -> dict[str, int]:
    """Return counts of the citizens of the agency's own ground; nothing where it has none."""
    place_id = agencies.agency_view(agency_id, day).place_id
    if place_id is None:
        return {}
    columns = _columns(names, metrics.CITIZEN)
    sums = ", ".join(f"sum(r.{name} * c.weight)" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {sums} FROM rollout_citizen_day r JOIN {places.closure_sql()} c ON c.atom_id = r.atom_id "
            "WHERE r.day = %s AND c.boundary_set_id = %s AND c.basis = 'population' AND c.ancestor_id = %s",
            [day, places.boundary_set(on=day).id, place_id],
        )
        row = cursor.fetchone() or ()
    return {f"citizen.{name}": round(value or 0) for name, value in zip(columns, row, strict=True)}
