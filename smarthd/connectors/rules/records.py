"""Rows as PostgreSQL's COPY takes them in its binary format, which spares the server every look at single signs (docs/adr/0134).

A record is the number of its fields in two bytes, then each field's size in four and its bytes; a size of -1 is nothing.
Source: PostgreSQL 18, COPY, "Binary Format".
"""

from __future__ import annotations

import struct

FIELDS = ("key", "code", "digest", "sort", "values", "unit_id", "lat", "lon")
"""The columns of a record, in order."""
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
"""What stands before the first record."""
NOTHING = b"\xff\xff\xff\xff"
COUNT = struct.pack(">h", len(FIELDS))
SIZE = struct.Struct(">i")
JSONB = 1
"""The edition of jsonb's binary form: the number, then the text."""
_HEAD, _MARKS, _VALUES = struct.Struct(">2si"), struct.Struct(">i16si16si"), struct.Struct(">iB")
_NUMBER, _DEGREES = struct.Struct(">iq"), struct.Struct(">id")


def record(
    key: str,
    mark: bytes,
    digest: bytes,
    *,
    sort: str,
    written: str,
    unit: int | None,
    point: tuple[float, float] | None,
) -> bytes:
    """Return a row: its key, the mark its code is made of, what it is told apart and ordered by, its values as JSON, where it lies."""
    told, named, values = key.encode(), sort.encode(), written.encode()
    parts = (
        _HEAD.pack(COUNT, len(told)),
        told,
        _MARKS.pack(16, mark.hex().encode(), 16, digest, len(named)),
        named,
        _VALUES.pack(len(values) + 1, JSONB),
        values,
        number(unit),
        *((NOTHING, NOTHING) if point is None else (_DEGREES.pack(8, point[0]), _DEGREES.pack(8, point[1]))),
    )
    return b"".join(parts)


def number(value: int | None) -> bytes:
    """Return a whole number of eight bytes as a field."""
    return NOTHING if value is None else _NUMBER.pack(8, value)
