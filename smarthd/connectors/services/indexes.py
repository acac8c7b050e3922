"""Indexes of large datasets for what their readers choose and order by (``rules.indexed``): made by the queue once rows are public,
dropped when nobody asks by that cell any more. Pages are right without them, only slower.
"""

from __future__ import annotations

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from procrastinate.exceptions import AlreadyEnqueued
from psycopg.errors import LockNotAvailable

from smarthd.connectors.models import Source
from smarthd.connectors.rules import indexed
from smarthd.connectors.rules.indexed import Indexed, Use
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.rules.sources import publication_of
from smarthd.connectors.selectors import cells
from smarthd.connectors.services import partitions

_PATIENCE = "5s"
"""How long an index waits for readings that are being published; then it is made the next time."""


def wanted(source: Source) -> dict[str, Indexed]:
    """Return the indexes a source should have by their names; none once it ended."""
    if source.ended_at is not None:
        return {}
    told = indexed.wanted(mapping_of(source.mapping), publication_of(source.publication), rows=source.row_count)
    return {one.name(source.pk): one for one in told}


def owing() -> list[int]:
    """Return the sources whose indexes are not those they should have. Two queries."""
    there = _present()
    large = Q(row_count__gte=indexed.LARGE, ended_at=None)
    maybe = Source.objects.filter(large | Q(pk__in=there)).order_by("pk")
    return [one.pk for one in maybe if set(wanted(one)) != there.get(one.pk, set())]


def keep(source_id: int) -> bool:
    """Make a source's indexes those it should have; return whether they are. One that cannot be made now is owed still."""
    source = Source.objects.get(pk=source_id)
    should, there = wanted(source), _present().get(source_id, set())
    try:
        for name in sorted(there - set(should)):
            _drop(source, name)
        for name in sorted(set(should) - there):
            _make(source, name, should[name])
    except OperationalError as why:
        if isinstance(why.__cause__, LockNotAvailable):  # somebody publishes
            return False
        raise
    _tell(source, should)
    return True


def keep_up(source: Source) -> None:
    """Have the queue look after a large source whose rows, or whose way of being shown, are others now."""
    if source.row_count >= indexed.LARGE:
        ask(source.pk)


def ask(source_id: int) -> None:
    """Have the queue look after a source's indexes."""
    from smarthd.connectors.tasks import keep_indexes  # tasks import this module

    try:
        with transaction.atomic():
            keep_indexes.configure(queueing_lock=f"connectors.indexes.{source_id}").defer(source_id=source_id)
    except AlreadyEnqueued:
        return


def _present() -> dict[int, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substring(relname from '^row_s([0-9]+)_')::bigint, array_agg(relname::text) FROM pg_class "
            "WHERE relkind = 'i' AND relname ~ '^row_s[0-9]+_(by|in)_' GROUP BY 1"
        )
        return {source_id: set(names) for source_id, names in cursor.fetchall()}


def _make(source: Source, name: str, told: Indexed) -> None:
    own = partitions.own_table(source.pk)
    columns = {
        Use.CHOOSE: f"{cells.cell_sql(told.key)}, sort, id",
        Use.ORDER: f"({cells.order_sql(told.key)}), id",
    }[told.use].replace("%%", "%")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still owed gets no index
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [own])
        [alone] = cursor.fetchone()
        table = own if alone else "connectors_datarow_small"
        only = "until IS NULL" if alone else f"until IS NULL AND source_id = {source.pk:d}"
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        cursor.execute("SET LOCAL maintenance_work_mem = '192MB'")
        cursor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {table} ({columns}) WHERE {only}")
        cursor.execute(f"ANALYZE {table}")  # what the cells hold is known by the index's own statistics


def _drop(source: Source, name: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        _tell(source, {})  # nobody leaps while one of them goes
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        cursor.execute(f"DROP INDEX IF EXISTS {name}")


def _tell(source: Source, should: dict[str, Indexed]) -> None:
    """Let pages know by which cells they may leap."""
    keys = sorted(one.key for one in should.values() if one.use is Use.CHOOSE)
    Source.objects.filter(pk=source.pk).exclude(indexed=keys).update(indexed=keys)
