"""The shortest way from rows to a public dataset, for whoever plants or imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from smarthd.connectors.adapters import calendars, documents
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import publishing, reading, sources
from smarthd.kernel.actor import Actor


def publish_rows(new: sources.NewSource, rows: Iterable[tuple[str, ...]], *, actor: Actor, now: datetime) -> int:
    """Make a source of a template and publish rows in the order of its fields. Return how many are public.

    A row that cannot be understood is a mistake of the caller: ValueError says which and why.
    """
    source = sources.make_source(new, actor=actor, now=now)
    columns = tuple(one.header for one in mapping_of(source.mapping).fields)
    table = Table(columns, [Line(number, row) for number, row in enumerate(rows, start=1)], decimal=".")
    run, version = reading.take_lines(source, table, actor=actor, now=now)
    return _published(source, run, version, actor=actor, now=now)


_TABLES: dict[SourceKind, Callable[[bytes], Table]] = {
    SourceKind.GTFS: documents.gtfs_table,
    SourceKind.CALENDAR: calendars.ics_table,
    SourceKind.GEOJSON: documents.geojson_table,
    SourceKind.API: lambda raw: documents.json_table(documents.records(documents.parsed_json(raw), "")),
}


def publish_file(new: sources.NewSource, raw: bytes, *, file_name: str, actor: Actor, now: datetime) -> int:
    """Make a source of a template and publish a file of its kind, read as one that is handed in or fetched. Return how many are public.

    Raises ValueError as ``publish_rows`` does, and what reading the file raises.
    """
    source = sources.make_source(new, actor=actor, now=now)
    if new.kind is SourceKind.UPLOAD:
        run = reading.hand_in(uid=source.uid, raw=raw, file_name=file_name, encoding="", actor=actor, now=now)
        version = Version.objects.filter(run=run).first()
    else:
        run, version = reading.take_lines(source, _TABLES[new.kind](raw), actor=actor, now=now)
    return _published(source, run, version, actor=actor, now=now)


def _published(source: Source, run: Run, version: Version | None, *, actor: Actor, now: datetime) -> int:
    if version is None or version.faulty:
        msg = f"{source.title}: {run.words or run.counts}"
        raise ValueError(msg)
    publishing.publish(uid=source.uid, number=version.number, actor=actor, now=now)
    return version.rows
