"""The queue as who keeps it running sees it: lanes, what is being done, what failed, what comes by the clock.

A bounded number of statements, each by an index, however many jobs have ended and wait to be forgotten. Arguments of jobs are never
read: they may name a person.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from procrastinate.contrib.django import app

from smarthd.kernel import jobs

EACH_PAGE = 30
MOST_DOING = 200
MOST_COUNTED = 10_000
"""Failed jobs are counted up to here."""
_LANES = """
SELECT queue_name, count(*) FILTER (WHERE due), min(scheduled_at) FILTER (WHERE due), min(id) FILTER (WHERE due AND scheduled_at IS NULL),
  count(*) FILTER (WHERE NOT due)
FROM (SELECT queue_name, scheduled_at, id, COALESCE(scheduled_at <= now(), TRUE) AS due FROM procrastinate_jobs WHERE status = 'todo') j
GROUP BY queue_name
"""
_DEFERRED = "SELECT job_id, min(at) FROM procrastinate_events WHERE job_id = ANY(%s) GROUP BY job_id"
_WORKERS = (
    "SELECT id, last_heartbeat, extract(epoch FROM now() - last_heartbeat) FROM procrastinate_workers ORDER BY id"
)
_DOING = """
SELECT j.id, j.task_name, j.queue_name, j.worker_id, j.attempts,
  (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'started')
FROM procrastinate_jobs j WHERE j.status = 'doing' ORDER BY j.id LIMIT %s
"""
_FAILED = """
SELECT j.id, j.task_name, j.queue_name, j.attempts, f.error, f.place,
  COALESCE((SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id AND e.type = 'failed'), f.at)
FROM procrastinate_jobs j LEFT JOIN kernel_jobfault f ON f.job_id = j.id
WHERE j.status = 'failed' AND {which} ORDER BY j.id DESC LIMIT %s
"""
_HOW_MANY_FAILED = "SELECT count(*) FROM (SELECT FROM procrastinate_jobs WHERE status = 'failed' LIMIT %s) f"
_TURNS = """
SELECT d.task_name, d.periodic_id, d.defer_timestamp, j.status,
  (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)
FROM procrastinate_periodic_defers d LEFT JOIN procrastinate_jobs j ON j.id = d.job_id
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """One queue: how many jobs wait whose time has come, since when the eldest, how many wait for a later time, how many are being done."""

    name: str
    waiting: int = 0
    oldest_at: datetime | None = None
    later: int = 0
    doing: int = 0


@dataclass(frozen=True, slots=True)
class Working:
    """A worker that said it was alive ``silent_s`` seconds ago, and how many jobs it has taken."""

    id: int
    heartbeat_at: datetime
    silent_s: int
    doing: int

    @property
    def silent(self) -> bool:
        """Say whether it has been silent for too long: its jobs go back."""
        return self.silent_s >= jobs.SILENT_S


@dataclass(frozen=True, slots=True)
class Doing:
    """A job a worker has taken, since when; ``stalled``: its worker is gone."""

    id: int
    task: str
    queue: str
    worker_id: int | None
    began_at: datetime | None
    attempts: int
    stalled: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that failed for good: when, begun how often, with what kind of fault, where in our code."""

    id: int
    task: str
    queue: str
    failed_at: datetime | None
    attempts: int
    error: str
    place: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that comes by the clock: its last turn, what became of it (a status, or empty where that is forgotten), its next."""

    task: str
    queue: str
    last_at: datetime | None
    status: str
    ended_at: datetime | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """All of it, as of one moment. ``failed_count`` ends at MOST_COUNTED; ``more_after`` is the id the next page of failed jobs is below."""

    lanes: tuple[Lane, ...]
    workers: tuple[Working, ...]
    doing: tuple[Doing, ...]
    failed: tuple[Failed, ...]
    failed_count: int
    more_after: int | None
    turns: tuple[Turn, ...]

    @property
    def nobody_works(self) -> bool:
        """Say whether no worker is alive: nothing is done, and nothing is given back."""
        return all(one.silent for one in self.workers)


