"""CQL2 (OGC 21-065), text and JSON, as conditions: comparisons, LIKE, BETWEEN, IN, IS NULL, AND, OR, NOT, S_INTERSECTS with a box or a point.

The grammar is the library's; which properties there are, what they may be compared with and how deep a filter goes is decided here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import cql2

from smarthd.connectors.rules import asking as ask
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.kernel import clock

LONGEST = 2_000
DEEPEST = 6
"""Brackets within brackets: a parser that tries ways back doubles its work with each that is left open."""
MOST_TERMS = 60
GEOMETRY = "geometry"
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


class FilterFault(ValueError):
    """A filter that cannot be understood; the message says why, in Vietnamese."""


def condition(told: str, fields: Mapping[str, Field], *, as_json: bool = False) -> ask.Condition:
    """Return the condition a filter states. Raises FilterFault."""
    if len(told) > LONGEST or "\0" in told:
        raise FilterFault(f"Dài quá {LONGEST} ký tự, hoặc có ký tự không hợp lệ.")
    tree = _json(told) if as_json else _text(told)
    return _Reader(fields).read(tree, 0)


def _text(told: str) -> Any:
    _require_shallow(told)
    try:
        return cql2.parse_text(told).to_json()
    except (cql2.ParseError, ValueError):
        raise FilterFault("Không đọc được CQL2, ví dụ đúng: loai = 'Nhà thuốc' AND ten LIKE 'Nhà%'.") from None


def _require_shallow(told: str) -> None:
    depth, quoted = 0, False
    for letter in told:
        if letter == "'":
            quoted = not quoted
        elif not quoted and letter in "([":
            depth += 1
            if depth > DEEPEST:
                raise FilterFault(f"Quá {DEEPEST} tầng ngoặc.")
        elif not quoted and letter in ")]":
            depth -= 1
            if depth < 0:
                break
    if depth or quoted:
        raise FilterFault("Thiếu ngoặc hoặc dấu nháy đóng.")


def _json(told: str) -> Any:
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        raise FilterFault("filter-lang=cql2-json cần một đối tượng JSON.") from None


class _Reader:
    """Reads the JSON form, which both forms come to."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.fields = fields
        self.terms = 0

    def read(self, node: Any, depth: int) -> ask.Condition:
        self.terms += 1
        if depth > 20 or self.terms > MOST_TERMS:
            raise FilterFault(f"Nhiều nhất {MOST_TERMS} điều kiện.")
        if isinstance(node, bool):
            return ask.Always(node)
        op, args = _operation(node)
        if op in {"and", "or"}:
            parts = tuple(self.read(one, depth + 1) for one in args)
            if not parts:
                raise FilterFault(f"{op}: thiếu điều kiện.")
            return ask.Every(parts) if op == "and" else ask.Some(parts)
        if op == "not":
            return ask.Not(self.read(_exactly(args, 1, op)[0], depth + 1))
        return self._test(op, args)

    def _test(self, op: str, args: list[Any]) -> ask.Condition:
        if op in _FLIPPED:
            return self._comparison(op, _exactly(args, 2, op))
        if op == "isNull":
            return ask.Nothing(self._field(_exactly(args, 1, op)[0]))
        if op == "like":
            one, pattern = _exactly(args, 2, op)
            field = self._field(one)
            if field.kind in ask.NUMERIC or not isinstance(pattern, str):
                raise FilterFault("LIKE: chỉ dùng cho trường chữ, với mẫu là chữ.")
            return ask.Like(field, _pattern(pattern))
        if op == "in":
            one, values = _exactly(args, 2, op)
            field = self._field(one)
            if not isinstance(values, list) or not 1 <= len(values) <= 100:
                raise FilterFault("IN: cần từ 1 đến 100 giá trị.")
            return ask.OneOf(field, tuple(_value(field, value) for value in values))
        if op == "between":
            one, least, most = _exactly(args, 3, op)
            field = self._field(one)
            low = ask.Compare(field, ask.Comparison.AT_LEAST, _value(field, least))
            return ask.Every((low, ask.Compare(field, ask.Comparison.AT_MOST, _value(field, most))))
        if op == "s_intersects":
            return _place(_exactly(args, 2, op))
        raise FilterFault(f"Chưa hỗ trợ “{op[:30]}”; xem /ogc/conformance.")

    def _comparison(self, op: str, args: list[Any]) -> ask.Condition:
        left, right = args
        if not isinstance(left, dict) or "property" not in left:
            left, right, op = right, left, _FLIPPED[op]
        field = self._field(left)
        return ask.Compare(field, ask.Comparison(op), _value(field, right))

    def _field(self, node: Any) -> Field:
        name = node.get("property") if isinstance(node, dict) else None
        if not isinstance(name, str) or name not in self.fields:
            raise FilterFault(f"Không có trường “{str(name)[:40]}”; các trường: {', '.join(self.fields)}.")
        return self.fields[name]


