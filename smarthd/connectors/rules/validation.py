"""Rules compiled: one function for each column's rules, one for the rules between columns. They judge what was understood and change nothing.

What a rule finds is a sentence that says what is wrong and how to mend it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import xxhash

from smarthd.connectors.rules import forms
from smarthd.connectors.rules.bounds import TODAY, Bound, bound_of
from smarthd.connectors.rules.demands import Check, CheckName, RowRule, RuleName
from smarthd.connectors.rules.fields import Field, Kind, Value, codes_of
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.wording import said
from smarthd.kernel import text

Off = Callable[[int, float, float, float], str]
"""(commune, latitude, longitude, metres let pass) → where a point lies instead, in words; "" where it lies in the commune, or nobody knows."""
Found = tuple[str, bool]
"""What a rule says, and whether that is only to be told (notice)."""
Judge = Callable[[Value, int], list[Found]]
"""Judges a column's value in line number so-and-so."""
RowJudge = Callable[[Mapping[str, Value], int | None], Iterator[tuple[str, str, str, bool]]]
"""Judges a row's values and its commune; yields column, what was written, words, notice."""
_One = Callable[[Value, int], str]


def anywhere(_unit: int, _lat: float, _lon: float, _metres: float) -> str:
    """Say that nobody knows."""
    return ""


def _nothing(_source: str, _field: str) -> Container[str] | None:
    return None


@dataclass(frozen=True, slots=True)
class Around:
    """What rules may ask beside the line: the day it is read on; the ground; the values of a column of another dataset (None: there is no
    such column, and the rule rests)."""

    on: date | None = None
    off: Off = anywhere
    known: Callable[[str, str], Container[str] | None] = _nothing


NOWHERE = Around()
"""Nothing beside the line: rules that would ask more rest, and one that asks for today raises ValueError."""


def looks_beyond_lines(mapping: ColumnMapping) -> bool:
    """Say whether some rule hangs on more than the line: other lines, other data; or must be told at each reading (notices).

    Such a mapping is read whole, by one reader, each time.
    """
    checks = [check for one in mapping.fields for check in one.checks]
    beyond = any(check.notice or check.name in {CheckName.UNIQUE, CheckName.EXISTS} for check in checks)
    return beyond or any(rule.notice for rule in mapping.rules)


def hangs_on_the_day(mapping: ColumnMapping) -> bool:
    """Say whether the same line may be judged otherwise tomorrow."""
    bounds = [
        told
        for one in mapping.fields
        for check in one.checks
        if check.name is CheckName.RANGE
        for told in check.options
    ]
    return any(told.startswith(TODAY) for told in bounds) or any(one.name is RuleName.INSIDE for one in mapping.rules)


def judge_of(field: Field, around: Around) -> Judge | None:
    """Return what judges a column's values, None where nothing is demanded of them."""
    judges = [(made, check.notice) for check in field.checks if (made := _COMPILED[check.name](field, check, around))]
    if not judges:
        return None

    def judge(value: Value, number: int) -> list[Found]:
        if value is None:
            return []
        return [(words, notice) for one, notice in judges if (words := one(value, number))]

    return judge


def _range(field: Field, check: Check, around: Around) -> _One | None:
    least, most = (bound_of(field.kind, told, around.on) for told in (*check.options, "", "")[:2])
    if least is None and most is None:
        return None
    asked = _asked(field.kind, least, most)

    def judge(value: Value, _number: int) -> str:
        if least is not None and value < least.value:  # type: ignore[operator]  # of one kind
            return f"{said(field.kind, value)} {least.below}. {asked}"
        if most is not None and value > most.limit:  # type: ignore[operator]  # of one kind
            return f"{said(field.kind, value)} {most.above}. {asked}"
        return ""

    return judge


