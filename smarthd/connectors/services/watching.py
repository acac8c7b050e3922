"""Runs under way in this process, looked at every second: one that was stopped lets go of its place at once, the others' leases go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import DatabaseError, connection

from smarthd.connectors.adapters import stopping
from smarthd.connectors.adapters.stopping import Stop
from smarthd.connectors.models import Run
from smarthd.connectors.rules.states import RunState
from smarthd.kernel import clock

EVERY_S = 1.0
LEASE = timedelta(minutes=2)
"""How long a run may say that it is running after its process was last seen alive."""
_LOOKS_A_LEASE, _LOOKS_A_WORD = 30, 3


@contextmanager
def followed(run: Run) -> Iterator[Stop]:
    """Within this, the run can be stopped from anywhere. One begun inside a transaction is seen by nobody else, so by nobody stopped."""
    with stopping.under(Stop()) as stop:
        if connection.in_atomic_block:
            yield stop
            return
        _WATCH.add(run.pk, stop)
        try:
            yield stop
        finally:
            _WATCH.leave(run.pk)


def stop_all() -> None:
    """Stop every reading of this process, and each that is begun from now on: it is about to end."""
    _WATCH.stop_all()


class _Watch:
    """One thread of a process while it has runs under way; it asks the database for all of them together."""

    def __init__(self) -> None:
        self._lock, self._runs = threading.Lock(), dict[int, Stop]()
        self._thread: threading.Thread | None = None
        self._ends = False

    def add(self, run_id: int, stop: Stop) -> None:
        with self._lock:
            self._runs[run_id] = stop
            if self._ends:
                stop.ask()
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, name="connectors-watch", daemon=True)
                self._thread.start()

    def leave(self, run_id: int) -> None:
        with self._lock:
            self._runs.pop(run_id, None)

    def stop_all(self) -> None:
        with self._lock:
            self._ends = True
            stops = list(self._runs.values())
        for stop in stops:
            stop.ask()

    def _look_on(self) -> None:
        looks = 0
        while runs := self._under_way():
            try:
                going = _going(set(runs), renew=looks % _LOOKS_A_LEASE == 0)
                if looks % _LOOKS_A_WORD == 0:
                    _tell({run_id: runs[run_id] for run_id in going})
            except DatabaseError:
                going = set(runs)  # the lease decides where the database cannot be asked
            finally:
                connection.close()
            for run_id in runs.keys() - going:
                runs[run_id].ask()
            looks += 1
            time.sleep(EVERY_S)

    def _under_way(self) -> dict[int, Stop]:
        with self._lock:
            if not self._runs:
                self._thread = None
            return dict(self._runs)


def _going(run_ids: set[int], *, renew: bool) -> set[int]:
    """Return which of some runs go on; with ``renew`` they may for another while."""
    running = Run.objects.filter(pk__in=run_ids, state=RunState.RUNNING)
    if renew:
        running.update(lease_until=clock.now() + LEASE)
    return set(running.values_list("pk", flat=True))


def _tell(runs: dict[int, Stop]) -> None:
    """Write how far readings are that can say it, for whoever looks on."""
    for run_id, stop in runs.items():
        if stop.progress is not None:
            told = {"percent": int(stop.progress() * 100)}
            Run.objects.filter(pk=run_id, state=RunState.RUNNING).update(counts=told)


_WATCH = _Watch()
