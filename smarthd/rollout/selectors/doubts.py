"""Suspicions, for those who decide about them and for the person concerned."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.rollout import policies
from smarthd.rollout.models import Suspicion
from smarthd.rollout.rules import integrity as rules
from smarthd.rollout.rules.integrity import Signal, State


@dataclass(frozen=True, slots=True)
class Doubt:
    """One suspicion with its reasons in words."""

    uid: UUID
    subject: str
    subject_id: int
    signals: tuple[Signal, ...]
    reasons: tuple[str, ...]
    score: float
    state: State
    found_at: datetime
    seen_at: datetime
    appeal: str
    appealed_at: datetime | None
    decided_by: int | None
    decided_at: datetime | None
    reason: str


def doubts_for(
    actor: Actor, *, signal: str = "", state: str = "", limit: int = 200
) -> tuple[list[Doubt], Counter[Signal]]:
    """Return what waits first (appeals, then those set apart, by weight), and how many suspicions show each signal."""
    require(policies.can_see_integrity(actor))
    every = Suspicion.objects.order_by("-score", "id")
    if state:
        every = every.filter(state=state)
    doubts = [_doubt(row) for row in every]
    counts = Counter(one for doubt in doubts for one in doubt.signals)
    order = [State.APPEALED, State.QUARANTINED, State.WATCHED, State.KEPT, State.RELEASED]
    shown = [doubt for doubt in doubts if not signal or signal in doubt.signals]
    return sorted(shown, key=lambda doubt: order.index(doubt.state))[:limit], counts


def own_doubt(account_id: int) -> Doubt | None:
    """Return what holds against a person's own account while it is set apart, or None."""
    row = Suspicion.objects.filter(subject="account", subject_id=account_id, state__in=list(rules.APART)).first()
    return None if row is None else _doubt(row)


def _doubt(row: Suspicion) -> Doubt:
    evidence = {Signal(name): count for name, count in row.signals.items()}
    return Doubt(
        row.uid,
        row.subject,
        row.subject_id,
        tuple(sorted(evidence, key=lambda one: -rules.weight(one, evidence[one]))),
        tuple(rules.reasons(evidence)),
        row.score,
        State(row.state),
        row.found_at,
        row.seen_at,
        row.appeal,
        row.appealed_at,
        row.decided_by,
        row.decided_at,
        row.reason,
    )
