"""Proof that a member of staff was told what is kept of them for an order."""

from __future__ import annotations

from datetime import datetime

from smarthd.kernel import audit, clock
from smarthd.kernel.actor import Actor
from smarthd.rollout.selectors import ordered


def note_told_of_order(account_id: int, *, now: datetime) -> None:
    """Write into the trail that this person was shown what is kept for the order; nothing where no order asks for them."""
    campaign = ordered.order_for(account_id, clock.day_of(now))
    if campaign is not None:
        audit.record(Actor(account_id=account_id), "rollout.told_of_order", campaign, at=now)
