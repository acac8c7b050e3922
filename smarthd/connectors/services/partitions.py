"""Tables of their own for the rows of large datasets: written once, indexed by two connections beside each other, joined to all rows.

Rows of small datasets share ``connectors_datarow_small``, whose indexes begin with the source. A table of one source needs no such
beginning, and no index by key either: ``code`` is made of the key and stands once.
"""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from django.db import DatabaseError, IntegrityError, connection, transaction

from smarthd.connectors.models import Source
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.mapping import mapping_of

log = logging.getLogger(__name__)

BESIDE = 2
"""Connections that make indexes at a time."""
MEMORY = "SET LOCAL maintenance_work_mem = '192MB'"


class _Index(NamedTuple):
    """An index of such a table: what it is made of, and the kind of column without which it stays empty."""

    made_of: str
    hangs_on: Kind | None = None
    unique: bool = False


_INDEXES = {
    "on_the_map": _Index("(lat, lon) WHERE until IS NULL AND lat IS NOT NULL", Kind.LATITUDE),
    "in_order": _Index("(sort, id) WHERE until IS NULL"),
    "of_a_commune": _Index("(unit_id, sort, id) WHERE until IS NULL AND unit_id IS NOT NULL", Kind.UNIT),
    "by_code": _Index("(code) WHERE until IS NULL", unique=True),
    "by_number": _Index("(id)", unique=True),
    "ended": _Index("(until, sort, id) WHERE until IS NOT NULL"),
}
"""What takes longest stands first. Migration 0013 makes the same of tables that stood before it."""
_EMPTY_AT_FIRST = "ended"
_ANALYSED = "source_id, code, since, until, sort, unit_id, lat, lon"
"""What questions are planned by; the values' own statistics come with the indexes over them (``services.indexes``)."""
_STRANGE = "SELECT unit_id FROM {table} r WHERE unit_id IS NOT NULL AND NOT EXISTS (SELECT FROM places_unit u WHERE u.id = r.unit_id) LIMIT 1"


def own_table(source_id: int) -> str:
    """Return the name of the table a large dataset's first version waits in, and is public in."""
    return f"connectors_datarow_s{source_id:d}"


def make_own_table(source: Source, number: int) -> str:
    """Make the table: like all rows, nothing but rows of this source since the version of this number. Only the indexes that stay empty
    are made now: they cost nothing while rows come."""
    name = own_table(source.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(f"CREATE TABLE {name} (LIKE connectors_datarow INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        cursor.execute(
            f"ALTER TABLE {name} ALTER source_id SET DEFAULT {source.pk:d}, ALTER since SET DEFAULT {number:d}, "
            f"ADD CONSTRAINT of_one_source CHECK (source_id = {source.pk:d})"
        )
        mapped = mapping_of(source.mapping)
        for what, index in _INDEXES.items():
            if what == _EMPTY_AT_FIRST or (index.hangs_on and not mapped.of_kind(index.hangs_on)):
                cursor.execute(_statement(name, what))
    return name


def _statement(table: str, what: str) -> str:
    index = _INDEXES[what]
    unique = "UNIQUE " if index.unique else ""
    return f"CREATE {unique}INDEX IF NOT EXISTS {table}_{what} ON {table} {index.made_of}"


def index_beside(source_id: int) -> None:
    """Make the indexes of a table that waits, by several connections at a time. What is not made here is made when the table is joined:
    within a transaction nobody else sees the table, and what fails here is tried there once more."""
    if connection.in_atomic_block:
        return
    name = own_table(source_id)
    with ThreadPoolExecutor(BESIDE, thread_name_prefix="index") as beside:
        list(beside.map(_make_beside, [_statement(name, what) for what in _INDEXES]))


def _make_beside(statement: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(MEMORY)
            cursor.execute("SET LOCAL max_parallel_maintenance_workers = 0")
            cursor.execute(statement)
    except DatabaseError as why:
        log.info("an index waits for its table to be joined: %s", why)
    finally:
        connection.close()


def join_own_table(source_id: int) -> None:
    """Make the table the dataset's partition, with the indexes it does not have yet: its rows are public with this."""
    name = own_table(source_id)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still owed cannot be joined
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(f"ALTER TABLE {name} ALTER source_id DROP DEFAULT, ALTER since DROP DEFAULT")
        cursor.execute(MEMORY)
        cursor.execute("SET LOCAL max_parallel_maintenance_workers = 2")
        for what in _INDEXES:
            cursor.execute(_statement(name, what))
        cursor.execute(f"ALTER TABLE connectors_datarow ATTACH PARTITION {name} FOR VALUES IN ({source_id:d})")
        _refer(cursor, name)
        cursor.execute(
            "SET LOCAL default_statistics_target = 25"
        )  # a first look; the server takes its own some minutes later
        cursor.execute(f"ANALYZE {name} ({_ANALYSED})")


def _refer(cursor: Any, name: str) -> None:
    """Have the database keep source and commune from now on. That the rows there are have theirs is asked in one statement by all
    processors: letting the database prove it takes seven times as long, and their source is the table's own."""
    cursor.execute(
        f"ALTER TABLE {name} ADD CONSTRAINT of_a_source FOREIGN KEY (source_id) REFERENCES connectors_source (id) "
        "DEFERRABLE INITIALLY DEFERRED NOT VALID, ADD CONSTRAINT of_a_unit FOREIGN KEY (unit_id) REFERENCES places_unit (id) "
        "DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )
    cursor.execute(_STRANGE.format(table=name))
    if strange := cursor.fetchone():
        msg = f"{name} has rows of the unit {strange[0]}, which there is not"
        raise IntegrityError(msg)


def drop_own_table(source_id: int) -> None:
    """Drop the table of a version that never became public."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {own_table(source_id)}")


def first_values(source_id: int, limit: int) -> list[dict[str, object]]:
    """Return the values of the first rows that wait in a table of their own."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT values::text FROM {own_table(source_id)} ORDER BY id LIMIT %s", [limit])
        return [json.loads(values) for (values,) in cursor.fetchall()]
