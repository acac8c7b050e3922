"""The board of ideas: where an idea stands, who moves it on, what a moderator is warned of, which ideas are alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from smarthd.kernel import text
from smarthd.kernel.errors import Conflict, Invalid, NotAllowed
from smarthd.kernel.moves import Move

TITLE, WORDS, SPOT, SHORTEST = 160, 4000, 200, 10
PICTURES = 3
MODERATION_DAYS = 3
"""Working days until an idea is published or goes back with a reason."""
ANSWER_DAYS = 20
"""Working days from publication until the official answer; forwarding never starts them anew."""
LONGEST_LOOK = timedelta(days=90)
"""How far ahead the day may lie by which "đang xem xét" becomes an answer."""
REMIND_BEFORE = timedelta(days=2)
PER_PERSON = ((5, timedelta(days=1)), (30, timedelta(days=30)))
ALIKE_FROM = 0.34
ALIKE_MOST = 5


class State(StrEnum):
    """Where an idea stands."""

    WAITING = "waiting"  # chờ duyệt
    RETURNED = "returned"  # trả lại để sửa
    OPEN = "open"  # đã đăng, chờ trả lời
    CONSIDERING = "considering"  # đang xem xét
    PLANNED = "planned"  # sẽ làm
    DONE = "done"  # đã làm
    DECLINED = "declined"  # không làm
    MERGED = "merged"  # đã gộp
    WITHDRAWN = "withdrawn"  # người đề xuất đã rút
    HIDDEN = "hidden"  # đã gỡ


STATE_WORDS = {
    State.WAITING: "Chờ duyệt",
    State.RETURNED: "Trả lại để sửa",
    State.OPEN: "Đang lấy ủng hộ",
    State.CONSIDERING: "Đang xem xét",
    State.PLANNED: "Sẽ làm",
    State.DONE: "Đã làm",
    State.DECLINED: "Không làm",
    State.MERGED: "Đã gộp",
    State.WITHDRAWN: "Đã rút",
    State.HIDDEN: "Đã gỡ",
}
PUBLIC = frozenset({State.OPEN, State.CONSIDERING, State.PLANNED, State.DONE, State.DECLINED})
TO_ANSWER = frozenset({State.OPEN, State.CONSIDERING})
SUPPORTABLE = TO_ANSWER | {State.PLANNED}


def _move(name: str, target: State, *sources: State) -> Move[State]:
    return Move(name=name, sources=frozenset(sources), target=target)


PUBLISH = _move("publish", State.OPEN, State.WAITING)
RETURN = _move("return", State.RETURNED, State.WAITING)
RESUBMIT = _move("resubmit", State.WAITING, State.RETURNED)
WITHDRAW = _move("withdraw", State.WITHDRAWN, State.WAITING, State.RETURNED, State.OPEN)
MERGE = _move("merge", State.MERGED, State.WAITING, State.OPEN, State.CONSIDERING)
HIDE = _move("hide", State.HIDDEN, *PUBLIC)
CONSIDER = _move("consider", State.CONSIDERING, State.OPEN, State.CONSIDERING)
PLAN = _move("plan", State.PLANNED, State.OPEN, State.CONSIDERING)
FINISH = _move("finish", State.DONE, State.OPEN, State.CONSIDERING, State.PLANNED)
DECLINE = _move("decline", State.DECLINED, State.OPEN, State.CONSIDERING)
ANSWERS = {State.CONSIDERING: CONSIDER, State.PLANNED: PLAN, State.DONE: FINISH, State.DECLINED: DECLINE}
MOVES = (PUBLISH, RETURN, RESUBMIT, WITHDRAW, MERGE, HIDE, CONSIDER, PLAN, FINISH, DECLINE)
FORWARDABLE = frozenset({State.WAITING, State.OPEN, State.CONSIDERING})


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"  # đang soạn
    OPEN = "open"  # đang nhận
    CLOSED = "closed"  # đã kết thúc


ROUND_WORDS = {RoundState.DRAFT: "Đang soạn", RoundState.OPEN: "Đang nhận", RoundState.CLOSED: "Đã kết thúc"}
OPEN_ROUND = Move(name="open", sources=frozenset({RoundState.DRAFT}), target=RoundState.OPEN)
CLOSE_ROUND = Move(name="close", sources=frozenset({RoundState.OPEN}), target=RoundState.CLOSED)


def round_state_on(state: str, *, closes_on: date, on: date) -> RoundState:
    """Return where a round stands: an open one takes ideas through its last day and is closed from the next on."""
    stands = RoundState(state)
    return RoundState.CLOSED if stands is RoundState.OPEN and closes_on < on else stands


class IdeaFaulty(Invalid):
    """An idea or an act on it lacks what it needs; ``facts["fields"]`` maps fields to words."""


class IdeaWarned(Invalid):
    """The words may name a person, a number or insult somebody, and nobody has said they looked; ``facts["found"]``."""


class IdeaPicturesFull(Conflict):
    """The idea has as many pictures as it may, or is past the hour at which its author adds any."""


class IdeaNotOpen(Conflict):
    """The idea takes no support now."""


class NotAlikeIdeas(Conflict):
    """The ideas cannot be joined: the same one, or the other cannot be read."""


class OwnIdea(NotAllowed):
    """Who proposed an idea does not judge it."""


class OwnRoundOpening(NotAllowed):
    """Who wrote a round does not open it."""


class RoundClosed(Conflict):
    """The round takes no ideas now."""


def idea_faults(*, title: str, words: str, spot: str) -> dict[str, str]:
    """Say what is wrong with a citizen's words, by field; nothing where they will do."""
    found: dict[str, str] = {}
    if not SHORTEST <= len(title) <= TITLE:
        found["title"] = f"Tên ý tưởng từ {SHORTEST} đến {TITLE} chữ."
    if not 2 * SHORTEST <= len(words) <= WORDS:
        found["words"] = f"Xin viết làm gì, vì sao: từ {2 * SHORTEST} đến {WORDS} chữ."
    if len(spot) > SPOT:
        found["spot"] = f"Nhiều nhất {SPOT} chữ."
    return found