def _asked(kind: Kind, least: Bound | None, most: Bound | None) -> str:
    told = [f"từ {least.words}"] if least else []
    told += [f"đến {most.words}"] if most else []
    cure = (
        "xem lại ngày"
        if kind in {Kind.DAY, Kind.MOMENT}
        else "xem lại giờ"
        if kind is Kind.TIME
        else "xem lại số và đơn vị tính"
    )
    return f"Nhận {' '.join(told)}; {cure}"


def _form(_field: Field, check: Check, _around: Around) -> _One | None:
    form = forms.FORMS.get(check.options[0]) if check.options else None
    if form is None:
        return None
    words = f"không đúng dạng {form.words[0].lower()}{form.words[1:]}. Viết như {form.example}"
    return lambda value, _number: "" if form.fits(str(value)) else f"“{str(value)[:60]}” {words}"


def _pattern(_field: Field, check: Check, _around: Around) -> _One | None:
    told = check.options[0] if check.options else ""
    fits = forms.pattern_of(told)
    if fits is None:
        return None
    words = f"không đúng mẫu {told}" + ("" if told.startswith("^") else " (9 là chữ số, A là chữ cái)")
    return lambda value, _number: "" if fits(str(value)) else f"“{str(value)[:60]}” {words}. Xem lại cách viết"


def _length(_field: Field, check: Check, _around: Around) -> _One | None:
    shortest, longest = (int(told) if told.isdecimal() else None for told in (*check.options, "", "")[:2])

    def judge(value: Value, _number: int) -> str:
        size = len(str(value))
        if shortest is not None and size < shortest:
            return f"chỉ dài {size} chữ, cần ít nhất {shortest}. Viết đủ hơn"
        if longest is not None and size > longest:
            return f"dài {size} chữ, nhiều nhất {longest}. Viết ngắn lại"
        return ""

    return judge


def _values(field: Field, _check: Check, _around: Around) -> _One | None:
    listed = list(dict.fromkeys(codes_of(field).values()))
    allowed, shown = frozenset(listed), ", ".join(listed[:6]) + (", …" if len(listed) > 6 else "")
    folded = {text.fold(one): one for one in listed}

    def judge(value: Value, _number: int) -> str:
        if str(value) in allowed:
            return ""
        near = difflib.get_close_matches(text.fold(str(value)[:80]), folded, n=1, cutoff=0.7)
        guess = f"Có thể là “{folded[near[0]]}”" if near else f"Nhận: {shown}"
        return f"“{str(value)[:60]}” không có trong danh sách được nhận. {guess}"

    return judge if listed else None


def _unique(_field: Field, _check: Check, _around: Around) -> _One:
    first: dict[int, int] = {}

    def judge(value: Value, number: int) -> str:
        before = first.setdefault(xxhash.xxh3_64_intdigest(str(value).encode()), number)
        return (
            ""
            if before == number
            else f"“{str(value)[:60]}” đã có ở dòng {before}. Mỗi giá trị chỉ được một lần; sửa dòng sai"
        )

    return judge


def _exists(_field: Field, check: Check, around: Around) -> _One | None:
    source, key = (*check.options, "", "")[:2]
    known = around.known(source, key) if source and key else None
    if known is None:
        return None
    return lambda value, _number: (
        ""
        if str(value) in known
        else f"“{str(value)[:60]}” không có trong dữ liệu “{source}”. Sửa lại, hoặc bổ sung dữ liệu ấy trước"
    )


_COMPILED: dict[CheckName, Callable[[Field, Check, Around], _One | None]] = {
    CheckName.RANGE: _range,
    CheckName.FORM: _form,
    CheckName.PATTERN: _pattern,
    CheckName.LENGTH: _length,
    CheckName.VALUES: _values,
    CheckName.UNIQUE: _unique,
    CheckName.EXISTS: _exists,
}
_Row = Callable[[Mapping[str, Value], int | None], str]


