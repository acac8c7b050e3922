"""How a mapping would do with the newest file: how many of its first lines would be faulty, and why. Nothing is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.connectors import policies
from smarthd.connectors.errors import DataSourceUnknown
from smarthd.connectors.models import Source
from smarthd.connectors.rules import checking, mapping, sound
from smarthd.connectors.rules.checking import Faulty, Problem
from smarthd.connectors.rules.mapping import Mapping
from smarthd.connectors.services import around, reading, units
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require

MOST = 2_000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of the first lines: how many hold anything, would be held back, would be published and told; the first of each with
    its problems; lines by column (its label); ``cut``: the file has more lines."""

    total: int
    faulty: int
    noticed: int
    shown: tuple[tuple[int, tuple[Problem, ...]], ...]
    by_column: dict[str, int]
    cut: bool


def rehearse(*, uid: UUID, mapped: Mapping, actor: Actor, now: datetime) -> Rehearsal:
    """Try a mapping with the first lines of the newest file. Raises MappingFaulty, NothingRead, FileCleared, NotAllowed."""
    source = Source.objects.filter(uid=uid, ended_at=None).first()
    if source is None or not policies.can_see(actor, source.agency_id):
        raise DataSourceUnknown(uid=str(uid))
    require(policies.can_feed(actor, source.agency_id))
    mapping.require_sound(mapped)
    sound.require_rules(mapped)
    around.require_asked(mapped)
    table = reading.table_of(reading.last_file(source))
    day = clock.day_of(now)
    beside = around.of(source, mapped, day)
    understand = checking.compile_row(mapped, table.columns, units.resolver(day), decimal=table.decimal, around=beside)
    total = faulty = noticed = 0
    cut = False
    shown: list[tuple[int, tuple[Problem, ...]]] = []
    by_column: Counter[str] = Counter()
    for line in table.lines:
        if not any(line.cells):
            continue
        if total == MOST:
            cut = True
            break
        total += 1
        found = understand(line)
        problems = found.problems if isinstance(found, Faulty) else found.notices
        faulty += isinstance(found, Faulty)
        noticed += bool(problems) and not isinstance(found, Faulty)
        by_column.update({one.column for one in problems})
        if problems and len(shown) < SHOWN:
            shown.append((line.number, problems))
    return Rehearsal(total, faulty, noticed, tuple(shown), dict(by_column), cut)
