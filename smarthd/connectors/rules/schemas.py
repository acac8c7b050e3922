"""What a dataset holds and what is demanded of it, as a Table Schema (Frictionless, https://specs.frictionlessdata.io/table-schema/)."""

from __future__ import annotations

from typing import Any

from smarthd.connectors.rules import bounds, fields, forms
from smarthd.connectors.rules.checking import BOX
from smarthd.connectors.rules.demands import Check, CheckName, RowRule
from smarthd.connectors.rules.fields import Field, Kind
from smarthd.connectors.rules.mapping import Mapping

_TYPES: dict[Kind, tuple[str, str]] = {
    Kind.NUMBER: ("number", ""),
    Kind.MONEY: ("integer", ""),
    Kind.DAY: ("date", ""),
    Kind.MOMENT: ("datetime", "%Y-%m-%dT%H:%M"),
    Kind.URL: ("string", "uri"),
    Kind.LATITUDE: ("number", ""),
    Kind.LONGITUDE: ("number", ""),
}
_TIME = "([01][0-9]|2[0-9]):[0-5][0-9]"
_PHONE = "[0-9]{3,12}"


def table_schema(mapping: Mapping, *, hidden: bool = False) -> dict[str, Any]:
    """Return the Table Schema of what a mapping publishes, by field keys, in their order; only what is shown, or all (``hidden``).

    It says what every line has to keep to that is let in: a rule that only tells is left out, and so is one that hangs on today. A row from before
    a rule stands until its line is mended. What Table Schema has no word for stands under ``smarthd:rules``, as it is stored.
    """
    listed = [one for one in mapping.fields if one.shown or hidden]
    names = {one.key for one in listed}
    schema: dict[str, Any] = {"fields": [_field(one) for one in listed], "missingValues": [""]}
    if mapping.key and set(mapping.key) <= names:
        schema["primaryKey"] = list(mapping.key)
    foreign = [
        {"fields": one.key, "reference": {"resource": check.options[0], "fields": check.options[1]}}
        for one in listed
        for check in one.checks
        if check.name is CheckName.EXISTS and not check.notice and len(check.options) == 2
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    if between := [_between(rule) for rule in mapping.rules if not rule.notice and set(rule.fields) <= names]:
        schema["smarthd:rules"] = between
    return schema


def _between(rule: RowRule) -> dict[str, object]:
    return {"rule": rule.name.value, "fields": list(rule.fields), "options": list(rule.options)}


def _field(field: Field) -> dict[str, Any]:
    kind, form = _TYPES.get(field.kind, ("string", ""))
    told: dict[str, Any] = {"name": field.key, "title": field.label, "type": kind}
    if form:
        told["format"] = form
    if limits := constraints_of(field):
        told["constraints"] = limits
    return told


def constraints_of(field: Field) -> dict[str, Any]:
    """Return the constraints of a field as a Table Schema writes them."""
    limits: dict[str, Any] = {"required": True} if field.required else {}
    limits |= _of_kind(field.kind)
    for check in field.checks:
        if not check.notice:
            limits |= _limits(field, check)
    return limits


def _of_kind(kind: Kind) -> dict[str, Any]:
    south, north, west, east = BOX
    match kind:
        case Kind.LATITUDE:
            return {"minimum": south, "maximum": north}
        case Kind.LONGITUDE:
            return {"minimum": west, "maximum": east}
        case Kind.TIME:
            return {"pattern": _TIME}
        case Kind.PHONE:
            return {"pattern": _PHONE}
        case Kind.MONEY:
            return {"minimum": 0}
        case _:
            return {}


def _limits(field: Field, check: Check) -> dict[str, Any]:
    first, last = (*check.options, "", "")[:2]
    told: dict[str, Any] = {}
    match check.name:
        case CheckName.RANGE if field.kind is not Kind.TIME:
            ends = (("minimum", first), ("maximum", last))
            told = {name: _bound(field.kind, end, name) for name, end in ends if end and bounds.TODAY not in end}
        case CheckName.FORM if first in forms.FORMS:
            told = {"pattern": forms.FORMS[first].pattern}
        case CheckName.PATTERN:
            told = {"pattern": forms.expression_of(first).removeprefix("^").removesuffix("$")}
        case CheckName.LENGTH:
            told = {name: int(size) for name, size in (("minLength", first), ("maxLength", last)) if size}
        case CheckName.VALUES:
            told = {"enum": list(dict.fromkeys(fields.codes_of(field).values()))}
        case CheckName.UNIQUE:
            told = {"unique": True}
    return told


def _bound(kind: Kind, told: str, name: str) -> float | int | str:
    if kind is Kind.MOMENT:
        return told if "T" in told else f"{told}T{'00:00' if name == 'minimum' else '23:59'}"
    if kind is Kind.DAY:
        return told
    value = float(told)
    return int(value) if value == int(value) else value
