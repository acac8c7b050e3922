"""From columns to fields: the header found in a sample, types guessed from it, and what changed in the columns since."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as JsonObject
from dataclasses import dataclass, replace

from smarthd.connectors.errors import MappingFaulty
from smarthd.connectors.rules import fields, headings
from smarthd.connectors.rules.demands import RowRule, rule_of
from smarthd.connectors.rules.fields import CellFault, Field, Kind
from smarthd.kernel import text

SAMPLE_ROWS = 200
MOST_COLUMNS = 100


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a source's columns become fields. ``key`` names the fields that tell one row from another; ``decimal`` is the
    decimal mark of its numbers; "" is the mark people or programs use, whichever wrote the table. ``rules`` are the rules between its
    columns; ``grid`` is the central meridian of its points in VN-2000 (degrees, "105.5"), "" where they are WGS 84."""

    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    decimal: str = ""
    rules: tuple[RowRule, ...] = ()
    grid: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the mapping as it is stored; what is plain is left out."""
        more: dict[str, object] = {"rules": [one.as_json() for one in self.rules]} if self.rules else {}
        if self.grid:
            more["grid"] = self.grid
        told = {"fields": [field.as_json() for field in self.fields], "key": list(self.key), "decimal": self.decimal}
        return told | more

    def of_kind(self, *kinds: Kind) -> tuple[Field, ...]:
        """Return the fields of some kinds."""
        return tuple(field for field in self.fields if field.kind in kinds)

    @property
    def kept_order(self) -> list[Field]:
        """The fields as PostgreSQL orders the keys of a jsonb object, shorter first: it takes what comes so a fifth faster (0134)."""
        return sorted(self.fields, key=lambda one: (len(one.key.encode()), one.key.encode()))

    @property
    def title(self) -> Field:
        """The field a row is called by: the first text that is no code, else the first text."""
        texts = [one for one in self.fields if one.kind is Kind.TEXT and one.shown]
        return next((one for one in texts if one.key not in self.key), texts[0] if texts else self.fields[0])


def mapping_of(stored: JsonObject[str, object]) -> Mapping:
    """Return a mapping from how it is stored."""
    listed, key, rules = stored.get("fields"), stored.get("key"), stored.get("rules")
    return Mapping(
        fields=tuple(fields.field_of(one) for one in (listed if isinstance(listed, list) else [])),
        key=tuple(map(str, key if isinstance(key, list) else [])),
        decimal=str(stored.get("decimal") or ""),
        rules=tuple(rule_of(one) for one in (rules if isinstance(rules, list) else [])),
        grid=str(stored.get("grid") or ""),
    )


_HINTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.LATITUDE, re.compile(r"^(vi do|lat|latitude|toa do y|y)$")),
    (Kind.LONGITUDE, re.compile(r"^(kinh do|lon|lng|long|longitude|toa do x|x)$")),
    (
        Kind.UNIT,
        re.compile(r"^(ten )?(xa|phuong|xa phuong|phuong xa|don vi hanh chinh|dia ban|xa phuong thi tran)( .*)?$"),
    ),
    (Kind.PHONE, re.compile(r"dien thoai|\bsdt\b|\bso dt\b|di dong|\bdtdd\b|hotline|duong day nong|^dt$|phone")),
    (Kind.URL, re.compile(r"lien ket|website|trang web|\burl\b|^link")),
    (Kind.MONEY, re.compile(r"gia\b.*(dong|vnd|ban|dat|tien)?|hoc phi|so tien|muc thu|^phi\b|le phi")),
    (Kind.MOMENT, re.compile(r"thoi gian|thoi diem|^tu$|^den$|gio (bat dau|ket thuc)|luc do")),
    (Kind.DAY, re.compile(r"ngay\b|thoi han")),
)
_COMMUNE = re.compile(r"^(xa|phuong|dac khu|thi tran) \w")
_ORDER_NUMBER = re.compile(r"^(stt|so tt|so thu tu|tt|no)$")
_KEYS = re.compile(r"^(ma|ma so|id|code|so hieu|so ho so|ma ho so)( .*)?$")


def suggest(columns: Sequence[str], sample: Sequence[Sequence[str]], *, decimal: str = ",") -> Mapping:
    """Return a mapping guessed from headings and up to 200 rows; columns of mere numbering are not shown."""
    guessed: list[Field] = []
    for index, label in enumerate(columns):
        cells = [row[index] for row in sample[:SAMPLE_ROWS] if index < len(row) and row[index]]
        kind = _guess(label, cells, decimal)
        ordinal = bool(_ORDER_NUMBER.match(text.fold(label)))
        guessed.append(
            Field(
                key=fields.key_of_label(label, frozenset(one.key for one in guessed)),
                label=f"{label} (%)" if kind is Kind.NUMBER and _is_percent(label, cells) else label,
                header=label,
                kind=kind,
                shown=not ordinal and kind not in {Kind.LATITUDE, Kind.LONGITUDE},
                filtered=kind in {Kind.UNIT, Kind.CHOICE},
            )
        )
    if (last := guessed[-1:]) and last[0].label == headings.GROUP and not any(one.kind is Kind.UNIT for one in guessed):
        told = [row[len(columns) - 1] for row in sample if len(row) >= len(columns)]
        if told and all(_COMMUNE.match(text.fold(cell)) for cell in told if cell):
            guessed[-1] = replace(last[0], kind=Kind.UNIT, filtered=True)
    for kind in (Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE):  # there can be one of each
        for index in [at for at, one in enumerate(guessed) if one.kind is kind][1:]:
            guessed[index] = replace(guessed[index], kind=Kind.TEXT, shown=True, filtered=False)
    key = next((one.key for index, one in enumerate(guessed) if _is_key(one, index, sample)), "")
    made = Mapping(tuple(guessed), (key,) if key else ())
    required = {key, made.title.key} if guessed else set()
    return replace(made, fields=tuple(replace(one, required=one.key in required) for one in guessed))


def _is_percent(label: str, cells: Sequence[str]) -> bool:
    return "%" not in label and sum(cell.endswith("%") for cell in cells) * 2 > len(cells)


def _is_key(field: Field, index: int, sample: Sequence[Sequence[str]]) -> bool:
    if not _KEYS.match(text.fold(headings.last_of(field.label))):
        return False
    cells = [row[index] if index < len(row) else "" for row in sample if any(row)]
    return all(cells) and len(set(cells)) == len(cells)


def _guess(label: str, cells: Sequence[str], decimal: str) -> Kind:
    folded = text.fold(headings.last_of(label))
    for kind, pattern in _HINTS:
        if pattern.search(folded) and (kind is Kind.UNIT or _fits(kind, cells, decimal)):
            return kind
    if cells and not _KEYS.match(folded):
        for kind in (Kind.NUMBER, Kind.DAY, Kind.MOMENT, Kind.URL):
            if _fits(kind, cells, decimal):
                return kind
        if len(cells) >= 6 and len(set(cells)) <= max(2, len(cells) // 4) and max(map(len, cells)) <= 40:
            return Kind.CHOICE
    return Kind.TEXT


def _fits(kind: Kind, cells: Sequence[str], decimal: str) -> bool:
    """Say whether four in five cells of a sample can be understood so; a column without any fits its heading."""
    parse = fields.parser_of(kind, decimal=decimal)
    sound = 0
    for cell in cells:
        try:
            parse(cell)
        except CellFault:
            continue
        sound += 1
    return sound * 5 >= len(cells) * 4


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed in the columns: fields whose heading is gone, each with the new heading it may have become; new headings."""

    gone: tuple[tuple[str, str], ...]
    new: tuple[str, ...]


