"""Indexes made by several connections at a time, which see only what is committed: a module of its own, for its tests commit."""

from __future__ import annotations

import pytest
from django.db import connection

from smarthd.connectors.services import partitions, publishing, staging
from smarthd.connectors.tests import make
from smarthd.connectors.tests.test_partitions import ALL, indexes_of


@pytest.mark.django_db(transaction=True)
def test_outside_one_several_connections_make_them_and_what_fails_is_made_by_joining(tmp_path, settings, monkeypatch):
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind

    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(staging, "MANY", 50)
    new = agencies.NewAgency(kind=Kind.DEPARTMENT, name="Sở Y tế", code="syt")
    made = make.mapped(make.source(agencies.found_agency(new, valid_from=make.NOW.date()).pk))
    make.read(made, make.table(make.rows(120)))
    statement = partitions._statement
    monkeypatch.setattr(
        partitions, "_statement", lambda table, what: "SELECT 1 / 0" if what == "by_code" else statement(table, what)
    )
    partitions.index_beside(made.pk)
    assert indexes_of(made) == ALL - {"_by_code"}
    monkeypatch.setattr(partitions, "_statement", statement)
    monkeypatch.setattr(partitions, "index_beside", lambda _source_id: None)
    publishing.publish(uid=made.uid, number=1, actor=make.SYSTEM, now=make.NOW)
    assert indexes_of(made) == ALL
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE connectors_datarow DETACH PARTITION {partitions.own_table(made.pk)}")
    partitions.drop_own_table(made.pk)
