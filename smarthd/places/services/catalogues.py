"""Importing catalogues and lineage: what the official lists of a day say becomes dated rows and applied events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from smarthd.kernel import audit, lineage
from smarthd.kernel.actor import Actor
from smarthd.places import rules
from smarthd.places.errors import BadCatalogueFile, NoBoundariesThen
from smarthd.places.models import Boundary, BoundarySet, Catalogue, Event, Lineage, Size, Unit, UnitCode
from smarthd.places.services import boundaries, closure, files, ledger, plans, villages

SHIPPED = (date(2024, 4, 20), date(2024, 12, 1), date(2025, 7, 1))
_NAMESPACE = uuid5(NAMESPACE_URL, "https://smart-haiduong/places")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: rows read, units that are new, that changed, and centres mended."""

    rows: int
    new: int
    changed: int
    mended: int = 0


@transaction.atomic
def import_units(
    path: Path, *, as_of: date, actor: Actor, now: datetime, catalogue: str = "", source: str = ""
) -> Imported:
    """Make the units of a day what an official list says; a unit absent from it ends on that day. Idempotent.

    ``catalogue`` is the list's key, the day in ISO form unless given. Faulty rows refuse the file (BadCatalogueFile); a list that
    contradicts a later one already imported is refused too (LaterEventStands).
    """
    rows = files.read_units(path)
    ledger.lock()
    listed, _ = Catalogue.objects.update_or_create(
        key=catalogue or as_of.isoformat(), defaults={"as_of": as_of, "source": source, "imported_at": now}
    )
    ids, new = _identities(rows)
    before = ledger.state_on(as_of)
    after = _state_of(rows, ids) | _villages_kept(before, set(ids.values()))
    rules.check_superiors(after)
    changed = ledger.write(as_of, before, after)
    mended = ledger.mend_centres(as_of, before, after)
    ledger.backdate({ids[row.key]: row.since for row in rows if row.since is not None and ids[row.key] in changed})
    UnitCode.objects.filter(catalogue=listed).exclude(unit__in=ids.values()).delete()
    UnitCode.objects.bulk_create(
        [UnitCode(catalogue=listed, code=row.code, unit_id=ids[row.key]) for row in rows],
        update_conflicts=True,
        unique_fields=["catalogue", "unit"],
        update_fields=["code"],
    )
    audit.record(actor, "places.units_imported", listed, at=now, rows=len(rows), changed=len(changed))
    ledger.touch()
    return Imported(rows=len(rows), new=new, changed=len(changed), mended=mended)


def _identities(rows: Sequence[files.UnitRow]) -> tuple[dict[str, int], int]:
    """Return the identity of each key, making those not yet known; their uids are the same in every installation."""
    known = dict(Unit.objects.filter(key__in=[row.key for row in rows]).values_list("key", "id"))
    fresh = [Unit(key=row.key, level=row.level, uid=uuid5(_NAMESPACE, row.key)) for row in rows if row.key not in known]
    for unit in Unit.objects.bulk_create(fresh):
        known[str(unit.key)] = unit.pk
    return {str(key): pk for key, pk in known.items()}, len(fresh)


def _state_of(rows: Iterable[files.UnitRow], ids: Mapping[str, int]) -> dict[int, rules.Standing]:
    return {
        ids[row.key]: rules.Standing(
            level=row.level,
            name=row.name,
            kind=row.kind,
            parent=ids[row.parent] if row.parent else None,
            lat=row.lat,
            lon=row.lon,
            centre_source=row.centre_source,
            centre_confidence=row.centre,
            document=row.document,
        )
        for row in rows
    }


def _villages_kept(before: Mapping[int, rules.Standing], listed: set[int]) -> dict[int, rules.Standing]:
    """Villages stand in no official list: they stay, under their commune while it stands."""
    return {
        unit: standing if standing.parent in listed else replace(standing, parent=None)
        for unit, standing in before.items()
        if standing.level == rules.Level.VILLAGE
    }


