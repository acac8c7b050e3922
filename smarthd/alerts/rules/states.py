"""The life of a warning: states, moves, who makes which."""

from __future__ import annotations

from enum import StrEnum

from smarthd.kernel.moves import Move


class State(StrEnum):
    """Where a warning stands."""

    DRAFT = "draft"  # bản nháp
    PENDING = "pending"  # chờ duyệt
    RETURNED = "returned"  # trả lại
    APPROVED = "approved"  # đã duyệt, đang phát
    ISSUED = "issued"  # đang hiệu lực
    UPDATED = "updated"  # đã có bản cập nhật
    CANCELLED = "cancelled"  # đã hủy
    EXPIRED = "expired"  # hết hiệu lực
    LAPSED = "lapsed"  # hết hạn trước khi duyệt, không gửi
    DROPPED = "dropped"  # đã bỏ bản nháp


WORDS = {
    State.DRAFT: "Bản nháp",
    State.PENDING: "Chờ duyệt",
    State.RETURNED: "Trả lại để sửa",
    State.APPROVED: "Đã duyệt, đang phát",
    State.ISSUED: "Đang hiệu lực",
    State.UPDATED: "Đã có bản cập nhật",
    State.CANCELLED: "Đã hủy",
    State.EXPIRED: "Hết hiệu lực",
    State.LAPSED: "Hết hạn, không gửi",
    State.DROPPED: "Đã bỏ",
}
EDITABLE = frozenset({State.DRAFT, State.RETURNED})
OUT = frozenset({State.ISSUED, State.UPDATED, State.CANCELLED, State.EXPIRED})
"""States of what went out to people; from then on no word of it changes."""
OVER = frozenset({State.UPDATED, State.CANCELLED, State.EXPIRED, State.LAPSED, State.DROPPED})

SUBMIT = Move(name="submit", sources=EDITABLE, target=State.PENDING)
RECALL = Move(name="recall", sources=frozenset({State.PENDING}), target=State.DRAFT)
RETURN = Move(name="return", sources=frozenset({State.PENDING}), target=State.RETURNED)
APPROVE = Move(name="approve", sources=frozenset({State.PENDING}), target=State.APPROVED)
BREAK_GLASS = Move(name="break_glass", sources=EDITABLE | {State.PENDING}, target=State.APPROVED)
LAPSE = Move(name="lapse", sources=frozenset({State.PENDING, State.APPROVED}), target=State.LAPSED)
ISSUE = Move(name="issue", sources=frozenset({State.APPROVED}), target=State.ISSUED)
DROP = Move(name="drop", sources=EDITABLE, target=State.DROPPED)
UPDATE = Move(name="update", sources=frozenset({State.ISSUED}), target=State.UPDATED)
CANCEL = Move(name="cancel", sources=frozenset({State.ISSUED}), target=State.CANCELLED)
EXPIRE = Move(name="expire", sources=frozenset({State.ISSUED}), target=State.EXPIRED)
MOVES = (SUBMIT, RECALL, RETURN, APPROVE, BREAK_GLASS, LAPSE, ISSUE, DROP, UPDATE, CANCEL, EXPIRE)


class Help(StrEnum):
    """Where a call for help stands."""

    OPEN = "open"  # chưa ai nhận
    ASSIGNED = "assigned"  # đã giao
    CLOSED = "closed"  # đã xong


HELP_WORDS = {Help.OPEN: "Chưa ai nhận", Help.ASSIGNED: "Đã giao người", Help.CLOSED: "Đã xong"}
ASSIGN = Move(name="assign", sources=frozenset({Help.OPEN, Help.ASSIGNED}), target=Help.ASSIGNED)
CLOSE = Move(name="close", sources=frozenset({Help.OPEN, Help.ASSIGNED}), target=Help.CLOSED)
HELP_MOVES = (ASSIGN, CLOSE)


class Answer(StrEnum):
    """What a citizen answers to a warning."""

    SAFE = "safe"  # tôi an toàn
    HELP = "help"  # cần giúp


class Echoed(StrEnum):
    """What a phone tells of a notification."""

    SHOWN = "shown"  # đã hiện trên màn hình
    PRESSED = "pressed"  # đã bấm mở
