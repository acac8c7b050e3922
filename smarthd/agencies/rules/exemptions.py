"""Counting a person apart from an order: for which reasons, through which states, and when there are too many."""

from __future__ import annotations

from enum import StrEnum

from smarthd.kernel.moves import Move

FLAGGED_ABOVE = 0.05  # of a roster; ROLLOUT.md, "Measuring"


class Status(StrEnum):
    """States of a request."""

    REQUESTED = "requested"  # chờ duyệt
    APPROVED = "approved"  # đã duyệt
    REFUSED = "refused"  # không duyệt
    ENDED = "ended"  # đã kết thúc


APPROVE = Move(name="approve", sources=frozenset({Status.REQUESTED}), target=Status.APPROVED)
REFUSE = Move(name="refuse", sources=frozenset({Status.REQUESTED}), target=Status.REFUSED)
END = Move(name="end", sources=frozenset({Status.APPROVED}), target=Status.ENDED)


class Reason(StrEnum):
    """Reasons an order allows."""

    LONG_LEAVE = "long_leave"  # nghỉ dài ngày (thai sản, ốm, không hưởng lương)
    SECONDED = "seconded"  # biệt phái, đi học tập trung
    NO_SMARTPHONE = "no_smartphone"  # không có điện thoại thông minh
    DISABILITY = "disability"  # khuyết tật, không dùng được ứng dụng
    RETIRING = "retiring"  # nghỉ chờ hưu
    OTHER = "other"  # lý do khác, ghi rõ


REASON_WORDS: dict[Reason, str] = {
    Reason.LONG_LEAVE: "Nghỉ dài ngày (thai sản, ốm đau, không hưởng lương)",
    Reason.SECONDED: "Biệt phái hoặc đi học tập trung",
    Reason.NO_SMARTPHONE: "Không có điện thoại thông minh",
    Reason.DISABILITY: "Khuyết tật, không dùng được ứng dụng",
    Reason.RETIRING: "Nghỉ chờ hưu",
    Reason.OTHER: "Lý do khác",
}


STATUS_WORDS: dict[Status, str] = {
    Status.REQUESTED: "chờ duyệt",
    Status.APPROVED: "đã duyệt",
    Status.REFUSED: "không duyệt",
    Status.ENDED: "đã kết thúc",
}


def too_many(*, exempt: int, roster: int) -> bool:
    """Say whether more than 5% of a roster is exempt; a single person in a small roster is no flag."""
    return exempt > 1 and exempt > FLAGGED_ABOVE * roster


def faults(*, reason: Reason, note: str, evidence: str) -> dict[str, str]:
    """Return what is missing from a request, by field, in Vietnamese."""
    wrong = {}
    if not evidence.strip():
        wrong["evidence"] = "Ghi số văn bản hoặc giấy tờ làm căn cứ"
    if reason is Reason.OTHER and not note.strip():
        wrong["note"] = "Ghi rõ lý do"
    if len(note) > 500:
        wrong["note"] = "Ghi trong 500 ký tự"
    if len(evidence) > 300:
        wrong["evidence"] = "Ghi trong 300 ký tự"
    return wrong
