"""A plan as JSON, as it rests on its event."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from smarthd.places.rules import Plan

_ADAPTER: TypeAdapter[Plan] = TypeAdapter(Plan)


def to_json(plan: Plan) -> Any:
    """Return the plan as JSON values; shares rest in the lineage table instead."""
    stored = _ADAPTER.dump_python(plan, mode="json")
    stored.pop("shares")
    return stored


def from_json(stored: Any, shares: tuple[tuple[int, int, str, float], ...] = ()) -> Plan:
    """Return the plan of an event, with the shares of its lineage rows."""
    return _ADAPTER.validate_python({**stored, "shares": shares})
