"""The lines behind a public version, kept with it and believed as long as nothing but the lines could change their meaning."""

from __future__ import annotations

import hashlib
import json
from datetime import date

from smarthd.connectors.models import ManifestPart, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import manifests, validation
from smarthd.connectors.rules.fields import Kind
from smarthd.connectors.rules.manifests import Manifest
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


def load(source: Source, print_of_lines: str) -> Manifest | None:
    """Return the manifest of what is public, or None where there is none that can be believed."""
    if validation.looks_beyond_lines(mapping_of(source.mapping)):
        return None
    parts = list(
        ManifestPart.objects.filter(
            version__source=source, version__number=source.version, fingerprint=print_of_lines
        ).order_by("part")
    )
    if not parts or not source.version:
        return None
    marks, rows, others = bytearray(), bytearray(), bytearray()
    while parts:
        part = parts.pop(0)
        marks += part.marks
        rows += part.rows
        others += part.others
    return Manifest(bytes(marks), bytes(rows), bytes(others))


def keep(version: Version, told: Told, print_of_lines: str) -> None:
    """Keep the lines behind a version that waits."""
    count = max(len(told.rows) // 8, len(told.others) // 8, 1)
    for part, at in enumerate(range(0, count, _PART)):
        upto = at + _PART
        ManifestPart.objects.create(
            version=version,
            part=part,
            fingerprint=print_of_lines,
            marks=told.marks[at * 16 : upto * 16],
            rows=told.rows[at * 8 : upto * 8],
            others=told.others[at * 8 : upto * 8],
        )


def forget_before(source_id: int, number: int) -> None:
    """Forget the lines of the versions before one."""
    ManifestPart.objects.filter(version__source_id=source_id, version__number__lt=number).delete()
