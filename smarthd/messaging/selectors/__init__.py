"""Reads of messaging."""

from __future__ import annotations

from smarthd.messaging.selectors.deliveries import (
    InboxView,
    code_delivery_state,
    failed_deliveries,
    failed_mails,
    inbox_for,
    kept_about,
    unread_count,
)
from smarthd.messaging.selectors.fanouts import (
    Acceptance,
    Backlog,
    PushAlarm,
    acceptance_of,
    acceptance_times,
    accounts_reached,
    audience,
    audience_values,
    backlog,
    fanout,
    latest_fanouts,
    phone_count,
    push_alarms,
)

__all__ = [
    "Acceptance",
    "Backlog",
    "InboxView",
    "PushAlarm",
    "acceptance_of",
    "acceptance_times",
    "accounts_reached",
    "audience",
    "audience_values",
    "backlog",
    "code_delivery_state",
    "failed_deliveries",
    "failed_mails",
    "fanout",
    "inbox_for",
    "kept_about",
    "latest_fanouts",
    "phone_count",
    "push_alarms",
    "unread_count",
]
