"""The way of one bulletin to one outlet: states, how often it is tried, when a loudspeaker may play."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from enum import StrEnum

from smarthd.channels.rules.bulletins import Priority
from smarthd.kernel.moves import Move


class State(StrEnum):
    """Where a dispatch stands."""

    WAITING = "waiting"  # đang chờ gửi
    SENT = "sent"  # bên nhận đã lấy
    RECEIVED = "received"  # bên nhận đã báo nhận, đã phát
    PROVEN = "proven"  # có minh chứng
    FAILED = "failed"  # không gửi được
    EXPIRED = "expired"  # hết hiệu lực trước khi gửi được
    DROPPED = "dropped"  # thôi gửi: tin bị hủy hoặc thay


STATE_WORDS = {
    State.WAITING: "Đang chờ gửi",
    State.SENT: "Đã gửi",
    State.RECEIVED: "Đã báo nhận, đã phát",
    State.PROVEN: "Có minh chứng",
    State.FAILED: "Không gửi được",
    State.EXPIRED: "Hết hiệu lực trước khi gửi được",
    State.DROPPED: "Thôi gửi, đã có tin thay",
}

SEND = Move(name="send", sources=frozenset({State.WAITING, State.DROPPED}), target=State.SENT)
"""From DROPPED too: a try that was under way when the bulletin was replaced has reached the outlet, and says so."""
RECEIVE = Move(name="receive", sources=frozenset({State.SENT}), target=State.RECEIVED)
PROVE = Move(name="prove", sources=frozenset({State.SENT, State.RECEIVED, State.PROVEN}), target=State.PROVEN)
FAIL = Move(name="fail", sources=frozenset({State.WAITING, State.SENT}), target=State.FAILED)
EXPIRE = Move(name="expire", sources=frozenset({State.WAITING}), target=State.EXPIRED)
DROP = Move(name="drop", sources=frozenset({State.WAITING, State.FAILED}), target=State.DROPPED)
RESEND = Move(name="resend", sources=frozenset({State.FAILED, State.SENT, State.RECEIVED}), target=State.WAITING)
MOVES = (SEND, RECEIVE, PROVE, FAIL, EXPIRE, DROP, RESEND)

ENDED = frozenset({State.PROVEN, State.FAILED, State.EXPIRED, State.DROPPED})
CARRIED = frozenset({State.SENT, State.RECEIVED, State.PROVEN})
_SECONDS = {
    Priority.URGENT: (5, 15, 30, 60, 60, 120, 120, 300, 300, 600, 600, 600, 600, 600, 600, 600),
    Priority.PRIORITY: (30, 120, 300, 600, 1800, 3600),
    Priority.NORMAL: (60, 300, 1800, 7200, 21600),
}
LEASE = timedelta(seconds=90)
"""How long one try may take before another worker takes it up: longer than every timeout of the adapters together."""


def wait_after(tries: int, priority: Priority) -> timedelta | None:
    """Return how long to wait after the ``tries``-th try; None when tries are used up (urgent: 17 over about 100 minutes)."""
    waits = _SECONDS[priority]
    return timedelta(seconds=waits[tries - 1]) if tries <= len(waits) else None


DAY_BEGINS, DAY_ENDS = time(5, 0), time(21, 30)
"""Hours in which a loudspeaker plays what is not urgent. Our own setting; the Circular leaves it to the programme."""


def play_window(
    priority: Priority, *, valid_from: datetime, valid_until: datetime, now: datetime
) -> tuple[datetime, datetime]:
    """Return from when until when a loudspeaker may play (local instants); what is urgent plays at once, at any hour."""
    begin = max(valid_from, now)
    if priority is Priority.URGENT:
        return begin, valid_until
    if begin.time() < DAY_BEGINS:
        begin = begin.replace(hour=DAY_BEGINS.hour, minute=DAY_BEGINS.minute, second=0, microsecond=0)
    elif begin.time() >= DAY_ENDS:
        begin = (begin + timedelta(days=1)).replace(
            hour=DAY_BEGINS.hour, minute=DAY_BEGINS.minute, second=0, microsecond=0
        )
    return begin, valid_until


REPEATS = {Priority.URGENT: 3, Priority.PRIORITY: 2, Priority.NORMAL: 1}
"""How often a loudspeaker plays a bulletin in one go."""
