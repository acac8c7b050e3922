"""Who may change the administrative units: administrators, and the system's own commands."""

from __future__ import annotations

from smarthd.kernel.actor import Actor


def can_change_units(actor: Actor) -> bool:
    """Say whether the actor may draft, apply and revert changes of units, and assign villages."""
    return bool(actor.system) or actor.has_role("administrator")
