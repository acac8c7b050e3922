"""Forms that units fill in: their fields, what a value may be, what must hold between values. Twelve fields at the most."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from smarthd.rollout.rules import metrics

MOST_FIELDS = 12
LONGEST_TEXT = 2_000
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NUMBER = re.compile(r"-?\d{1,3}(?:[. ]\d{3})+(?:,\d+)?|-?\d+(?:[.,]\d+)?")


class FieldKind(StrEnum):
    """What a field takes."""

    COUNT = "count"  # số đếm (số nguyên không âm)
    NUMBER = "number"  # số thập phân
    CHOICE = "choice"  # chọn một
    YES_NO = "yes_no"  # có hoặc không
    DAY = "day"  # ngày
    TEXT = "text"  # lời văn


MEASURES = frozenset([f"staff.{name}" for name in metrics.STAFF] + [f"citizen.{name}" for name in metrics.CITIZEN])
"""What a field may be filled in with, or compared with."""
NUMERIC = frozenset({FieldKind.COUNT, FieldKind.NUMBER})


class Relation(StrEnum):
    """What may be asked of two numbers, or of one and a sum."""

    AT_MOST = "at_most"  # không lớn hơn
    AT_LEAST = "at_least"  # không nhỏ hơn
    EQUALS = "equals"  # bằng


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question.

    ``measured`` names what the platform fills in and nobody overwrites (disputed with a reason instead); ``verified_by`` names what
    a number that people report is compared with. Both are ``staff.<column>`` or ``citizen.<column>`` of ``rules.metrics``.
    """

    key: str
    label: str
    kind: FieldKind
    hint: str = ""
    required: bool = True
    least: float | None = None
    most: float | None = None
    choices: tuple[str, ...] = ()
    measured: str = ""
    verified_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A sentence that must hold: ``left`` is at most, at least or equal to the sum of ``right``."""

    left: str
    relation: Relation
    right: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class FormPlan:
    """A form as it is drawn up, before anybody fills it in."""

    fields: tuple[Field, ...]
    checks: tuple[Check, ...] = ()

    def field(self, key: str) -> Field:
        """Return one field; KeyError if there is none."""
        return next(one for one in self.fields if one.key == key)


def number(value: object) -> float | None:
    """Return a field's value where it is a number, else nothing."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def faults(plan: FormPlan) -> dict[str, str]:
    """Return what is wrong with a form's design, by field key (``""`` for the whole), in words for whoever draws it up."""
    wrong: dict[str, str] = {}
    if not plan.fields:
        wrong[""] = "Biểu chưa có mục nào."
    if len(plan.fields) > MOST_FIELDS:
        wrong[""] = (
            f"Biểu có {len(plan.fields)} mục, nhiều nhất là {MOST_FIELDS}: mỗi mục là công sức của hàng trăm xã."
        )
    seen: set[str] = set()
    for one in plan.fields:
        problem = _fault(one, seen)
        if problem:
            wrong[one.key] = problem
        seen.add(one.key)
    for check in plan.checks:
        unknown = [key for key in (check.left, *check.right) if key not in seen]
        if unknown:
            wrong[check.left] = f"Điều kiện nhắc tới mục không có: {', '.join(unknown)}."
        elif any(plan.field(key).kind not in NUMERIC for key in (check.left, *check.right)):
            wrong[check.left] = "Điều kiện chỉ so sánh được các mục là số."
    return wrong


def _fault(one: Field, seen: set[str]) -> str:
    bounds = one.least is not None and one.most is not None and one.least > one.most
    judged = (
        (not _KEY.fullmatch(one.key), "Mã mục gồm chữ thường không dấu, số và gạch dưới, bắt đầu bằng chữ."),
        (one.key in seen, "Mã mục bị trùng."),
        (not one.label.strip(), "Mục chưa có tên."),
        (bounds, "Giá trị nhỏ nhất đang lớn hơn giá trị lớn nhất."),
        (one.kind is FieldKind.CHOICE and len(one.choices) < 2, "Mục chọn cần ít nhất hai lựa chọn."),
        (
            bool(one.measured or one.verified_by) and one.kind is not FieldKind.COUNT,
            "Chỉ mục là số đếm mới lấy được số hệ thống đo.",
        ),
        (bool(one.measured and one.verified_by), "Số hệ thống đo thì không cần đối chiếu với chính nó."),
        (not {one.measured, one.verified_by} - {""} <= MEASURES, "Hệ thống không đo con số này."),
    )
    return next((words for wrong, words in judged if wrong), "")