def row_judge_of(mapping: ColumnMapping, around: Around) -> RowJudge | None:
    """Return what judges whole rows, None where nothing is demanded of them. A rule whose columns went with a new mapping rests.

    Values that could not be understood are absent, and no rule is asked of them.
    """
    by_key = {one.key: one for one in mapping.fields}
    judges: list[tuple[tuple[str, ...], str, _Row, bool]] = []
    for rule in mapping.rules:
        if rule.name is RuleName.INSIDE:
            kinds = (Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE)
            listed = [one for kind in kinds for one in mapping.of_kind(kind)][:3]
            if len(listed) < len(kinds):
                continue
        else:
            listed = [by_key[key] for key in rule.fields if key in by_key]
            if len(listed) != len(rule.fields) or len(listed) < 2:
                continue
        keys, labels = tuple(one.key for one in listed), ", ".join(one.label for one in listed)
        judges.append((keys, labels, _ROWS[rule.name](listed, rule, around), rule.notice))
    if not judges:
        return None

    def judge(values: Mapping[str, Value], unit_id: int | None) -> Iterator[tuple[str, str, str, bool]]:
        for keys, labels, one, notice in judges:
            if all(key in values for key in keys) and (words := one(values, unit_id)):
                written = " · ".join(said(by_key[key].kind, values[key]) for key in keys)
                yield labels, written[:200], words, notice

    return judge


def _order(listed: Sequence[Field], _rule: RowRule, _around: Around) -> _Row:
    first, last = listed[0], listed[1]

    def judge(values: Mapping[str, Value], _unit: int | None) -> str:
        before, after = values[first.key], values[last.key]
        if before is None or after is None:
            return ""
        if isinstance(before, str) and isinstance(after, str) and len(before) != len(after):
            before, after = before[:10], after[:10]  # a day beside an instant
        if (type(before) is str and type(after) is not str) or before <= after:  # type: ignore[operator]  # of one family
            return ""
        word = "sau" if first.kind in {Kind.DAY, Kind.MOMENT, Kind.TIME} else "lớn hơn"
        return f"“{first.label}” ({said(first.kind, values[first.key])}) {word} “{last.label}” ({said(last.kind, values[last.key])}). Có thể hai ô bị đổi chỗ"

    return judge


def _either(listed: Sequence[Field], _rule: RowRule, _around: Around) -> _Row:
    names = " hoặc ".join(f"“{one.label}”" for one in listed)

    def judge(values: Mapping[str, Value], _unit: int | None) -> str:
        return "" if any(values[one.key] is not None for one in listed) else f"cần ghi {names}: đang trống cả"

    return judge


def _needed(listed: Sequence[Field], rule: RowRule, _around: Around) -> _Row:
    wanted, when = listed[0], listed[1]
    for_these = frozenset(text.fold(one) for one in rule.options if one)

    def judge(values: Mapping[str, Value], _unit: int | None) -> str:
        there = values[when.key]
        if values[wanted.key] is not None or there is None or (for_these and text.fold(str(there)) not in for_these):
            return ""
        return f"“{when.label}” là “{said(when.kind, there)[:60]}” thì cần ghi “{wanted.label}”"

    return judge


def _inside(_listed: Sequence[Field], rule: RowRule, around: Around) -> _Row:
    unit, lat, lon = _listed
    metres = float(rule.options[0]) if rule.options and rule.options[0].isdecimal() else 0.0

    def judge(values: Mapping[str, Value], unit_id: int | None) -> str:
        y, x = values[lat.key], values[lon.key]
        if unit_id is None or not isinstance(y, (int, float)) or not isinstance(x, (int, float)):
            return ""
        elsewhere = around.off(unit_id, y, x, metres)
        return (
            f"điểm này nằm ở {elsewhere}, không ở {values[unit.key]}. Xem lại tọa độ hoặc tên xã, phường"
            if elsewhere
            else ""
        )

    return judge


_ROWS: dict[RuleName, Callable[[Sequence[Field], RowRule, Around], _Row]] = {
    RuleName.ORDER: _order,
    RuleName.EITHER: _either,
    RuleName.NEEDED: _needed,
    RuleName.INSIDE: _inside,
}
