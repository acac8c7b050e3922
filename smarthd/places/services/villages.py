"""Villages: atoms below the communes, which no official list names. They go along with a commune that goes over whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.ids import uuid7
from smarthd.kernel.text import fold, nfc
from smarthd.places.errors import LaterEventStands, NotAVillageOf
from smarthd.places.models import Edge, Unit, UnitVersion
from smarthd.places.rules import KINDS, Basis, Level
from smarthd.places.selectors import world
from smarthd.places.services import closure, ledger


@dataclass(frozen=True, slots=True)
class NewVillage:
    """A village to add under a commune that stands on ``from_date``; ``name`` may begin with its kind ("Thôn An Xá")."""

    commune_id: int
    name: str
    from_date: date
    kind: str = "Thôn"


@dataclass(frozen=True, slots=True)
class _Row:
    uid: UUID
    name: str
    kind: str
    steps: tuple[tuple[int, date, date | None], ...]


def _parse(village: NewVillage) -> tuple[str, str]:
    name = nfc(village.name)
    for kind in KINDS[Level.VILLAGE]:
        if name.lower().startswith(f"{kind.lower()} "):
            return kind, name[len(kind) + 1 :]
    if not name or village.kind not in KINDS[Level.VILLAGE] or len(name) > 120:
        raise NotAVillageOf(name=village.name, kind=village.kind)
    return village.kind, name


def _life(now: world.World, commune: int, start: date) -> tuple[tuple[int, date, date | None], ...]:
    """Return the communes a village stands under from a day on: its own, then those it went over to whole.

    After a split the steps end: until somebody says to which part it fell, the village is counted by its commune's shares.
    """
    heirs = now.memo.get("whole heirs")
    if heirs is None:
        heirs = {p.source: p.target for p in now.passages if p.basis == Basis.POPULATION and p.share == 1.0}
        now.memo["whole heirs"] = heirs
    steps = []
    at: int | None = commune
    while at is not None:
        end = now.versions[at][-1].valid_to
        steps.append((at, start, end))
        if end is None:
            break
        start, at = end, heirs.get(at)
    return tuple(steps)


@transaction.atomic
def add_village(commune: int, name: str, from_date: date, *, actor: Actor, now: datetime, kind: str = "Thôn") -> int:
    """Add one village under a commune; returns its id. It can be an atom of facts at once."""
    (village,) = add_villages_bulk([NewVillage(commune, name, from_date, kind)], actor=actor, now=now)
    return village


@transaction.atomic
def add_villages_bulk(villages: Sequence[NewVillage], *, actor: Actor, now: datetime) -> list[int]:
    """Add many villages by COPY; returns their ids in the order given. One faulty row refuses all (NotAVillageOf)."""
    ledger.lock()
    units = world.load()
    taken = _names_taken(units)
    rows = []
    for number, village in enumerate(villages):
        kind, name = _parse(village)
        stands = village.commune_id in units.versions and units.stands(village.commune_id, village.from_date)
        if not stands or units.levels[village.commune_id] != Level.COMMUNE:
            raise NotAVillageOf(row=number, commune=village.commune_id, on=village.from_date)
        mark = (village.commune_id, kind, fold(name), name)
        if mark in taken:
            raise NotAVillageOf(row=number, commune=village.commune_id, name=name, taken=True)
        taken.add(mark)
        rows.append(_Row(uuid7(), name, kind, _life(units, village.commune_id, village.from_date)))
    ids = _copy(rows)
    closure.add_atoms(ids)
    for unit in Unit.objects.filter(pk__in=ids[:1]):
        audit.record(actor, "places.villages_added", unit, at=now, count=len(ids))
    ledger.touch()
    return ids


def _names_taken(units: world.World) -> set[tuple[int, str, str, str]]:
    return {
        (edge.parent, version.kind, version.folded, version.name)
        for unit, level in units.levels.items()
        if level == Level.VILLAGE
        for edge in units.edges.get(unit, ())
        for version in units.versions[unit]
    }


def _copy(rows: Sequence[_Row]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('places_unit', 'id')) FROM generate_series(1, %s)", [len(rows)]
        )
        ids = [int(row[0]) for row in cursor.fetchall()]
        with cursor.copy("COPY places_unit (id, uid, level) FROM STDIN") as copy:
            for pk, row in zip(ids, rows, strict=True):
                copy.write_row((pk, row.uid, Level.VILLAGE.value))
        columns = "unit_id, name, kind, folded, centre_source, centre_confidence, document, valid_from"
        with cursor.copy(f"COPY places_unitversion ({columns}) FROM STDIN") as copy:
            for pk, row in zip(ids, rows, strict=True):
                copy.write_row((pk, row.name, row.kind, fold(row.name), "", "none", "", row.steps[0][1]))
        with cursor.copy("COPY places_edge (child_id, parent_id, hierarchy, valid_from, valid_to) FROM STDIN") as copy:
            for pk, row in zip(ids, rows, strict=True):
                for parent, start, end in row.steps:
                    copy.write_row((pk, parent, "administrative", start, end))
    return ids


def follow(day: date) -> int:
    """Let villages whose commune went over whole on a day stand under its heir from then on; returns how many."""
    units = world.load()
    heirs = {
        p.source: p.target for p in units.passages if p.basis == Basis.POPULATION and p.share == 1.0 and p.on == day
    }
    fresh = []
    for unit, level in units.levels.items():
        edges = units.edges.get(unit)
        if level != Level.VILLAGE or not edges or edges[-1].valid_to != day or edges[-1].parent not in heirs:
            continue
        fresh.append(Edge(child_id=unit, parent_id=heirs[edges[-1].parent], valid_from=day))
    Edge.objects.bulk_create(fresh)
    return len(fresh)


@transaction.atomic
def assign_villages(villages: Iterable[int], commune: int, on: date, *, actor: Actor, now: datetime) -> None:
    """Say that villages stand under a commune from a day on: after a split, or when they were put right.

    From then on their facts count whole for that commune and its superiors; nothing is estimated any more.
    """
    ledger.lock()
    units = world.load()
    if commune not in units.versions or units.levels[commune] != Level.COMMUNE or not units.stands(commune, on):
        raise NotAVillageOf(commune=commune, on=on)
    moved = list(villages)
    for village in moved:
        if units.levels.get(village) != Level.VILLAGE:
            raise NotAVillageOf(unit=village)
        if any(edge.valid_from > on for edge in units.edges.get(village, ())):
            raise LaterEventStands(units=[village], on=on)
    edges = Edge.objects.filter(child__in=moved, hierarchy="administrative")
    edges.filter(valid_from=on).delete()
    edges.filter(valid_from__lt=on).filter(ledger.in_force(on)).update(valid_to=on)
    Edge.objects.bulk_create(
        Edge(child_id=village, parent_id=parent, valid_from=start, valid_to=end)
        for village in moved
        for parent, start, end in _life(units, commune, on)
    )
    closure.add_atoms(moved)
    for unit in Unit.objects.filter(pk__in=moved):
        audit.record(actor, "places.village_assigned", unit, at=now, commune=commune, on=on.isoformat())
    ledger.touch()


def village_ids(commune: int) -> list[int]:
    """Return the villages that ever stood under a commune."""
    return list(
        UnitVersion.objects.filter(unit__level=Level.VILLAGE, unit__edges_up__parent=commune)
        .distinct()
        .values_list("unit_id", flat=True)
    )
