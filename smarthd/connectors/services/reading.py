"""Reading a source: by a file handed in, by its schedule, by what a program sends. One run each, which always ends in a state."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.connectors import events, policies
from smarthd.connectors.adapters import delimited, uploads
from smarthd.connectors.errors import DataSourceUnknown, NothingRead, SourceBusy
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import mapping, sound, states
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import around, checking, kept, sources
from smarthd.kernel import audit
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid
from smarthd.kernel.events import announce
from smarthd.kernel.policies import require

LEASE = timedelta(minutes=10)
"""How long a run may say that it is running; after that it was lost with its process, and the sweep ends it."""
LINES = "lines"
"""The encoding of a run whose lines are kept, not a file."""


def hand_in(*, uid: UUID, raw: bytes | BinaryIO, file_name: str, encoding: str, actor: Actor, now: datetime) -> Run:
    """Take a clerk's file in and check it; with columns not yet named it waits for that. Raises what reading the file raises.

    A file that cannot be read at all leaves nothing behind.
    """
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    require(policies.can_feed(actor, source.agency_id))
    stream = io.BytesIO(raw) if isinstance(raw, bytes) else raw
    table, read_as = uploads.read_stream(stream, file_name=file_name, encoding=encoding)
    sha256 = table.digest or delimited.survey(stream).sha256
    run = begin(source, actor=actor, now=now, file_name=file_name[:200], encoding=read_as)
    run.sha256, run.kept_sha256 = sha256, kept.keep_stream(stream)
    audit.record(actor, "connectors.file_handed_in", source, at=now, sha256=sha256)
    if same_as_public(source, sha256):
        close(run, RunState.UNCHANGED, now=now)
        Source.objects.filter(pk=source.pk).update(confirmed_at=run.began_at)
        return run
    try:
        finish(source, run, table, now=now)
    except Invalid:  # a line in the midst of a streamed file
        run.delete()
        raise
    return run


def take_lines(
    source: Source,
    table: Table,
    *,
    actor: Actor,
    now: datetime,
    lease_until: datetime | None = None,
    gone_keys: Collection[str] | None = None,
) -> tuple[Run, Version | None]:
    """Take in lines that come without a file, keep them, and check them. Raises SourceBusy."""
    run = begin(source, actor=actor, now=now, lease_until=lease_until)
    table = keep_table(run, table)
    return run, finish(source, run, table, now=now, gone_keys=gone_keys)


def keep_table(run: Run, table: Table) -> Table:
    """Keep what was read, to be mapped anew: the file itself where it is read line by line, else its lines. Return the table to go on with."""
    if isinstance(table.lines, delimited.Delimited):
        run.sha256, run.encoding, run.file_name = table.digest, "utf-8", "du-lieu.csv"
        run.kept_sha256 = kept.keep_stream(table.lines.stream)
        return table
    table = replace(table, lines=list(table.lines))
    run.sha256, run.encoding = table.digest, LINES
    _, run.kept_sha256 = kept.keep(as_bytes(table))
    return table


def as_bytes(table: Table) -> bytes:
    """Return a table as it is kept, to be mapped anew (``table_of``)."""
    lines = [[line.number, list(line.cells)] for line in table.lines]
    told = {"columns": list(table.columns), "decimal": table.decimal, "lines": lines}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def begin(source: Source, *, actor: Actor, now: datetime, lease_until: datetime | None = None, **told: str) -> Run:
    """Open the one run a source may have at a time. Raises SourceBusy."""
    try:
        with transaction.atomic():
            return Run.objects.create(
                source=source,
                account_id=actor.account_id,
                state=RunState.RUNNING,
                began_at=now,
                lease_until=lease_until or now + LEASE,
                **told,
            )
    except IntegrityError:
        raise SourceBusy(key=source.key) from None


def finish(
    source: Source, run: Run, table: Table, *, now: datetime, gone_keys: Collection[str] | None = None
) -> Version | None:
    """Check what was read and end the run: waiting for its columns, stopped by their change, unchanged, checked or held.

    ``gone_keys`` None: the table is the whole; otherwise it is a part, and these keys alone go.
    """
    if not source.mapping.get("fields"):
        close(run, RunState.UNMAPPED, now=now, words="Chưa khai các cột.")
        return None
    gone = mapping.drift(mapping.mapping_of(source.mapping), table.columns).gone
    if gone:
        close(run, RunState.STOPPED, now=now, words=drift_words(gone), counts={"gone": [list(one) for one in gone]})
        hold(source, run.words, now=now)
        return None
    found = checking.understand(source, run, table, now=now, gone=gone_keys)
    version, counts = (
        found.version,
        {"lines": found.total, "faulty": found.faulty, **({} if gone_keys is None else {"part": True})},
    )
    if version is None:
        close(run, RunState.UNCHANGED, now=now, counts=counts)
        Source.objects.filter(pk=source.pk).update(confirmed_at=table.moved_at or run.began_at)
        return None
    state = RunState.HELD if version.state == states.VersionState.HELD else RunState.CHECKED
    close(run, state, now=now, counts=counts | {"version": version.number}, words=" ".join(version.held_for))
    if state is RunState.HELD:
        hold(source, run.words, now=now)
    return version


def same_as_public(source: Source, digest: str) -> bool:
    """Say whether these very bytes, mapped in this very way, are what is public: then nothing need be checked."""
    if not digest or not source.version:
        return False
    public = Version.objects.filter(source=source, number=source.version).select_related("run").first()
    return (
        public is not None
        and public.restores is None
        and public.mapping == source.mapping
        and public.run is not None
        and public.run.sha256 == digest
    )


def drift_words(gone: tuple[tuple[str, str], ...]) -> str:
    """Say which columns are gone, and what they may be called now."""
    told = [f"“{old}” (có thể nay là “{new}”)" if new else f"“{old}”" for old, new in gone]
    return (
        f"Không còn thấy cột {', '.join(told)}. Bản đang công bố giữ nguyên. "
        "Xin sửa lại tên cột trong tệp, hoặc khai lại các cột."
    )


def close(
    run: Run, state: RunState, *, now: datetime, words: str = "", counts: Mapping[str, object] | None = None
) -> None:
    """End a run."""
    run.state, run.ended_at, run.words, run.lease_until = state, now, words, None
    run.counts = dict(counts or {})
    run.save()


def hold(source: Source, words: str, *, now: datetime) -> None:
    """Tell the owner that something waits for them."""
    announce(
        events.DatasetHeld(
            source_uid=source.uid,
            key=source.key,
            agency_id=source.agency_id,
            title=source.title,
            words=words,
            at=now,
        )
    )


def last_file(source: Source) -> Run:
    """Return the newest run whose file is kept, or raise NothingRead."""
    run = Run.objects.filter(source=source).exclude(kept_sha256="").order_by("-id").first()
    if run is None:
        raise NothingRead(key=source.key)
    return run


def table_of(run: Run) -> Table:
    """Return the table of a kept file again. Raises FileCleared."""
    if run.encoding == LINES:
        return replace(lines_of(kept.read(run.kept_sha256)), digest=run.sha256)
    encoding = "" if run.encoding == "xlsx" else run.encoding
    return uploads.read_stream(kept.opened(run.kept_sha256), file_name=run.file_name, encoding=encoding)[0]


def lines_of(raw: bytes) -> Table:
    """Return a table that was kept by ``as_bytes``."""
    told = json.loads(raw)
    lines = [Line(number, cells) for number, cells in told["lines"]]
    return Table(tuple(told["columns"]), lines, decimal=told["decimal"])


def map_columns(*, uid: UUID, mapped: ColumnMapping, actor: Actor, now: datetime) -> Run:
    """Keep a mapping, and check the newest file with it. Raises MappingFaulty, NothingRead."""
    with transaction.atomic():
        source = sources.locked(uid, actor)
        require(policies.can_feed(actor, source.agency_id))
        mapping.require_sound(mapped)
        sound.require_rules(mapped)
        around.require_asked(mapped)
        source.mapping = mapped.as_json()
        source.save(update_fields=["mapping"])
        audit.record(actor, "connectors.columns_mapped", source, at=now, fields=len(mapped.fields))
    old = last_file(source)
    table = table_of(old)
    run = begin(source, actor=actor, now=now, file_name=old.file_name, encoding=old.encoding)
    run.sha256, run.kept_sha256 = old.sha256, old.kept_sha256
    finish(source, run, table, now=now)
    return run
