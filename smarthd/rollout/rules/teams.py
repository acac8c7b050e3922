"""Community teams: what a household visit says, which of several tellings stands, when a phone's clock is believed, who is credited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from smarthd.kernel.text import fold, nfc

LONGEST_LABEL = 40
LONGEST_NOTE = 200
MOST_VISITS = 200
"""Visits in one batch; a week of work of one phone is about a hundred."""
MOST_MINUTES, MOST_PERSONS = 480, 30
CLOCK_TOLERANCE = timedelta(minutes=10)
"""A phone's clock nearer to the server's than this is believed as it is."""
OLDEST = timedelta(days=60)
RUSH_MOST, RUSH_WINDOW = 12, timedelta(hours=1)
"""Over twelve activations an hour on one code, outside a declared event, are looked at before they are counted."""


class Outcome(StrEnum):
    """How a visit ended."""

    HELPED = "helped"  # đã giúp cài đặt
    HAS_APP = "has_app"  # nhà đã có ứng dụng
    LATER = "later"  # hẹn lại
    NO_PHONE = "no_phone"  # không có điện thoại thông minh
    REFUSED = "refused"  # không muốn dùng
    ABSENT = "absent"  # đi vắng


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.HELPED: "Đã giúp cài đặt",
    Outcome.HAS_APP: "Nhà đã có ứng dụng",
    Outcome.LATER: "Hẹn lại",
    Outcome.NO_PHONE: "Không có điện thoại thông minh",
    Outcome.REFUSED: "Không muốn dùng",
    Outcome.ABSENT: "Đi vắng",
}
MET = frozenset(set(Outcome) - {Outcome.ABSENT})
"""Outcomes by which a household counts as reached."""


class WhyNot(StrEnum):
    """Why a household put it off or refused."""

    NO_NEED = "no_need"  # thấy chưa cần
    PRIVACY = "privacy"  # ngại lộ thông tin
    OLD_PHONE = "old_phone"  # máy cũ, đầy bộ nhớ
    NO_NETWORK = "no_network"  # không có mạng
    NO_TIME = "no_time"  # đang bận
    OTHER = "other"  # lý do khác


WHY_NOT_WORDS: dict[WhyNot, str] = {
    WhyNot.NO_NEED: "Thấy chưa cần",
    WhyNot.PRIVACY: "Ngại lộ thông tin",
    WhyNot.OLD_PHONE: "Máy cũ, đầy bộ nhớ",
    WhyNot.NO_NETWORK: "Không có mạng",
    WhyNot.NO_TIME: "Đang bận",
    WhyNot.OTHER: "Lý do khác",
}
GIVES_REASON = frozenset({Outcome.LATER, Outcome.REFUSED})


class Receipt(StrEnum):
    """What became of one visit of a batch."""

    KEPT = "kept"  # đã nhận
    DUPLICATE = "duplicate"  # đã nhận từ trước
    CONFLICT = "conflict"  # đã nhận, có chỗ cần xem lại
    REFUSED = "refused"  # chưa nhận được


class VisitState(StrEnum):
    """Whether a visit counts."""

    STANDING = "standing"  # được tính
    DROPPED = "dropped"  # bỏ ra vì trùng


class EventKind(StrEnum):
    """What a declared event is."""

    MARKET = "market"  # phiên chợ
    MEETING = "meeting"  # họp thôn, khu
    CAMPAIGN = "campaign"  # ngày ra quân
    SCHOOL = "school"  # tại trường học


EVENT_WORDS: dict[EventKind, str] = {
    EventKind.MARKET: "Phiên chợ",
    EventKind.MEETING: "Họp thôn, khu",
    EventKind.CAMPAIGN: "Ngày ra quân",
    EventKind.SCHOOL: "Tại trường học",
}


class ExpenseKind(StrEnum):
    """What a team spent money on."""

    TRAVEL = "travel"  # xăng xe
    DATA = "data"  # cước điện thoại, dữ liệu
    PRINT = "print"  # in ấn
    WATER = "water"  # nước uống, hội họp
    OTHER = "other"  # khác


EXPENSE_WORDS: dict[ExpenseKind, str] = {
    ExpenseKind.TRAVEL: "Xăng xe",
    ExpenseKind.DATA: "Cước điện thoại, dữ liệu",
    ExpenseKind.PRINT: "In ấn",
    ExpenseKind.WATER: "Nước uống, hội họp",
    ExpenseKind.OTHER: "Khoản khác",
}


class ExpenseState(StrEnum):
    """Where an expense stands."""

    NOTED = "noted"  # chờ duyệt
    APPROVED = "approved"  # đã duyệt
    REFUSED = "refused"  # không duyệt


class Certainty(StrEnum):
    """How sure it is that a team helped a person to the second rung."""

    EXACT = "exact"  # chắc chắn: mã có chữ ký, hoặc người được giúp tự xác nhận
    PROBABLE = "probable"  # có thể: mã tổ gõ tay
    NONE = "none"  # không tính


CERTAINTY_WORDS: dict[Certainty, str] = {
    Certainty.EXACT: "Chắc chắn",
    Certainty.PROBABLE: "Có thể",
    Certainty.NONE: "Không tính",
}


class BadVisit(Exception):
    """A visit cannot be read; ``problems`` by field, in Vietnamese. Never leaves the service: it becomes an answer of one item."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True)
