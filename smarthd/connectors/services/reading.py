"""Reading a source: by a file handed in, by its schedule, by what a program sends. One run each, which always ends in a state."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import BinaryIO, cast
from uuid import UUID

from django.db import IntegrityError, transaction

from smarthd.connectors import events, policies
from smarthd.connectors.adapters import delimited, spooled, uploads
from smarthd.connectors.adapters.stopping import Stop, Stopped
from smarthd.connectors.errors import DataSourceUnknown, FileCleared, NothingRead, SourceBusy
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import mapping, sound, states
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.sources import Publication, Shape, publication_of
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import around, checking, kept, lanes, sources, watching
from smarthd.kernel import audit, clock, files
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid
from smarthd.kernel.events import announce
from smarthd.kernel.policies import require

LEASE = timedelta(minutes=10)
"""How long a run may say that it is running; after that it was lost with its process, and the sweep ends it."""
LINES = "lines"
"""The encoding of a run whose lines are kept, not a file."""
AT_ONCE = 4 << 20
"""Bytes of a file up to which it is checked while its clerk waits."""
OURS = "lỗi ở phía chúng tôi; đã ghi lại cho người vận hành"
SPOOLED = "spooled"
"""The encoding of a run whose lines are kept as they lay on disk."""


def hand_in(*, uid: UUID, raw: bytes | BinaryIO, file_name: str, encoding: str, actor: Actor, now: datetime) -> Run:
    """Take a clerk's file in and check it; with columns not yet named it waits for that. Raises what reading the file raises.

    A file that cannot be read at all leaves nothing behind.
    """
    source = _to_feed(uid, actor)
    stream = io.BytesIO(raw) if isinstance(raw, bytes) else raw
    with kept.keeping(stream) as keeping:
        table, read_as = uploads.read_stream(stream, file_name=file_name, encoding=encoding)
        sha256 = table.digest or delimited.survey(stream).sha256
        run = begin(source, actor=actor, now=now, file_name=file_name[:200], encoding=read_as, sha256=sha256)
        try:
            with transaction.atomic():
                audit.record(actor, "connectors.file_handed_in", source, at=now, sha256=sha256)
                _judge(source, run, table, now=now)
                run.kept_sha256 = keeping()
                run.save(update_fields=["kept_sha256"])
        except (Invalid, OSError):  # a line in the midst of a streamed file, or no room to keep it
            run.delete()
            raise
    return run


def _judge(source: Source, run: Run, table: Table, *, now: datetime) -> None:
    """End a run by what was read: these very bytes are public, or they are checked."""
    if same_as_public(source, table.digest or run.sha256):
        close(run, RunState.UNCHANGED, now=now)
        Source.objects.filter(pk=source.pk).update(confirmed_at=run.began_at)
    else:
        finish(source, run, table, now=now)


def hand_over(*, uid: UUID, stream: BinaryIO, file_name: str, encoding: str, actor: Actor, now: datetime) -> Run:
    """Take a clerk's file in, and check it at once where that is quick (``hand_in``). A large one is kept, and the worker checks it;
    whoever handed it in may go. What cannot be a table at all is refused at once and leaves nothing behind."""
    if stream.seek(0, io.SEEK_END) <= AT_ONCE:
        return hand_in(uid=uid, raw=stream, file_name=file_name, encoding=encoding, actor=actor, now=now)
    source = _to_feed(uid, actor)
    uploads.require_readable(stream, file_name=file_name, encoding=encoding)
    kept_sha256 = kept.keep_stream(stream)
    told = Run(file_name=file_name[:200], encoding=encoding, kept_sha256=kept_sha256)
    with transaction.atomic():
        run = _put_off(source, told, actor=actor, now=now)
        audit.record(actor, "connectors.file_handed_in", source, at=now)
    return run


def _put_off(source: Source, told: Run, *, actor: Actor, now: datetime) -> Run:
    """Begin a run, with the file another tells of, that the worker checks. Raises SourceBusy."""
    from smarthd.connectors.tasks import check_file  # tasks import this module

    run = _with_file_of(told, source, actor=actor, now=now)
    check_file.configure(lock=f"connectors.{source.uid}", priority=lanes.ASKED).defer(run_id=run.pk)
    return run


@transaction.atomic
def _later(run: Run) -> None:
    """Let the next worker check what this one, told to leave, could not; a run that somebody stopped stays so."""
    from smarthd.connectors.tasks import check_file  # tasks import this module

    if Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(lease_until=clock.now() + LEASE):
        check_file.configure(lock=f"connectors.{run.source.uid}", priority=lanes.ASKED).defer(run_id=run.pk)


def _to_feed(uid: UUID, actor: Actor) -> Source:
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    require(policies.can_feed(actor, source.agency_id))
    return source


def _with_file_of(told: Run, source: Source, *, actor: Actor, now: datetime) -> Run:
    return begin(
        source,
        actor=actor,
        now=now,
        file_name=told.file_name,
        encoding=told.encoding,
        sha256=told.sha256,
        kept_sha256=told.kept_sha256,
    )


def check_kept(run_id: int, *, now: datetime) -> None:
    """Check a large file that was handed in, in the worker; a run that was stopped meanwhile is left alone."""
    run = Run.objects.filter(pk=run_id, state=RunState.RUNNING).select_related("source").first()
    if run is None:
        return
    with watching.followed(run) as stop:
        try:
            table = _opened(run, stop)
            run.sha256 = table.digest or run.sha256
            with lanes.place_to_check(table), transaction.atomic():
                _check_kept(run, table)
        except RunOver:
            return
        except Stopped:
            _later(run)
        except (Invalid, FileCleared) as why:
            _broken(run, uploads.words_of(why))
        except Exception:
            _broken(run, OURS)
            raise


def _opened(run: Run, stop: Stop) -> Table:
    if run.encoding in {LINES, SPOOLED}:
        return table_of(run)
    stream, declared = kept.opened(run.kept_sha256), "" if run.encoding == "xlsx" else run.encoding
    table, run.encoding = uploads.read_stream(stream, file_name=run.file_name, encoding=declared)
    stop.progress = uploads.progress_of(stream)
    return table


def _check_kept(run: Run, table: Table) -> None:
    _judge(run.source, run, table, now=clock.now())
    ends_only_now(run)


def ends_only_now(run: Run) -> None:
    """Count the check among what a run took: it is most of what a large table takes."""
    run.ended_at = clock.now()
    run.save(update_fields=["ended_at"])


def _broken(run: Run, words: str) -> None:
    """End a run whose file could not be read: the file itself is no longer the newest to be mapped."""
    run.kept_sha256 = ""
    with suppress(RunOver):
        close(run, RunState.FAILED, now=clock.now(), words=f"{words[:1].upper()}{words[1:]}.")


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
    if isinstance(table.lines, spooled.Spooled):
        run.sha256, run.encoding = table.digest, SPOOLED
        run.kept_sha256 = kept.keep_stream(cast("BinaryIO", spooled.Kept(table)))
        return table
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
        close(
            run,
            RunState.STOPPED,
            now=now,
            words=drift_words(gone, public=bool(source.version)),
            counts={"gone": [list(one) for one in gone]},
        )
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


def drift_words(gone: tuple[tuple[str, str], ...], *, public: bool) -> str:
    """Say which columns are gone, and what they may be called now."""
    told = [f"“{old}” (có thể nay là “{new}”)" if new else f"“{old}”" for old, new in gone]
    return (
        f"Không còn thấy cột {', '.join(told)}. {'Bản đang công bố giữ nguyên. ' if public else ''}"
        "Xin sửa lại tên cột trong tệp, hoặc khai lại các cột."
    )


class RunOver(Exception):
    """The run was stopped or given up meanwhile: whatever it brings is thrown away, with the transaction it stands in."""


@transaction.atomic
def close(
    run: Run, state: RunState, *, now: datetime, words: str = "", counts: Mapping[str, object] | None = None
) -> None:
    """End a run that still goes on, under its lock. Raises RunOver."""
    if not Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING).exists():
        raise RunOver
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
    if run.encoding == SPOOLED:
        return replace(spooled.opened(kept.opened(run.kept_sha256)), digest=run.sha256)
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
        if not source.version and mapped.of_kind(Kind.LATITUDE) and publication_of(source.publication) == Publication():
            # what has points is looked for on a map, until somebody says otherwise
            source.publication = Publication(Shape.MAP).as_json()
        source.save(update_fields=["mapping", "publication"])
        audit.record(actor, "connectors.columns_mapped", source, at=now, fields=len(mapped.fields))
    old = last_file(source)
    path = files.kept_path(old.kept_sha256)
    if path.exists() and path.stat().st_size > AT_ONCE:
        with transaction.atomic():
            return _put_off(source, old, actor=actor, now=now)
    table = table_of(old)
    run = _with_file_of(old, source, actor=actor, now=now)
    finish(source, run, table, now=now)
    return run
