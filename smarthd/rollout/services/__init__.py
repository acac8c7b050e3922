"""Writes of the roll-out, by use case."""

from __future__ import annotations

from smarthd.rollout.services.activity import (
    MOST_EVENTS,
    Recorded,
    record_activities,
    record_activity,
    report_value_action,
)
from smarthd.rollout.services.campaigns import change_campaign_status, open_campaign, set_target
from smarthd.rollout.services.denominators import NewDenominator, set_denominators
from smarthd.rollout.services.installs import observe_install
from smarthd.rollout.services.participants import (
    activate_participant,
    erase_participant,
    forget_days,
    mark_test,
    move_participant,
    quarantine,
)
from smarthd.rollout.services.rollups import Refreshed, rebuild_rollups, refresh_day, refresh_rollups
from smarthd.rollout.services.seats import link_staff, sync_seats
from smarthd.rollout.services.settling import settle

__all__ = [
    "MOST_EVENTS",
    "NewDenominator",
    "Recorded",
    "Refreshed",
    "activate_participant",
    "change_campaign_status",
    "erase_participant",
    "forget_days",
    "link_staff",
    "mark_test",
    "move_participant",
    "observe_install",
    "open_campaign",
    "quarantine",
    "rebuild_rollups",
    "record_activities",
    "record_activity",
    "refresh_day",
    "refresh_rollups",
    "report_value_action",
    "set_denominators",
    "set_target",
    "settle",
    "sync_seats",
]
