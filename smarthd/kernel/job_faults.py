"""Why jobs fail, as far as it may be shown: the kind of fault and the place in our code, never the words of the fault."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime
from pathlib import Path

from django.db import Error, connection

from smarthd.kernel.models import JobFault

log = logging.getLogger(__name__)
ROOT = Path(__file__).resolve().parent.parent.parent
WORKER_DIED = "WorkerDied"
"""Its workers died while they did it, as often as it may be begun."""
NO_SUCH_TASK = "NoSuchTask"
"""The program no longer has a task of its name."""


def place_of(fault: BaseException) -> str:
    """Return the innermost line of our own code a fault rose through, as ``smarthd/people/services.py:12``; empty where there is none."""
    place = ""
    for frame, line in traceback.walk_tb(fault.__traceback__):
        name = Path(frame.f_code.co_filename)
        if name.is_relative_to(ROOT / "smarthd"):
            place = f"{name.relative_to(ROOT)}:{line}"
    return place


def note(job_id: int, error: str, *, place: str = "", at: datetime) -> None:
    """Keep why a job failed, in place of why it failed before."""
    JobFault.objects.update_or_create(job_id=job_id, defaults={"at": at, "error": error[:100], "place": place[:200]})


def note_fault(job_id: int | None, fault: BaseException, *, at: datetime) -> None:
    """Keep what a job ended with. A database that cannot be reached now is only logged: the fault itself is what matters."""
    if job_id is None:
        return
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        note(job_id, type(fault).__name__, place=place_of(fault), at=at)
    except Error:
        log.warning("why job %s failed could not be kept", job_id)


def forget_lost() -> None:
    """Delete what is kept of jobs whose rows are gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM kernel_jobfault f WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j WHERE j.id = f.job_id)"
        )