def read(plan: FormPlan, raw: Mapping[str, str], *, whole: bool) -> tuple[dict[str, Any], dict[str, str]]:
    """Return (values, problems by field key) of what somebody typed; measured fields are left out, nobody types them.

    ``whole`` asks for a complete report; a draft may have gaps, yet what is there must be readable. Numbers come as Vietnamese
    write them: 1.234 or 1 234 or 1234, decimals with a comma.
    """
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for one in plan.fields:
        if one.measured:
            continue
        typed = (
            " ".join(str(raw.get(one.key, "")).split())
            if one.kind is not FieldKind.TEXT
            else str(raw.get(one.key, "")).strip()
        )
        if not typed:
            if whole and one.required:
                wrong[one.key] = f"Chưa điền: {one.label}."
            continue
        try:
            values[one.key] = _value(one, typed)
        except ValueError as problem:
            wrong[one.key] = str(problem)
    return values, wrong


def broken_checks(plan: FormPlan, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the sentences that do not hold, by the field on their left; a sentence about something missing is not judged."""
    wrong: dict[str, str] = {}
    for check in plan.checks:
        parts = [values.get(key) for key in (check.left, *check.right)]
        if any(not isinstance(part, int | float) or isinstance(part, bool) for part in parts):
            continue
        left, total = float(parts[0] or 0), sum(float(part or 0) for part in parts[1:])
        holds = {
            Relation.AT_MOST: left <= total + 1e-9,
            Relation.AT_LEAST: left >= total - 1e-9,
            Relation.EQUALS: abs(left - total) <= 1e-9,
        }[check.relation]
        if not holds:
            wrong[check.left] = check.words
    return wrong


def _value(one: Field, typed: str) -> Any:
    match one.kind:
        case FieldKind.COUNT | FieldKind.NUMBER:
            return _number(one, typed)
        case FieldKind.CHOICE:
            if typed not in one.choices:
                msg = f"Chọn một trong: {', '.join(one.choices)}."
                raise ValueError(msg)
            return typed
        case FieldKind.YES_NO:
            return _yes_no(typed)
        case FieldKind.DAY:
            return _day(typed)
    if len(typed) > LONGEST_TEXT:
        msg = f"Dài {len(typed)} ký tự, nhiều nhất {LONGEST_TEXT}."
        raise ValueError(msg)
    return typed


def _number(one: Field, typed: str) -> int | float:
    if not _NUMBER.fullmatch(typed):
        msg = f"“{typed}” không phải là số. Ví dụ đúng: 1.234."
        raise ValueError(msg)
    grouped = re.sub(r"(?<=\d)[. ](?=\d{3}(?:\D|$))", "", typed)
    value = float(grouped.replace(",", "."))
    if one.kind is FieldKind.COUNT:
        if value < 0 or not value.is_integer():
            msg = f"“{typed}” không phải số đếm: cần số nguyên, không âm."
            raise ValueError(msg)
        value = int(value)
    if one.least is not None and value < one.least:
        msg = f"Nhỏ hơn mức thấp nhất ({_shown(one.least)})."
        raise ValueError(msg)
    if one.most is not None and value > one.most:
        msg = f"Lớn hơn mức cao nhất ({_shown(one.most)})."
        raise ValueError(msg)
    return value


def _yes_no(typed: str) -> bool:
    known = {
        "có": True,
        "co": True,
        "true": True,
        "1": True,
        "không": False,
        "khong": False,
        "false": False,
        "0": False,
    }
    if typed.lower() not in known:
        msg = "Chọn “có” hoặc “không”."
        raise ValueError(msg)
    return known[typed.lower()]


def _day(typed: str) -> str:
    for pattern, order in (
        (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", (3, 2, 1)),
        (r"(\d{4})-(\d{2})-(\d{2})", (1, 2, 3)),
    ):
        match = re.fullmatch(pattern, typed)
        if match:
            try:
                return date(*(int(match[group]) for group in order)).isoformat()
            except ValueError:
                break
    msg = f"“{typed}” không phải là ngày. Ví dụ đúng: 19/4/2024."
    raise ValueError(msg)


def _shown(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".") if float(value).is_integer() else str(value).replace(".", ",")


def to_json(plan: FormPlan) -> dict[str, Any]:
    """Return the plan as it is kept."""
    return asdict(plan)


def from_json(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> FormPlan:
    """Return the plan that ``to_json`` kept."""
    return FormPlan(
        tuple(
            Field(**{**one, "kind": FieldKind(one["kind"]), "choices": tuple(one.get("choices", ()))})
            for one in kept["fields"]
        ),
        tuple(
            Check(**{**one, "relation": Relation(one["relation"]), "right": tuple(one["right"])})
            for one in kept.get("checks", ())
        ),
    )
