"""Writing units' dated rows: the one place where versions and edges are opened and closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import connection
from django.db.models import F, Q

from smarthd.kernel.ids import uuid7
from smarthd.kernel.text import fold
from smarthd.places.errors import LaterEventStands
from smarthd.places.models import Edge, Revision, Unit, UnitVersion
from smarthd.places.rules import Standing
from smarthd.places.selectors import world

_LOCK = 0x706C6163  # "plac": one writer of units at a time


def lock() -> None:
    """Wait until no other transaction writes units; held until this one ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def touch() -> None:
    """Change the token, so that every process reads the units again."""
    Revision.objects.update_or_create(id=1, defaults={"token": uuid7()})
    world.forget()


def in_force(day: date) -> Q:
    """Return the condition of rows in force on a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def state_on(day: date, units: Iterable[int] | None = None) -> dict[int, Standing]:
    """Return the units as the tables have them on a day."""
    versions = UnitVersion.objects.filter(in_force(day))
    edges = Edge.objects.filter(in_force(day), hierarchy="administrative")
    if units is not None:
        wanted = list(units)
        versions, edges = versions.filter(unit__in=wanted), edges.filter(child__in=wanted)
    parents = dict(edges.values_list("child_id", "parent_id"))
    rows = versions.values_list(
        "unit_id",
        "unit__level",
        "name",
        "kind",
        "lat",
        "lon",
        "centre_source",
        "centre_confidence",
        "document",
    )
    return {
        unit: Standing(level, name, kind, parents.get(unit), lat, lon, source, confidence, document)
        for unit, level, name, kind, lat, lon, source, confidence, document in rows
    }


def write(day: date, before: Mapping[int, Standing], after: Mapping[int, Standing]) -> set[int]:
    """Make the tables say ``after`` from ``day`` on, where they say ``before`` now; returns the units that changed.

    Nothing may be written of these units for later days (LaterEventStands). Rows that began on the day itself are mended in place,
    so that taking back a change leaves the very rows there were.
    """
    units = {*before, *after}
    words = {unit for unit in units if _words(before.get(unit)) != _words(after.get(unit))}
    superiors = {unit for unit in units if _superior(before.get(unit)) != _superior(after.get(unit))}
    changed = words | superiors
    _refuse_later(day, changed)
    _write_versions(day, {unit: after[unit] for unit in words if unit in after}, words)
    _write_edges(day, {unit: after[unit].parent for unit in superiors if unit in after}, superiors)
    return changed


def same(one: Standing, other: Standing) -> bool:
    """Say whether two standings have the same name, kind and superior."""
    return _words(one) == _words(other) and one.parent == other.parent


def _words(standing: Standing | None) -> tuple[object, ...] | None:
    if standing is None:
        return None
    return standing.name, standing.kind


def _superior(standing: Standing | None) -> int | None:
    return None if standing is None else standing.parent


def _refuse_later(day: date, units: set[int]) -> None:
    later = UnitVersion.objects.filter(unit__in=units, valid_from__gt=day).values_list("unit_id", flat=True)
    moved = Edge.objects.filter(child__in=units, valid_from__gt=day).values_list("child_id", flat=True)
    ended = UnitVersion.objects.filter(in_force(day), unit__in=units, valid_to__isnull=False)
    standing_in_the_way = {*later, *moved, *ended.values_list("unit_id", flat=True)}
    if standing_in_the_way:
        raise LaterEventStands(units=sorted(standing_in_the_way), on=day)


def _write_versions(day: date, now: Mapping[int, Standing], units: set[int]) -> None:
    rows = UnitVersion.objects.filter(unit__in=units)
    rows.filter(valid_from=day).delete()
    rows.filter(valid_from__lt=day, valid_to=None).update(valid_to=day)
    ended = {row.unit_id: row for row in rows.filter(valid_to=day)}
    fresh = []
    for unit, standing in now.items():
        old = ended.get(unit)
        if old is not None and _row_words(old) == _words(standing):
            UnitVersion.objects.filter(pk=old.pk).update(valid_to=None)
            continue
        fresh.append(
            UnitVersion(
                unit_id=unit,
                name=standing.name,
                kind=standing.kind,
                folded=fold(standing.name),
                lat=standing.lat,
                lon=standing.lon,
                centre_source=standing.centre_source,
                centre_confidence=standing.centre_confidence,
                document=standing.document,
                valid_from=day,
            )
        )
    UnitVersion.objects.bulk_create(fresh)


def _row_words(row: UnitVersion) -> tuple[object, ...]:
    return row.name, row.kind


def _write_edges(day: date, now: Mapping[int, int | None], units: set[int]) -> None:
    rows = Edge.objects.filter(child__in=units, hierarchy="administrative")
    rows.filter(valid_from=day).delete()
    rows.filter(valid_from__lt=day, valid_to=None).update(valid_to=day)
    ended = {row.child_id: row for row in rows.filter(valid_to=day)}
    fresh = []
    for unit, parent in now.items():
        old = ended.get(unit)
        if parent is None:
            continue
        if old is not None and old.parent_id == parent:
            Edge.objects.filter(pk=old.pk).update(valid_to=None)
            continue
        fresh.append(Edge(child_id=unit, parent_id=parent, valid_from=day))
    Edge.objects.bulk_create(fresh)


def mend_centres(day: date, before: Mapping[int, Standing], after: Mapping[int, Standing]) -> int:
    """Correct the centres of versions in force on a day: a better measurement is no change of the unit. Returns how many."""
    mended = 0
    for unit, standing in after.items():
        old = before.get(unit)
        if old is None or _centre(old) == _centre(standing):
            continue
        mended += UnitVersion.objects.filter(in_force(day), unit=unit).update(
            lat=standing.lat,
            lon=standing.lon,
            centre_source=standing.centre_source,
            centre_confidence=standing.centre_confidence,
        )
    return mended


def _centre(standing: Standing) -> tuple[object, ...]:
    return standing.lat, standing.lon, standing.centre_source, standing.centre_confidence


def backdate(units: Mapping[int, date]) -> None:
    """Let first versions and edges begin earlier than the catalogue that first names them."""
    for since in set(units.values()):
        ids = [unit for unit, day in units.items() if day == since]
        UnitVersion.objects.filter(unit__in=ids, valid_from__gt=since).update(valid_from=since)
        Edge.objects.filter(child__in=ids, valid_from__gt=since).update(valid_from=since)


def drop_units(units: Iterable[int]) -> None:
    """Remove identities that never stood: those a draft prepared and that was thrown away."""
    Unit.objects.filter(pk__in=list(units), versions=None, edges_up=None).delete()


def names_of(units: Iterable[int]) -> list[str]:
    """Return the latest full names of units, for refusals."""
    rows = UnitVersion.objects.filter(unit__in=list(units)).order_by("unit_id", F("valid_from").desc())
    names: dict[int, str] = {}
    for unit, kind, name in rows.values_list("unit_id", "kind", "name"):
        names.setdefault(unit, f"{kind} {name}")
    return list(names.values())
