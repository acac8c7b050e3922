"""Bringing a code to a telephone and an e-mail to an office: states, how often it is tried, the words of the code."""

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


# --- e-mail ----------------------------------------------------------------------------------------------------------
MAIL_WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
LONGEST_SUBJECT = 300


class MailState(StrEnum):
    """Where one e-mail stands."""

    WAITING = "waiting"  # đang chờ gửi
    SENT = "sent"  # máy chủ thư đã nhận
    FAILED = "failed"  # không gửi được


_MAIL_WAITING = frozenset({MailState.WAITING})
SEND_MAIL = Move(name="send", sources=_MAIL_WAITING, target=MailState.SENT)
FAIL_MAIL = Move(name="fail", sources=_MAIL_WAITING, target=MailState.FAILED)
MAIL_MOVES = (SEND_MAIL, FAIL_MAIL)


def mail_wait(tries: int) -> timedelta | None:
    """Return how long to wait after the ``tries``-th try before the next; None when tries are used up (six over nine hours)."""
    return MAIL_WAITS[tries - 1] if tries <= len(MAIL_WAITS) else None


def subject_line(text: str) -> str:
    """Return a text fit for a subject: one line, not longer than the column; a line break would begin another header."""
    return " ".join(text.split())[:LONGEST_SUBJECT]
