"""Rows into PostgreSQL by COPY, from numpy arrays, without a Python object a row.

A binary COPY row is (field count, then length and bytes of each field), all big-endian. Rows whose fields have the same widths are
therefore a numpy structured array and are written at memory speed; rows are grouped by the widths of their ragged fields (texts,
sealed bytes, NULLs) first. Source of the layout: PostgreSQL manual, "COPY", section "Binary Format".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

Array = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_SIGNATURE = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_TRAILER = b"\xff\xff"
_EPOCH_DAY = date(2000, 1, 1).toordinal()
_EPOCH_MICROS = 946_684_800_000_000  # 2000-01-01T00:00:00Z, PostgreSQL's zero of time
NULL_WIDTH = -1
BATCH = 200_000


@dataclass(frozen=True)
class Column:
    """One column of ready bytes: ``values`` all of one width, or an object array of bytes; ``widths`` where they differ or are NULL."""

    values: Array
    widths: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.values)


def _fixed(values: Array, kind: str, nulls: Mask | None) -> Column:
    made = np.ascontiguousarray(np.asarray(values).astype(kind))
    if nulls is None:
        return Column(made)
    return Column(made, np.where(nulls, NULL_WIDTH, made.dtype.itemsize).astype(np.int64))


def bigint(values: Array, nulls: Mask | None = None) -> Column:
    """Return a bigint column."""
    return _fixed(values, ">i8", nulls)


def integer(values: Array, nulls: Mask | None = None) -> Column:
    """Return an integer column."""
    return _fixed(values, ">i4", nulls)


def smallint(values: Array, nulls: Mask | None = None) -> Column:
    """Return a smallint column."""
    return _fixed(values, ">i2", nulls)


def double(values: Array, nulls: Mask | None = None) -> Column:
    """Return a double precision column."""
    return _fixed(values, ">f8", nulls)


def boolean(values: Array, nulls: Mask | None = None) -> Column:
    """Return a boolean column."""
    return _fixed(values, "u1", nulls)


def day(ordinals: Array, nulls: Mask | None = None) -> Column:
    """Return a date column from ordinals (``date.toordinal``)."""
    return _fixed(np.asarray(ordinals) - _EPOCH_DAY, ">i4", nulls)


def instant(micros: Array, nulls: Mask | None = None) -> Column:
    """Return a timestamptz column from microseconds since 1970 (UTC)."""
    return _fixed(np.asarray(micros) - _EPOCH_MICROS, ">i8", nulls)


def octets(values: Sequence[bytes | None]) -> Column:
    """Return a bytea (text, jsonb) column of ready bytes of any width; None is NULL."""
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return Column(made, np.array([NULL_WIDTH if value is None else len(value) for value in values], dtype=np.int64))


def text(values: Sequence[str | None]) -> Column:
    """Return a text column; None is NULL."""
    return octets([None if value is None else value.encode() for value in values])


def words(choices: Sequence[str], codes: Array) -> Column:
    """Return a text column that says ``choices[code]`` in each row."""
    ready = np.empty(len(choices), dtype=object)
    ready[:] = [choice.encode() for choice in choices]
    return Column(ready[codes], np.array([len(choice.encode()) for choice in choices], dtype=np.int64)[codes])


def uuids(rng: np.random.Generator, micros: Array) -> Column:
    """Return UUIDs version 7 made at the given instants (microseconds since 1970), random otherwise."""
    raw = rng.integers(0, 256, (len(micros), 16), dtype=np.uint8)
    millis = np.maximum(np.asarray(micros) // 1000, 0).astype(">u8")
    raw[:, :6] = millis.view(np.uint8).reshape(-1, 8)[:, 2:]
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x70
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    return Column(np.ascontiguousarray(raw).view("V16").reshape(-1))


def same(value: bytes | None, count: int) -> Column:
    """Return a column that says the same ready bytes (None: NULL) in every row."""
    if not value:
        width = NULL_WIDTH if value is None else 0
        return Column(np.zeros(count, dtype="V1"), np.full(count, width, dtype=np.int64))
    return Column(np.full(count, np.void(value), dtype=f"V{len(value)}"))


def micros_of(moment: datetime) -> int:
    """Return an aware datetime as microseconds since 1970."""
    return round(moment.timestamp() * 1_000_000)


def copy_columns(table: str, columns: Mapping[str, Column]) -> int:
    """Append the rows to ``table`` and return how many; the caller opens the transaction."""
    count = len(next(iter(columns.values())))
    if any(len(column) != count for column in columns.values()):
        msg = "columns of different length"
        raise ValueError(msg)
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    statement = f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN WITH (FORMAT binary)"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(_SIGNATURE)
        for rows in _groups(columns, count):
            for start in range(0, len(rows), BATCH):
                copy.write(_pack(columns, rows[start : start + BATCH]))
        copy.write(_TRAILER)
    return count


def _groups(columns: Mapping[str, Column], count: int) -> list[Array]:
    """Return the rows (in order) of each pattern of widths."""
    ragged = [column.widths for column in columns.values() if column.widths is not None]
    if not ragged or not count:
        return [np.arange(count)]
    key = np.zeros(count, dtype=np.int64)
    for widths in ragged:
        _, code = np.unique(widths, return_inverse=True)
        _, key = np.unique(key * (int(code.max()) + 1) + code, return_inverse=True)
    order = np.argsort(key, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


def _pack(columns: Mapping[str, Column], rows: Array) -> bytes:
    """Return the bytes of rows that all have the same widths."""
    fields: list[tuple[str, str]] = [("count", ">i2")]
    widths: dict[str, int] = {}
    for name, column in columns.items():
        widths[name] = column.values.dtype.itemsize if column.widths is None else int(column.widths[rows[0]])
        fields.append((f"{name} width", ">i4"))
        if widths[name] > 0:
            fields.append((name, f"V{widths[name]}" if column.values.dtype == object else column.values.dtype.str))
    packed = np.zeros(len(rows), dtype=np.dtype(fields))
    packed["count"] = len(columns)
    for name, column in columns.items():
        packed[f"{name} width"] = widths[name]
        if widths[name] > 0:
            chosen = column.values[rows]
            if chosen.dtype == object:
                chosen = np.frombuffer(b"".join(chosen), dtype=f"V{widths[name]}")
            packed[name] = chosen
    return packed.tobytes()


def reserve_ids(table: str, count: int) -> Ints:
    """Return ``count`` consecutive ids of ``table``, taken from its sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), nextval(pg_get_serial_sequence(%s, 'id')) + %s)",
            [table, table, count],
        )
        row = cursor.fetchone()
    last = int(row[0]) if row else 0
    return np.arange(last - count, last, dtype=np.int64)
