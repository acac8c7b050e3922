"""The life of a periodic report: states, who moves it on, what an endorsement binds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from smarthd.kernel.moves import Move


class State(StrEnum):
    """Where a report stands. "Not due" and "overdue" are told by the clock, "exempt" by a decision; they are no states of their own."""

    OPEN = "open"  # chưa làm
    DRAFT = "draft"  # đang soạn
    SUBMITTED = "submitted"  # đã gửi
    RETURNED = "returned"  # bị trả lại
    ENDORSED = "endorsed"  # cấp trên đã xác nhận
    ACCEPTED = "accepted"  # Sở đã tiếp nhận


WORDS: dict[State, str] = {
    State.OPEN: "Chưa làm",
    State.DRAFT: "Đang soạn",
    State.SUBMITTED: "Đã gửi, chờ xác nhận",
    State.RETURNED: "Bị trả lại, cần sửa",
    State.ENDORSED: "Cấp trên đã xác nhận",
    State.ACCEPTED: "Đã tiếp nhận",
}

DRAFT = Move(name="draft", sources=frozenset({State.OPEN, State.DRAFT, State.RETURNED}), target=State.DRAFT)
KEEP_RETURNED = Move(name="keep_returned", sources=frozenset({State.RETURNED}), target=State.RETURNED)
SUBMIT = Move(name="submit", sources=frozenset({State.OPEN, State.DRAFT, State.RETURNED}), target=State.SUBMITTED)
WITHDRAW = Move(name="withdraw", sources=frozenset({State.SUBMITTED}), target=State.DRAFT)
RETURN = Move(name="return", sources=frozenset({State.SUBMITTED, State.ENDORSED}), target=State.RETURNED)
ENDORSE = Move(name="endorse", sources=frozenset({State.SUBMITTED}), target=State.ENDORSED)
ACCEPT = Move(name="accept", sources=frozenset({State.ENDORSED}), target=State.ACCEPTED)
AMEND = Move(name="amend", sources=frozenset({State.ENDORSED, State.ACCEPTED}), target=State.SUBMITTED)
MOVES = (DRAFT, SUBMIT, WITHDRAW, RETURN, ENDORSE, ACCEPT, AMEND)

HANDED_IN = frozenset({State.SUBMITTED, State.ENDORSED, State.ACCEPTED})
RANK = {State.ACCEPTED: 3, State.ENDORSED: 2, State.SUBMITTED: 1}
"""A consolidation takes the best there is: accepted before endorsed before submitted."""


class Standing(StrEnum):
    """What a board shows of an obligation at an instant."""

    NOT_DUE = "not_due"  # chưa đến kỳ
    OPEN = "open"  # chưa làm
    DRAFT = "draft"  # đang soạn
    OVERDUE = "overdue"  # quá hạn
    SUBMITTED = "submitted"  # đã gửi
    RETURNED = "returned"  # bị trả lại
    ENDORSED = "endorsed"  # đã xác nhận
    ACCEPTED = "accepted"  # đã tiếp nhận
    EXEMPT = "exempt"  # được miễn


STANDING_WORDS: dict[Standing, str] = {
    Standing.NOT_DUE: "Chưa đến kỳ",
    Standing.OPEN: "Chưa làm",
    Standing.DRAFT: "Đang soạn",
    Standing.OVERDUE: "Quá hạn",
    Standing.SUBMITTED: "Đã gửi",
    Standing.RETURNED: "Bị trả lại",
    Standing.ENDORSED: "Đã xác nhận",
    Standing.ACCEPTED: "Đã tiếp nhận",
    Standing.EXEMPT: "Được miễn",
}


def standing(state: State, *, opens_at: datetime, due_at: datetime, exempt: bool, now: datetime) -> Standing:
    """Return what to show of an obligation; a returned report whose new term is over is overdue again."""
    if exempt:
        return Standing.EXEMPT
    if state in HANDED_IN:
        return Standing(state.value)
    if now > due_at:
        return Standing.OVERDUE
    if state is State.RETURNED:
        return Standing.RETURNED
    if state is State.DRAFT:
        return Standing.DRAFT
    return Standing.NOT_DUE if now < opens_at else Standing.OPEN


def content_hash(values: Mapping[str, Any], disputes: Mapping[str, str], *, form_version: int) -> str:
    """Return the SHA-256 an endorsement binds: every value, every dispute and the version of the form; key order does not matter."""
    content = {"form": form_version, "values": dict(values), "disputes": dict(disputes)}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def apart(*persons: int | None) -> bool:
    """Say whether nobody stands twice among those who submitted, endorsed and accepted."""
    known = [person for person in persons if person is not None]
    return len(known) == len(set(known))
