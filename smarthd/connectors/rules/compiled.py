"""The quick way of a sound line: a mapping compiled to one closure that writes the line as PostgreSQL's COPY takes it (``rules.records``).

A line that is not plainly sound is declined, and ``checking.compile_row``, which knows every fault by name, reads it: this way may
decline, it may never differ. What it writes is what ``copy_line`` writes of the same line's ``Row``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from json.encoder import encode_basestring
from typing import NamedTuple

from smarthd.connectors.rules import checking, fields
from smarthd.connectors.rules.checking import Row
from smarthd.connectors.rules.demands import PLAIN, CheckName
from smarthd.connectors.rules.fields import CellFault, Field, Kind, Resolve
from smarthd.connectors.rules.mapping import Mapping as ColumnMapping
from smarthd.connectors.rules.mapping import places_of
from smarthd.connectors.rules.records import record
from smarthd.connectors.rules.validation import NOWHERE, Around, judge_of
from smarthd.kernel import text

LONGEST_SORT = 80
_REMEMBERED = 20_000
_NULL = "null"
Read = Callable[[str], str]


class Written(NamedTuple):
    """One sound line: its key, the eight bytes its public address is made of, and its record for COPY."""

    key: str
    mark: bytes
    record: bytes


class Declined(Exception):
    """The quick way does not know; the thorough one shall say."""


def copy_line(row: Row, title: str) -> Written:
    """Return a thoroughly read line as the quick way writes it; ``title`` is the field a row is called by."""
    sort = text.fold(str(row.values.get(title) or ""))[:LONGEST_SORT]
    mark = checking.mark_of(row.key)
    point = None if row.lat is None or row.lon is None else (row.lat, row.lon)
    told = record(row.key, mark, row.digest, sort=sort, written=row.written, unit=row.unit_id, point=point)
    return Written(row.key, mark, told)


class _Remembered(dict[str, str]):
    """Cell → its JSON, understood once for cells that come again."""

    def __init__(self, read: Read) -> None:
        super().__init__(dict.fromkeys(checking.NOTHING, _NULL))
        self._read = read

    def __missing__(self, cell: str) -> str:
        if len(cell) <= checking.LONGEST_NOTHING and cell.lower() in checking.NOTHING:
            return _NULL
        found = self._read(cell)
        if len(self) < _REMEMBERED:
            self[cell] = found
        return found


def compile_sound(
    mapping: ColumnMapping,
    columns: Sequence[str],
    resolve: Resolve,
    *,
    decimal: str,
    title: str,
    around: Around = NOWHERE,
) -> Callable[[Sequence[str]], Written | None]:
    """Return a function that writes one sound line for COPY, or declines with None. ``title`` is the field a row is called by."""
    if only_thorough(mapping):
        return lambda _cells: None
    where = places_of(mapping, columns)
    units: dict[str, int] = {}
    listed = mapping.kept_order
    columns_of = [(where[one.key], reader(one, resolve, mapping.decimal or decimal, units, around)) for one in listed]
    frame = "{" + ",".join(encode_basestring(one.key).replace("%", "%%") + ":%s" for one in listed) + "}"
    at = {one.key: place for place, one in enumerate(listed)}
    if title not in at:
        return lambda _cells: None  # the field a row is called by went with a new mapping
    keys, title_at = [at[key] for key in mapping.key], at[title]
    lat_at, lon_at = (
        next((at[one.key] for one in mapping.of_kind(kind)), -1) for kind in (Kind.LATITUDE, Kind.LONGITUDE)
    )
    unit_column = next((where[one.key] for one in mapping.of_kind(Kind.UNIT)), -1)
    widest = max((column for column, _ in columns_of), default=0)
    most = checking.widest_line(columns)
    required = [place for place, one in enumerate(listed) if one.required]
    south, north, west, east = checking.BOX
    digest_of, mark_of, longest, folded = checking.digest_of, checking.mark_of, checking.LONGEST_KEY, _Folded()

    def point_of(told: list[str]) -> tuple[float, float] | None:
        """Return where a row lies; declines what is no point in Vietnam."""
        if lat_at < 0:
            return None
        lat, lon = told[lat_at], told[lon_at]
        if lat == lon == _NULL:
            return None
        if _NULL in {lat, lon}:
            raise Declined
        y, x = float(lat), float(lon)
        if not (south <= y <= north and west <= x <= east):
            raise Declined
        return y, x

    def key_of(told: list[str], digest: bytes) -> str:
        """Return a row's key; declines one with a part that is nothing, or with a sign that is escaped."""
        parts = [told[place] for place in keys]
        if not keys:
            return digest.hex()
        key = "\x1f".join([part[1:-1] if part[0] == '"' else part for part in parts])
        if _NULL in parts or "\\" in key or len(key) > longest:
            raise Declined
        return key

    def write(cells: Sequence[str]) -> Written | None:
        if not widest < len(cells) <= most:
            return None
        try:
            told = [read(cells[column]) for column, read in columns_of]
            point = point_of(told)
            written = frame % tuple(told)
            digest = digest_of(written)
            key = key_of(told, digest)
        except (CellFault, Declined):
            return None
        name = told[title_at]
        if "\\" in name or name in {_NULL, "0", "0.0"} or _NULL in [told[place] for place in required]:
            return None
        unit = units.get(cells[unit_column]) if unit_column >= 0 else None
        sort = folded.of(name[1:-1] if name[0] == '"' else name)[:LONGEST_SORT]
        mark = mark_of(key)
        return Written(key, mark, record(key, mark, digest, sort=sort, written=written, unit=unit, point=point))

    return write