class VisitContent:
    """What a visit says. ``household`` is a number or label within the village, never a person's name; empty without consent."""

    village: str
    household: str
    outcome: str
    reason: str
    consent: bool
    adults: int
    without_phone: int
    helped: int
    minutes: int
    said_at: str

    @property
    def household_key(self) -> str:
        """Return what tells one household of a village from another, however it was typed."""
        return fold(self.household)

    @property
    def at(self) -> datetime:
        """Return when the phone says it was."""
        return datetime.fromisoformat(self.said_at)

    def content_hash(self) -> str:
        """Return what tells one content from another; when and how it was sent does not matter."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_visit(raw: Mapping[str, Any]) -> VisitContent:
    """Read what a phone says of a visit, or raise BadVisit with every problem by field."""
    problems: dict[str, str] = {}
    consent = raw.get("consent") is True
    outcome = _choice(raw.get("outcome"), Outcome)
    if outcome is None:
        problems["outcome"] = "Chưa chọn kết quả."
    reason = _choice(raw.get("reason"), WhyNot) if outcome in GIVES_REASON else None
    if outcome is Outcome.REFUSED and reason is None:
        problems["reason"] = "Chưa chọn lý do."
    household = nfc(str(raw.get("household") or "")) if consent else ""
    if len(household) > LONGEST_LABEL:
        problems["household"] = f"Số nhà dài quá {LONGEST_LABEL} ký tự."
    elif consent and not fold(household):
        problems["household"] = "Chưa ghi số nhà hoặc số hộ."
    numbers = {
        key: _count(raw.get(key), most)
        for key, most in (("adults", MOST_PERSONS), ("without_phone", MOST_PERSONS), ("helped", MOST_PERSONS),
                          ("minutes", MOST_MINUTES))
    }  # fmt: skip
    problems |= {key: "Số này chưa đúng." for key, value in numbers.items() if value is None}
    said_at = _instant(raw.get("at"))
    if said_at is None:
        problems["at"] = "Thiếu giờ ghi."
    village = str(raw.get("village_uid") or "")
    try:
        village = str(UUID(village))
    except ValueError:
        problems["village_uid"] = "Chưa chọn thôn, khu."
    adults, without, helped = (numbers[key] or 0 for key in ("adults", "without_phone", "helped"))
    if not problems and adults and without > adults:
        problems["without_phone"] = "Nhiều hơn số người lớn trong nhà."
    if not problems and outcome is not Outcome.HELPED and helped:
        problems["helped"] = "Chỉ ghi khi kết quả là đã giúp cài đặt."
    if problems or outcome is None or said_at is None:
        raise BadVisit(problems)
    return VisitContent(
        village, household, outcome.value, reason.value if reason else "", consent,
        adults, without, max(helped, 1) if outcome is Outcome.HELPED else 0, numbers["minutes"] or 0, said_at.isoformat(),
    )  # fmt: skip


def _choice(value: object, of: type[Any]) -> Any:
    return of(value) if isinstance(value, str) and value in of.__members__.values() else None


def _count(value: object, most: int) -> int | None:
    if value is None or value == "":
        return 0
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most else None


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.astimezone(UTC).replace(microsecond=0) if at.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Telling:
    """One content told for a visit; several under one identifier are a conflict until somebody decides."""

    content_hash: str
    said_at: datetime


def standing_of(tellings: Iterable[Telling]) -> Telling:
    """Return the telling that stands while nobody has decided: the earliest said, whatever order they arrived in."""
    return min(tellings, key=lambda one: (one.said_at, one.content_hash))


def believed_at(said_at: datetime, *, sent_at: datetime | None, received_at: datetime) -> tuple[datetime, bool]:
    """Return when a visit was, and whether the phone's clock had to be put right.

    A phone whose clock is wrong says a wrong time of sending too: what it is off by is taken off the visit. What then still lies in
    the future, or more than sixty days back, is kept at the server's receipt: nothing is lost, and nobody can write into next week.
    """
    skew = received_at - sent_at if sent_at is not None else timedelta(0)
    off = abs(skew) > CLOCK_TOLERANCE
    at = said_at + skew if off else said_at
    if at > received_at + CLOCK_TOLERANCE or at < received_at - OLDEST:
        return received_at, True
    return min(at, received_at), off


def rushed(instants: Sequence[datetime]) -> frozenset[datetime]:
    """Return the instants that lie in an hour with more than twelve of them."""
    ordered = sorted(instants)
    found: set[datetime] = set()
    start = 0
    for end, at in enumerate(ordered):
        while at - ordered[start] >= RUSH_WINDOW:
            start += 1
        if end - start + 1 > RUSH_MOST:
            found.update(ordered[start : end + 1])
    return frozenset(found)
