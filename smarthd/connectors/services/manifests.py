"""The lines behind a public version, kept with it and believed as long as nothing but the lines could change their meaning."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import numpy as np
from django.db import connection

from smarthd.connectors.models import ManifestPart, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import manifests, validation
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.manifests import Faults, Manifest
from smarthd.connectors.rules.mapping import mapping_of
from smarthd.connectors.services.understanding import Told
from smarthd.kernel import sealing
from smarthd.places.selectors import world

_PART = 65_536


def seed_of(source: Source) -> int:
    """Return the secret number a source's lines are marked with."""
    return int.from_bytes(sealing.blind_index(str(source.uid), purpose="connectors.lines")[:8], "big")


def fingerprint(source: Source, table: Table, way: str, on: date) -> str:
    """Return what tells one understanding of lines from another: columns, mapping, edition, and the communes of a day where they are read."""
    told = [manifests.EDITION, way, table.decimal, list(table.columns), source.mapping]
    mapped = mapping_of(source.mapping)
    if mapped.of_kind(Kind.UNIT) or validation.hangs_on_the_day(mapped):
        told += [on.isoformat(), str(world.current_token())]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def public_version(source: Source) -> int:
    """Return the number in the database of the version that is public, 0 where none is."""
    if not source.version:
        return 0
    return Version.objects.filter(source=source, number=source.version).values_list("pk", flat=True).first() or 0


def load(source: Source, print_of_lines: str) -> Manifest | None:
    """Return the manifest of what is public, or None where there is none that can be believed."""
    if validation.looks_beyond_lines(mapping_of(source.mapping)):
        return None
    version = public_version(source)
    if not version:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(octet_length(rows)) / 8, sum(octet_length(others)) / 8 FROM connectors_manifestpart "
            "WHERE version_id = %s AND fingerprint = %s",
            [version, print_of_lines],
        )
        lines, others = cursor.fetchone()
        return None if lines is None else _loaded(cursor, version, int(lines), int(others))


def _loaded(cursor: Any, version: int, lines: int, others: int) -> Manifest:
    """Return a manifest of so many lines and other rows, its parts brought one after the other into arrays of the whole."""
    faults = bytearray()
    high, low, rows = (np.empty(lines, dtype=np.uint64) for _ in range(3))
    other, at, past = np.empty(others, dtype=np.uint64), 0, 0
    told = "COPY (SELECT marks, rows, others, faults FROM connectors_manifestpart WHERE version_id = %s ORDER BY part) TO STDOUT (FORMAT BINARY)"
    with cursor.copy(told, [version]) as parts:
        parts.set_types(["bytea"] * 4)
        for marks_, rows_, others_, faults_ in parts.rows():
            faults += faults_
            both = np.frombuffer(marks_, dtype=">u8").reshape(-1, 2)
            upto, end = at + len(both), past + len(others_) // 8
            high[at:upto], low[at:upto] = both[:, 0], both[:, 1]
            rows[at:upto], other[past:end] = np.frombuffer(rows_, dtype=">u8"), np.frombuffer(others_, dtype=">u8")
            at, past = upto, end
    return Manifest(high, low, rows, other, Faults(bytes(faults)))


def keep(version: Version, told: Told, print_of_lines: str) -> None:
    """Keep the lines behind a version that waits."""
    count = max(len(told.rows) // 8, len(told.others) // 8, 1)
    names = "version_id, part, fingerprint, marks, rows, others, faults"
    types = ["int8", "int4", "varchar", *["bytea"] * 4]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY connectors_manifestpart ({names}) FROM STDIN (FORMAT BINARY)") as into,
    ):
        into.set_types(types)
        for part, at in enumerate(range(0, count, _PART)):
            upto = at + _PART
            marks, rows = told.marks[at * 16 : upto * 16], told.rows[at * 8 : upto * 8]
            others = told.others[at * 8 : upto * 8]
            faults = b"" if part else bytes(told.faults)
            into.write_row((version.pk, part, print_of_lines, marks, rows, others, faults))


def forget_before(source_id: int, number: int) -> None:
    """Forget the lines of the versions before one."""
    ManifestPart.objects.filter(version__source_id=source_id, version__number__lt=number).delete()
