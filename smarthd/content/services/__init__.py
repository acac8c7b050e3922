"""Writes of notices and of the directory."""

from __future__ import annotations

from smarthd.content.services.acting import Act, present_act
from smarthd.content.services.directory import upsert_hotline
from smarthd.content.services.notices import (
    check_audience,
    decide_on_notice,
    moderation,
    publish_due,
    publish_notice,
    record_publication,
    record_withdrawal,
    withdraw_notice,
)

__all__ = [
    "Act",
    "check_audience",
    "decide_on_notice",
    "moderation",
    "present_act",
    "publish_due",
    "publish_notice",
    "record_publication",
    "record_withdrawal",
    "upsert_hotline",
    "withdraw_notice",
]
