"""Answering what people said of a draft: taken in, taken in part, or explained why not; and what is published of it."""

from __future__ import annotations

from enum import StrEnum

from smarthd.kernel.errors import Conflict, Invalid

SUMMARY, ANSWER, SHORTEST = 1000, 3000, 10


class Stand(StrEnum):
    """What the drafting unit does with a group of opinions (the two words of Vietnamese practice: tiếp thu, giải trình)."""

    TAKEN = "taken"  # tiếp thu
    PARTLY = "partly"  # tiếp thu một phần
    EXPLAINED = "explained"  # giải trình, giữ như dự thảo


STAND_WORDS = {
    Stand.TAKEN: "Tiếp thu",
    Stand.PARTLY: "Tiếp thu một phần",
    Stand.EXPLAINED: "Giải trình, giữ như dự thảo",
}


class OpinionFaulty(Invalid):
    """A group of opinions lacks what it needs; ``facts["fields"]`` maps fields to words."""


class ExplainedAlready(Conflict):
    """The explanation is published; what it says stays."""


class NotExplained(Conflict):
    """There is nothing to publish yet, or the consultation is not over."""


def group_faults(
    *, paragraph: int | None, paragraphs: int, summary: str, answer: str, people: int, said: int
) -> dict[str, str]:
    """Say what is wrong with a group: ``said`` is how many people wrote about that paragraph (all of them where none is named)."""
    found: dict[str, str] = {}
    if paragraph is not None and not 1 <= paragraph <= paragraphs:
        found["paragraph"] = "Dự thảo không có đoạn này."
    if not SHORTEST <= len(summary) <= SUMMARY:
        found["summary"] = f"Xin tóm tắt ý kiến, từ {SHORTEST} đến {SUMMARY} chữ."
    if not SHORTEST <= len(answer) <= ANSWER:
        found["answer"] = f"Xin ghi tiếp thu thế nào, hoặc vì sao giữ nguyên, từ {SHORTEST} đến {ANSWER} chữ."
    if not 1 <= people <= said:
        found["people"] = (
            f"Từ 1 đến {said}: có {said} người viết về phần này." if said else "Chưa có ai viết về phần này."
        )
    return found