@dataclass(frozen=True, slots=True)
class _Day:
    """The units before and after a day of change, and what stands over all its events."""

    on: date
    before: Mapping[int, rules.Standing]
    after: Mapping[int, rules.Standing]
    ids: Mapping[str, int]
    document: str
    now: datetime

    def pair(self, row: files.LineageRow) -> tuple[int, int]:
        """Return the units of a lineage row."""
        return self.ids[row.source_key], self.ids[row.target_key]

    def apply(self, kind: str, title: str, plan: rules.Plan, document: str = "") -> Event:
        """Write an event that the official list has already carried out."""
        return Event.objects.create(
            kind=kind,
            status=rules.EventStatus.APPLIED,
            effective_on=self.on,
            title=title[:300],
            document=self.document or document,
            plan=plans.to_json(plan),
            drafted_at=self.now,
            applied_at=self.now,
        )


@transaction.atomic
def import_lineage(path: Path, *, effective_on: date, actor: Actor, now: datetime, document: str = "") -> int:
    """Record how the units that ended on a day became those that began on it, as applied events; returns how many rows.

    The units must have been imported. Imported again, shares, sources and confidence are corrected in place.
    """
    rows = files.read_lineage(path)
    ledger.lock()
    day = _Day(
        on=effective_on,
        before=ledger.state_on(effective_on - timedelta(days=1)),
        after=ledger.state_on(effective_on),
        ids={str(key): pk for key, pk in Unit.objects.exclude(key=None).values_list("key", "id")},
        document=document,
        now=now,
    )
    _refuse_strangers(rows, day)
    groups = lineage.groups(day.pair(row) for row in rows)
    owner = {unit: number for number, group in enumerate(groups) for unit in group}
    by_group: dict[int, list[files.LineageRow]] = {}
    for row in rows:
        by_group.setdefault(owner[day.pair(row)[0]], []).append(row)
    recorded = _recorded(rows, day)
    for _, group in sorted(by_group.items()):
        event = recorded.get(day.pair(group[0])[0]) or _event_of(group, day)
        _record(event, group, day)
    _record_the_rest({unit for row in rows for unit in day.pair(row)}, day)
    villages.follow(effective_on)
    audit.record(actor, "places.lineage_imported", require_catalogue(effective_on), at=now, rows=len(rows))
    ledger.touch()
    return len(rows)


def _refuse_strangers(rows: Iterable[files.LineageRow], day: _Day) -> None:
    """Refuse rows whose units are unknown, did not end on the day, or did not begin on it."""
    problems = []
    for row in rows:
        source, target = day.ids.get(row.source_key), day.ids.get(row.target_key)
        if source is None or target is None:
            problems.append((row.line, "unknown_unit", row.target_key if source else row.source_key))
        elif source not in day.before or source in day.after:
            problems.append((row.line, "does_not_end", row.source_key))
        elif target in day.before or target not in day.after:
            problems.append((row.line, "does_not_begin", row.target_key))
    if problems:
        raise BadCatalogueFile(problems=problems)


def _recorded(rows: Iterable[files.LineageRow], day: _Day) -> dict[int, Event]:
    """Return the applied events by the units they ended, where this lineage was imported before."""
    found = Lineage.objects.filter(
        from_unit__in={day.pair(row)[0] for row in rows}, event__status=rules.EventStatus.APPLIED
    ).select_related("event")
    return {row.from_unit_id: row.event for row in found}


def _event_of(group: Sequence[files.LineageRow], day: _Day) -> Event:
    sources = sorted({day.pair(row)[0] for row in group})
    targets = sorted({day.pair(row)[1] for row in group})
    kind = rules.kind_of_change(sources, targets, [max(row.share, row.area_share) for row in group])
    words = ", ".join(f"{day.after[unit].kind} {day.after[unit].name}" for unit in targets)
    plan = rules.Plan(ends=tuple(sources), begins=tuple(rules.Beginning(unit, day.after[unit]) for unit in targets))
    return day.apply(kind, words, plan, document=day.after[targets[0]].document)