def places_of(mapping: Mapping, columns: Sequence[str]) -> dict[str, int]:
    """Return where each field's heading stands now, marks and case ignored."""
    where = {text.fold(label): index for index, label in reversed(list(enumerate(columns)))}
    return {one.key: where[text.fold(one.header)] for one in mapping.fields if text.fold(one.header) in where}


def cell_of(field: Field, columns: Sequence[str]) -> Callable[[Sequence[str]], str]:
    """Return what takes a field's cell out of a line: as it stands, a part of it, several joined, or the constant of a column there is not.

    Raises KeyError where a heading is gone (``drift`` tells it first).
    """
    where = {text.fold(label): index for index, label in reversed(list(enumerate(columns)))}
    making = field.making
    if making.constant and not field.header:
        return lambda _cells: making.constant
    at = where[text.fold(field.header)]
    if making.joined:
        every = [at, *(where[text.fold(header)] for header in making.joined)]
        return lambda cells: making.mark.join(
            [told for index in every if index < len(cells) and (told := cells[index])]
        )
    if making.part:
        return lambda cells: _part(cells[at] if at < len(cells) else "", making.mark, making.part)
    return lambda cells: cells[at] if at < len(cells) else ""


def _part(cell: str, mark: str, number: int) -> str:
    parts = cell.split(mark.strip() or None) if mark else cell.split()
    return parts[number - 1].strip() if number <= len(parts) else ""


def drift(mapping: Mapping, columns: Sequence[str]) -> Drift:
    """Return what changed in the columns since they were mapped; their order does not matter."""
    needed = [header for one in mapping.fields for header in (one.header, *one.making.joined) if header]
    known, there = {text.fold(header) for header in needed}, {text.fold(label) for label in columns}
    new = [label for label in columns if label and text.fold(label) not in known]
    gone = []
    for header in dict.fromkeys(needed):
        if text.fold(header) not in there:
            near = difflib.get_close_matches(text.fold(header), [text.fold(label) for label in new], n=1, cutoff=0.6)
            gone.append((header, next((label for label in new if near and text.fold(label) == near[0]), "")))
    return Drift(tuple(gone), tuple(new))


def require_sound(mapped: Mapping) -> None:
    """Raise MappingFaulty where a mapping cannot work: no shown field, two of a kind there can be one of, a key that is no field."""
    problems: dict[str, str] = {}
    keys = [one.key for one in mapped.fields]
    if not any(one.shown and one.kind is not Kind.UNIT for one in mapped.fields):
        problems["fields"] = "Chọn ít nhất một cột để người dân thấy."
    for kind in (Kind.UNIT, Kind.LATITUDE, Kind.LONGITUDE):
        if len(mapped.of_kind(kind)) > 1:
            problems["fields"] = f"Chỉ một cột là “{fields.WORDS[kind]}”."
    if bool(mapped.of_kind(Kind.LATITUDE)) != bool(mapped.of_kind(Kind.LONGITUDE)):
        problems["fields"] = "Cần cả hai cột vĩ độ và kinh độ, hoặc không cột nào."
    if len(set(keys)) != len(keys) or not set(mapped.key) <= set(keys):
        problems["key"] = "Cột làm mã phải là cột đã khai."
    if mapped.decimal not in {"", ",", "."}:
        problems["decimal"] = "Dấu thập phân là phẩy hoặc chấm."
    if any(not one.label.strip() or len(one.label) > 120 for one in mapped.fields):
        problems["fields"] = "Mỗi cột cần một tên, nhiều nhất 120 chữ."
    if problems:
        raise MappingFaulty(fields=problems)
