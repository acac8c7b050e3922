"""A survey's questions as a form draws them, and what came back in one, whoever typed it in."""

from __future__ import annotations

from typing import Any, Protocol

from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import surveys

FAULT_WORDS = {"missing": "Câu này cần trả lời.", "foreign": "Xin chọn lại trong các trả lời có sẵn."}


class Posted(Protocol):
    """The fields of a form that came in, by name."""

    def get(self, key: str, default: str) -> str:
        """Return the last value of a name, or the default."""

    def getlist(self, key: str) -> list[str]:
        """Return every value of a name."""


def answers_in(posted: Posted, survey: Any) -> tuple[dict[int, rules.Value], dict[int, str]]:
    """Return what was answered by position, and what was said of paragraphs by number."""
    given = {one.position: _value(one, posted) for one in surveys.asked_of(survey)}
    comments = {
        number: posted.get(f"d{number}", "")[: rules.MAX_WORDS] for number in range(1, len(survey.paragraphs) + 1)
    }
    return given, comments


def _value(asked: rules.Asked, posted: Posted) -> rules.Value:
    """Return what was typed or chosen, in the shape rules check; nonsense becomes what no question offers."""
    name = f"c{asked.position}"
    if asked.form is rules.Form.MANY:
        return tuple(_number(value) for value in posted.getlist(name)[: rules.MAX_OPTIONS + 1])
    value = posted.get(name, "").strip()
    if asked.form is rules.Form.WORDS or not value:
        return value
    return _number(value)


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else -1


def question_shown(one: Any, posted: Posted, faults: dict[str, str]) -> dict[str, Any]:
    """Return a question as the page draws it, with what was chosen and what was wrong."""
    name = f"c{one.position}"
    reason = faults.get(str(one.position), "")
    return {
        "position": one.position,
        "name": name,
        "words": one.words,
        "form": one.form,
        "required": one.required,
        "options": [(str(option.pk), option.words) for option in one.options.all()],
        "scale": [str(score) for score in rules.SCALE],
        "given": posted.getlist(name),
        "typed": posted.get(name, ""),
        "after": (one.after.question.position, str(one.after.pk), one.after.words) if one.after else None,
        "fault": FAULT_WORDS.get(reason, ""),
    }