def _record(event: Event, group: Iterable[files.LineageRow], day: _Day) -> None:
    rows, sizes = [], []
    for row in group:
        source, target = day.pair(row)
        for basis in rules.Basis:
            share = row.area_share if basis == rules.Basis.AREA else row.share
            rows.append(
                Lineage(
                    event=event,
                    from_unit_id=source,
                    to_unit_id=target,
                    basis=basis,
                    share=share,
                    source=row.source[:300],
                    confidence=row.confidence,
                    note=row.note[:300],
                )
            )
        for basis, value in ((rules.Basis.POPULATION, row.population), (rules.Basis.AREA, row.area_km2)):
            if value is not None:
                sizes.append(Size(unit_id=source, basis=basis, value=value, source=row.source[:300]))
    Lineage.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["event", "from_unit", "to_unit", "basis"],
        update_fields=["share", "source", "confidence", "note"],
    )
    Size.objects.bulk_create(
        sizes, update_conflicts=True, unique_fields=["unit", "basis"], update_fields=["value", "source"]
    )


def _record_the_rest(named: set[int], day: _Day) -> None:
    """Give the changes of the day that no lineage row explains their events: founded, abolished, renamed, transferred."""
    applied = Event.objects.filter(effective_on=day.on, status=rules.EventStatus.APPLIED)
    if applied.filter(lineage=None).exists():
        return
    before, after = day.before, day.after
    official = {unit for unit, standing in {**before, **after}.items() if standing.level != rules.Level.VILLAGE}
    begun = sorted(official - set(before) - named)
    if begun:
        plan = rules.Plan(begins=tuple(rules.Beginning(unit, after[unit]) for unit in begun))
        day.apply(rules.EventKind.CREATE, f"{len(begun)} đơn vị ngoài danh mục cũ", plan, after[begun[0]].document)
    for level in rules.Level:
        ending = tuple(sorted(unit for unit in official - set(after) - named if before[unit].level == level))
        if ending:
            gone = not any(standing.level == level for standing in after.values())
            kind = rules.EventKind.LEVEL_ABOLISHED if gone else rules.EventKind.ABOLISH
            day.apply(kind, f"{len(ending)} đơn vị kết thúc", rules.Plan(ends=ending, upward=gone))
    for unit in sorted(official & set(before) & set(after)):
        _record_alteration(unit, day)


def _record_alteration(unit: int, day: _Day) -> None:
    old, new = day.before[unit], day.after[unit]
    if (old.name, old.kind) != (new.name, new.kind):
        change = rules.Alteration(unit, name=new.name, kind=new.kind)
        title = f"{old.kind} {old.name} → {new.kind} {new.name}"
        day.apply(rules.EventKind.RENAME, title, rules.Plan(alters=(change,)), new.document)
    if old.parent != new.parent:
        change = rules.Alteration(unit, parent=new.parent)
        day.apply(rules.EventKind.TRANSFER, f"{new.kind} {new.name}", rules.Plan(alters=(change,)), new.document)


def import_all(*, actor: Actor, now: datetime) -> bool:
    """Import the catalogues the product brings, draw approximate boundaries, build the sets; False when all stood already."""
    marks = {day: files.fingerprint(_shipped("units", day), _shipped("lineage", day)) for day in SHIPPED}
    stored = dict(Catalogue.objects.values_list("as_of", "fingerprint"))
    whole = Boundary.objects.exists() and BoundarySet.objects.exists()
    if whole and all(stored.get(day) == mark for day, mark in marks.items()):
        return False
    with transaction.atomic():
        for day in SHIPPED:
            import_units(_shipped("units", day), as_of=day, actor=actor, now=now)
            if _shipped("lineage", day).exists():
                import_lineage(_shipped("lineage", day), effective_on=day, actor=actor, now=now)
            Catalogue.objects.filter(as_of=day).update(fingerprint=marks[day])
        boundaries.draw_approximate(now=now)
        closure.build_official_sets(now=now)
    return True


def _shipped(what: str, day: date) -> Path:
    return files.CATALOGUES / f"{what}-{day}.csv"


def require_catalogue(day: date) -> Catalogue:
    """Return the catalogue of a day, or refuse."""
    found = Catalogue.objects.filter(as_of__lte=day).order_by("-as_of").first()
    if found is None:
        raise NoBoundariesThen(on=day)
    return found
