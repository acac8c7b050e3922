"""Which open difficulties may be the same one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from smarthd.kernel.actor import Actor
from smarthd.rollout.errors import DifficultyUnknown
from smarthd.rollout.rules import difficulties as rules
from smarthd.rollout.rules.difficulties import OPEN, Category
from smarthd.rollout.selectors.difficulties.rows import Row, rows_in, visible


@dataclass(frozen=True, slots=True)
class Likely:
    """A difficulty that may be the same as another, 0..1."""

    row: Row
    likeness: float
    same_place: bool


def likely_duplicates(actor: Actor, uid: UUID, *, now: datetime, limit: int = 12) -> list[Likely]:
    """Return open difficulties of the same campaign and category the actor may see, the likeliest first."""
    row = visible(actor).filter(uid=uid).first()
    if row is None:
        raise DifficultyUnknown
    said = rules.Said(Category(row.category), row.place_id, row.folded)
    others = (
        visible(actor)
        .filter(campaign_id=row.campaign_id, category=row.category, state__in=OPEN)
        .exclude(pk=row.pk)
        .order_by("-raised_at")[:500]
    )
    scored = [
        (rules.likeness(said, rules.Said(Category(other.category), other.place_id, other.folded)), other)
        for other in others
    ]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1].raised_at))[:limit]
    rows = {one.uid: one for one in rows_in([other for _, other in best], now)}
    return [
        Likely(rows[other.uid], score, other.place_id is not None and other.place_id == row.place_id)
        for score, other in best
    ]
