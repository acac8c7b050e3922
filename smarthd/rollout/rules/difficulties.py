"""The life of a difficulty: who holds it, by when, how it climbs the chain, when it is closed; likely duplicates; the indicators.

Three terms run at once. *Holder's term*: every level that holds it must answer within so many working days, and do it within so many
more; silence past it sends the difficulty up. *First answer* and *solution* are promises to who raised it, fixed when it was raised by
its severity: sending it up the chain never makes them longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from smarthd.agencies.rules.calendar import ZONE, WorkingCalendar
from smarthd.agencies.rules.kinds import Kind
from smarthd.kernel import text
from smarthd.kernel.moves import Move

SHORTEST, LONGEST = 20, 1500
SILENCE_DAYS = 1
CONFIRM_DAYS = 3
MOST_AFFECTED = 1_000_000


class State(StrEnum):
    """Where a difficulty stands."""

    WAITING = "waiting"  # chờ trả lời
    IN_HAND = "in_hand"  # đang xử lý
    SOLVED = "solved"  # đã giải quyết, chờ nơi nêu xác nhận
    REOPENED = "reopened"  # nơi nêu chưa đồng ý
    CONFIRMED = "confirmed"  # nơi nêu đã xác nhận
    MERGED = "merged"  # đã gộp vào vướng mắc khác
    WITHDRAWN = "withdrawn"  # nơi nêu đã rút


STATE_WORDS: dict[State, str] = {
    State.WAITING: "Chờ trả lời",
    State.IN_HAND: "Đang xử lý",
    State.SOLVED: "Chờ nơi nêu xác nhận",
    State.REOPENED: "Nơi nêu chưa đồng ý",
    State.CONFIRMED: "Đã xác nhận, kết thúc",
    State.MERGED: "Đã gộp",
    State.WITHDRAWN: "Đã rút",
}

OPEN = frozenset({State.WAITING, State.IN_HAND, State.REOPENED})
UNANSWERED = frozenset({State.WAITING, State.REOPENED})

ANSWER = Move(name="answer", sources=OPEN, target=State.IN_HAND)
ESCALATE = Move(name="escalate", sources=OPEN, target=State.WAITING)
TAKE_OVER = Move(name="take_over", sources=OPEN, target=State.IN_HAND)
SOLVE = Move(name="solve", sources=OPEN, target=State.SOLVED)
FOLLOW = Move(name="follow", sources=frozenset({State.MERGED}), target=State.SOLVED)
MERGE = Move(name="merge", sources=OPEN, target=State.MERGED)
PART = Move(name="part", sources=frozenset({State.MERGED}), target=State.WAITING)
CONFIRM = Move(name="confirm", sources=frozenset({State.SOLVED}), target=State.CONFIRMED)
REOPEN = Move(name="reopen", sources=frozenset({State.SOLVED}), target=State.REOPENED)
WITHDRAW = Move(name="withdraw", sources=OPEN | {State.MERGED}, target=State.WITHDRAWN)
MOVES = (ANSWER, ESCALATE, TAKE_OVER, SOLVE, FOLLOW, MERGE, PART, CONFIRM, REOPEN, WITHDRAW)

ACT_WORDS: dict[str, str] = {
    "raised": "Nêu vướng mắc",
    "answered": "Trả lời",
    "escalated": "Chuyển lên cấp trên",
    "escalated_by_silence": "Quá hạn không trả lời, tự chuyển lên cấp trên",
    "taken_over": "Cấp trên nhận về xử lý",
    "solved": "Đã giải quyết",
    "decided": "Giải quyết bằng quyết định",
    "confirmed": "Nơi nêu xác nhận đã giải quyết",
    "reopened": "Nơi nêu chưa đồng ý, mở lại",
    "merged": "Gộp vào vướng mắc khác",
    "received_merged": "Nhận gộp vướng mắc trùng",
    "parted": "Tách ra, xử lý riêng",
    "followed": "Giải quyết cùng vướng mắc đã gộp vào",
    "withdrawn": "Nơi nêu rút lại",
}


class Category(StrEnum):
    """What a difficulty is about."""

    DEVICE = "device"  # thiết bị
    NETWORK = "network"  # mạng, sóng
    SIGN_IN = "sign_in"  # đăng nhập, mã xác nhận
    APP = "app"  # lỗi ứng dụng
    SKILLS = "skills"  # kỹ năng số
    PEOPLE = "people"  # nhân lực, tổ công nghệ số
    FUNDING = "funding"  # kinh phí, trang bị
    FIGURES = "figures"  # số liệu, báo cáo
    COMMUNICATION = "communication"  # tuyên truyền, vận động
    RULES = "rules"  # quy định, thẩm quyền
    OTHER = "other"  # khác


CATEGORY_WORDS: dict[Category, str] = {
    Category.DEVICE: "Thiết bị của người dân",
    Category.NETWORK: "Mạng, sóng điện thoại",
    Category.SIGN_IN: "Đăng nhập, mã xác nhận",
    Category.APP: "Lỗi của ứng dụng",
    Category.SKILLS: "Kỹ năng số của người dân",
    Category.PEOPLE: "Nhân lực, tổ công nghệ số",
    Category.FUNDING: "Kinh phí, trang bị",
    Category.FIGURES: "Số liệu, báo cáo",
    Category.COMMUNICATION: "Tuyên truyền, vận động",
    Category.RULES: "Quy định, thẩm quyền",
    Category.OTHER: "Việc khác",
}


class Severity(StrEnum):
    """How much it stands in the way."""

    BLOCKING = "blocking"  # không làm tiếp được
    MAJOR = "major"  # làm được nhưng chậm, tốn công
    MINOR = "minor"  # bất tiện


SEVERITY_WORDS: dict[Severity, str] = {
    Severity.BLOCKING: "Không làm tiếp được",
    Severity.MAJOR: "Làm được nhưng chậm, tốn công",
    Severity.MINOR: "Bất tiện, cần cải thiện",
}
SEVERITY_ORDER = {severity: place for place, severity in enumerate(Severity)}


class Tier(StrEnum):
    """The level that holds a difficulty."""

    COMMUNE = "commune"  # cấp xã
    DISTRICT = "district"  # cấp huyện (đến 30/6/2025)
    DEPARTMENT = "department"  # Sở điều phối
    PROVINCE = "province"  # Ủy ban nhân dân tỉnh, thành phố


TIER_WORDS: dict[Tier, str] = {
    Tier.COMMUNE: "Cấp xã",
    Tier.DISTRICT: "Cấp huyện",
    Tier.DEPARTMENT: "Sở, ngành",
    Tier.PROVINCE: "Ủy ban nhân dân cấp tỉnh",
}

ANSWER_DAYS = {Tier.COMMUNE: 1, Tier.DISTRICT: 1, Tier.DEPARTMENT: 2, Tier.PROVINCE: 3}
"""Working days in which a level that holds a difficulty must say something."""
WORK_DAYS = {Tier.COMMUNE: 3, Tier.DISTRICT: 3, Tier.DEPARTMENT: 5, Tier.PROVINCE: 7}
"""Working days, from its answer, in which it must do it or pass it on."""
FIRST_ANSWER_DAYS = {Severity.BLOCKING: 1, Severity.MAJOR: 2, Severity.MINOR: 3}
SOLVE_DAYS = {Severity.BLOCKING: 5, Severity.MAJOR: 10, Severity.MINOR: 15}
"""The promise to who raised it, in working days from the raising."""

_TIERS = {
    Kind.PROVINCE_COMMITTEE: Tier.PROVINCE,
    Kind.DISTRICT_COMMITTEE: Tier.DISTRICT,
    Kind.COMMUNE_COMMITTEE: Tier.COMMUNE,
}


def tier_of(kind: str) -> Tier:
    """Return the level of an agency of this kind: committees have their own, every other body handles as a department does."""
    return _TIERS.get(Kind(kind), Tier.DEPARTMENT)


def falls_silent(due_at: datetime, now: datetime, calendar: WorkingCalendar) -> bool:
    """Say whether a holder's term has been over for a whole working day without a word: then the difficulty goes up."""
    return now > due_at and calendar.working_days_between(_day(due_at), _day(now)) > SILENCE_DAYS


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


