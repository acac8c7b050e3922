"""Consolidating reports: take the best there is of each unit, name who is missing, never wait, never guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from smarthd.rollout.rules import forms
from smarthd.rollout.rules.reports import HANDED_IN, State


@dataclass(frozen=True, slots=True)
class Handed:
    """What one unit's report was at the system time asked about. ``last`` is what stood in its newest earlier period."""

    unit: str
    name: str
    state: State
    values: Mapping[str, Any] = field(default_factory=dict)
    in_time: bool | None = None
    not_reviewed: bool = False
    exempt: bool = False
    last: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""


def consolidate(plan: forms.FormPlan, handed: Sequence[Handed]) -> dict[str, Any]:
    """Return the content of a consolidation: totals of numeric fields over what was handed in, units counted by state, who is missing.

    Missing units are named with their last value, which is shown and not added. ``by_kind`` holds the same totals for each kind of
    agency: where several kinds report, what a superior says may hold what its units said, and adding both would count twice.
    """
    units = sorted(handed, key=lambda one: one.unit)
    due = [one for one in units if not one.exempt]
    there = [one for one in due if one.state in HANDED_IN]
    missing = [one for one in due if one.state not in HANDED_IN]
    numeric = [one.key for one in plan.fields if one.kind in forms.NUMERIC]
    kinds = sorted({one.kind for one in due})
    return {
        "due": len(due),
        "in_time": sum(one.in_time is True for one in there),
        "by_state": {state.value: sum(one.state is state for one in there) for state in sorted(HANDED_IN)},
        **_totals(numeric, there),
        "by_kind": {
            kind: {"due": sum(one.kind == kind for one in due), **_totals(numeric, [one for one in there if one.kind == kind])}
            for kind in kinds
        },
        "rows": [
            {"unit": one.unit, "name": one.name, "state": one.state.value, "in_time": one.in_time,
             "not_reviewed": one.not_reviewed, "values": dict(sorted(one.values.items()))}
            for one in there
        ],
        "missing": [{"unit": one.unit, "name": one.name, "last": dict(sorted(one.last.items()))} for one in missing],
        "exempt": [{"unit": one.unit, "name": one.name} for one in units if one.exempt],
    }  # fmt: skip


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return what changed between two consolidations: totals that moved (by kind of agency), units that came, left or said something else."""
    old = {row["unit"]: row for row in before.get("rows", ())}
    new = {row["unit"]: row for row in after.get("rows", ())}
    were = {kind: told["totals"] for kind, told in before.get("by_kind", {}).items()}
    totals = {
        kind: {
            key: [were.get(kind, {}).get(key), value]
            for key, value in told["totals"].items()
            if were.get(kind, {}).get(key) != value
        }
        for kind, told in after.get("by_kind", {}).items()
    }
    return {
        "totals": {kind: moved for kind, moved in totals.items() if moved},
        "came": [new[unit]["name"] for unit in sorted(new.keys() - old.keys())],
        "left": [old[unit]["name"] for unit in sorted(old.keys() - new.keys())],
        "changed": [
            {"name": new[unit]["name"], "fields": _changed(old[unit]["values"], new[unit]["values"])}
            for unit in sorted(new.keys() & old.keys())
            if old[unit]["values"] != new[unit]["values"]
        ],
        "moved_on": [
            {"name": new[unit]["name"], "from": old[unit]["state"], "to": new[unit]["state"]}
            for unit in sorted(new.keys() & old.keys())
            if old[unit]["state"] != new[unit]["state"]
        ],
    }


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {
        key: [old.get(key), new.get(key)] for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)
    }


def _totals(numeric: Sequence[str], there: Sequence[Handed]) -> dict[str, Any]:
    return {
        "handed_in": len(there),
        "totals": {key: _sum(one.values.get(key) for one in there) for key in numeric},
        "answered": {key: sum(one.values.get(key) is not None for one in there) for key in numeric},
    }


def _sum(values: Any) -> float:
    return sum(float(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool))
