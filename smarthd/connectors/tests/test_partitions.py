"""Tables of their own: indexed by several connections at once before they are joined, by one where that was not to be had."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from smarthd.connectors.models import DataRow, Follow, Source
from smarthd.connectors.rules import checking
from smarthd.connectors.rules.mapping import Mapping, mapping_of
from smarthd.connectors.services import partitions, publishing, staging
from smarthd.connectors.tests import make

ALL = {f"_{what}" for what in partitions._INDEXES}


def indexes_of(made: Source) -> set[str]:
    name = partitions.own_table(made.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [name])
        return {found.removeprefix(name) for (found,) in cursor.fetchall()}


@pytest.fixture
def waiting(world: Any, monkeypatch: Any) -> Source:
    monkeypatch.setattr(staging, "MANY", 50)
    made = make.mapped(make.source(world.department))
    make.read(made, make.table(make.rows(120)))
    return made


def test_within_a_transaction_joining_makes_all_indexes(waiting):
    assert indexes_of(waiting) == {"_ended", "_on_the_map", "_of_a_commune"}, "those that stay empty"
    partitions.index_beside(waiting.pk)
    assert indexes_of(waiting) == {"_ended", "_on_the_map", "_of_a_commune"}
    publishing.publish(uid=waiting.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    assert indexes_of(waiting) == ALL
    assert DataRow.objects.filter(source=waiting, until=None).count() == 120


def test_a_row_of_a_unit_there_is_not_is_never_joined(waiting):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {partitions.own_table(waiting.pk)} SET unit_id = 999999999 WHERE key = 'NT7'")  # noqa: S608 - of ours
    with pytest.raises(IntegrityError, match="999999999"), transaction.atomic():
        publishing.publish(uid=waiting.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    assert not DataRow.objects.filter(source=waiting).exists()


def test_a_later_version_of_a_joined_table_finds_its_rows_by_their_codes(waiting):
    publishing.publish(uid=waiting.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    changed = [*make.rows(100), *make.rows(20, start=101, hours="8h–20h"), *make.rows(3, start=500)]
    run = make.read(waiting, make.table(changed), now=make.NOW + timedelta(days=1))
    version = publishing.publish(
        uid=waiting.uid, number=int(run.counts["version"]), actor=make.SYSTEM, now=make.NOW + timedelta(days=1)
    )
    assert (version.added, version.changed, version.removed) == (3, 20, 0)
    assert DataRow.objects.filter(source=waiting, until=None).count() == 123


def before_0134(made: Source) -> dict[str, str]:
    """Write the public rows' digests, and the keys made of them, as they were before; return the code each had by the one it has."""
    import xxhash

    codes = {}
    for row in DataRow.objects.filter(source=made, until=None):
        digest = xxhash.xxh3_128_digest(b"before" + row.key.encode())
        nameless = row.key == bytes(row.digest).hex()
        key = digest.hex() if nameless else row.key
        codes[row.code] = checking.code_of(key)
        DataRow.objects.filter(pk=row.pk).update(digest=digest, key=key, code=codes[row.code])
    return codes


def write_anew() -> None:
    module = import_module("smarthd.connectors.migrations.0014_digests_in_kept_order")
    module.write_anew(apps, SimpleNamespace(connection=connection))


@pytest.mark.parametrize("named", [True, False])
def test_rows_from_before_are_found_the_same_by_the_next_reading(world, named):
    made = make.mapped(make.source(world.department))
    if not named:
        make.mapped(made, Mapping(mapping_of(made.mapping).fields, ()))
    make.published(made, make.table(make.rows(5)))
    was = before_0134(made)
    now_code, before_code = next(iter(was.items()))
    Follow.objects.create(
        source=made, account_id=1, row_code=before_code, title="NT", since=make.NOW, told_version=made.version
    )

    write_anew()
    run = make.read(made, make.table(make.rows(5)), now=make.NOW + timedelta(days=1))
    assert run.state == "unchanged", run.counts
    assert Follow.objects.get(source=made).row_code == now_code


def test_a_large_version_that_waits_since_before_is_written_anew_as_well(waiting):
    table = partitions.own_table(waiting.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET digest = '\\x00'")  # noqa: S608 - of ours
    write_anew()
    publishing.publish(uid=waiting.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    run = make.read(waiting, make.table(make.rows(120)), now=make.NOW + timedelta(days=1))
    assert run.state == "unchanged", run.counts