# --- duplicates ------------------------------------------------------------------------------------------------------
_LITTLE = frozenset(
    [
        "va",
        "la",
        "cua",
        "cho",
        "co",
        "khong",
        "cac",
        "nhung",
        "duoc",
        "bi",
        "do",
        "nen",
        "de",
        "tai",
        "o",
        "voi",
        "thi",
        "ma",
        "nay",
        "mot",
        "nguoi",
        "chua",
    ]
)
LIKELY_FROM = 0.25


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared of a difficulty."""

    category: Category
    place_id: int | None
    folded: str


def likeness(one: Said, other: Said) -> float:
    """Return 0..1: how likely two difficulties are the same. Another category is another matter; the same place adds a third.

    Words are compared folded and without the commonest ones, as the share of the shorter text's words found in the longer.
    """
    if one.category is not other.category:
        return 0.0
    mine, theirs = _words(one.folded), _words(other.folded)
    if not mine or not theirs:
        return 0.0
    shared = len(mine & theirs) / min(len(mine), len(theirs))
    near = one.place_id is not None and one.place_id == other.place_id
    return min(1.0, shared * (4 / 3 if near else 1.0))


def _words(folded: str) -> frozenset[str]:
    return frozenset(word for word in folded.split() if len(word) > 1 and word not in _LITTLE)


def folded(words: str) -> str:
    """Return the text as it is searched and compared."""
    return text.fold(words)[: LONGEST * 2]


# --- indicators ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Clocks:
    """The three clocks of one difficulty: when each was due, and when it happened (None: not yet)."""

    answer_due_at: datetime
    answered_at: datetime | None
    solve_due_at: datetime
    solved_at: datetime | None
    confirm_due_at: datetime | None
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those opened made their term; ``running`` are still within it: neither made nor missed, and not left out."""

    opened: int
    in_time: int
    late: int
    running: int

    @property
    def least(self) -> float | None:
        """The share if every running one came late."""
        return self.in_time / self.opened if self.opened else None

    @property
    def most(self) -> float | None:
        """The share if every running one came in time."""
        return (self.in_time + self.running) / self.opened if self.opened else None