def _operation(node: Any) -> tuple[str, list[Any]]:
    if not isinstance(node, dict) or not isinstance(node.get("op"), str) or not isinstance(node.get("args"), list):
        raise FilterFault("Chỗ này cần một điều kiện.")
    return node["op"], node["args"]


def _exactly(args: list[Any], count: int, op: str) -> list[Any]:
    if len(args) != count:
        raise FilterFault(f"{op}: cần {count} vế.")
    return args


def _value(field: Field, node: Any) -> ask.Scalar:
    if isinstance(node, dict):
        return _time(field, node)
    if field.kind in ask.NUMERIC:
        if isinstance(node, bool) or not isinstance(node, (int, float)) or not math.isfinite(node):
            raise FilterFault(f"“{field.key}” là số: so với số.")
        return float(node)
    if not isinstance(node, str) or "\0" in node:
        raise FilterFault(f"“{field.key}” là chữ: so với chữ trong dấu nháy đơn.")
    return node


def _time(field: Field, node: Mapping[str, Any]) -> str:
    """Return a day or an instant as the field holds it."""
    if not {"date", "timestamp"} & set(node):
        raise FilterFault(f"“{field.key}”: so với một giá trị, không phải phép tính hay trường khác.")
    if field.kind not in ask.TEMPORAL:
        raise FilterFault(f"“{field.key}” không phải ngày giờ.")
    try:
        if isinstance(day := node.get("date"), str):
            return date.fromisoformat(day).isoformat()
        if isinstance(instant := node.get("timestamp"), str):
            local = datetime.fromisoformat(instant.upper().replace("Z", "+00:00")).astimezone(clock.ZONE)
            return local.strftime("%Y-%m-%d" if field.kind is Kind.DAY else "%Y-%m-%dT%H:%M")
    except (ValueError, OverflowError):
        pass
    raise FilterFault("Ngày giờ ghi DATE('2026-11-24') hoặc TIMESTAMP('2026-11-24T08:30:00Z').")


def _pattern(pattern: str) -> str:
    """Return a pattern PostgreSQL can take: an escape at its end stands for itself."""
    body = pattern.rstrip("\\")
    escapes = len(pattern) - len(body)
    if len(pattern) > 200 or "\0" in pattern:
        raise FilterFault("LIKE: mẫu dài nhất 200 ký tự.")
    return pattern + "\\" * (escapes % 2)


def _place(args: list[Any]) -> ask.Condition:
    left, right = args
    if not (isinstance(left, dict) and left.get("property") == GEOMETRY):
        left, right = right, left
    if not (isinstance(left, dict) and left.get("property") == GEOMETRY and isinstance(right, dict)):
        raise FilterFault("S_INTERSECTS(geometry, BBOX(tây, nam, đông, bắc)) hoặc POINT(kinh độ vĩ độ).")
    corners = right.get("bbox") if "bbox" in right else right.get("coordinates")
    point = right.get("type") == "Point"
    found = [float(one) for one in corners if _finite(one)] if isinstance(corners, list) else []
    if point and len(found) in {2, 3} and len(found) == len(corners or ()):
        return ask.Box(found[0], found[1], found[0], found[1])
    if "bbox" in right and len(found) == 4 == len(corners or ()):
        return ask.Box(*found)
    raise FilterFault("S_INTERSECTS: nhận BBOX bốn số hoặc POINT.")


def _finite(one: Any) -> bool:
    return isinstance(one, (int, float)) and not isinstance(one, bool) and math.isfinite(one)
