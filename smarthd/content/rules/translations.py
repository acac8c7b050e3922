"""How a page's other language stands against the page itself."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The English side of a Vietnamese page."""

    MISSING = "missing"  # chưa có
    BEGUN = "begun"  # đang dịch
    OUTDATED = "outdated"  # cũ hơn bản gốc
    CURRENT = "current"  # đủ


WORDS = {
    State.MISSING: "Chưa có",
    State.BEGUN: "Đang dịch",
    State.OUTDATED: "Cũ hơn bản gốc",
    State.CURRENT: "Đủ",
}


def state(*, begun: bool, live: bool, follows: int | None, original: int | None) -> State:
    """Say how a translation stands: ``follows`` is the revision it was made from, ``original`` the one that is read now."""
    if not begun:
        return State.MISSING
    if not live:
        return State.BEGUN
    return State.CURRENT if follows == original else State.OUTDATED
