"""Writes of the roll-out, by use case."""

from __future__ import annotations

from smarthd.rollout.services.activity import (
    MOST_EVENTS,
    Recorded,
    record_activities,
    record_activity,
    report_value_action,
)
from smarthd.rollout.services.base_files import Defaults, confirm_bases, preview_bases, withdraw_bases
from smarthd.rollout.services.campaigns import change_campaign_status, drop_target, open_campaign, set_target
from smarthd.rollout.services.carrying import follow_agencies
from smarthd.rollout.services.consolidating import consolidate, reproduces
from smarthd.rollout.services.denominators import NewDenominator, set_denominators, withdraw_denominator
from smarthd.rollout.services.filing import amend_report, save_draft, submit_report, withdraw_report
from smarthd.rollout.services.forms import draft_form, publish_form
from smarthd.rollout.services.installs import observe_install
from smarthd.rollout.services.integrity import (
    Swept,
    appeal,
    forget_old_traces,
    forget_traces_of,
    keep_apart,
    release,
    sight,
    sweep,
    sweep_reports,
    sweep_units,
    trace_activation,
    trace_binding,
)
from smarthd.rollout.services.obligations import Frozen, add_period, declare_outage, exempt, extend, freeze_period
from smarthd.rollout.services.ordering import note_told_of_order
from smarthd.rollout.services.participants import (
    activate_participant,
    erase_participant,
    forget_days,
    mark_test,
    move_participant,
    quarantine,
)
from smarthd.rollout.services.reminding import take_steps
from smarthd.rollout.services.reviewing import (
    Outcome,
    accept_many,
    accept_report,
    endorse_many,
    endorse_report,
    pass_silent,
    return_report,
)
from smarthd.rollout.services.rollups import Refreshed, rebuild_rollups, refresh_day, refresh_rollups
from smarthd.rollout.services.sampling import draw_sample, enter_finding
from smarthd.rollout.services.seats import link_staff, sync_seats
from smarthd.rollout.services.series import add_weekly_periods, attach_document, clone_campaign
from smarthd.rollout.services.settling import settle
from smarthd.rollout.services.telling import send_digests, tell_reminder, tell_return
from smarthd.rollout.services.urging import draft_letter, sign_letter

__all__ = [
    "MOST_EVENTS",
    "Defaults",
    "Frozen",
    "NewDenominator",
    "Outcome",
    "Recorded",
    "Refreshed",
    "Swept",
    "accept_many",
    "accept_report",
    "activate_participant",
    "add_period",
    "add_weekly_periods",
    "amend_report",
    "appeal",
    "attach_document",
    "change_campaign_status",
    "clone_campaign",
    "confirm_bases",
    "consolidate",
    "declare_outage",
    "draft_form",
    "draft_letter",
    "draw_sample",
    "drop_target",
    "endorse_many",
    "endorse_report",
    "enter_finding",
    "erase_participant",
    "exempt",
    "extend",
    "follow_agencies",
    "forget_days",
    "forget_old_traces",
    "forget_traces_of",
    "freeze_period",
    "keep_apart",
    "link_staff",
    "mark_test",
    "move_participant",
    "note_told_of_order",
    "observe_install",
    "open_campaign",
    "pass_silent",
    "preview_bases",
    "publish_form",
    "quarantine",
    "rebuild_rollups",
    "record_activities",
    "record_activity",
    "refresh_day",
    "refresh_rollups",
    "release",
    "report_value_action",
    "reproduces",
    "return_report",
    "save_draft",
    "send_digests",
    "set_denominators",
    "set_target",
    "settle",
    "sight",
    "sign_letter",
    "submit_report",
    "sweep",
    "sweep_reports",
    "sweep_units",
    "sync_seats",
    "take_steps",
    "tell_reminder",
    "tell_return",
    "trace_activation",
    "trace_binding",
    "withdraw_bases",
    "withdraw_denominator",
    "withdraw_report",
]