def only_thorough(mapping: ColumnMapping) -> bool:
    """Say whether every line has to be read thoroughly: a rule remembers lines or looks at several cells, or a cell is made of others."""
    checks = [check.name for one in mapping.fields for check in one.checks]
    made = any(replace(one.making, scale=1.0) != PLAIN for one in mapping.fields)
    return bool(mapping.rules or mapping.grid) or CheckName.UNIQUE in checks or made


def reader(field: Field, resolve: Resolve, decimal: str, units: dict[str, int], around: Around) -> Read:
    """Return what writes the cells of a column as JSON; it raises CellFault, or Declined. ``units`` is told the ids of communes by their cells."""
    judge = judge_of(field, around)
    if field.kind is Kind.UNIT:

        def place(cell: str) -> str:
            found = resolve(cell)
            if judge and judge(found.name, 0):
                raise Declined
            units[cell] = found.id
            return encode_basestring(found.name)

        return _Every(place).__getitem__
    parse = fields.reader_of(field, decimal=decimal)
    if judge:

        def judged(cell: str) -> str:
            value = parse(cell)
            if judge(value, 0):
                raise Declined
            return _json(value)

        return _Remembered(judged).__getitem__
    if plain := _PLAIN.get(field.kind):
        return _plainly(plain, lambda cell: _json(parse(cell)))
    return _Remembered(lambda cell: _json(parse(cell))).__getitem__


def _plainly(plain: Read, thorough: Read) -> Read:
    """Return what reads cells that are plainly written, and the others as a line by itself would be read."""

    def read(cell: str) -> str:
        try:
            return plain(cell)
        except Declined:
            return thorough(cell)

    return read


class _Folded(dict[str, str]):
    """Words folded, those that come again once."""

    def of(self, words: str) -> str:
        """Return ``text.fold(words)``."""
        told = " ".join([self[word] for word in words.split()])
        return text.fold(words) if "  " in told or told[:1] == " " or told[-1:] == " " else told

    def __missing__(self, word: str) -> str:
        if word.isascii() and word.isalnum():
            return word.lower()
        found = text.fold(word)
        if len(self) < _REMEMBERED:
            self[word] = found
        return found


class _Every(_Remembered):
    """As its parent, and nothing is forgotten: communes are few, and their ids are kept beside."""

    def __missing__(self, cell: str) -> str:
        found = self[cell] = super().__missing__(cell)
        return found


def _text(cell: str) -> str:
    size = len(cell)
    if size <= checking.LONGEST_NOTHING and cell.lower() in checking.NOTHING:
        return _NULL
    if size > fields.LONGEST_TEXT or cell[:1] == "#":  # a formula that failed, perhaps
        raise Declined
    return encode_basestring(cell)


def _degrees(cell: str) -> str:
    """Return plainly written degrees (20.94321); everything else is for the thorough way."""
    if _PLAIN_DEGREES(cell):
        return repr(float(cell))
    return _nothing(cell)


def _phone(cell: str) -> str:
    """Return the digits of a number of ten or eleven; everything else is for the thorough way."""
    digits = cell.replace(" ", "")
    if 10 <= len(digits) <= 11 and digits[0] == "0" and digits.isascii() and digits.isdecimal():
        return f'"{digits}"'
    return _nothing(cell)


def _url(cell: str) -> str:
    """Return a plain web address; everything else is for the thorough way."""
    if len(cell) <= 1_000 and _PLAIN_URL(cell):
        return f'"{cell}"'
    return _nothing(cell)


def _nothing(cell: str) -> str:
    if cell in checking.NOTHING:
        return _NULL
    raise Declined


_PLAIN_DEGREES = re.compile(r"[0-9]{1,3}\.[0-9]{1,15}").fullmatch
_PLAIN_URL = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[A-Za-z0-9._~/%+&=?-]*)?").fullmatch
_PLAIN: dict[Kind, Read] = {
    Kind.TEXT: _text,
    Kind.LATITUDE: _degrees,
    Kind.LONGITUDE: _degrees,
    Kind.PHONE: _phone,
    Kind.URL: _url,
}


def _json(value: fields.Value) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return _NULL
    return repr(value)
