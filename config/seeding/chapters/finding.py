"""The index of the search, of everything the chapters before have planted."""

from __future__ import annotations

from config.seeding.demo import Stage
from smarthd.connectors.services import words
from smarthd.finding.services import keeping
from smarthd.kernel import events


def plant(stage: Stage) -> str:
    """Write the words of datasets that still owe them, and the whole index."""
    for source_id in words.behind():
        words.bring_up(source_id)
    events.deliver_owed()
    made = keeping.rebuild(now=stage.now)
    return f"{sum(one.kept + one.missing + one.stale for one in made.values())} mục tìm được"
