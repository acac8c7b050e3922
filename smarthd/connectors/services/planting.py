"""The shortest way from rows to a public dataset, for whoever plants or imports."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from smarthd.connectors.ports import Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.services import publishing, reading, sources
from smarthd.kernel.actor import Actor


def publish_rows(new: sources.NewSource, rows: Iterable[tuple[str, ...]], *, actor: Actor, now: datetime) -> int:
    """Make a source of a template and publish rows in the order of its fields. Return how many are public.

    A row that cannot be understood is a mistake of the caller: ValueError says which and why.
    """
    source = sources.make_source(new, actor=actor, now=now)
    columns = tuple(one.header for one in mapping_of(source.mapping).fields)
    table = Table(columns, [Line(number, row) for number, row in enumerate(rows, start=1)], decimal=".")
    run, version = reading.take_lines(source, table, actor=actor, now=now)
    if version is None or version.faulty:
        msg = f"{new.title}: {run.words or run.counts}"
        raise ValueError(msg)
    publishing.publish(uid=source.uid, number=version.number, actor=actor, now=now)
    return version.rows
