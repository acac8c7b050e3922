"""Calls counted in this process for a moment and written together: one write a second instead of one a call (docs/adr/0121).

The first call of an asker in an hour, and every call near a limit, is written at once, so that who calls seldom is never forgotten and
a limit holds. What is only in memory is written by the next call, at the latest after two moments; a process that is killed forgets it.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

NEAR = 100
"""Calls left from which on each is written at once."""
Mark = tuple[str, datetime]
Use = tuple[str, date, str]
_WRITE = (
    "WITH soon AS (SELECT set_config('synchronous_commit', 'off', true)), "
    "counted AS (INSERT INTO programs_callcount (mark, hour, calls) "
    "SELECT a.mark, a.hour, a.calls FROM soon, unnest(%s::text[], %s::timestamptz[], %s::int[]) AS a (mark, hour, calls) "
    "ON CONFLICT (mark, hour) DO UPDATE SET calls = programs_callcount.calls + EXCLUDED.calls RETURNING mark, hour, calls), "
    "used AS (INSERT INTO programs_datasetuse (dataset, day, kind, calls) "
    "SELECT u.dataset, u.day, u.kind, u.calls FROM unnest(%s::text[], %s::date[], %s::text[], %s::int[]) AS u (dataset, day, kind, calls) "
    "WHERE NOT EXISTS (SELECT FROM counted WHERE mark = %s AND calls > %s) "
    "ON CONFLICT (dataset, day, kind) DO UPDATE SET calls = programs_datasetuse.calls + EXCLUDED.calls) "
    "SELECT mark, hour, calls FROM counted"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an asker stands in this hour: what it may, what it called as far as known here, when the hour is over."""

    limit: int
    calls: int
    until: datetime


class Meter:
    """The counts of one process. ``later`` arranges that :meth:`write_all` is called after some seconds."""

    def __init__(self, *, later: Callable[[float], None] | None = None) -> None:
        self._lock = threading.Lock()
        self._calls: Counter[Mark] = Counter()
        self._uses: Counter[Use] = Counter()
        self._known: dict[Mark, int] = {}
        self._written = 0.0
        self._waiting = False
        self._later = later or self._write_later

    def count(self, mark: Mark, use: Use | None, *, limit: int, moment: float) -> int:
        """Count a call of an asker, and its use of a dataset where it is within the limit. Return the asker's calls of the hour.

        ``moment``: for how many seconds counts may stay in memory; 0 writes each.
        """
        with self._lock:
            known = self._known.get(mark)
            total = (known or 0) + self._calls[mark] + 1
            due = known is None or time.monotonic() - self._written >= moment or total > limit - NEAR
            if not due:
                self._calls[mark] += 1
                if use is not None:
                    self._uses[use] += 1
                if not self._waiting:
                    self._waiting = True
                    self._later(2 * moment)
                return total
            calls, uses = self._taken()
        calls[mark] += 1
        certain = known is not None and total <= limit - NEAR
        if use is None or certain:
            return self._write(calls, uses + Counter([use] if use else []))[mark]
        if not uses:
            return self._write(calls, Counter([use]), guard=(mark[0], limit))[mark]
        total = self._write(calls, uses)[mark]
        if total <= limit:
            self._write(Counter(), Counter([use]))
        return total

    def write_all(self) -> None:
        """Write what is only in memory."""
        with self._lock:
            self._waiting = False
            calls, uses = self._taken()
        if calls or uses:
            self._write(calls, uses)

    def _taken(self) -> tuple[Counter[Mark], Counter[Use]]:
        calls, uses, self._calls, self._uses = self._calls, self._uses, Counter(), Counter()
        self._written = time.monotonic()
        return +calls, uses

    def _write(self, calls: Counter[Mark], uses: Counter[Use], *, guard: tuple[str, int] = ("", 0)) -> dict[Mark, int]:
        """Write counts by one statement that does not wait for the disk; uses only while the guarded asker is within its limit."""
        marks, used = (
            sorted(calls),
            sorted(uses),
        )  # one order for everybody: no two of these statements wait for each other
        with connection.cursor() as cursor:
            cursor.execute(
                _WRITE,
                [
                    [mark for mark, _hour in marks], [hour for _mark, hour in marks], [calls[one] for one in marks],
                    [one[0] for one in used], [one[1] for one in used], [one[2] for one in used], [uses[one] for one in used],
                    *guard,
                ],
            )  # fmt: skip
            found = {(mark, hour): total for mark, hour, total in cursor.fetchall()}
        with self._lock:
            if len(self._known) > 10_000:
                self._known.clear()
            self._known.update(found)
        return found

    def _write_later(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._write_apart)
        timer.daemon = True
        timer.start()

    def _write_apart(self) -> None:
        try:
            self.write_all()
        finally:
            connection.close()


METER = Meter()
