"""What was read becomes a version that waits: every line told apart, the difference to what is public kept, nothing public yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from smarthd.connectors.errors import VersionOutdated
from smarthd.connectors.models import Change, ManifestPart, Run, Source, Version
from smarthd.connectors.ports import Lines, Table
from smarthd.connectors.rules import checking, increments, mapping, states
from smarthd.connectors.rules.checking import Limits
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import publication_of
from smarthd.connectors.services import around, lines, listed, manifests, partitions, units
from smarthd.connectors.services.staging import Stage, WholeNeeded
from smarthd.connectors.services.understanding import Reader, Told
from smarthd.kernel import clock


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reading came to: lines that hold anything, faulty ones among them, the version that waits; none where nothing changes."""

    total: int
    faulty: int
    version: Version | None


@transaction.atomic
def understand(
    source: Source, run: Run, table: Table, *, now: datetime, gone: Collection[str] | None = None
) -> Outcome:
    """Read a table by the source's mapping and write a waiting version with what it would change; none where nothing would change and
    nothing is wrong. Memory does not grow with the table.

    Versions that waited before are dropped: the newest reading is the one to judge. ``gone`` None: what was read is the whole;
    otherwise it is a part, and these keys alone go.
    """
    told = listed.lines_of(table)
    by_lines = manifests.fingerprint(source, table, told.way, clock.day_of(now))
    manifest = manifests.load(source, by_lines) if gone is None else None
    number = next_number(source)
    if manifest is not None:
        try:
            with transaction.atomic(), Stage(source, number=number, whole=False) as stage:
                reader = _reader(source, table, stage, now)
                found = lines.read_again(told, reader, stage, manifest)
                return _record(source, run, table, found, stage, by_lines=by_lines, now=now, gone=None)
        except WholeNeeded:
            manifest = None
    with Stage(source, number=number, whole=gone is None) as stage:
        found = _read(told, source, table, stage, now)
        return _record(source, run, table, found, stage, by_lines=by_lines, now=now, gone=gone)


def _read(told: Lines, source: Source, table: Table, stage: Stage, now: datetime) -> Told:
    return lines.read_whole(told, _reader(source, table, stage, now), stage)


def _reader(source: Source, table: Table, stage: Stage, now: datetime) -> Reader:
    mapped = mapping.mapping_of(source.mapping)
    return Reader(
        mapped,
        table.columns,
        units.resolver(clock.day_of(now), before=stage.pause),
        decimal=table.decimal,
        title=publication_of(source.publication).title or mapped.title.key,
        seed=manifests.seed_of(source),
        around=around.of(source, mapped, clock.day_of(now)),
        tell=stage.noticed,
    )


def _record(
    read: Source,
    run: Run,
    table: Table,
    told: Told,
    stage: Stage,
    *,
    by_lines: str,
    now: datetime,
    gone: Collection[str] | None,
) -> Outcome:
    source = Source.objects.select_for_update().get(pk=read.pk)
    if source.version != read.version or source.mapping != read.mapping:
        raise VersionOutdated(number=source.version)
    drop_waiting(source, but_table=stage.owns_table)
    before = source.row_count if gone is None else 0
    version = _version(source, run, table, made_at=now)
    if stage.owns_table:
        version.staged, version.added = True, stage.sound_count
    else:
        met = told.gone if gone is None else [checking.mark_of(key) for key in gone]
        version.added, version.changed, version.removed = stage.write_changes(version.pk, gone=met)
    if source.version and not stage.faulty_count and not (version.added or version.changed or version.removed):
        version.delete()
        return Outcome(told.total, 0, None)
    version.rows = told.sound if gone is None else source.row_count + version.added - version.removed
    version.held_for = checking.hold_reasons(
        total=told.total
        if gone is None
        else increments.weighed(told.total, faulty=stage.faulty_count, public=source.row_count),
        faulty=stage.faulty_count,
        before=before,
        removed=version.removed,
        limits=Limits(**source.limits),
        rows=version.rows,
    )
    version.state = states.VersionState.HELD if version.held_for else states.VersionState.CHECKED
    version.faulty, version.noticed = stage.faulty_count, stage.noticed_count
    version.save()
    stage.write_faulty(version.pk, before=manifests.public_version(source))
    if gone is None:
        manifests.keep(version, told, by_lines)
    return Outcome(told.total, stage.faulty_count, version)


def _version(source: Source, run: Run, table: Table, *, made_at: datetime) -> Version:
    return Version.objects.create(
        source=source,
        number=next_number(source),
        base=source.version,
        run=run,
        state=states.VersionState.CHECKED,
        mapping=source.mapping,
        columns=list(table.columns),
        rows=0,
        added=0,
        changed=0,
        removed=0,
        notes=[*table.notes, *_news(mapping.mapping_of(source.mapping), table)],
        made_at=made_at,
    )


def _news(mapped: Mapping, table: Table) -> list[str]:
    new = mapping.drift(mapped, table.columns).new
    told = [f"Có cột mới chưa khai, nên chưa dùng: {', '.join(new)[:300]}."] if new else []
    return told + around.resting(mapped)


def next_number(source: Source) -> int:
    """Return the number after the last version of a source, whatever became of that."""
    last = Version.objects.filter(source=source).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def drop_waiting(source: Source, *, but_table: bool = False) -> None:
    """Drop the versions that wait. ``but_table``: the table of its own already holds the lines of a newer reading."""
    waiting = Version.objects.filter(source=source, state__in=[str(one) for one in states.WITHDRAW.sources])
    forget(waiting)
    if not but_table and waiting.filter(staged=True).exists():
        partitions.drop_own_table(source.pk)
    waiting.update(state=states.WITHDRAW.target, staged=False)


def forget(waiting: QuerySet[Version]) -> None:
    """Forget what versions would have changed, and their lines."""
    Change.objects.filter(version__in=waiting).delete()
    ManifestPart.objects.filter(version__in=waiting).delete()
