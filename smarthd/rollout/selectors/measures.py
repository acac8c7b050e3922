"""What the platform measured of one agency and its ground, for a form's fields that nobody types and for comparing what was typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
        key: verification.verify(measured=found.get(name), reported=_number(values.get(key)))
        for key, name in wanted.items()
    }


def _number(value: object) -> float | None:
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
