"""Decisions of the roll-out: the ladder, what counts as use, which instants are believed, which figures may be shown."""

from __future__ import annotations

from smarthd.rollout.rules.actions import LAUNCH, Activity, Dropped, Kept, Reason, ValueAction, believe
from smarthd.rollout.rules.figures import (
    FLAGS,
    HIDDEN_BELOW,
    CampaignStatus,
    Flag,
    Measure,
    Scope,
    is_small,
    spare_cells,
)
from smarthd.rollout.rules.ladder import (
    ACTIVE_DAYS,
    BEGINNING,
    LAPSED_AFTER_DAYS,
    RETAINED_FROM,
    RETAINED_TO,
    RETURNED_FROM,
    RETURNED_TO,
    USED_WITHIN_DAYS,
    Level,
    PersonDays,
    ladder,
    lapsed,
    reached_on,
)

__all__ = [
    "ACTIVE_DAYS",
    "BEGINNING",
    "FLAGS",
    "HIDDEN_BELOW",
    "LAPSED_AFTER_DAYS",
    "LAUNCH",
    "RETAINED_FROM",
    "RETAINED_TO",
    "RETURNED_FROM",
    "RETURNED_TO",
    "USED_WITHIN_DAYS",
    "Activity",
    "CampaignStatus",
    "Dropped",
    "Flag",
    "Kept",
    "Level",
    "Measure",
    "PersonDays",
    "Reason",
    "Scope",
    "ValueAction",
    "believe",
    "is_small",
    "ladder",
    "lapsed",
    "reached_on",
    "spare_cells",
]
