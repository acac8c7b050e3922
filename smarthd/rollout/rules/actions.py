"""What counts as using the app, and which reported instants are believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntFlag, StrEnum

CLOCK_AHEAD = timedelta(hours=2, minutes=15)
"""A phone this far ahead is merely set wrong (a zone off by one or two hours): its events count on the day of receipt."""
TOO_OLD = timedelta(days=8)
"""Days spent offline that are still believed; older events are dropped and the phone is told so."""


class ValueAction(IntFlag):
    """Acts that bring a person something. Opening the app and signing in are none. Bits of ``ActivityDay.actions``."""

    READ_NOTICE = 1  # đọc thông báo chính thức từ 10 giây trở lên
    REPORT_SENT = 2  # gửi phản ánh hiện trường
    REPORT_FOLLOWED = 4  # theo dõi kết quả phản ánh
    DOSSIER_LOOKUP = 8  # tra cứu hồ sơ thủ tục hành chính
    SERVICE_LOOKUP = 16  # tra cứu dịch vụ, tiện ích
    WARNING_ACKNOWLEDGED = 32  # xác nhận đã nhận cảnh báo
    DIRECTORY_USED = 64  # dùng danh bạ, gọi đường dây nóng
    ADDRESS_LOOKUP = 128  # tra cứu địa chỉ cũ - mới
    SURVEY_ANSWERED = 256  # trả lời khảo sát, góp ý
    GUIDE_READ = 512  # đọc hướng dẫn

    @classmethod
    def by_key(cls, key: str) -> ValueAction:
        """Return the action of a key such as ``read_notice``; KeyError if there is none."""
        return KEYS[key]

    @property
    def key(self) -> str:
        """The key under which audience packages and phones report a single action."""
        return str(self.name).lower()


KEYS = {action.key: action for action in ValueAction}


LAUNCH = ValueAction(0)


class Reason(StrEnum):
    """Why an event was not counted."""

    TOO_OLD = "too_old"  # quá 8 ngày
    IN_FUTURE = "in_future"  # đồng hồ điện thoại chạy trước
    NO_CONSENT = "no_consent"  # chưa đồng ý ghi nhận việc sử dụng, hoặc đã rút lại đồng ý sau ngày ấy
    UNKNOWN_INSTALL = "unknown_install"  # chưa có lần mở đầu của ứng dụng này
    NOT_SIGNED_IN = "not_signed_in"  # chưa đăng nhập nên chỉ đếm lần mở


@dataclass(frozen=True, slots=True)
class Activity:
    """One reported event: a launch (``action`` 0) or a value action, at the phone's own instant, at an atom if known."""

    at: datetime
    action: ValueAction = LAUNCH
    atom_id: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that counts, and the instant whose day it counts on."""

    activity: Activity
    at: datetime
    clamped: bool


@dataclass(frozen=True, slots=True)
class Dropped:
    """An event that does not count, and why."""

    activity: Activity
    reason: Reason


def believe(batch: Iterable[Activity], *, now: datetime) -> tuple[list[Kept], list[Dropped]]:
    """Sort a batch into what counts and what does not; ``now`` is the server's receipt.

    An instant ahead of the server by no more than a wrong zone is clamped to ``now``; further ahead, or more than eight days
    back, it is dropped by name. What lies between is believed as told: a phone that was offline knows its days best.
    """
    kept: list[Kept] = []
    dropped: list[Dropped] = []
    for activity in batch:
        if activity.at > now + CLOCK_AHEAD:
            dropped.append(Dropped(activity, Reason.IN_FUTURE))
        elif activity.at < now - TOO_OLD:
            dropped.append(Dropped(activity, Reason.TOO_OLD))
        else:
            kept.append(Kept(activity, min(activity.at, now), clamped=activity.at > now))
    return kept, dropped
