"""Reading a source by its schedule or because somebody asks: the network outside any transaction, every end a state someone sees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from smarthd.connectors import policies
from smarthd.connectors.adapters import kinds, spooled, uploads
from smarthd.connectors.adapters.stopping import Stopped
from smarthd.connectors.errors import NothingRunning, NotPulled, SourceBusy
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import Connector, Lines, SourceRefused, SourceUnavailable, Table
from smarthd.connectors.rules.schedule import TOLD_AFTER, left_alone_until, next_turn, retry_after
from smarthd.connectors.rules.sources import PULLED, SourceKind
from smarthd.connectors.rules.states import RunState, VersionState
from smarthd.connectors.services import lanes, publishing, reading, resuming, sources, watching
from smarthd.kernel import actor as actors
from smarthd.kernel import audit, clock, jobs
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Invalid
from smarthd.kernel.policies import require

LEASE = watching.LEASE
INTERRUPTED = "Bị ngắt giữa chừng; lần sau đọc lại."
OURS = reading.OURS
Make = Callable[[Source], Connector]


def connector_of(source: Source) -> Connector:
    """Return what reads a source."""
    secret = sources.secret_of(source)
    root = settings.CONNECTOR_DROP_DIR
    return kinds.connector(
        SourceKind(source.kind),
        source.place,
        secret,
        inside=settings.CONNECTOR_INSIDE_HOSTS,
        folder=root / source.key if root else None,
    )


def ask_to_read(*, uid: UUID, actor: Actor, now: datetime) -> None:
    """Put a source into the lane because somebody asks; one that waits there already is not put twice.

    Raises DataSourceUnknown, NotAllowed, NotPulled.
    """
    with transaction.atomic():
        source = sources.locked(uid, actor)
        require(policies.can_feed(actor, source.agency_id))
        if SourceKind(source.kind) not in PULLED:
            raise NotPulled(key=source.key)
        audit.record(actor, "connectors.read_asked", source, at=now)
    enqueue(uid, asked=True)


def enqueue(uid: UUID, *, asked: bool = False) -> bool:
    """Put a source into its lane, before others where somebody waits for it; return whether it was not waiting there already."""
    from smarthd.connectors.tasks import read_source  # tasks import this module

    lock = f"connectors.{uid}"
    lane = lanes.lane_of(uid)
    try:
        with transaction.atomic():
            told = read_source.configure(
                queue=lane, queueing_lock=lock, lock=lock, priority=lanes.ASKED if asked else 0
            )
            told.defer(uid=str(uid))
    except AlreadyEnqueued:
        return False
    return True


def pull(source: Source, *, actor: Actor, now: datetime, make: Make = connector_of) -> Run:
    """Read, check, and publish where the source has been public before and nothing speaks against it."""
    run = reading.begin(source, actor=actor, now=now, lease_until=now + LEASE)
    with watching.followed(run):
        table = _fetched(source, run, make, now=now)
        if table is None:
            return run
        try:
            with lanes.place_to_check(table):
                version = _taken_in(source, run, table, now=now)
                waits = version is not None and version.state == VersionState.CHECKED
                if version is not None and waits and source.version and not source.two_persons:
                    publishing.publish(
                        uid=source.uid, number=version.number, actor=actors.system("connectors"), now=clock.now()
                    )
                    run.refresh_from_db()
        except Stopped:
            interrupted(source, run)
            return run
        except Exception:
            failed(source, run, SourceRefused(OURS))
            raise
        resuming.keep(source, run, table, now=now)
    return run


def _fetched(source: Source, run: Run, make: Make, *, now: datetime) -> Table | None:
    """Return what a source holds, laid down on disk; None where it could not be read, and the run says why.

    No connection to the database is held while another's server is waited for.
    """
    try:
        connector, state = make(source), resuming.state_of(source, now=now)
        lanes.let_go_of_database()
        table = connector.read(state)
        return table if isinstance(table.lines, Lines) else spooled.spooled(table)
    except Stopped:
        interrupted(source, run)
        return None
    except (SourceRefused, SourceUnavailable) as why:
        failed(source, run, why)
        return None
    except Invalid as why:  # a line in the midst of a streamed file
        failed(source, run, SourceRefused(uploads.words_of(why)))
        return None
    except Exception:
        failed(source, run, SourceRefused(OURS))
        raise


def _taken_in(source: Source, run: Run, table: Table, *, now: datetime) -> Version | None:
    """Check what was read and end the run; a run that was stopped or given up meanwhile changes nothing.

    Whoever stops it need not wait for the check: it is asked again at the end, under the run's lock.
    """
    try:
        with transaction.atomic():
            return _checked(source, run, table, now=now)
    except reading.RunOver:
        run.refresh_from_db()
        return None


def _checked(source: Source, run: Run, table: Table, *, now: datetime) -> Version | None:
    if not Run.objects.filter(pk=run.pk, state=RunState.RUNNING).exists():
        raise reading.RunOver
    if _same_as_public(source, table):
        reading.close(run, RunState.UNCHANGED, now=clock.now())
        Source.objects.filter(pk=source.pk).update(failures=0, confirmed_at=table.moved_at or now)
        return None
    if table.whole:
        table = reading.keep_table(run, table)
    else:
        run.sha256, run.encoding = table.digest, reading.LINES
    version = reading.finish(source, run, table, now=clock.now(), gone_keys=None if table.whole else ())
    reading.ends_only_now(run)
    Source.objects.filter(pk=source.pk).update(failures=0)
    return version


def _same_as_public(source: Source, table: Table) -> bool:
    """Say whether these very bytes, mapped in this very way, are what is public: then nothing need be checked."""
    return reading.same_as_public(source, table.digest)


def failed(source: Source, run: Run, why: SourceRefused | SourceUnavailable) -> None:
    """End a run that read nothing; what is public stays. What may pass by itself is tried again soon; the owner is told at the third
    failure in a row."""
    now, words = clock.now(), str(why)
    with transaction.atomic():
        if not Run.objects.select_for_update().filter(pk=run.pk, state=RunState.RUNNING).exists():
            run.refresh_from_db()
            return
        reading.close(run, RunState.FAILED, now=now, words=f"{words[:1].upper()}{words[1:]}.")
        source.failures += 1
        Source.objects.filter(pk=source.pk).update(failures=source.failures)
        if isinstance(why, SourceUnavailable):
            again = now + retry_after(source.failures, asked=why.after)
            Source.objects.filter(pk=source.pk, next_run_at__gt=again).exclude(every_minutes=None).update(
                next_run_at=again
            )
        if source.failures == TOLD_AFTER:
            reading.hold(source, run.words, now=now)


def interrupted(source: Source, run: Run) -> None:
    """End a run that was stopped. One that nobody stopped ended because its process does: the source is due again at once."""
    now = clock.now()
    try:
        with transaction.atomic():
            reading.close(run, RunState.FAILED, now=now, words=INTERRUPTED)
            Source.objects.filter(pk=source.pk).exclude(every_minutes=None).update(next_run_at=now)
    except reading.RunOver:
        run.refresh_from_db()


def cancel(*, uid: UUID, actor: Actor, now: datetime) -> Run:
    """Stop the reading under way: what it still brings is thrown away. Raises NothingRunning."""
    with transaction.atomic():
        source = sources.locked(uid, actor)
        require(policies.can_feed(actor, source.agency_id))
        run = Run.objects.select_for_update().filter(source=source, state=RunState.RUNNING).first()
        if run is None:
            raise NothingRunning(key=source.key)
        reading.close(run, RunState.CANCELLED, now=now, words="Có người bấm dừng. Bản đang công bố giữ nguyên.")
        audit.record(actor, "connectors.read_cancelled", source, at=now)
    return run


@transaction.atomic
def start_due(*, now: datetime) -> None:
    """Put every source whose time has come into its lane; its turn is taken with that or, where the process dies, not at all."""
    for uid in due(now=now):
        enqueue(uid)


def due(*, now: datetime) -> list[UUID]:
    """Take the sources whose time has come, each once, and set when each is due again; lost runs are ended first.

    One whose server is to be left alone at this hour waits for the end of it.
    """
    end_lost(now=now)
    with transaction.atomic():
        found = list(
            Source.objects.select_for_update(skip_locked=True)
            .filter(ended_at=None, paused=False, next_run_at__lte=now)
            .exclude(every_minutes=None)
            .exclude(place={})
            .order_by("next_run_at")[:500]
        )
        quiet = {one.pk: left_alone_until(one.quiet_from, one.quiet_to, now=now) for one in found}
        for source in found:
            source.next_run_at = quiet[source.pk] or next_turn(source.next_run_at, source.every_minutes, now=now)
        Source.objects.bulk_update(found, ["next_run_at"])
    return [source.uid for source in found if quiet[source.pk] is None]


def pull_due(uid: UUID, *, now: datetime) -> None:
    """Read one source whose time has come; one that is being read or ended meanwhile is left alone."""
    source = Source.objects.filter(uid=uid, ended_at=None, paused=False).first()
    if source is None:
        return
    end_lost(now=now)  # a job that a dead worker left may come back before anybody looked for its run
    try:
        pull(source, actor=actors.system("connectors"), now=now)
    except SourceBusy:
        return


def end_lost(*, now: datetime) -> int:
    """End the runs whose worker died: they would stand in the way for ever. Return how many.

    A file handed in is not lost with its worker: while the queue still holds its check, that goes on from the file.
    """
    from smarthd.connectors.tasks import check_file  # tasks import this module

    lost = Run.objects.filter(state=RunState.RUNNING, lease_until__lt=now)
    if lost.exists():
        held = jobs.under_way(check_file.name).values_list("args__run_id", flat=True)
        lost = lost.exclude(pk__in=list(held))
    return lost.update(state=RunState.FAILED, ended_at=now, lease_until=None, words=INTERRUPTED)
