"""Open datasets as this process last read them. Whether one is still so is asked by the very statement that reads its rows, so that
what is told of a dataset and its rows are of one moment, and reading what has not changed costs one statement (docs/adr/0121).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections

from smarthd.connectors.errors import DatasetUnknown
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel.errors import Refusal

T = TypeVar("T")
MARK = "ctid::text || ' ' || xmin::text"
"""What changes with every change of a row of the database (PostgreSQL's system columns)."""
_MARK_BY_ID = f"SELECT {MARK} FROM connectors_source WHERE id = %s"  # noqa: S608 - of this module's own words
_MARK_BY_KEY = f"SELECT {MARK} FROM connectors_source WHERE key = %s"  # noqa: S608 - of this module's own words
_UNASKED = sys.maxsize
"""After how many times a statement is prepared that nobody asked to prepare. Django sets None: psycopg would then prepare none at all."""
_KNOWN: dict[str, Dataset] = {}


class Moved(Exception):
    """The dataset is no longer as it was known; nothing was read."""


def on_current(key: str, act: Callable[[Dataset], T], *, now: datetime) -> T:
    """Return what ``act`` makes of an open dataset as it is now. Raises DatasetUnknown, also for what is for looking only.

    ``act`` reads rows by the selectors beside this one, which raise Moved where the dataset is another by now; it is called once more
    then, and also when it refused something on the ground of what is no longer so.
    """
    known = _KNOWN.get(key)
    if known is not None:
        try:
            return act(known)
        except Moved:
            pass
        except Refusal:
            if is_still(known):
                raise
    for _attempt in range(3):
        shown = _read(key, now)
        try:
            return act(shown)
        except Moved:
            continue
    return act(replace(shown, mark=""))


def forget() -> None:
    """Forget what this process read: the next call reads anew."""
    _KNOWN.clear()


def is_still(shown: Dataset) -> bool:
    """Say whether a dataset is as it was read. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK_BY_ID, [shown.id])
        return bool(cursor.fetchone() == (shown.mark,))


class _Prepared(psycopg.Cursor[Any]):
    """A cursor whose statements the server parses and plans once a connection, their values sent beside them."""

    def execute(self, query: Any, params: Any = None, **_asked: Any) -> _Prepared:
        return super().execute(query, params, prepare=True)


def prepared_cursor() -> Any:
    """Return a cursor of Django's connection for statements asked again and again; psycopg keeps the hundred asked last."""
    own: Any = connections[DEFAULT_DB_ALIAS]
    if own.queries_logged:  # psycopg does not tell the text of a prepared statement
        return own.cursor()
    own.ensure_connection()
    own.connection.prepare_threshold = _UNASKED
    return own.make_cursor(_Prepared(own.connection))


def _read(key: str, now: datetime) -> Dataset:
    with connection.cursor() as cursor:
        cursor.execute(_MARK_BY_KEY, [key])
        [mark] = cursor.fetchone() or [""]
    try:  # the mark first: a change between the two is found by the next statement
        shown = public.dataset(key, now=now)
    except DatasetUnknown:
        _KNOWN.pop(key, None)
        raise
    if not shown.open:
        _KNOWN.pop(key, None)
        raise DatasetUnknown(key=key)
    _KNOWN[key] = found = replace(shown, mark=mark)
    return found
