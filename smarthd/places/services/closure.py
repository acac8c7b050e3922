"""Building boundary sets: for every atom, the part of it that each unit of the set counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from smarthd.kernel import events, lineage
from smarthd.places import rules
from smarthd.places.events import BoundarySetBuilt
from smarthd.places.models import Boundary, BoundarySet, Closure, Event
from smarthd.places.rules import Basis, Level, SetKind
from smarthd.places.selectors import kin, world
from smarthd.places.services import ledger, plans

Row = tuple[int, int, int, str, str, float]


def home_commune(now: world.World, atom: int, on: date) -> int | None:
    """Return the commune through which an atom is counted: itself, or the commune a village stood under, nearest to the day."""
    if now.levels[atom] == Level.COMMUNE:
        return atom
    edges = now.edges.get(atom)
    if not edges:
        return None
    held = [edge for edge in edges if edge.valid_from <= on]
    return (held[-1] if held else edges[0]).parent


@dataclass(frozen=True, slots=True)
class Frame:
    """The units a set adds up to: who stands, and who stands under whom."""

    on: date
    standing: Collection[int]
    parents: Mapping[int, int]


def frame_of(now: world.World, on: date) -> Frame:
    """Return the official frame of a day."""
    standing = now.standing_on(on)
    parents = {unit: parent for unit in standing if (parent := now.parent_on(unit, on)) is not None}
    return Frame(on, standing, parents)


def rows_of(now: world.World, set_id: int, frame: Frame, atoms: Iterable[int]) -> Iterator[Row]:
    """Yield closure rows (set, ancestor, atom, basis, level, weight) of some atoms under the units of a frame."""
    above = {
        unit: [unit, *lineage.ancestors(unit, frame.parents)]
        for unit in frame.standing
        if now.levels[unit] == Level.COMMUNE
    }
    counted: dict[int, list[tuple[int, str, str, float]]] = {}
    for atom in atoms:
        village = now.levels[atom] == Level.VILLAGE and frame.parents.get(atom) in frame.standing
        commune = frame.parents[atom] if village else home_commune(now, atom, frame.on)
        if commune is None:
            continue
        if commune not in counted:
            counted[commune] = list(_weights(now, frame, commune, above))
        for ancestor, basis, level, weight in counted[commune]:
            yield set_id, ancestor, atom, basis, level, weight


def _weights(
    now: world.World, frame: Frame, commune: int, above: Mapping[int, list[int]]
) -> Iterator[tuple[int, str, str, float]]:
    """Yield (ancestor, basis, level, weight) of a commune's facts under the units of a frame."""
    for basis in Basis:
        weights: dict[int, float] = {}
        for place, part in kin.parts_on(now, commune, frame.on, basis, standing=frame.standing).items():
            for ancestor in above.get(place, ()):
                weights[ancestor] = weights.get(ancestor, 0.0) + part
        for ancestor, weight in weights.items():
            yield ancestor, basis.value, now.levels[ancestor], _clean(weight)


def _clean(weight: float) -> float:
    """Free a whole from the dust of adding floats, so that exact parts read as exact."""
    return 1.0 if abs(weight - 1.0) < 1e-9 else weight


def atoms_of(now: world.World) -> list[int]:
    """Return every atom of all times: villages and communes (a commune where the village is not known)."""
    return [
        unit
        for unit, level in now.levels.items()
        if level in (Level.COMMUNE, Level.VILLAGE) and (unit in now.versions or unit in now.ghosts)
    ]


def _copy(rows: Iterable[Row]) -> None:
    with connection.cursor() as cursor:
        columns = "boundary_set_id, ancestor_id, atom_id, basis, level, weight"
        with cursor.copy(f"COPY places_closure ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def change_days(now: world.World) -> list[date]:
    """Return the days on which the units changed, the first day known among them."""
    days = {
        day
        for unit, versions in now.versions.items()
        if now.levels[unit] != Level.VILLAGE
        for version in versions
        for day in (version.valid_from, version.valid_to)
        if day is not None
    }
    days |= {
        edge.valid_from for unit, edges in now.edges.items() if now.levels[unit] != Level.VILLAGE for edge in edges
    }
    return sorted(days)


@transaction.atomic
def build_official_sets(*, now: datetime) -> list[int]:
    """Build the official set of every day on which units changed; sets of days that are none any more go."""
    ledger.lock()
    units = world.load()
    days = change_days(units)
    BoundarySet.objects.filter(kind=SetKind.OFFICIAL).exclude(as_of__in=days).delete()
    built = [_build(units, key=f"official:{day}", kind=SetKind.OFFICIAL, on=day, now=now) for day in days]
    ledger.touch()
    return built


@transaction.atomic
def build_boundary_set(on: date, *, now: datetime) -> int:
    """Build (again) the official set in force on a day; returns its id."""
    ledger.lock()
    units = world.load()
    past = [day for day in change_days(units) if day <= on]
    day = past[-1] if past else on
    built = _build(units, key=f"official:{day}", kind=SetKind.OFFICIAL, on=day, now=now)
    ledger.touch()
    return built


def _build(units: world.World, *, key: str, kind: SetKind, on: date, now: datetime, frame: Frame | None = None) -> int:
    standing = units.standing_on(on)
    grounds = Boundary.objects.filter(ledger.in_force(on), unit__in=standing)
    approximate = grounds.filter(approximate=True).exists() or not grounds.exists()
    row, _ = BoundarySet.objects.update_or_create(
        key=key, defaults={"kind": kind, "as_of": on, "approximate": approximate, "built_at": now}
    )
    Closure.objects.filter(boundary_set=row).delete()
    _copy(rows_of(units, row.pk, frame or frame_of(units, on), atoms_of(units)))
    events.announce(BoundarySetBuilt(boundary_set_id=row.pk, key=key, as_of=on, at=now))
    return row.pk


@transaction.atomic
def build_what_if(key: str, on: date, drafts: Sequence[UUID], *, now: datetime) -> int:
    """Build a set of a plan: the units of a day as if these drafts had been applied on it; returns its id."""
    ledger.lock()
    units = world.load()
    drafted = [(event.kind, event.pk, plan_of(event)) for event in Event.objects.filter(uid__in=drafts)]
    state = rules.carry_out_day(ledger.state_on(on), rules.in_order(drafted))
    units.passages += world.passages(rules.EventStatus.DRAFT, events=drafts)
    parents = {unit: standing.parent for unit, standing in state.items() if standing.parent is not None}
    built = _build(units, key=key, kind=SetKind.WHAT_IF, on=on, now=now, frame=Frame(on, state, parents))
    ledger.touch()
    return built


def plan_of(event: Event) -> rules.Plan:
    """Return what an event does, with the shares of its lineage."""
    shares = event.lineage.values_list("from_unit_id", "to_unit_id", "basis", "share")
    return plans.from_json(event.plan, tuple(shares))


def add_atoms(atoms: Iterable[int]) -> None:
    """Add new atoms to every official set without building the rest anew."""
    fresh = list(atoms)
    units = world.load()
    for set_id, day in BoundarySet.objects.filter(kind=SetKind.OFFICIAL).values_list("id", "as_of"):
        Closure.objects.filter(boundary_set_id=set_id, atom_id__in=fresh).delete()
        _copy(rows_of(units, set_id, frame_of(units, day), fresh))