def board(*, now: datetime, failed_before: int | None = None) -> Board:
    """Return how the queue stands. Eight statements."""
    doing = _doing()
    failed = _rows(
        _FAILED.format(which="j.id < %s"), [failed_before if failed_before is not None else (1 << 62), EACH_PAGE + 1]
    )
    [[count]] = _rows(_HOW_MANY_FAILED, [MOST_COUNTED])
    shown = tuple(_failed_of(row) for row in failed[:EACH_PAGE])
    return Board(
        lanes=_lanes(doing),
        workers=_workers(doing),
        doing=doing,
        failed=shown,
        failed_count=int(count),
        more_after=shown[-1].id if len(failed) > EACH_PAGE else None,
        turns=_turns(now),
    )


def alarms() -> tuple[int, bool]:
    """Return how many jobs failed (at most MOST_COUNTED), and whether no worker is alive. One statement."""
    alive = "EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second')"
    [[count, works]] = _rows(f"SELECT ({_HOW_MANY_FAILED}), {alive}", [MOST_COUNTED, jobs.SILENT_S])
    return int(count), not works


def failed_job(number: int) -> Failed:
    """Return one job that failed. Raises JobUnknown."""
    found = _rows(_FAILED.format(which="j.id = %s"), [number, 1]) if number < 1 << 63 else []
    if not found:
        raise jobs.JobUnknown(job=number)
    return _failed_of(found[0])


def _failed_of(row: tuple[Any, ...]) -> Failed:
    pk, task, queue, attempts, error, place, at = row
    return Failed(pk, task, queue, at, attempts, error or "", place or "")


def _rows(statement: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _lanes(doing: tuple[Doing, ...]) -> tuple[Lane, ...]:
    found = _rows(_LANES, [])
    first = [pk for _name, _due, _at, pk, _later in found if pk is not None]
    deferred = dict(_rows(_DEFERRED, [first]))
    known = {name: Lane(name) for name in sorted({task.queue for task in app.tasks.values()} - {"builtin"})}
    for name, due, at, pk, later in found:
        oldest = min((one for one in (at, deferred.get(pk)) if one is not None), default=None)
        known[name] = Lane(name, due, oldest, later)
    busy: dict[str, int] = {}
    for one in doing:
        busy[one.queue] = busy.get(one.queue, 0) + 1
    known |= {name: Lane(name) for name in busy if name not in known}
    return tuple(Lane(one.name, one.waiting, one.oldest_at, one.later, busy.get(one.name, 0)) for one in known.values())


def _doing() -> tuple[Doing, ...]:
    stalled = set(jobs.stalled().values_list("pk", flat=True)[:MOST_DOING])
    return tuple(
        Doing(pk, task, queue, worker, began_at, attempts, pk in stalled)
        for pk, task, queue, worker, attempts, began_at in _rows(_DOING, [MOST_DOING])
    )


def _workers(doing: tuple[Doing, ...]) -> tuple[Working, ...]:
    busy: dict[int | None, int] = {}
    for one in doing:
        busy[one.worker_id] = busy.get(one.worker_id, 0) + 1
    return tuple(Working(pk, at, int(silent_s), busy.get(pk, 0)) for pk, at, silent_s in _rows(_WORKERS, []))


def _turns(now: datetime) -> tuple[Turn, ...]:
    last: dict[tuple[str, str], tuple[Any, ...]] = {}
    for task, periodic_id, *told in _rows(_TURNS, []):
        if told[0] is not None and told[0] >= last.get((task, periodic_id), (0,))[0]:
            last[task, periodic_id] = tuple(told)
    turns = []
    for (name, periodic_id), one in app.periodic_registry.periodic_tasks.items():
        stamp, status, ended_at = last.get((name, periodic_id), (None, "", None))
        last_at = None if stamp is None else datetime.fromtimestamp(stamp, UTC)
        line = copy(one.croniter)  # the worker's own moves on as it reckons
        next_at = datetime.fromtimestamp(line.get_next(ret_type=float, start_time=now.timestamp()), UTC)
        turns.append(Turn(name, one.task.queue, last_at, status or "", ended_at, next_at))
    return tuple(sorted(turns, key=lambda turn: turn.next_at))
