"""The screen of columns: what each holds, how its cell is made, what is demanded of it; between form data and a mapping, both ways.

Names end in a slot: ``0``, ``1``… for the columns of the file, ``x0``, ``x1``… for fields the file has no column for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from smarthd.connectors.errors import MappingFaulty
from smarthd.connectors.rules import bounds, fields
from smarthd.connectors.rules.demands import Check, CheckName, Making, RowRule, RuleName
from smarthd.connectors.rules.fields import CellFault, Field, Kind
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.sound import SUITS
from smarthd.kernel import text

Typed = Mapping[str, str]
MOST_MADE, MOST_RULES = 20, 30
MADE = ("constant", "part", "joined")
"""How a field is made that is no column of the file as it stands."""


def is_made(field: Field) -> bool:
    """Say whether a field is made of other columns, or of none."""
    return bool(field.making.constant or field.making.part or field.making.joined)


def slots_of(mapped: ColumnMapping, columns: tuple[str, ...]) -> dict[str, Field]:
    """Return slot → field."""
    where = {text.fold(header): str(index) for index, header in reversed(list(enumerate(columns))) if header}
    slots = {
        where[text.fold(one.header)]: one
        for one in mapped.fields
        if not is_made(one) and text.fold(one.header) in where
    }
    return slots | {f"x{number}": one for number, one in enumerate(filter(is_made, mapped.fields))}


# --- a mapping as it is typed ------------------------------------------------------------------------------------------
def typed_of(mapped: ColumnMapping, columns: tuple[str, ...], guess: ColumnMapping) -> dict[str, str]:
    """Return the form data of a mapping; columns it does not use carry what they look like."""
    slots = slots_of(mapped, columns)
    unused = {slot: one for slot, one in slots_of(guess, columns).items() if slot not in slots}
    typed = {"decimal": mapped.decimal, "grid": mapped.grid}
    for slot, one in (slots | unused).items():
        typed |= _typed_field(slot, one, used=slot in slots, key=one.key in mapped.key)
    by_key = {one.key: slot for slot, one in slots.items()}
    for number, rule in enumerate(mapped.rules):
        typed |= _typed_rule(number, rule, by_key)
    return typed


def _typed_field(slot: str, one: Field, *, used: bool, key: bool) -> dict[str, str]:
    making = one.making
    typed = {f"label-{slot}": one.label, f"kind-{slot}": one.kind.value, f"scale-{slot}": f"{making.scale:g}"}
    ticks = {"use": used, "shown": one.shown, "required": one.required, "filtered": one.filtered, "key": key}
    typed |= {f"{name}-{slot}": "on" for name, on in ticks.items() if on}
    if is_made(one):
        how = "constant" if making.constant else "joined" if making.joined else "part"
        typed |= {
            f"made-{slot}": how,
            f"name-{slot}": one.key,
            f"constant-{slot}": making.constant,
            f"from-{slot}": one.header,
        }
        typed |= {f"mark-{slot}": making.mark, f"part-{slot}": str(making.part or "")}
        typed |= {f"and{number}-{slot}": header for number, header in enumerate(making.joined)}
    for check in one.checks:
        typed |= _typed_check(slot, one.kind, check)
    return typed


def _typed_check(slot: str, kind: Kind, check: Check) -> dict[str, str]:
    name, (first, last) = check.name.value, (*check.options, "", "")[:2]
    typed = {f"{name}-notice-{slot}": "on"} if check.notice else {}
    match check.name:
        case CheckName.RANGE:
            return typed | {f"least-{slot}": bounds.typed(kind, first), f"most-{slot}": bounds.typed(kind, last)}
        case CheckName.LENGTH:
            return typed | {f"shortest-{slot}": first, f"longest-{slot}": last}
        case CheckName.VALUES:
            return typed | {f"values-{slot}": "\n".join(check.options)}
        case CheckName.UNIQUE:
            return typed | {f"unique-{slot}": "on"}
        case CheckName.EXISTS:
            return typed | {f"exists-{slot}": f"{first}/{last}"}
        case _:
            return typed | {f"{name}-{slot}": first}


def _typed_rule(number: int, rule: RowRule, by_key: Mapping[str, str]) -> dict[str, str]:
    slots = [by_key.get(key, "") for key in rule.fields]
    said = "metres" if rule.name is RuleName.INSIDE else "told"
    typed = {f"rule-{number}": rule.name.value, f"rule-{said}-{number}": ", ".join(rule.options)}
    typed |= {f"rule-{place}-{number}": slot for place, slot in zip("abc", slots, strict=False)}
    return typed | ({f"rule-notice-{number}": "on"} if rule.notice else {})


# --- what was typed as a mapping ---------------------------------------------------------------------------------------
def made_slots(typed: Typed) -> list[str]:
    """Return the slots of fields that are no column as it stands."""
    return [slot for number in range(MOST_MADE) if typed.get(f"made-{(slot := f'x{number}')}") in MADE]


def mapping_from(typed: Typed, columns: tuple[str, ...], before: ColumnMapping) -> ColumnMapping:
    """Return the mapping somebody chose. A column that had a key keeps it. Raises MappingFaulty where something cannot be understood."""
    old = slots_of(before, columns)
    names = {one.key for one in before.fields}
    chosen: dict[str, Field] = {}
    problems: dict[str, str] = {}
    listed = [(str(index), header) for index, header in enumerate(columns) if header]
    listed += [(slot, typed.get(f"from-{slot}", "")) for slot in made_slots(typed)]
    for slot, header in listed:
        if typed.get(f"use-{slot}") is None:
            continue
        try:
            chosen[slot] = _field(slot, header, typed, columns, _key(slot, header, typed, old, names))
        except CellFault as fault:
            problems[f"field-{slot}"] = str(fault)
        else:
            names.add(chosen[slot].key)
    if problems:
        raise MappingFaulty(fields=problems)
    key = tuple(one.key for slot, one in chosen.items() if typed.get(f"key-{slot}") is not None)
    rules = tuple(_rules(typed, chosen))
    return ColumnMapping(tuple(chosen.values()), key, typed.get("decimal", ""), rules, typed.get("grid", ""))


def _key(slot: str, header: str, typed: Typed, old: Mapping[str, Field], names: set[str]) -> str:
    named = typed.get(f"name-{slot}", "")
    if slot.startswith("x"):
        known = {one.key for other, one in old.items() if other.startswith("x")}
        return named if named in known else fields.key_of_label(typed.get(f"label-{slot}", ""), frozenset(names))
    return old[slot].key if slot in old else fields.key_of_label(header, frozenset(names))


def _field(slot: str, header: str, typed: Typed, columns: tuple[str, ...], key: str) -> Field:
    label = text.nfc(typed.get(f"label-{slot}", "")) or header
    told = typed.get(f"kind-{slot}", "")
    if told not in set(Kind):
        raise MappingFaulty(fields={f"field-{slot}": _("Cột “%s”: xin chọn loại.") % label})
    kind = Kind(told)
    making = _making(slot, typed, columns, label)
    try:
        checks = tuple(_checks(slot, kind, typed))
    except CellFault as fault:
        msg = _("Cột “%(label)s”: %(words)s.") % {"label": label, "words": fault}
        raise CellFault(msg) from None
    ticks = {name: typed.get(f"{name}-{slot}") is not None for name in ("required", "shown", "filtered")}
    return Field(key, label, "" if making.constant else header, kind, **ticks, checks=checks, making=making)


def _making(slot: str, typed: Typed, columns: tuple[str, ...], label: str) -> Making:
    try:
        scale = float(typed.get(f"scale-{slot}") or 1)
    except ValueError:
        scale = 1.0
    scale = scale if 1e-9 <= scale <= 1e9 else 1.0
    how, mark = typed.get(f"made-{slot}", ""), typed.get(f"mark-{slot}", "")[:10]
    if how == "constant":
        return Making(constant=text.nfc(typed.get(f"constant-{slot}", "")).strip(), scale=scale)
    if how and typed.get(f"from-{slot}", "") not in columns:
        msg = _("Cột “%s”: chọn cột lấy giá trị.") % label
        raise CellFault(msg)
    if how == "part":
        told = typed.get(f"part-{slot}", "")
        return Making(part=int(told) if told.isdecimal() and len(told) < 3 else 1, mark=mark, scale=scale)
    if how == "joined":
        others = tuple(
            told for number in range(3) if (told := typed.get(f"and{number}-{slot}", "")) in columns and told
        )
        if not others:
            msg = _("Cột “%s”: chọn ít nhất một cột ghép vào.") % label
            raise CellFault(msg)
        return Making(joined=others, mark=mark, scale=scale)
    return Making(scale=scale)


def _checks(slot: str, kind: Kind, typed: Typed) -> Iterator[Check]:
    for name, options in _told(slot, kind, typed):
        if kind in SUITS[name] and any(options) | (name is CheckName.UNIQUE):
            yield Check(name, options, notice=typed.get(f"{name.value}-notice-{slot}") is not None)


def _told(slot: str, kind: Kind, typed: Typed) -> Iterator[tuple[CheckName, tuple[str, ...]]]:
    """Yield each rule of a column with its options, empty ones too. Raises CellFault where a bound is none of its kind."""

    def told(name: str) -> str:
        return text.nfc(typed.get(f"{name}-{slot}", "")).strip()

    if kind in SUITS[CheckName.RANGE]:
        yield CheckName.RANGE, (bounds.stored(kind, told("least")), bounds.stored(kind, told("most")))
    yield CheckName.FORM, (told("form"),)
    yield CheckName.PATTERN, (told("pattern"),)
    yield CheckName.LENGTH, (told("shortest"), told("longest"))
    yield (
        CheckName.VALUES,
        tuple(" ".join(one.split()) for one in typed.get(f"values-{slot}", "").splitlines() if one.strip()),
    )
    if typed.get(f"unique-{slot}") is not None:
        yield CheckName.UNIQUE, ()
    source, _slash, field = told("exists").partition("/")
    yield CheckName.EXISTS, (source, field) if source else ()


def _rules(typed: Typed, chosen: Mapping[str, Field]) -> Iterator[RowRule]:
    for number in range(MOST_RULES):
        name = typed.get(f"rule-{number}", "")
        if name not in set(RuleName):
            continue
        slots = [typed.get(f"rule-{place}-{number}", "") for place in "abc"]
        inside = name == RuleName.INSIDE
        keys = () if inside else tuple(chosen[slot].key if slot in chosen else slot for slot in slots if slot)
        if name in {RuleName.ORDER, RuleName.NEEDED}:
            keys = keys[:2]
        said = typed.get(f"rule-told-{number}", "") if name == RuleName.NEEDED else ""
        if inside:
            said = "".join(filter(str.isdecimal, typed.get(f"rule-metres-{number}", "")))[:5]
        options = tuple(told for one in said.split(",") if (told := text.nfc(one).strip()))
        yield RowRule(RuleName(name), keys, options, notice=typed.get(f"rule-notice-{number}") is not None)
