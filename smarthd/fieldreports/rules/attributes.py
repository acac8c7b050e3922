"""Further questions of a category and what may be answered, with the datatypes of Open311 GeoReport v2."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

LONGEST = {"string": 300, "text": 2_000}


class Datatype(StrEnum):
    """The datatypes of the specification's service definitions."""

    STRING = "string"  # một dòng chữ
    NUMBER = "number"  # số
    DATETIME = "datetime"  # ngày giờ
    TEXT = "text"  # đoạn văn
    SINGLE = "singlevaluelist"  # chọn một
    MULTI = "multivaluelist"  # chọn nhiều


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``values`` are (key, words) of a list's choices. Where ``variable`` is false it only informs."""

    code: str
    datatype: Datatype
    description: str
    required: bool = False
    variable: bool = True
    values: Sequence[tuple[str, str]] = field(default=())


def checked(questions: Sequence[Question], given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the answers as kept and what is wrong, by code; answers to questions nobody asked are dropped."""
    kept: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for question in questions:
        if not question.variable:
            continue
        raw = given.get(question.code)
        if raw in (None, "", []):
            if question.required:
                problems[question.code] = f"Xin trả lời: {question.description}"
            continue
        try:
            kept[question.code] = _READERS[question.datatype](question, raw)
        except ValueError as wrong:
            problems[question.code] = f"{question.description}: {wrong}"
    return kept, problems


def _words(question: Question, raw: Any) -> str:
    words, most = str(raw).strip(), LONGEST[question.datatype]
    if len(words) > most:
        msg = f"dài quá {most} chữ"
        raise ValueError(msg)
    return words


def _number(_question: Question, raw: Any) -> float:
    try:
        value = float(str(raw).replace(",", "."))
    except ValueError:
        msg = "phải là một con số"
        raise ValueError(msg) from None
    if not abs(value) < 1e15:  # also refuses NaN
        msg = "con số ngoài khoảng hiểu được"
        raise ValueError(msg)
    return value


def _instant(_question: Question, raw: Any) -> str:
    try:
        return datetime.fromisoformat(str(raw)).isoformat()
    except ValueError:
        msg = "không phải ngày giờ, ví dụ 2026-11-24T08:00:00+07:00"
        raise ValueError(msg) from None


def _one(question: Question, raw: Any) -> str:
    key = str(raw)
    if key not in dict(question.values):
        msg = "chọn một trong các ý đã nêu"
        raise ValueError(msg)
    return key


def _several(question: Question, raw: Any) -> list[str]:
    asked = [str(one) for one in raw] if isinstance(raw, list | tuple) else [str(raw)]
    return [_one(question, one) for one in dict.fromkeys(asked)]


_READERS = {
    Datatype.STRING: _words,
    Datatype.TEXT: _words,
    Datatype.NUMBER: _number,
    Datatype.DATETIME: _instant,
    Datatype.SINGLE: _one,
    Datatype.MULTI: _several,
}
