"""The queue's rows: jobs of workers that died, which would stand taken, with their locks, for ever; and those that ended long ago.

A worker says every ten seconds that it is alive (Procrastinate's heartbeat). Every task here may be begun again (docs/adr/0126), so what
a silent one had taken goes back into its lane; what took its worker down with it time and again is failed instead, where it is seen.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from procrastinate import sql
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from smarthd.kernel import audit, clock, job_faults
from smarthd.kernel.actor import Actor
from smarthd.kernel.errors import Conflict, NotFound

if TYPE_CHECKING:
    from procrastinate.contrib.django.models import ProcrastinateJob


class JobUnknown(NotFound):
    """No such job failed, or it is seen to already."""


class SameWaits(Conflict):
    """The same work waits already, under the same queueing lock."""


log = logging.getLogger(__name__)
SILENT_S = 60
"""Six heartbeats: a machine that is only busy misses fewer."""
KEEP_WORKERS_S = 600
"""How long a silent worker's row is kept (``stalled_worker_timeout``): without it nobody knows how long it has been silent."""
MOST_ATTEMPTS = 3
KEPT_H = {Status.SUCCEEDED: 7 * 24, Status.FAILED: 30 * 24, Status.CANCELLED: 30 * 24, Status.ABORTED: 30 * 24}
"""For how many hours after its end a job's row is kept."""

_silent_s: dict[str, int] = {}


def wait_for(queue: str, *, seconds: int) -> None:
    """Have jobs of a queue given back only after ``seconds`` of silence: longer than the leases their rows hold."""
    _silent_s[queue] = seconds


def silence_of(queue: str) -> int:
    """Return for how many seconds a worker may be silent before its jobs of a queue are given back."""
    return _silent_s.get(queue, SILENT_S)


def stalled() -> QuerySet[ProcrastinateJob]:
    """Return the jobs taken by workers that are gone or have been silent for too long, the eldest first."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # no models before the apps are loaded

    silent = Q(worker=None)
    for queue, seconds in _silent_s.items():
        silent |= Q(queue_name=queue, worker__last_heartbeat__lt=Now() - timedelta(seconds=seconds))
    others = Q(worker__last_heartbeat__lt=Now() - timedelta(seconds=SILENT_S)) & ~Q(queue_name__in=_silent_s)
    return ProcrastinateJob.objects.filter(status=Status.DOING.value).filter(silent | others).order_by("id")


def under_way(task_name: str) -> QuerySet[ProcrastinateJob]:
    """Return the jobs of a task that wait or were taken."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    return ProcrastinateJob.objects.filter(task_name=task_name, status__in=[Status.TODO.value, Status.DOING.value])


def give_back() -> dict[str, int]:
    """Put every stalled job back into its lane, or end it; each once, however many workers look. Return how many, by what became of them.

    ``given_back``; ``replaced``: the same work waits already, under the same queueing lock; ``failed``: begun too often, or no such task.
    """
    told: dict[str, int] = {}
    for pk in stalled().values_list("pk", flat=True):
        became = _settle(pk)
        if became:
            told[became] = told.get(became, 0) + 1
    return told


@transaction.atomic
def _settle(pk: int) -> str:
    """Settle one job under its row's lock; one that another settles, or that ended meanwhile, is left alone."""
    job = stalled().select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if job is None:
        return ""
    why = _why_not_again(job)
    if why:
        _end(pk, Status.FAILED)
        error = job_faults.NO_SUCH_TASK if job.task_name not in app.tasks else job_faults.WORKER_DIED
        job_faults.note(pk, error, at=clock.now())
        log.error("job %s %s of a dead worker failed: %s", pk, job.task_name, why)
        return "failed"
    try:
        with transaction.atomic():
            _put_back(pk)
    except IntegrityError:  # another under its queueing lock waits: for the very lock this one holds
        _end(pk, Status.ABORTED)
        log.warning("job %s %s of a dead worker ended: the same waits already", pk, job.task_name)
        return "replaced"
    log.warning("job %s %s of a dead worker given back, begun %s times", pk, job.task_name, job.attempts + 1)
    return "given_back"


def _why_not_again(job: ProcrastinateJob) -> str:
    task = app.tasks.get(job.task_name)
    if task is None:
        return "there is no such task"
    most = max(MOST_ATTEMPTS, getattr(task.retry_strategy, "max_attempts", None) or 0)
    return f"begun {job.attempts + 1} times" if job.attempts >= most else ""


def _put_back(pk: int) -> None:
    told = {"job_id": pk, "retry_at": None, "new_priority": None, "new_queue_name": None, "new_lock": None}
    with connection.cursor() as cursor:
        cursor.execute(sql.queries["retry_job"], told)


def _end(pk: int, status: Status) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.queries["finish_job"], {"job_id": pk, "status": status.value, "delete_job": False})


@transaction.atomic
def begin_again(job_id: int, *, actor: Actor, now: datetime) -> str:
    """Put a job that failed back into its lane, to be tried as often as a new one; return its task's name. Who may is the caller's to ask.

    Raises JobUnknown where no such job failed (any more), SameWaits where another under its queueing lock waits already.
    """
    name = _failed(job_id)
    try:
        with transaction.atomic():
            _put_back(job_id)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET attempts = 0 WHERE id = %s", [job_id])
    except IntegrityError as twin:
        raise SameWaits(job=job_id) from twin
    _tell(actor, "kernel.job_begun_again", job_id, at=now, task=name)
    return name


@transaction.atomic
def drop(job_id: int, *, actor: Actor, now: datetime) -> str:
    """Give up a job that failed: nobody begins it again, and it no longer counts as failed. Return its task's name. Raises JobUnknown."""
    name = _failed(job_id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s", [job_id])
        cursor.execute("INSERT INTO procrastinate_events (job_id, type) VALUES (%s, 'cancelled')", [job_id])
    _tell(actor, "kernel.job_dropped", job_id, at=now, task=name)
    return name


def _tell(actor: Actor, act: str, job_id: int, *, at: datetime, task: str) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    audit.record(actor, act, ProcrastinateJob(pk=job_id), at=at, task=task)


def _failed(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs WHERE id = %s AND status = 'failed' FOR UPDATE", [job_id]
        )
        found = cursor.fetchone()
    if found is None:
        raise JobUnknown(job=job_id)
    return str(found[0])


def failed_since(when: datetime) -> int:
    """Return how many jobs ended as failed since an instant, and were not begun again."""
    from procrastinate.contrib.django.models import ProcrastinateEvent

    failed = ProcrastinateEvent.objects.filter(type=Status.FAILED.value, job__status=Status.FAILED.value)
    return failed.filter(at__gte=when).values("job").distinct().count()


def forget_ended() -> None:
    """Delete the rows of jobs that ended long ago: hundreds of thousands a week."""
    with connection.cursor() as cursor:
        for status, hours in KEPT_H.items():
            cursor.execute(
                sql.queries["delete_old_jobs"], {"nb_hours": hours, "queue": None, "statuses": [status.value]}
            )
    job_faults.forget_lost()
