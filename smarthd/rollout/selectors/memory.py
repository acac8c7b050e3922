"""What a process remembers of figures: the same question is answered from memory until roll-ups, bases or units have changed.

Nobody has to tell: each question looks at marks that every write changes. Values are shared between readers, who do not change them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

from django.db import connection

from smarthd.places import selectors as places

T = TypeVar("T")
MOST = 32  # a league table of all communes is about 1 MB
_kept: OrderedDict[tuple[object, ...], object] = OrderedDict()
_lock = Lock()


def of_counts(*question: object, make: Callable[[], T]) -> T:
    """Return what ``make`` gave when this question was first asked of roll-ups, bases and units as they are."""
    return _remembered((*_marks(_COUNTS), *question), make)


def of_bases(*question: object, make: Callable[[], T]) -> T:
    """Return what ``make`` gave when this question was first asked of bases and units as they are, however often counts are made."""
    return _remembered((*_marks(_BASES), *question), make)


_WITHDRAWN = "SELECT max(superseded_at) FROM rollout_denominator WHERE withdrawn_reason <> ''"
_BASES = f"SELECT concat((SELECT max(id) FROM rollout_denominator), ' ', ({_WITHDRAWN}))"  # a correction is a new row
_COUNTS = (
    f"SELECT (SELECT xmin::text || ctid::text FROM rollout_rollup_state), ({_BASES})"  # every count rewrites this row
)


def _marks(statement: str) -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return (*cursor.fetchone(), places.token())


def _remembered(key: tuple[object, ...], make: Callable[[], T]) -> T:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return cast("T", _kept[key])
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:  # the newest questions are kept
            _kept.popitem(last=False)
    return made
