"""What may be shown, and which words stand beside a figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

HIDDEN_BELOW = 10
"""Cells of 1 to 9 persons are hidden outside the unit."""


class Flag(StrEnum):
    """What a reader must know about a figure."""

    OVER_100 = "over_100"  # vượt 100%, cần kiểm tra mẫu số
    HIDDEN = "hidden"  # ẩn vì ít người
    ESTIMATED = "estimated"  # có phần ước tính
    NO_BASE = "no_base"  # chưa có mẫu số
    PARTIAL_BASE = "partial_base"  # mẫu số chưa đủ các đơn vị
    MANY_EXEMPT = "many_exempt"  # miễn quá 5% danh sách


FLAGS = tuple(Flag)


class Measure(StrEnum):
    """What a denominator counts."""

    ADULTS = "adults"  # người từ đủ 18 tuổi
    SMARTPHONE_OWNERS = "smartphone_owners"  # người có điện thoại thông minh
    HOUSEHOLDS = "households"  # hộ gia đình
    POPULATION = "population"  # dân số

    @property
    def basis(self) -> str:
        """The basis of places' closure by which it is shared out among parts of a split unit."""
        return {Measure.SMARTPHONE_OWNERS: "smartphones", Measure.HOUSEHOLDS: "households"}.get(self, "population")


class Scope(StrEnum):
    """Whom a target binds."""

    AGENCY = "agency"  # cơ quan, đơn vị
    UNIT = "unit"  # địa bàn


class CampaignStatus(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"  # dự thảo
    RUNNING = "running"  # đang thực hiện
    CLOSED = "closed"  # đã kết thúc


def is_small(persons: float | None) -> bool:
    """Say whether a count of persons is one of 1 to 9."""
    return persons is not None and 0 < persons < HIDDEN_BELOW


def spare_cells(counts: Mapping[int, float | None], order: Sequence[int]) -> set[int]:
    """Return the cells of one group, by id, that must be hidden: small ones, and one more if the total would betray a single one.

    ``order`` decides which other cell goes with it; it must not depend on the counts, so that it is the same cell every time.
    A group of one cell hides nothing more than itself.
    """
    hidden = {cell for cell, persons in counts.items() if is_small(persons)}
    return hidden | complement(hidden, counts, order)


def complement(hidden: Collection[int], counts: Mapping[int, float | None], order: Sequence[int]) -> set[int]:
    """Return the one cell, the first in ``order`` that holds anybody, that keeps a single hidden one from being reckoned; else nothing."""
    if len(hidden) != 1:
        return set()
    spare = next((cell for cell in order if cell not in hidden and counts.get(cell)), None)
    return set() if spare is None else {spare}
