"""Every act the house writes into the trail has words an official understands."""

from __future__ import annotations

import ast
from pathlib import Path

from smarthd.backoffice.words import ACTS, CONTEXTS

HOUSE = Path(__file__).resolve().parents[2]


def recorded_acts() -> set[str]:
    """Return every act named by a constant in a call of ``audit.record`` or ``audit.looked``."""
    return {
        call.args[1].value
        for path in HOUSE.rglob("*.py")
        if not {"tests", "migrations"} & set(path.parts)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) in {"audit.record", "audit.looked"}
        if len(call.args) > 1 and isinstance(call.args[1], ast.Constant)
    }


def test_every_recorded_act_has_words() -> None:
    acts = recorded_acts()
    assert len(acts) > 50
    assert acts - set(ACTS) == set()


def test_every_act_can_be_found_by_its_context() -> None:
    contexts = [key for key, _words in CONTEXTS if key]
    assert [act for act in ACTS if not act.startswith(tuple(contexts))] == []


def test_every_act_put_together_from_a_step_has_words() -> None:
    from smarthd.rollout.rules import difficulties

    assert {f"rollout.difficulty_{act}" for act in difficulties.ACT_WORDS} - set(ACTS) == set()
    assert {f"rollout.airing_{what}" for what in ("aired", "missed", "cancelled")} - set(ACTS) == set()
