"""Bringing a sign-in code to a telephone: its states, how often it is tried, its words."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from smarthd.kernel.moves import Move

TRIES = 3
WAIT_BETWEEN_TRIES = timedelta(seconds=3)


class DeliveryState(StrEnum):
    """Where one message stands."""

    WAITING = "waiting"  # đang chờ gửi
    SENT = "sent"  # cổng tin nhắn đã nhận
    FAILED = "failed"  # không gửi được
    EXPIRED = "expired"  # mã hết hạn trước khi gửi được


_WAITING = frozenset({DeliveryState.WAITING})
SEND = Move(name="send", sources=_WAITING, target=DeliveryState.SENT)
FAIL = Move(name="fail", sources=_WAITING, target=DeliveryState.FAILED)
EXPIRE = Move(name="expire", sources=_WAITING, target=DeliveryState.EXPIRED)
DELIVERY_MOVES = (SEND, FAIL, EXPIRE)


def code_text(code: str, *, host: str) -> str:
    """Return the words of the message: one SMS of the GSM alphabet, ended as phones need it to offer the code by themselves.

    The last line is the one the WICG draft "Origin-bound one-time codes delivered via SMS" asks for.
    """
    words = f"Ma xac nhan Smart-HaiDuong: {code}. Het han sau 5 phut. Khong dua ma nay cho bat ky ai."
    return f"{words}\n\n@{host} #{code}"


def may_try_again(tries: int) -> bool:
    """Say whether another try is left after ``tries`` of them."""
    return tries < TRIES
