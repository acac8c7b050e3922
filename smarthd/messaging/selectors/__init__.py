"""Reads of messaging."""

from __future__ import annotations

from smarthd.messaging.selectors.deliveries import (
    InboxView,
    code_delivery_state,
    failed_deliveries,
    failed_mails,
    inbox_for,
    inbox_section,
    unread_count,
)
from smarthd.messaging.selectors.fanouts import audience, fanout

__all__ = [
    "InboxView",
    "audience",
    "code_delivery_state",
    "failed_deliveries",
    "failed_mails",
    "fanout",
    "inbox_for",
    "inbox_section",
    "unread_count",
]
