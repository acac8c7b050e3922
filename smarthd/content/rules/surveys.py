"""Surveys and consultations: who may answer, what an answer is, what of the answers is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from smarthd.kernel.errors import Conflict, Invalid, NotAllowed
from smarthd.kernel.moves import Move

MAX_QUESTIONS = 12
MAX_OPTIONS = 12
MAX_WORDS = 1000
SCALE = (1, 2, 3, 4, 5)
FEWEST = 10
"""Below this many answers nothing is published: a handful could be recognised, and says nothing of the many."""


class State(StrEnum):
    """Where a survey stands."""

    DRAFT = "draft"  # đang soạn
    OPEN = "open"  # đang hỏi
    CLOSED = "closed"  # đã kết thúc


STATE_WORDS = {State.DRAFT: "Đang soạn", State.OPEN: "Đang lấy ý kiến", State.CLOSED: "Đã kết thúc"}
OPEN = Move(name="open", sources=frozenset({State.DRAFT}), target=State.OPEN)
CLOSE = Move(name="close", sources=frozenset({State.OPEN}), target=State.CLOSED)


class Form(StrEnum):
    """How a question is answered."""

    ONE = "one"
    MANY = "many"
    SCALE = "scale"
    WORDS = "words"


FORM_WORDS = {
    Form.ONE: "Chọn một",
    Form.MANY: "Chọn nhiều",
    Form.SCALE: "Thang điểm 1 đến 5",
    Form.WORDS: "Viết trả lời",
}


class Road(StrEnum):
    """By which road answers came."""

    APP = "app"
    PAPER = "paper"
    PHONE = "phone"


ROAD_WORDS = {Road.APP: "Tài khoản", Road.PAPER: "Phiếu giấy", Road.PHONE: "Mã gửi về điện thoại"}


class QuestionLeadsOn(Conflict):
    """Another question is asked of those who chose an option of this one."""


class PaperTaken(Conflict):
    """This office has typed in a sheet of this number already."""


class SurveyFaulty(Invalid):
    """A survey lacks what it needs to be asked; ``facts["fields"]`` maps fields to a reason name."""


class SurveyAnswerFaulty(Invalid):
    """Answers are missing or are none of those offered; ``facts["fields"]`` maps question positions to a reason name."""


class AnsweredAlready(Conflict):
    """This person has answered this survey."""


class SurveyNotOpen(Conflict):
    """The survey takes no answers now."""


class NotAsked(NotAllowed):
    """The survey asks people of other places, or where this person lives is not known."""


class OwnSurveyOpening(NotAllowed):
    """Who wrote a survey does not open it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is answered; ``options`` are option ids; ``after`` is (position, option id) of the answer that leads to it."""

    position: int
    form: Form
    required: bool
    options: frozenset[int] = frozenset()
    after: tuple[int, int] | None = None


Value = int | tuple[int, ...] | str


def takes_answers(*, state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """Say whether answers are taken at ``now``."""
    return state == State.OPEN and opens_at <= now < closes_at


def state_at(state: str, *, closes_at: datetime, now: datetime) -> State:
    """Return where a survey stands: an open one is closed by its last hour, whether or not anybody closed it."""
    stands = State(state)
    return State.CLOSED if stands is State.OPEN and closes_at <= now else stands


def faults(
    *,
    title: str,
    intro: str,
    opens_at: datetime | None,
    closes_at: datetime | None,
    questions: int,
    paragraphs: int,
    now: datetime,
) -> dict[str, str]:
    """Return what keeps a survey from being opened, by field."""
    found = {name: "missing" for name, value in (("title", title), ("intro", intro)) if not value.strip()}
    if opens_at is None or closes_at is None or closes_at <= max(opens_at, now):
        found["closes_at"] = "too_early"
    if questions > MAX_QUESTIONS:
        found["questions"] = "too_many"
    if questions == 0 and paragraphs == 0:
        found["questions"] = "missing"
    return found


def checked(asked: Sequence[Asked], given: Mapping[int, Value]) -> dict[int, Value]:
    """Return the answers that were given, by position; raises SurveyAnswerFaulty naming every fault."""
    found: dict[int, Value] = {}
    faulty: dict[str, str] = {}
    for question in asked:
        if not _reached(question, found):
            continue
        value = given.get(question.position)
        if value in (None, "", ()):
            if question.required:
                faulty[str(question.position)] = "missing"
            continue
        if not _fits(question, value):
            faulty[str(question.position)] = "foreign"
        else:
            found[question.position] = value
    if faulty:
        raise SurveyAnswerFaulty(fields=faulty)
    return found


def _reached(question: Asked, found: Mapping[int, Value]) -> bool:
    """Say whether the answers so far lead to a question; what is answered beside the way is not kept."""
    if question.after is None:
        return True
    position, option = question.after
    chosen = found.get(position)
    return chosen == option or (isinstance(chosen, tuple) and option in chosen)


def _fits(question: Asked, value: object) -> bool:
    if question.form is Form.ONE:
        return isinstance(value, int) and value in question.options
    if question.form is Form.MANY:
        return isinstance(value, tuple) and set(value) <= question.options and len(set(value)) == len(value)
    if question.form is Form.SCALE:
        return value in SCALE
    return isinstance(value, str) and len(value) <= MAX_WORDS


def published(base: int) -> bool:
    """Say whether results with so many answers are published."""
    return base >= FEWEST


def shown_parts(counts: Mapping[int, int]) -> dict[int, int]:
    """Return the parts (communes) whose counts may be shown.

    Those under FEWEST are hidden; where only one is hidden, the next smallest goes too, for it could be told from the total.
    """
    hidden = {key for key, count in counts.items() if count < FEWEST}
    if len(hidden) == 1 and len(counts) > 1:
        hidden.add(min((key for key in counts if key not in hidden), key=lambda key: (counts[key], key)))
    return {key: count for key, count in counts.items() if key not in hidden}