def answer_faults(*, state: State, words: str, until: date | None, on: date) -> dict[str, str]:
    """Say what an official answer still needs: words always, a day to come where something is promised."""
    found: dict[str, str] = {}
    if len(words) < SHORTEST:
        found["words"] = "Xin viết câu trả lời người dân đọc được; không làm thì nói rõ vì sao."
    if state in {State.CONSIDERING, State.PLANNED} and (until is None or until <= on):
        found["until"] = "Xin hẹn một ngày ở sau hôm nay."
    elif state is State.CONSIDERING and until is not None and until > on + LONGEST_LOOK:
        found["until"] = f"Xem xét nhiều nhất {LONGEST_LOOK.days} ngày, rồi trả lời."
    return found


# --- what a moderator is warned of -----------------------------------------------------------------------------------
class Warned(StrEnum):
    """What was found in words that everybody would read."""

    PHONE = "phone"
    NUMBER = "number"
    MAIL = "mail"
    NAME = "name"
    INSULT = "insult"


WARNED_WORDS = {
    Warned.PHONE: "Số điện thoại",
    Warned.NUMBER: "Số giấy tờ",
    Warned.MAIL: "Địa chỉ thư điện tử",
    Warned.NAME: "Tên một người",
    Warned.INSULT: "Lời xúc phạm",
}
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<!\w)\+?\d(?:[ .\-]?\d){8,12}(?!\w)")
_NAME = re.compile(r"\b(?i:ông|bà|anh|chị|cô|chú|bác|thầy|em|cháu)\s+(\w+(?:\s+\w+){0,3})")
_INSULTS = (
    "ngu", "ngu dốt", "đồ ngu", "óc chó", "đồ chó", "thằng chó", "mất dạy", "vô học", "khốn nạn", "đểu",
    "lũ ăn hại", "địt", "đụ", "đéo", "đĩ", "cặc", "lồn", "thằng điên", "con điên", "súc vật",
)  # fmt: skip
_INSULT = re.compile(rf"\b(?:{'|'.join(sorted(_INSULTS, key=len, reverse=True))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing found, and the very words."""

    what: Warned
    words: str

    @property
    def what_word(self) -> str:
        """Return what it is, in Vietnamese."""
        return WARNED_WORDS[self.what]


def warnings_in(words: str) -> list[Doubt]:
    """Return what a person should look at before these words are public: a help to the eye, no judge.

    Misses what is written around (a number in letters, a name without "ông, bà"), and finds some that are none.
    """
    told = text.nfc(words)
    found = [Doubt(Warned.MAIL, match[0]) for match in _MAIL.finditer(told)]
    for match in _DIGITS.finditer(told):
        digits = re.sub(r"\D", "", match[0])
        phone = (len(digits) in {10, 11} and digits.startswith("0")) or digits.startswith("84")
        if phone:
            found.append(Doubt(Warned.PHONE, match[0]))
        elif len(digits) in {9, 12}:
            found.append(Doubt(Warned.NUMBER, match[0]))
    found += [Doubt(Warned.NAME, name) for name in map(_name_of, _NAME.finditer(told)) if name]
    found += [Doubt(Warned.INSULT, match[0]) for match in _INSULT.finditer(told)]
    return list(dict.fromkeys(found))


def _name_of(match: re.Match[str]) -> str:
    """Return the form of address and the words after it that begin like a name; nothing where none does."""
    words = match[1].split()
    named = list(takewhile(lambda word: word[0].isupper(), words))
    return f"{match[0].split()[0]} {' '.join(named)}" if named else ""


# --- which are alike -------------------------------------------------------------------------------------------------
_EMPTY = frozenset([
    "va", "la", "cua", "cho", "cac", "nhung", "mot", "co", "khong", "duoc", "de", "o", "tai", "trong",
    "ngoai", "voi", "thi", "ma", "nen", "can", "lam", "them", "se", "da", "dang", "vi", "do", "theo",
    "khi", "nguoi", "dan", "ba", "con", "xa", "phuong", "thon", "chung", "toi", "minh", "nay", "kia", "ra",
    "vao", "len",
])  # fmt: skip


def stems(words: str) -> frozenset[str]:
    """Return the folded words that carry meaning."""
    return _stems_of(text.fold(words))


def _stems_of(folded: str) -> frozenset[str]:
    return frozenset(word for word in folded.split() if len(word) > 1 and word not in _EMPTY)


def alikeness_to(title: str, words: str) -> Callable[[str, str], float]:
    """Return what tells how alike another idea (title, and all of it folded) is, 0..1: titles weigh more (Dice's measure of folded words)."""
    head, whole = stems(title), stems(f"{title} {words}")

    def measured(other_title: str, other_folded: str) -> float:
        return 0.65 * _shared(head, stems(other_title)) + 0.35 * _shared(whole, _stems_of(other_folded))

    return measured


def alikeness(title: str, words: str, other_title: str, other_words: str) -> float:
    """Return how alike two ideas are, 0..1."""
    return alikeness_to(title, words)(other_title, text.fold(f"{other_title} {other_words}"))


def _shared(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


def alikest(found: Iterable[tuple[float, int]], *, most: int = ALIKE_MOST) -> list[int]:
    """Return the keys of the most alike, above the threshold."""
    return [key for score, key in sorted(found, key=lambda one: (-one[0], one[1])) if score >= ALIKE_FROM][:most]
