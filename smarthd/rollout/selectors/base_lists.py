"""Bases to be read and kept in order by officials: by unit as of a day, with who entered each, and what stood before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.places import selectors as places
from smarthd.places.values import UnitView
from smarthd.rollout import policies, rules
from smarthd.rollout.errors import BaseImportUnknown
from smarthd.rollout.models import BaseImport, Denominator
from smarthd.rollout.selectors import bases
from smarthd.rollout.selectors.bases import Base


@dataclass(frozen=True, slots=True)
class Entered:
    """One base as it was entered. Over since ``over_at``: corrected by another, or withdrawn with ``reason``."""

    id: int
    unit_id: int
    measure: rules.Measure
    value: int
    source: str
    as_of: date
    method: str
    entered_by: int | None
    entered_at: datetime
    over_at: datetime | None
    withdrawn_by: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A commune of the day: the base that applies to it, by measure, and the row it rests on where it is the commune's own."""

    unit: UnitView
    base: Base | None
    entered: Entered | None
    villages: int


@dataclass(frozen=True, slots=True)
class UploadView:
    """An upload of bases as it is shown."""

    uid: UUID
    status: str
    file_name: str
    lines: list[dict[str, Any]]
    uploaded_by: int | None
    uploaded_at: datetime
    confirmed_at: datetime | None
    written: int


def listed(measure: rules.Measure, day: date) -> list[Listed]:
    """Return every commune of a day with the base of a measure that applies on it; those without one as well. Three queries."""
    units = places.units_on(day, "commune")
    if not units:
        return []  # before the map was imported, or before its first day
    found = bases.bases_of("commune", day, day)
    rows = Denominator.objects.filter(measure=measure, superseded_at=None, as_of__lte=day).order_by("as_of")
    newest = {row.unit_id: row for row in rows}
    of_villages: dict[int, int] = {}
    for view in places.views(list(newest), day).values():
        if view.level == "village" and view.parent_id is not None:
            of_villages[view.parent_id] = of_villages.get(view.parent_id, 0) + 1
    return [
        Listed(
            unit=unit,
            base=found.get(unit.id, {}).get(measure.value),
            entered=_entered(newest[unit.id]) if unit.id in newest else None,
            villages=of_villages.get(unit.id, 0),
        )
        for unit in units
    ]


def entered_for(unit_ids: Iterable[int]) -> list[Entered]:
    """Return every base ever entered for the units, those in force first, then the newest."""
    rows = Denominator.objects.filter(unit_id__in=list(unit_ids)).order_by("measure", "-as_of", "-entered_at", "-id")
    return [_entered(row) for row in rows]


def bases_without_unit(measure: rules.Measure, day: date) -> int:
    """Return how many bases in force lie on units that no longer stand on the day: their heirs share them, by estimate."""
    rows = Denominator.objects.filter(measure=measure, superseded_at=None, as_of__lte=day)
    unit_ids = set(rows.values_list("unit_id", flat=True))
    return sum(not view.standing for view in places.views(unit_ids, day).values())


def upload_for(actor: Actor, uid: UUID) -> UploadView:
    """Return an upload to who may keep bases; for all others there is none."""
    row = BaseImport.objects.filter(uid=uid).first()
    if row is None or not policies.can_keep_bases(actor):
        raise BaseImportUnknown(uid=str(uid))
    return _upload(row)


def latest_uploads(actor: Actor, limit: int = 10) -> list[UploadView]:
    """Return the latest uploads, newest first. Raises NotAllowed."""
    require(policies.can_keep_bases(actor))
    return [_upload(row) for row in BaseImport.objects.order_by("-uploaded_at", "-id")[:limit]]


def _upload(row: BaseImport) -> UploadView:
    return UploadView(
        row.uid,
        row.status,
        row.file_name,
        row.lines,
        row.uploaded_by,
        row.uploaded_at,
        row.confirmed_at,
        row.written,
    )


def _entered(row: Denominator) -> Entered:
    return Entered(
        id=row.pk,
        unit_id=row.unit_id,
        measure=rules.Measure(row.measure),
        value=row.value,
        source=row.source,
        as_of=row.as_of,
        method=row.method,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        over_at=row.superseded_at,
        withdrawn_by=row.withdrawn_by,
        reason=row.withdrawn_reason,
    )
