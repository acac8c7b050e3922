"""What was read becomes a version that waits: every line told apart, the difference to what is public kept, nothing public yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from smarthd.connectors.models import Change, DataRow, FaultyLine, Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import checking, mapping, states
from smarthd.connectors.rules.checking import Checked, Diff, Limits, Row
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.rules.sources import publication_of
from smarthd.connectors.services import units
from smarthd.kernel import clock, text

CHANGE_COLUMNS = (
    "version_id",
    "act",
    "number",
    "key",
    "code",
    "digest",
    "sort",
    "search",
    "values",
    "unit_id",
    "lat",
    "lon",
)


def understand(source: Source, table: Table, *, now: datetime) -> Checked:
    """Return every line of a table understood by the source's mapping, or faulty. Reads the source; writes nothing."""
    mapped = mapping.mapping_of(source.mapping)
    return checking.check(
        table.lines, mapped, table.columns, resolve=units.resolver(clock.day_of(now)), decimal=table.decimal
    )


def digest_of(checked: Checked) -> str:
    """Return what tells this content from another: of all rows and all faulty lines."""
    whole = hashlib.sha256()
    for key in sorted(checked.rows):
        whole.update(key.encode() + b"\x00" + checked.rows[key].digest)
    for one in checked.faulty:
        whole.update(json.dumps(one.cells, ensure_ascii=False).encode())
    return whole.hexdigest()


@transaction.atomic
def record_version(
    source_id: int,
    run: Run,
    checked: Checked,
    table: Table,
    *,
    now: datetime,
    gone: Collection[str] | None = None,
) -> Version | None:
    """Write a waiting version with what it would change; None where nothing would change and nothing is wrong.

    Versions that waited before are dropped: the newest reading is the one to judge. ``gone`` None: what was read is the whole;
    otherwise it is a part, and these keys alone go.
    """
    source = Source.objects.select_for_update().get(pk=source_id)
    mapped = mapping.mapping_of(source.mapping)
    before = public_manifest(source)
    found = checking.diff(before, checked)
    if gone is not None:
        found = replace(found, removed=tuple(sorted(set(gone) & before.keys() - checked.rows.keys())))
    if source.version and not checked.faulty and not (found.added or found.changed or found.removed):
        return None
    held = checking.hold_reasons(
        total=checked.total,
        faulty=len(checked.faulty),
        before=len(before) if gone is None else 0,
        removed=len(found.removed),
        limits=Limits(**source.limits),
    )
    drop_waiting(source)
    version = Version.objects.create(
        source=source,
        number=next_number(source),
        base=source.version,
        run=run,
        state=states.VersionState.HELD if held else states.VersionState.CHECKED,
        mapping=source.mapping,
        columns=list(table.columns),
        rows=len(checked.rows) if gone is None else len(before) + len(found.added) - len(found.removed),
        faulty=len(checked.faulty),
        added=len(found.added),
        changed=len(found.changed),
        removed=len(found.removed),
        held_for=held,
        notes=[*table.notes, *_news(mapped, table)],
        made_at=now,
    )
    title = publication_of(source.publication).title or mapped.title.key
    _copy(_changes(version.pk, found, checked, mapped, title))
    FaultyLine.objects.bulk_create(
        (
            FaultyLine(
                version=version, number=one.number, cells=list(one.cells), problems=[p.as_json() for p in one.problems]
            )
            for one in checked.faulty
        ),
        batch_size=2_000,
    )
    return version


def _news(mapped: Mapping, table: Table) -> list[str]:
    new = mapping.drift(mapped, table.columns).new
    return [f"Có cột mới chưa khai, nên chưa dùng: {', '.join(new)[:300]}."] if new else []


def next_number(source: Source) -> int:
    """Return the number after the last version of a source, whatever became of that."""
    last = Version.objects.filter(source=source).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def drop_waiting(source: Source) -> None:
    """Drop the versions that wait."""
    waiting = Version.objects.filter(source=source, state__in=[str(one) for one in states.WITHDRAW.sources])
    Change.objects.filter(version__in=waiting).delete()
    waiting.update(state=states.WITHDRAW.target)


def public_manifest(source: Source) -> dict[str, bytes]:
    """Return key → digest of every public row."""
    rows = DataRow.objects.filter(source=source, until=None).values_list("key", "digest")
    return {key: bytes(digest) for key, digest in rows.iterator(chunk_size=20_000)}


def _changes(
    version_id: int, found: Diff, checked: Checked, mapped: Mapping, title: str
) -> Iterator[tuple[object, ...]]:
    for act, keys in (("a", found.added), ("c", found.changed)):
        for key in keys:
            yield _change(version_id, act, checked.rows[key], mapped, title)
    for key in found.removed:
        yield (version_id, "r", 0, key, checking.code_of(key), b"", "", "", "{}", None, None, None)


def _change(version_id: int, act: str, row: Row, mapped: Mapping, title: str) -> tuple[object, ...]:
    sort = text.fold(str(row.values.get(title) or ""))[:80]
    search = checking.search_text(row.values, mapped)
    code = checking.code_of(row.key)
    return (
        version_id,
        act,
        row.number,
        row.key,
        code,
        row.digest,
        sort,
        search,
        row.written,
        row.unit_id,
        row.lat,
        row.lon,
    )


def _copy(rows: Iterable[tuple[object, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in CHANGE_COLUMNS)
    with connection.cursor() as cursor, cursor.copy(f"COPY connectors_change ({columns}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)
