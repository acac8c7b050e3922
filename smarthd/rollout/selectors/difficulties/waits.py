"""What waits for an answer, for work, for confirmation, agency by agency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from smarthd.kernel.actor import Actor
from smarthd.rollout import policies
from smarthd.rollout.models import Difficulty
from smarthd.rollout.rules.difficulties import OPEN, UNANSWERED, State
from smarthd.rollout.selectors.difficulties.rows import names_of


@dataclass(frozen=True, slots=True)
class Held:
    """What waits at one agency: how many, and the nearest term."""

    agency_id: int
    agency: str
    count: int
    due_at: datetime | None


def waiting(actor: Actor, *, now: datetime) -> dict[str, list[Held]]:
    """Return, by what is to be done (answer, work, confirm), what waits at the agencies the actor works for. Two queries."""
    speaks = {grant.agency_id for grant in actor.grants if grant.role in policies.SPEAKERS}
    asked = (
        ("answer", "holder_id", policies.works_at(actor), UNANSWERED, "due_at"),
        ("work", "holder_id", policies.works_at(actor), frozenset({State.IN_HAND}), "due_at"),
        ("confirm", "agency_id", speaks, frozenset({State.SOLVED}), "confirm_due_at"),
    )
    found: dict[str, list[Held]] = {what: [] for what, *_rest in asked}
    rows = Difficulty.objects.filter(
        Q(holder_id__in=policies.works_at(actor), state__in=OPEN) | Q(agency_id__in=speaks, state=State.SOLVED)
    ).values("holder_id", "agency_id", "state", "due_at", "confirm_due_at")
    kept: list[dict[str, Any]] = [dict(one) for one in rows]
    names = (
        names_of({one[by] for what, by, ids, _s, _d in asked for one in kept if one[by] in ids}, now) if kept else {}
    )
    for what, by, ids, states, due in asked:
        groups: dict[int, list[datetime | None]] = {}
        for one in kept:
            if one[by] in ids and State(one["state"]) in states:
                groups.setdefault(one[by], []).append(one[due])
        found[what] = [
            Held(agency, names.get(agency, ""), len(terms), min((one for one in terms if one), default=None))
            for agency, terms in sorted(groups.items())
        ]
    return found
