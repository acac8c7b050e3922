"""What a person may ask about their own data, and by when each must be answered.

Terms: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP (in force since 1/1/2026): acknowledge within 2 working days; withdraw, restrict and
object within 15 days, 20 where a processor must act, one extension of at most 15 days; see, provide and correct within 10 days, erase within
20. The table is data: where the ministry reads a term otherwise, change the row, not the code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from smarthd.kernel import clock
from smarthd.kernel.errors import Conflict, Invalid
from smarthd.kernel.moves import Move

SOURCE = "Luật 91/2025/QH15; Nghị định 356/2025/NĐ-CP"
ACKNOWLEDGE_WORKING_DAYS = 2


class RequestKind(StrEnum):
    """What is asked."""

    ACCESS = "access"  # xem dữ liệu của tôi
    PROVIDE = "provide"  # tải dữ liệu của tôi
    RECTIFY = "rectify"  # sửa dữ liệu
    WITHDRAW = "withdraw"  # rút lại sự đồng ý
    RESTRICT = "restrict"  # hạn chế xử lý
    OBJECT = "object"  # phản đối xử lý
    ERASE = "erase"  # xóa dữ liệu


class RequestState(StrEnum):
    """Where a request stands."""

    RECEIVED = "received"  # đã nhận
    ACKNOWLEDGED = "acknowledged"  # đã xác nhận, đang thực hiện
    EXTENDED = "extended"  # đã gia hạn một lần
    DONE = "done"  # đã thực hiện
    REFUSED = "refused"  # từ chối, có lý do
    CANCELLED = "cancelled"  # người yêu cầu đã rút


KIND_WORDS = {
    RequestKind.ACCESS: "Xem dữ liệu của tôi",
    RequestKind.PROVIDE: "Tải dữ liệu của tôi",
    RequestKind.RECTIFY: "Sửa dữ liệu",
    RequestKind.WITHDRAW: "Rút lại sự đồng ý",
    RequestKind.RESTRICT: "Hạn chế xử lý",
    RequestKind.OBJECT: "Phản đối xử lý",
    RequestKind.ERASE: "Xóa dữ liệu",
}
STATE_WORDS = {
    RequestState.RECEIVED: "Đã nhận",
    RequestState.ACKNOWLEDGED: "Đang thực hiện",
    RequestState.EXTENDED: "Đã gia hạn một lần",
    RequestState.DONE: "Đã thực hiện",
    RequestState.REFUSED: "Không thực hiện, có lý do",
    RequestState.CANCELLED: "Đã rút yêu cầu",
}

_OPEN = frozenset({RequestState.RECEIVED, RequestState.ACKNOWLEDGED, RequestState.EXTENDED})
ACKNOWLEDGE = Move(name="acknowledge", sources=frozenset({RequestState.RECEIVED}), target=RequestState.ACKNOWLEDGED)
EXTEND = Move(name="extend", sources=frozenset({RequestState.ACKNOWLEDGED}), target=RequestState.EXTENDED)
COMPLETE = Move(name="complete", sources=_OPEN, target=RequestState.DONE)
REFUSE = Move(
    name="refuse", sources=frozenset({RequestState.ACKNOWLEDGED, RequestState.EXTENDED}), target=RequestState.REFUSED
)
CANCEL = Move(name="cancel", sources=_OPEN, target=RequestState.CANCELLED)
REQUEST_MOVES = (ACKNOWLEDGE, EXTEND, COMPLETE, REFUSE, CANCEL)
OPEN_STATES = _OPEN


class RequestReasonMissing(Invalid):
    """A refusal, an extension or a correction says nothing about why or what."""


class RequestOpenAlready(Conflict):
    """A request of this kind is still being carried out; ``facts["code"]`` names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Days to carry a request out; ``extension_days`` is the one extension the law allows (0: none)."""

    days: int
    days_with_processor: int
    extension_days: int


TERMS: dict[RequestKind, Term] = {
    RequestKind.ACCESS: Term(days=10, days_with_processor=20, extension_days=10),
    RequestKind.PROVIDE: Term(days=10, days_with_processor=20, extension_days=10),
    RequestKind.RECTIFY: Term(days=10, days_with_processor=20, extension_days=10),
    RequestKind.WITHDRAW: Term(days=15, days_with_processor=20, extension_days=15),
    RequestKind.RESTRICT: Term(days=15, days_with_processor=20, extension_days=15),
    RequestKind.OBJECT: Term(days=15, days_with_processor=20, extension_days=15),
    RequestKind.ERASE: Term(days=20, days_with_processor=20, extension_days=0),
}

IsWorkingDay = Callable[[date], bool]


def monday_to_friday(day: date) -> bool:
    """Say whether a day is Monday to Friday: the calendar when no other is known."""
    return day.weekday() < 5


def acknowledge_by(received_at: datetime, *, is_working_day: IsWorkingDay = monday_to_friday) -> datetime:
    """Return the end (local midnight, UTC) of the second working day after the day of receipt."""
    day = clock.day_of(received_at)
    left = ACKNOWLEDGE_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return clock.start_of(day + timedelta(days=1))


def due_by(kind: RequestKind, received_at: datetime, *, with_processor: bool = False) -> datetime:
    """Return the end (local midnight, UTC) of the last day for carrying the request out."""
    term = TERMS[kind]
    days = term.days_with_processor if with_processor else term.days
    return clock.start_of(clock.day_of(received_at) + timedelta(days=days + 1))


def extended_due(kind: RequestKind, due_at: datetime) -> datetime:
    """Return the new last instant after the one extension, or raise Conflict where the law allows none."""
    days = TERMS[kind].extension_days
    if not days:
        raise NoExtension(kind=kind)
    return clock.start_of(clock.day_of(due_at) + timedelta(days=days))


class NoExtension(Conflict):
    """This kind of request has no extension."""
