"""What a person wants to be told of, and when they want quiet."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

MOST_FOLLOWED = 5
DAY_MINUTES = 24 * 60


class Topic(StrEnum):
    """What a push is about; each may be muted by itself. ``bit`` is its place in a phone's mask of muted topics."""

    ALERTS = "alerts"  # cảnh báo thiên tai, an toàn
    REPORTS = "reports"  # phản ánh, hiến kế của tôi
    DUTIES = "duties"  # việc cần làm, nhắc việc
    NEWS = "news"  # tin của xã, phường và của tỉnh
    DATA = "data"  # lịch cắt điện, nước; dữ liệu, hồ sơ tôi theo dõi

    @property
    def bit(self) -> int:
        """Return the topic's bit; the order of the members is kept for ever, new ones come last."""
        return 1 << list(Topic).index(self)


TOPIC_WORDS = {
    Topic.ALERTS: "Cảnh báo thiên tai, an toàn",
    Topic.REPORTS: "Phản ánh, hiến kế của tôi",
    Topic.DUTIES: "Việc cần làm, nhắc việc",
    Topic.NEWS: "Tin của xã, phường và của tỉnh",
    Topic.DATA: "Lịch cắt điện, nước; dữ liệu, hồ sơ tôi theo dõi",
}

QUIET_FROM, QUIET_TO = 21 * 60, 7 * 60
"""Nobody is woken from 21:00 to 7:00 but by life-saving alerts: the words of the consent (people.rules.WORDINGS, push)."""

TOLD_APART = frozenset({"alerts.warning", "connectors.commune"})
"""Kinds of inbox items whose phones a fan-out of its own tells: a push beside it would tell them twice."""

WAKING = frozenset({"alerts.approval", "alerts.help"})
"""Kinds of inbox items that quiet hours do not hold: a warning waits for its second pair of eyes, somebody calls for help. Only officials on
duty get them."""

_KINDS = (
    ("alerts.warning", Topic.ALERTS),
    ("fieldreports.desk", Topic.DUTIES),
    ("fieldreports", Topic.REPORTS),
    ("content.idea", Topic.REPORTS),
    ("connectors.desk", Topic.DUTIES),
    ("connectors", Topic.DATA),
)


def topic_of_kind(kind: str) -> Topic:
    """Return the topic of an inbox item's kind: ``fieldreports.step`` → REPORTS; what nobody named is a duty."""
    return next((topic for beginning, topic in _KINDS if kind.startswith(beginning)), Topic.DUTIES)


def wakes(kind: str) -> bool:
    """Say whether an inbox item of a kind is pushed whatever the hour."""
    return kind in WAKING


def mask_of(topics: frozenset[Topic]) -> int:
    """Return the mask of some topics."""
    return sum(topic.bit for topic in topics)


def topics_in(mask: int) -> frozenset[Topic]:
    """Return the topics of a mask; bits of topics that no longer are say nothing."""
    return frozenset(topic for topic in Topic if mask & topic.bit)


def quiet_until(now: datetime, *, quiet_from: int | None, quiet_to: int | None) -> datetime | None:
    """Return when quiet ends, or None when it is not quiet now. Minutes of the local day; equal or absent ones mean never quiet."""
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return None
    local = now.astimezone(ZONE)
    minute = local.hour * 60 + local.minute
    inside = quiet_from <= minute < quiet_to if quiet_from < quiet_to else minute >= quiet_from or minute < quiet_to
    if not inside:
        return None
    ends = local.replace(hour=quiet_to // 60, minute=quiet_to % 60, second=0, microsecond=0)
    return (ends if ends > local else ends + timedelta(days=1)).astimezone(now.tzinfo)


# --- one person's own messages -----------------------------------------------------------------------------------------
NOTICE_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


class NoticeState(StrEnum):
    """Where the push of one inbox item stands."""

    WAITING = "waiting"  # chờ gửi
    SENT = "sent"  # máy chủ đẩy đã nhận
    DROPPED = "dropped"  # không máy nào muốn nhận, hoặc người đọc đã xem
    FAILED = "failed"  # không gửi được


def notice_wait(tries: int) -> timedelta | None:
    """Return how long to wait after the ``tries``-th try before the next; None when tries are used up."""
    return NOTICE_WAITS[tries - 1] if tries <= len(NOTICE_WAITS) else None
