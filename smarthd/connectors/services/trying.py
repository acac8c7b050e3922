"""Trying a source: can it be reached, what does it hold, what do its first lines look like. Nothing is checked, nothing becomes public."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from smarthd.connectors import policies
from smarthd.connectors.errors import FileCleared, NotPulled, SourceBusy
from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import Connector, Offer, SourceRefused, SourceUnavailable, Table
from smarthd.connectors.rules.sources import PULLED, SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import kept, lanes, pulling, reading, sources, watching
from smarthd.kernel import actor as actors
from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

LINES = 10
LEASE = timedelta(minutes=5)


def ask_to_try(*, uid: UUID, actor: Actor, now: datetime) -> None:
    """Put a trial into the lane. Raises DataSourceUnknown, NotAllowed, NotPulled."""
    with transaction.atomic():
        source = sources.locked(uid, actor)
        require(policies.can_feed(actor, source.agency_id))
        if SourceKind(source.kind) not in PULLED or not source.place:
            raise NotPulled(key=source.key)
        audit.record(actor, "connectors.try_asked", source, at=now)
    _enqueue(uid)


def _enqueue(uid: UUID) -> None:
    from smarthd.connectors.tasks import try_source  # tasks import this module

    try:
        with transaction.atomic():
            told = try_source.configure(
                queue=lanes.lane_of(uid),
                queueing_lock=f"connectors.try.{uid}",
                lock=f"connectors.{uid}",
                priority=lanes.ASKED,
            )
            told.defer(uid=str(uid))
    except AlreadyEnqueued:
        return


def try_out(uid: UUID, *, now: datetime, make: pulling.Make = pulling.connector_of) -> Run | None:
    """Try a source; the run tells what came of it. One that ended meanwhile, or is being read, is left alone."""
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None:
        return None
    pulling.end_lost(now=now)
    try:
        run = reading.begin(source, actor=actors.system("connectors.trial"), now=now, lease_until=now + LEASE)
    except SourceBusy:
        return None
    with watching.followed(run):
        return _tried(source, run, make)


def _tried(source: Source, run: Run, make: pulling.Make) -> Run:
    try:
        connector = make(source)
        lanes.let_go_of_database()
        offers = _offers(connector)
        try:
            sample = connector.sample(LINES)
        except (SourceRefused, SourceUnavailable) as why:
            return _ended(run, RunState.FAILED, words=str(why), counts=_told(offers))
        columns = list(sample.columns)
        sha = kept.keep(reading.as_bytes(sample))[1] if columns else ""
        words = f"nối được, thấy {len(columns)} cột"
        return _ended(run, RunState.TRIED, words=words, counts=_told(offers) | {"columns": columns, "sample": sha})
    except (SourceRefused, SourceUnavailable) as why:
        return _ended(run, RunState.FAILED, words=str(why), counts={})
    except Exception:
        _ended(run, RunState.FAILED, words=pulling.OURS, counts={})
        raise


def _offers(connector: Connector) -> list[Offer]:
    """Return what is on offer; what cannot be listed may still be read."""
    try:
        return connector.offers()
    except SourceRefused:
        return []


def _told(offers: list[Offer]) -> dict[str, object]:
    return {"offers": [[one.key, one.name, one.words] for one in offers[:200]]} if offers else {}


def _ended(run: Run, state: RunState, *, words: str, counts: dict[str, object]) -> Run:
    try:
        reading.close(run, state, now=clock.now(), words=f"Thử kết nối: {words}.", counts=counts)
    except reading.RunOver:
        run.refresh_from_db()
    return run


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial told: the first lines where it could read, and what else could be read there."""

    run: Run
    columns: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    offers: tuple[Offer, ...]


def last_trial(source: Source) -> Trial | None:
    """Return the newest trial where nothing was checked since."""
    run = next(
        (
            one
            for one in Run.objects.filter(source=source).order_by("-id")[:20]
            if one.state not in _NOTHING or _tells(one)
        ),
        None,
    )
    if run is None or not _tells(run):
        return None
    offers = tuple(Offer(*one) for one in run.counts.get("offers", []))
    columns = tuple(run.counts.get("columns", []))
    return Trial(run, columns, _lines(str(run.counts.get("sample", ""))), offers)


_NOTHING = {RunState.FAILED, RunState.UNMAPPED, RunState.CANCELLED, RunState.RUNNING}
"""Ends of a reading that say nothing a trial did not."""


def _tells(run: Run) -> bool:
    return "offers" in run.counts or "sample" in run.counts


def _lines(sha256: str) -> tuple[tuple[str, ...], ...]:
    try:
        table: Table = reading.lines_of(kept.read(sha256))
    except FileCleared:
        return ()
    return tuple(tuple(line.cells) for line in table.lines)
