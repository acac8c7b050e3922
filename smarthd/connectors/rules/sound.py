"""Whether rules can be kept: told to the clerk before anything is read with them."""

from __future__ import annotations

from collections.abc import Iterator

from smarthd.connectors.errors import MappingFaulty
from smarthd.connectors.rules import bounds, fields, forms, grids
from smarthd.connectors.rules.demands import Check, CheckName, RowRule, RuleName
from smarthd.connectors.rules.fields import CellFault, Field, Kind
from smarthd.connectors.rules.mapping import Mapping

MOST_VALUES = 300
MOST_RULES = 30
_WORDED = frozenset({Kind.TEXT, Kind.CHOICE})
SUITS: dict[CheckName, frozenset[Kind]] = {
    CheckName.RANGE: bounds.RANGED,
    CheckName.FORM: _WORDED,
    CheckName.PATTERN: _WORDED,
    CheckName.LENGTH: _WORDED | {Kind.URL},
    CheckName.VALUES: _WORDED,
    CheckName.UNIQUE: frozenset(Kind) - {Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE},
    CheckName.EXISTS: _WORDED | {Kind.PHONE, Kind.UNIT},
}
"""Which kinds of column a rule can be asked of."""
_ORDERED = ({Kind.DAY, Kind.MOMENT}, {Kind.NUMBER, Kind.MONEY}, {Kind.TIME})


def require_rules(mapped: Mapping) -> None:
    """Raise MappingFaulty where a rule, a made cell or the grid cannot be kept; facts: fields, by field key, ``rules`` or ``grid``."""
    problems: dict[str, str] = {}
    for one in mapped.fields:
        told = [*_made(one), *(words for check in one.checks for words in _check(one, check))]
        if told:
            problems[f"field-{one.key}"] = f"Cột “{one.label}”: {' '.join(told)}"
    between = [words for rule in mapped.rules for words in _rule(rule, mapped)]
    if len(mapped.rules) > MOST_RULES:
        between.append(f"Nhiều nhất {MOST_RULES} quy tắc giữa các cột.")
    if between:
        problems["rules"] = " ".join(dict.fromkeys(between))
    if mapped.grid and (mapped.grid not in grids.MERIDIANS or not mapped.of_kind(Kind.LATITUDE)):
        problems["grid"] = "Hệ tọa độ VN-2000 cần hai cột vĩ độ, kinh độ (X, Y)."
    if problems:
        raise MappingFaulty(fields=problems)


def _made(field: Field) -> Iterator[str]:
    making = field.making
    if field.header:
        if making.part and not 1 <= making.part <= 20:
            yield "phần thứ mấy: từ 1 đến 20."
        return
    if not making.constant or len(making.constant) > 400:
        yield "ghi giá trị cố định, nhiều nhất 400 chữ."
    elif field.kind not in {Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE}:
        try:
            fields.parser_of(field.kind)(making.constant)
        except CellFault as fault:
            yield f"giá trị cố định: {fault}."


def _check(field: Field, check: Check) -> Iterator[str]:
    if field.kind not in SUITS[check.name]:
        yield f"loại “{fields.WORDS[field.kind]}” không dùng được quy tắc này."
        return
    first, last = (*check.options, "", "")[:2]
    match check.name:
        case CheckName.FORM if first not in forms.FORMS:
            yield "chọn một dạng có trong danh sách."
        case CheckName.PATTERN if forms.pattern_of(first) is None:
            yield "mẫu riêng chưa hiểu được. Viết 9 cho chữ số, A cho chữ cái, ví dụ NT-999."
        case CheckName.LENGTH if not all(not told or (told.isdecimal() and len(told) <= 4) for told in (first, last)):
            yield "độ dài là số chữ, từ 0 đến 9999."
        case CheckName.LENGTH if first and last and int(first) > int(last):
            yield "ngắn nhất không được lớn hơn dài nhất."
        case CheckName.RANGE if not _in_order(first, last):
            yield "“từ” không được lớn hơn “đến”."
        case CheckName.VALUES if len(check.options) > MOST_VALUES or any(len(told) > 400 for told in check.options):
            yield f"nhiều nhất {MOST_VALUES} giá trị, mỗi dòng nhiều nhất 400 chữ."
        case CheckName.VALUES if any(not told.partition("=")[0].strip() for told in check.options):
            yield "mỗi dòng bắt đầu bằng giá trị được nhận, rồi mới đến dấu =."
        case CheckName.EXISTS if not first or not last:
            yield "chọn dữ liệu và cột mà giá trị phải có trong đó."


def _in_order(first: str, last: str) -> bool:
    if not first or not last or bounds.TODAY in first + last:
        return True
    try:
        return float(first) <= float(last)
    except ValueError:
        return first <= last


def _rule(rule: RowRule, mapped: Mapping) -> Iterator[str]:
    if rule.name is RuleName.INSIDE:
        if not (mapped.of_kind(Kind.UNIT) and mapped.of_kind(Kind.LATITUDE)):
            yield "“Tọa độ nằm trong xã, phường” cần cột xã, phường và hai cột tọa độ."
        return
    by_key = {one.key: one for one in mapped.fields}
    listed = [by_key[key] for key in rule.fields if key in by_key]
    if len(listed) < 2 or len(listed) != len(rule.fields) or len({one.key for one in listed}) < len(listed):
        yield "Mỗi quy tắc giữa các cột cần hai cột khác nhau, đang dùng."
    elif rule.name is RuleName.ORDER and not any({one.kind for one in listed} <= kinds for kinds in _ORDERED):
        yield f"“{listed[0].label}” và “{listed[1].label}” không so trước sau được: cần hai cột ngày, hai cột số hoặc hai cột giờ."