@dataclass(frozen=True, slots=True)
class Indicators:
    """First answer, solution, confirmation: each within its term, on all that were opened."""

    answered: Share
    solved: Share
    confirmed: Share


def indicators(rows: Iterable[Clocks], now: datetime) -> Indicators:
    """Return the indicators at an instant. One opened and not yet solved has no term of confirmation: it is running there."""
    kept = list(rows)
    return Indicators(
        _share([(row.answer_due_at, row.answered_at) for row in kept], now),
        _share([(row.solve_due_at, row.solved_at) for row in kept], now),
        _share([(row.confirm_due_at, row.confirmed_at) for row in kept], now),
    )


def _share(pairs: Sequence[tuple[datetime | None, datetime | None]], now: datetime) -> Share:
    in_time = sum(1 for due, at in pairs if at is not None and (due is None or at <= due))
    running = sum(1 for due, at in pairs if at is None and (due is None or now <= due))
    return Share(len(pairs), in_time, len(pairs) - in_time - running, running)


# --- decisions -------------------------------------------------------------------------------------------------------
class DecisionState(StrEnum):
    """Where a decision stands."""

    PROPOSED = "proposed"  # chờ duyệt
    RETURNED = "returned"  # trả lại để sửa
    APPROVED = "approved"  # đã ban hành
    DROPPED = "dropped"  # thôi không trình


DECISION_WORDS: dict[DecisionState, str] = {
    DecisionState.PROPOSED: "Chờ duyệt",
    DecisionState.RETURNED: "Trả lại để sửa",
    DecisionState.APPROVED: "Đã ban hành",
    DecisionState.DROPPED: "Thôi không trình",
}

_UNDECIDED = frozenset({DecisionState.PROPOSED, DecisionState.RETURNED})
REWRITE = Move(name="rewrite", sources=_UNDECIDED, target=DecisionState.PROPOSED)
SEND_BACK = Move(name="send_back", sources=frozenset({DecisionState.PROPOSED}), target=DecisionState.RETURNED)
APPROVE = Move(name="approve", sources=frozenset({DecisionState.PROPOSED}), target=DecisionState.APPROVED)
DROP = Move(name="drop", sources=_UNDECIDED, target=DecisionState.DROPPED)
DECISION_MOVES = (REWRITE, SEND_BACK, APPROVE, DROP)
