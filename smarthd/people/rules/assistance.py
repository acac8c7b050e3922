"""Helping someone in front of you: what the helper may do, and when it ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from smarthd.kernel.errors import Conflict, Invalid, NotFound
from smarthd.kernel.moves import Move

HELPS_AN_HOUR = 30
ASSISTANCE_LIFE = timedelta(minutes=30)


class AssistanceState(StrEnum):
    """Where one act of help stands."""

    OPEN = "open"  # đang giúp
    COMPLETED = "completed"  # người dân đã tự nhập mã, tài khoản đã mở
    ENDED = "ended"  # người giúp hoặc người dân đã dừng
    EXPIRED = "expired"  # quá 30 phút, tự kết thúc


FINISH = Move(name="finish", sources=frozenset({AssistanceState.OPEN}), target=AssistanceState.COMPLETED)
END = Move(name="end", sources=frozenset({AssistanceState.OPEN}), target=AssistanceState.ENDED)
LAPSE = Move(name="lapse", sources=frozenset({AssistanceState.OPEN}), target=AssistanceState.EXPIRED)
ASSISTANCE_MOVES = (FINISH, END, LAPSE)


class OwnAssistance(Conflict):
    """Nobody assists themselves: the number is the helper's own."""


class AgreementMissing(Invalid):
    """The help cannot begin before the person in front agreed to it."""


class NoAssistanceWaiting(NotFound):
    """No help waits for this person's word: it ended, or it is somebody else's."""


def still_open(*, state: AssistanceState, ends_at: datetime, now: datetime) -> bool:
    """Say whether the help still stands."""
    return state == AssistanceState.OPEN and now < ends_at
