"""Where the next reading of only what changed goes on: kept when everything before it is public, forgotten when it is not sure."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from smarthd.connectors.models import Run, Source
from smarthd.connectors.ports import FROM_THE_START, State, Table
from smarthd.connectors.rules.states import RunState
from smarthd.kernel import clock


def state_of(source: Source, *, now: datetime) -> State:
    """Return where to go on, or nothing for the whole.

    The whole is read once a day, so that what was deleted at the source goes; when the columns were mapped anew; when something
    else became public since; and where rows have no key by which one replaces another.
    """
    kept = source.resume
    sure = (
        kept
        and source.mapping.get("key")
        and kept.get("version") == source.version
        and kept.get("mapping") == _mark(source)
        and kept.get("whole_on") == clock.day_of(now).isoformat()
    )
    return {name: str(told) for name, told in kept["state"].items()} if sure else FROM_THE_START


def keep(source: Source, run: Run, table: Table, *, now: datetime) -> None:
    """Remember where a reading ended whose every row is public now; a reading that waits for somebody is read again from before."""
    if run.state not in {RunState.PUBLISHED, RunState.UNCHANGED}:
        return
    source.refresh_from_db(fields=["version", "mapping", "resume"])
    if not table.state and not source.resume:
        return
    whole_on = clock.day_of(now).isoformat() if table.whole else source.resume.get("whole_on", "")
    source.resume = (
        {"state": dict(table.state), "version": source.version, "mapping": _mark(source), "whole_on": whole_on}
        if table.state and source.version
        else {}
    )
    source.save(update_fields=["resume"])


def _mark(source: Source) -> str:
    return hashlib.sha256(json.dumps(source.mapping, sort_keys=True).encode()).hexdigest()[:16]
