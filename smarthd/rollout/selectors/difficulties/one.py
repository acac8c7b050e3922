"""One difficulty with its whole life, and what the actor may do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from smarthd.agencies import selectors as agencies
from smarthd.kernel import clock
from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.errors import DifficultyUnknown
from smarthd.rollout.models import Difficulty, DifficultyStep
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import State
from smarthd.rollout.selectors.difficulties.rows import Row, names_of, rows_in, visible, whole


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a life: what, when, who in the name of whom, who holds it from then, until when."""

    act: str
    at: datetime
    by_us: bool
    by_agency: str
    holder: str
    due_at: datetime | None
    text: str
    note: Mapping[str, Any]
    by_system: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """A whole difficulty: the row, its life, those merged with it, who stands above, what the actor may do."""

    row: Row
    steps: tuple[Step, ...]
    followers: tuple[Row, ...]
    chain: tuple[str, ...]
    above: str
    may: frozenset[str]


def difficulty_for(actor: Actor, uid: UUID, *, now: datetime) -> Seen:
    """Return one difficulty whole, or raise DifficultyUnknown when there is none or the actor may not see it."""
    row = visible(actor).filter(uid=uid).first()
    if row is None:
        raise DifficultyUnknown
    [seen] = rows_in([row], now)
    chain = agencies.chain_of(row.agency_id, clock.day_of(now))
    above = agencies.chain_of(row.holder_id, clock.day_of(now))[1:]
    return Seen(
        row=seen,
        steps=tuple(_steps(actor, row, now)),
        followers=tuple(rows_in(whole().filter(merged_into=row, state=State.MERGED).order_by("raised_at"), now)),
        chain=tuple(view.short_name or view.name for view in chain),
        above=above[0].name if above else "",
        may=_may(actor, row, has_superior=bool(above)),
    )


def _may(actor: Actor, row: Difficulty, *, has_superior: bool) -> frozenset[str]:
    state = State(row.state)
    answers, settles = policies.can_answer(actor, row), policies.can_settle(actor, row)
    over, speaks = policies.takes_over_as(actor, row) is not None, policies.can_speak_for_raiser(actor, row)
    allowed = {
        rules.ANSWER: answers,
        rules.ESCALATE: settles and has_superior,
        rules.TAKE_OVER: over,
        rules.SOLVE: settles,
        rules.MERGE: answers or over,
        rules.PART: answers or over,
        rules.CONFIRM: speaks,
        rules.REOPEN: speaks,
        rules.WITHDRAW: speaks,
    }
    return frozenset(move.name for move, may in allowed.items() if may and move.may_start(state))


def _steps(actor: Actor, row: Difficulty, now: datetime) -> Iterable[Step]:
    steps = list(DifficultyStep.objects.filter(difficulty=row).order_by("number"))
    names = names_of({one for step in steps for one in (step.by_agency_id, step.holder_id) if one}, now)
    for step in steps:
        yield Step(
            act=step.act,
            at=step.at,
            by_us=step.by is not None and step.by == actor.account_id,
            by_agency=names.get(step.by_agency_id or 0, ""),
            holder=names.get(step.holder_id, ""),
            due_at=step.due_at,
            text=step.text,
            note=step.note,
            by_system=step.act == "escalated_by_silence",
        )
